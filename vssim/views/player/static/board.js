// Draws a replay as a board on one canvas: steps as columns, teams as bands over them, items as cards.

import { drawCard, drawNotch, palette } from "./marks.js";
import { laneOf } from "./replay.js";

const FONT = "system-ui, sans-serif";
const LARGEST = 24;
const SMALLEST = 3;
const GAP = 0.2; // of a card, between cards
const BAND = 19;
const MOST_BANDS = 6;
const GLIDE = 0.22; // of the way to its place that a card goes in a frame

/** One board on one canvas. Boards that are compared share the size of their cards. */
export class Board {
  constructor(canvas, replay) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.replay = replay;
    this.places = new Map(); // item -> {x, y}: where its card is drawn now
    this.moving = false;
    this.refresh();
  }

  /** After a change of size or theme. */
  refresh() {
    const { canvas, pen } = this;
    const ratio = window.devicePixelRatio || 1;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(this.height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colours = palette(canvas);
    this.scale = Math.max(1, Math.min(1.8, this.width / 620));
    this.layOut(this.needs());
  }

  /** What the board has to have room for beside its steps: rows of teams, and a backlog. */
  needs() {
    const { trace, peaks } = this.replay;
    const rows = Math.max(1, ...trace.phases.map((phase) => bandsOf(phase).rows));
    return { rows: Math.min(rows, MOST_BANDS), backlog: peaks[0] > 0 };
  }

  layOut({ rows, backlog }) {
    const { trace } = this.replay;
    this.bandRows = rows;
    this.top = this.scale * (BAND * this.bandRows + 58);
    const weights = [backlog ? 0.75 : 0, ...trace.steps.map(() => 1), 0.75];
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    let x = 0;
    this.columns = weights.map((weight) => {
      const column = { x, width: (this.width * weight) / whole };
      x += column.width;
      return column;
    });
    this.cardSize = this.fitting();
    this.dotSize = this.fits(LARGEST * 0.4, trace.series.delivered[trace.series.delivered.length - 1] ?? 0, this.columns.at(-1).width - 8);
    this.places.clear();
  }

  /** The largest card with which every lane always holds all that is ever in it. */
  fitting() {
    const { peaks } = this.replay;
    let size = LARGEST * this.scale;
    for (let lane = 0; lane < peaks.length - 1; lane += 1) {
      if (peaks[lane] > 0) {
        size = this.fits(size, peaks[lane], this.lane(lane).width);
      }
    }
    return size;
  }

  fits(size, count, width) {
    const room = (at) => Math.floor(width / (at * (1 + GAP))) * Math.floor((this.height - this.top - 6) / (at * (1 + GAP)));
    let at = size;
    while (at > SMALLEST && room(at) < count) {
      at *= 0.96;
    }
    return at;
  }

  /** Where a lane is. */
  lane(number) {
    if (number === 0) {
      return { x: this.columns[0].x + 4, width: this.columns[0].width - 8 };
    }
    const column = this.columns[1 + Math.floor((number - 1) / 2)];
    const half = column.width / 2;
    return { x: column.x + 5 + (number % 2 ? 0 : half), width: half - 8 };
  }

  /** Draw the board as it is; `still` puts every card at its place at once. */
  draw(still) {
    const { pen, colours } = this;
    pen.clearRect(0, 0, this.width, this.height);
    const counts = this.replay.counts();
    this.drawBands();
    this.drawHeads(counts);
    this.drawCards(still);
    this.drawDone();
    pen.strokeStyle = colours.line;
    pen.lineWidth = 1;
    for (const column of this.columns.slice(1)) {
      pen.beginPath();
      pen.moveTo(column.x, this.scale * BAND * this.bandRows);
      pen.lineTo(column.x, this.height);
      pen.stroke();
    }
  }

  drawBands() {
    const { pen, colours, scale } = this;
    const { bands } = bandsOf(this.replay.phase);
    pen.font = `600 ${12 * scale}px ${FONT}`;
    pen.textBaseline = "middle";
    for (const { team, from, to, row } of bands) {
      if (row < this.bandRows) {
        const x = this.columns[1 + from].x + 2;
        const end = this.columns[1 + to].x + this.columns[1 + to].width - 2;
        const y = scale * BAND * row + 1;
        pen.fillStyle = colours.band;
        pen.fillRect(x, y, end - x, scale * BAND - 3);
        pen.fillStyle = colours.ink;
        const people = team.people === null ? "" : ` · ${team.people}`;
        this.text(`${team.name}${people}${team.helps ? " (help)" : ""}`, x + 6, y + (scale * BAND - 3) / 2, end - x - 10);
      }
    }
  }

  drawHeads(counts) {
    const { pen, colours, scale } = this;
    const { steps } = this.replay.trace;
    const { limits } = this.replay.phase;
    const y = scale * BAND * this.bandRows;
    pen.textBaseline = "alphabetic";
    const head = (column, name, number, below) => {
      const width = column.width - 9;
      pen.fillStyle = colours.ink;
      pen.font = `700 ${13 * scale}px ${FONT}`;
      const lines = this.twoLines(name, width);
      lines.forEach((line, place) => this.text(line, column.x + 5, y + (15 + 15 * place) * scale, width));
      pen.font = `700 ${15 * scale}px ${FONT}`;
      const taken = pen.measureText(number).width;
      pen.fillText(number, column.x + 5, y + 48 * scale);
      pen.fillStyle = colours.soft;
      pen.font = `${12 * scale}px ${FONT}`;
      const room = width - taken - 8;
      const told = [below.join(" · "), ""].find((words) => pen.measureText(words).width <= room);
      pen.fillText(told, column.x + column.width - 5 - pen.measureText(told).width, y + 48 * scale);
    };
    if (this.columns[0].width > 0) {
      head(this.columns[0], "Backlog", `${sum(counts[0])}`, []);
    }
    steps.forEach((step, place) => {
      const here = counts[place + 1];
      const limit = limits[place] ?? null;
      const waiting = here[2] + here[3];
      head(this.columns[place + 1], step, limit === null ? `${sum(here)}` : `${sum(here)}/${limit}`, [
        `wait ${waiting}`,
        `work ${here[4]}`,
      ]);
    });
    head(this.columns.at(-1), "Done", `${this.replay.done}`, this.replay.stopped ? [`stopped ${this.replay.stopped}`] : []);
  }

  drawCards(still) {
    const { pen, colours } = this;
    const size = this.cardSize;
    const lanes = new Map();
    for (const [item, card] of this.replay.cards) {
      const lane = laneOf(card.step, card.state);
      if (!lanes.has(lane)) {
        lanes.set(lane, []);
      }
      lanes.get(lane).push([item, card]);
    }
    this.moving = false;
    for (const [number, cards] of lanes) {
      cards.sort((one, other) => one[1].state - other[1].state);
      const { x, width } = this.lane(number);
      const step = size * (1 + GAP);
      const across = Math.max(1, Math.floor(width / step));
      cards.forEach(([item, card], place) => {
        const goal = { x: x + (place % across) * step, y: this.top + Math.floor(place / across) * step };
        const at = this.glide(item, goal, still);
        drawCard(pen, colours, card.state, at.x, at.y, size);
        if (card.rework && size > 7) {
          drawNotch(pen, colours, at.x, at.y, size);
        }
      });
    }
    for (const item of this.places.keys()) {
      if (!this.replay.cards.has(item)) {
        this.places.delete(item);
      }
    }
  }

  /** Where a card is drawn: at its place, or under way to it. */
  glide(item, goal, still) {
    const at = this.places.get(item);
    if (still || at === undefined) {
      this.places.set(item, goal);
      return goal;
    }
    at.x += (goal.x - at.x) * GLIDE;
    at.y += (goal.y - at.y) * GLIDE;
    if (Math.abs(goal.x - at.x) + Math.abs(goal.y - at.y) > 0.5) {
      this.moving = true;
      return at;
    }
    this.places.set(item, goal);
    return goal;
  }

  drawDone() {
    const { pen, colours } = this;
    const column = this.columns.at(-1);
    const step = this.dotSize * (1 + GAP);
    const across = Math.max(1, Math.floor((column.width - 8) / step));
    const most = across * Math.floor((this.height - this.top) / step);
    pen.fillStyle = colours.done;
    pen.beginPath();
    for (let dot = 0; dot < Math.min(this.replay.done, most); dot += 1) {
      const x = column.x + 5 + (dot % across) * step + this.dotSize / 2;
      const y = this.height - 4 - Math.floor(dot / across) * step - this.dotSize / 2;
      pen.moveTo(x + this.dotSize / 2, y);
      pen.arc(x, y, this.dotSize / 2, 0, 2 * Math.PI);
    }
    pen.fill();
  }

  /** A name as one line, or broken at a space into two where one is too long. */
  twoLines(name, width) {
    const words = name.split(" ");
    let first = words.shift();
    while (words.length && this.pen.measureText(`${first} ${words[0]}`).width <= width) {
      first = `${first} ${words.shift()}`;
    }
    return words.length ? [first, words.join(" ")] : [first];
  }

  /** Write a text, shortened to a width. */
  text(words, x, y, width) {
    let shown = words;
    while (shown.length > 1 && this.pen.measureText(shown).width > width) {
      shown = `${shown.slice(0, shown.endsWith("…") ? -2 : -1)}…`;
    }
    if (width > 6) {
      this.pen.fillText(shown, x, y);
    }
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The teams of an organisation as bands: each unbroken run of steps in the first row that has room. */
function bandsOf(phase) {
  const ends = [];
  const bands = [];
  for (const team of phase.teams) {
    const runs = [];
    for (const step of team.steps) {
      const last = runs[runs.length - 1];
      if (last && last.to === step - 1) {
        last.to = step;
      } else {
        runs.push({ from: step, to: step });
      }
    }
    for (const run of runs) {
      let row = ends.findIndex((end) => end < run.from);
      row = row < 0 ? ends.length : row;
      ends[row] = run.to;
      bands.push({ team, row, ...run });
    }
  }
  return { bands, rows: ends.length };
}

// Draws a replay as a board on one canvas: steps as columns, teams as bands over them, items as cards.

import { drawCard, drawNotch, palette } from "./marks.js";
import { DOING, laneOf, TRANSIT, WAITING } from "./replay.js";

const FONT = "system-ui, sans-serif";
const LARGEST = 24;
const SMALLEST = 3;
const GAP = 0.2; // of a card, between cards
const TEXT = 12; // height of the smallest text
const NUMBER = 15; // height of a column's number
const NAME = 13; // height of a column's name
const SMALLEST_NAME = 0.72; // of it, where a word is too long
const LINE = 15;
const BAND = 19;
const NARROW = 3.5; // of a name's height: columns that hold fewer letters than that have upright names
const END = 0.75; // of a step's width, that what is before and after the steps has
const DIGITS = 2.4; // of a number's height: what it needs for its number at least
const UPRIGHT = 0.3; // of the board's height, at most, that upright names take
const MOST_BANDS = 6;
const BANDS = 0.4; // of the board's height, at most, that teams take
const GLIDE = 0.22; // of the way to its place that a card goes in a frame

/** One board on one canvas; `text` says how high its smallest text is [px], null: as its width allows. Boards that are compared
 * are laid out with the same rows, cards and dots. */
export class Board {
  constructor(canvas, replay, text = () => null) {
    this.canvas = canvas;
    this.smallest = text;
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
    const smallest = this.smallest();
    this.scale = smallest === null ? Math.max(1, Math.min(1.8, this.width / 620)) : smallest / TEXT;
  }

  /** What the board has to have room for beside its steps: rows of teams, and a backlog. */
  needs() {
    const { trace, peaks } = this.replay;
    const rows = Math.max(1, ...trace.phases.map((phase) => bandsOf(phase).rows));
    const room = Math.max(1, Math.floor((BANDS * this.height) / (BAND * this.scale)));
    return { rows: Math.min(rows, room, MOST_BANDS), backlog: peaks[0] > 0 };
  }

  /** How large cards and dots can be with so many rows of teams, with or without a backlog. */
  sizes(needs) {
    this.place(needs);
    const { delivered } = this.replay.trace.series;
    const dot = this.fits(LARGEST * 0.4, delivered[delivered.length - 1] ?? 0, this.columns.at(-1).width - 8);
    const card = this.fitting();
    const heap = this.fits(card, this.replay.peaks[0], this.lane(0).width);
    return { card, heap, dot };
  }

  layOut({ card, heap, dot, ...needs }) {
    this.place(needs);
    this.cardSize = card;
    this.heapSize = heap;
    this.dotSize = dot;
    this.places.clear();
  }

  place({ rows, backlog }) {
    const { trace } = this.replay;
    this.bandRows = rows;
    const end = Math.max(END, (DIGITS * NUMBER * this.scale * trace.steps.length) / this.width);
    const weights = [backlog ? end : 0, ...trace.steps.map(() => 1), end];
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    let x = 0;
    this.columns = weights.map((weight) => {
      const column = { x, width: (this.width * weight) / whole };
      x += column.width;
      return column;
    });
    this.nameHeads();
    this.top = this.scale * (BAND * this.bandRows + 28) + this.headHeight;
  }

  /** Break the names of the columns into lines, and make them smaller where a word would not fit; upright in narrow columns. */
  nameHeads() {
    const { pen, scale } = this;
    const names = ["Backlog", ...this.replay.trace.steps, "Done"];
    const width = (place) => this.columns[place].width - 9;
    this.upright = width(1) < NARROW * NAME * scale;
    if (this.upright) {
      this.headSize = Math.min(NAME * scale, 0.8 * this.columns[1].width);
      pen.font = `700 ${this.headSize}px ${FONT}`;
      this.heads = names.map((name) => [name]);
      this.headHeight = Math.min(UPRIGHT * this.height, 8 + Math.max(...names.map((name) => pen.measureText(name).width)));
      return;
    }
    const fits = (name, place) => width(place) < 0 || name.split(" ").every((word) => pen.measureText(word).width <= width(place));
    this.headSize = NAME * scale;
    do {
      pen.font = `700 ${this.headSize}px ${FONT}`;
      this.heads = names.map((name, place) => this.twoLines(name, width(place)));
    } while (!names.every(fits) && (this.headSize *= 0.95) > SMALLEST_NAME * NAME * scale);
    this.headHeight = LINE * scale * Math.max(...this.heads.map((lines) => lines.length));
  }

  /** The largest card with which every lane of a step always holds all that is ever in it; the backlog may have smaller ones. */
  fitting() {
    const { peaks } = this.replay;
    let size = LARGEST * this.scale;
    for (let lane = 1; lane < peaks.length - 1; lane += 1) {
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
    const { bands, rows } = bandsOf(this.replay.phase);
    const first = Math.max(0, this.bandRows - rows); // just above the steps
    pen.font = `600 ${TEXT * scale}px ${FONT}`;
    pen.textBaseline = "middle";
    for (const { team, from, to, row } of bands) {
      if (row < this.bandRows) {
        const x = this.columns[1 + from].x + 2;
        const end = this.columns[1 + to].x + this.columns[1 + to].width - 2;
        const y = scale * BAND * (first + row) + 1;
        pen.fillStyle = colours.band;
        pen.fillRect(x, y, end - x, scale * BAND - 3);
        pen.fillStyle = colours.ink;
        this.drawTeam(team, x + 6, y + (scale * BAND - 3) / 2, end - x - 10);
      }
    }
  }

  /** The name of a team and its people; the name is shortened where there is no room for both. */
  drawTeam({ name, people, helps }, x, y, width) {
    const { pen } = this;
    if (width < NARROW * TEXT * this.scale && people !== null) {
      this.text(`${people}`, x, y, width + 6);
      return;
    }
    const whole = `${name}${people === null ? "" : ` · ${people}`}${helps ? " (help)" : ""}`;
    const taken = people === null ? 0 : pen.measureText(` ${people}`).width;
    if (people === null || pen.measureText(whole).width <= width || taken > width) {
      this.text(whole, x, y, width);
    } else {
      this.text(name, x, y, width - taken);
      pen.textAlign = "right";
      pen.fillText(people, x + width, y);
      pen.textAlign = "left";
    }
  }

  drawHeads(counts) {
    const { pen, colours, scale } = this;
    const { steps } = this.replay.trace;
    const { limits } = this.replay.phase;
    const y = scale * BAND * this.bandRows;
    pen.textBaseline = "alphabetic";
    const low = y + 18 * scale + this.headHeight;
    const head = (place, number, below = () => {}) => {
      const column = this.columns[place];
      const width = column.width - 9;
      pen.fillStyle = colours.ink;
      pen.font = `700 ${this.headSize}px ${FONT}`;
      this.drawName(place, y, width);
      pen.font = `700 ${NUMBER * scale}px ${FONT}`;
      let taken = pen.measureText(number).width;
      if (taken > width + 3) {
        pen.font = `700 ${(NUMBER * scale * (width + 3)) / taken}px ${FONT}`;
        taken = width + 3;
      }
      pen.fillText(number, column.x + 5, low);
      below(column.x + column.width - 5, low, width - taken - 8);
    };
    if (this.columns[0].width > 0) {
      head(0, `${sum(counts[0])}`);
    }
    steps.forEach((_, place) => {
      const here = counts[place + 1];
      const limit = limits[place] ?? null;
      const parts = [
        [here[TRANSIT] + here[WAITING], WAITING],
        [here[DOING], DOING],
      ];
      head(place + 1, limit === null ? `${sum(here)}` : `${sum(here)}/${limit}`, (...room) => this.drawParts(parts, ...room));
    });
    const { stopped } = this.replay;
    head(steps.length + 1, `${this.replay.done}`, (...room) => stopped && this.drawNote(`stopped ${stopped}`, ...room));
  }

  /** The name of a column, below a height. */
  drawName(place, y, width) {
    const { pen, scale } = this;
    const { x } = this.columns[place];
    if (!this.upright) {
      this.heads[place].forEach((line, row) => this.text(line, x + 5, y + LINE * (1 + row) * scale, width));
      return;
    }
    pen.save();
    pen.translate(x + (this.columns[place].width + 0.7 * this.headSize) / 2, y + this.headHeight);
    pen.rotate(-Math.PI / 2);
    this.text(this.heads[place][0], 0, 0, this.headHeight - 6);
    pen.restore();
  }

  /** What a column's number is made of, up to a right edge: each a shape and a count, as large as there is room, or not at all. */
  drawParts(parts, right, y, room) {
    const { pen, colours, scale } = this;
    for (const text of [NUMBER, TEXT]) {
      pen.font = `${text * scale}px ${FONT}`;
      const size = 0.75 * text * scale;
      const gap = 0.25 * text * scale;
      const wide = parts.map(([count]) => size + gap + pen.measureText(count).width);
      const whole = wide.reduce((total, width) => total + width, 2 * gap * (parts.length - 1));
      if (whole <= room) {
        let x = right - whole;
        parts.forEach(([count, state], place) => {
          drawCard(pen, colours, state, x, y - size, size);
          pen.fillStyle = colours.soft;
          pen.fillText(count, x + size + gap, y);
          x += wide[place] + 2 * gap;
        });
        return;
      }
    }
  }

  /** A word below the name of a column, beside its number, where there is room. */
  drawNote(words, right, y, room) {
    const { pen, colours, scale } = this;
    pen.font = `${TEXT * scale}px ${FONT}`;
    pen.fillStyle = colours.soft;
    const wide = pen.measureText(words).width;
    if (wide <= room) {
      pen.fillText(words, right - wide, y);
    }
  }

  drawCards(still) {
    const { pen, colours } = this;
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
      const size = number === 0 ? this.heapSize : this.cardSize;
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

/** The teams of an organisation as bands: each unbroken run of steps in the first row that has room, from left to right. */
function bandsOf(phase) {
  const bands = [];
  for (const team of phase.teams) {
    let last;
    for (const step of team.steps) {
      if (last && last.to === step - 1) {
        last.to = step;
      } else {
        last = { team, from: step, to: step };
        bands.push(last);
      }
    }
  }
  const ends = [];
  bands.sort((one, other) => one.from - other.from);
  for (const band of bands) {
    const row = ends.findIndex((end) => end < band.from);
    band.row = row < 0 ? ends.length : row;
    ends[band.row] = band.to;
  }
  return { bands, rows: ends.length };
}

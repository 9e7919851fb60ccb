// Draws a replay as a board on one canvas: people above, steps as columns, items as cards that tell their age and who has them.

import { geometry, HEIGHT, places, shortened, TITLE, TOP } from "./geometry.js";
import { drawCard, fine, FONT, palette } from "./marks.js";
import { awayWords, byTeam, drawFigures, drawHeads, eaten, hasFigures, letterOf, peopleOf } from "./people.js";
import { LOOKS } from "./replay.js";
import { t } from "./words.js";

const GLIDE = 0.22; // of the way to its place that a card goes in a frame

/** One board, `width` wide and `HEIGHT` high in stage pixels, whatever the size of its canvas on the screen. */
export class Board {
  constructor(canvas, replay, width = 930) {
    this.canvas = canvas;
    this.replay = replay;
    this.width = width;
    this.at = new Map(); // item -> {x, y}: where its card is drawn now
    this.boxes = new Map(); // item -> its box, for who points at it
    this.ring = null; // the item with a ring
    this.refresh();
  }

  /** After a change of size or theme. */
  refresh() {
    this.drawnAs = null; // what is drawn now, at rest; null: another picture, or cards under way
    this.pen = fine(this.canvas, this.width, HEIGHT);
    this.colours = palette(this.canvas);
  }

  /** Another run on the same canvas: its size and its colours are what they were. */
  take(replay) {
    this.replay = replay;
    this.at.clear();
    this.boxes.clear();
    this.ring = null;
  }

  /** With a geometry that all boards have which are compared. */
  layOut(made) {
    this.figures = hasFigures(this.replay.trace);
    const geometry = JSON.stringify(made);
    if (geometry !== this.geometry) {
      this.at.clear();
    }
    this.geometry = geometry;
    this.made = made;
  }

  age(item) {
    return Math.max(0, Math.floor(this.replay.time - this.replay.trace.arrived[item] + 1e-6));
  }

  isRound(item) {
    return this.replay.trace.types[this.replay.trace.type[item]]?.round ?? false;
  }

  /** Draw the board as it is; `still` puts every card at its place at once. */
  draw(still) {
    const { pen, replay } = this;
    const drawn = still ? { replay, at: replay.time, version: replay.version, geometry: this.geometry, ring: this.ring } : null;
    if (drawn && this.drawnAs && Object.keys(drawn).every((name) => drawn[name] === this.drawnAs[name])) {
      return; // who moves a slider moves one side
    }
    this.drawnAs = drawn;
    pen.clearRect(0, 0, this.width, HEIGHT);
    this.people = peopleOf(replay);
    this.awaited = this.replay.awaited;
    this.drawStrip();
    this.drawHeads();
    this.drawCards(still);
    this.drawDone();
    this.drawNotes();
  }

  /** Below the columns: who waits for others before it is in the backlog, and who gave up. */
  drawNotes() {
    const { made, replay } = this;
    const waiting = replay.waiting.size;
    if (waiting) {
      this.drawNote(made.columns.find(({ width }) => width) ?? made.done, t("{count} wait for others", { count: waiting }));
    }
    if (replay.gaveUp) {
      this.drawNote(made.done, t("{count} gave up", { count: replay.gaveUp }));
    }
  }

  drawNote({ x, width }, words) {
    const { pen, colours, made } = this;
    const bottom = HEIGHT - 4 - made.foot;
    pen.font = `700 20px ${FONT}`;
    pen.textBaseline = "alphabetic";
    const text = shortened(pen, words, width - 16);
    pen.fillStyle = colours.panel;
    pen.fillRect(x + 4, bottom - 26, Math.min(width - 8, pen.measureText(text).width + 12), 28);
    pen.fillStyle = colours.ink;
    pen.fillText(text, x + 10, bottom - 5);
  }

  /** Share of the people's time that switching eats, over all of them. */
  get switching() {
    const counted = this.people.filter(({ pool }) => pool.people);
    const whole = counted.reduce((sum, { pool }) => sum + pool.people, 0);
    return whole ? counted.reduce((sum, one) => sum + eaten(one) * one.pool.people, 0) / whole : 0;
  }

  drawStrip() {
    const { pen, colours, people } = this;
    pen.strokeStyle = colours.line;
    pen.lineWidth = 2;
    line(pen, 4, TITLE + 114, this.width - 4, TITLE + 114);
    if (this.figures && people.length === 1) {
      drawFigures(pen, colours, people[0], { x: 16, y: TITLE, width: this.width - 24 }, (item) => this.told(item));
      return;
    }
    for (const { one, x, width } of this.teams()) {
      pen.font = `20px ${FONT}`;
      pen.textBaseline = "alphabetic";
      const count = one.pool.people === null ? "" : `${one.pool.people}`;
      const taken = count ? 10 + pen.measureText(count).width : 0;
      pen.fillStyle = colours.soft;
      const name = shortened(pen, one.pool.name, width - taken - 8);
      pen.fillText(name, x, TITLE + 32);
      pen.fillStyle = colours.ink;
      const after = x + pen.measureText(name).width + 7;
      pen.font = `700 20px ${FONT}`;
      pen.fillText(count, after, TITLE + 32);
      this.drawAway(one.pool, after + pen.measureText(count).width + 7, x + width - 8);
      drawHeads(pen, colours, one, { x, y: TITLE + 46, width: width - 24 }, 34);
    }
  }

  /** Who is not here, where there is room for the words; heads tell it too. */
  drawAway(pool, x, end) {
    const { pen, colours } = this;
    pen.font = `20px ${FONT}`;
    const said = awayWords(pool);
    if (said && x + pen.measureText(said).width <= end) {
      pen.fillStyle = colours.soft;
      pen.fillText(said, x, TITLE + 32);
    }
  }

  /** The teams with their places: above the step at which each was first seen to work, as far as there is room. */
  teams() {
    const { columns } = this.made;
    const first = (name) => Math.min(99, ...(this.replay.phase.teams.find((team) => team.name === name)?.steps ?? []));
    const ordered = byTeam(this.people).sort((one, other) => first(one.pool.name) - first(other.pool.name));
    const starts = ordered.map((one) => columns[1 + Math.min(first(one.pool.name), columns.length - 2)]?.inner ?? 16);
    const even = (this.width - 24) / Math.max(1, ordered.length);
    const apart = starts.every((start, place) => place === 0 || start - starts[place - 1] > 100);
    return ordered.map((one, place) => {
      const x = apart ? starts[place] : 16 + place * even;
      const next = apart ? (starts[place + 1] ?? this.width) : x + even;
      return { one, x, width: next - x };
    });
  }

  drawHeads() {
    const { pen, colours, made, replay } = this;
    const counts = replay.counts().map((row) => row.reduce((sum, number) => sum + number, 0));
    const y = TOP - 16;
    pen.textBaseline = "alphabetic";
    pen.strokeStyle = colours.line;
    pen.lineWidth = 2;
    made.columns.forEach((column, place) => {
      if (column.width) {
        this.drawHead(column, `${counts[place]}`, y, this.limited(place));
        if (column.x > 0) {
          line(pen, column.x, TITLE + 122, column.x, HEIGHT - 8);
        }
      }
    });
    line(pen, made.done.x, TITLE + 122, made.done.x, HEIGHT - 8);
    const head = { inner: made.done.x + made.pad, width: made.done.width, head: { text: t("Done") } };
    this.drawHead(head, `${replay.done}${replay.stopped ? ` −${replay.stopped}` : ""}`, y, null);
  }

  /** The limit of a step's column, if it has one. */
  limited(place) {
    return place ? (this.replay.phase.limits[place - 1] ?? null) : null;
  }

  drawHead({ inner, width, head }, count, y, limit) {
    const { pen, colours } = this;
    const text = limit === null ? count : `${count}/${limit}`;
    pen.font = `24px ${FONT}`;
    const name = this.headName(head, width - 2 * this.made.pad - 9 - pen.measureText(text).width);
    pen.fillStyle = colours.ink;
    pen.fillText(name, inner, y);
    const after = inner + pen.measureText(name).width + 9;
    pen.font = `24px ${FONT}`;
    pen.fillStyle = colours.soft;
    pen.fillText(shortened(pen, text, inner + width - after), after, y);
  }

  /** A column's name, for which the pen is set: whole where there is room for it, if need be in smaller letters. */
  headName({ text, name = text }, room) {
    this.pen.font = `700 24px ${FONT}`;
    for (const size of name === text ? [] : [24, 22, 20]) {
      this.pen.font = `700 ${size}px ${FONT}`;
      if (this.pen.measureText(name).width <= room) {
        return name;
      }
    }
    return name === text ? text : shortened(this.pen, name, room); // in the smallest letters, which show most of it
  }

  /** A card as it is told: look, age, shape, and whose hands it is in. */
  told(item) {
    const card = this.replay.cards.get(item);
    const look = card ? this.replay.look(item, card) : "hand";
    const held = this.replay.held.get(item);
    const letter = this.figures && look === "hand" && held && held.person !== null ? letterOf(held.person) : "";
    return { look, text: `${this.age(item)}`, round: this.isRound(item), letter, notch: card?.rework ?? false, pause: card?.putDown ?? false, tail: this.awaited.has(item), before: this.replay.thereBefore.has(item) };
  }

  drawCards(still) {
    const { pen, colours, made } = this;
    const columns = made.columns.map(() => []);
    for (const [item, card] of this.replay.cards) {
      columns[card.step + 1].push({ item, told: this.told(item) });
    }
    this.moving = false;
    this.boxes.clear();
    columns.forEach((cards, column) => {
      cards.sort((one, other) => LOOKS.indexOf(one.told.look) - LOOKS.indexOf(other.told.look) || this.age(other.item) - this.age(one.item) || one.item - other.item);
      const goals = places(made, column, cards.length);
      cards.forEach(({ item, told }, place) => {
        const { x, y } = this.glide(item, goals[place], still);
        const box = { x, y, ...made.card };
        this.boxes.set(item, box);
        drawCard(pen, colours, told.look, box, told);
      });
    });
    for (const item of this.at.keys()) {
      if (!this.replay.cards.has(item)) {
        this.at.delete(item);
      }
    }
    this.drawRing();
  }

  drawRing() {
    const box = this.ring === null ? undefined : this.boxes.get(this.ring);
    if (box) {
      const { pen, colours } = this;
      pen.strokeStyle = colours.ink;
      pen.lineWidth = 4;
      pen.beginPath();
      pen.roundRect(box.x - 6, box.y - 6, box.w + 12, box.h + 12, 6);
      pen.stroke();
    }
  }

  /** The item whose card is at a place [stage px]. */
  find(x, y) {
    let found = null;
    for (const [item, box] of this.boxes) {
      if (x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h) {
        found = item; // what lies over another one was drawn later
      }
    }
    return found;
  }

  /** Where a card is drawn: at its place, or under way to it. */
  glide(item, goal, still) {
    const at = this.at.get(item);
    if (still || at === undefined) {
      this.at.set(item, goal);
      return goal;
    }
    at.x += (goal.x - at.x) * GLIDE;
    at.y += (goal.y - at.y) * GLIDE;
    if (Math.abs(goal.x - at.x) + Math.abs(goal.y - at.y) > 0.5) {
      this.moving = true;
      return at;
    }
    this.at.set(item, goal);
    return goal;
  }

  drawDone() {
    const { pen, colours, made, replay } = this;
    const { x, width } = made.done;
    const most = (dot) => Math.max(1, Math.floor((width - 2 * made.pad + 3) / dot)) * Math.floor((HEIGHT - TOP - 4) / dot);
    let dot = made.done.dot;
    while (dot > 4 && most(dot) < (replay.trace.delivered ?? replay.done)) {
      dot -= 1;
    }
    const across = Math.max(1, Math.floor((width - 2 * made.pad + 3) / dot));
    pen.fillStyle = colours.done.fill;
    pen.beginPath();
    for (let place = 0; place < Math.min(replay.done, most(dot)); place += 1) {
      const left = x + made.pad + (place % across) * dot + dot * 0.41;
      const y = HEIGHT - 8 - Math.floor(place / across) * dot - dot * 0.41;
      pen.moveTo(left + dot * 0.41, y);
      pen.arc(left, y, dot * 0.41, 0, 2 * Math.PI);
    }
    pen.fill();
  }
}

export { geometry };

function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}


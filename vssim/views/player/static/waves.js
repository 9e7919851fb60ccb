// The waves: how much of what there was on every day, one below the other on one scale. They are also what the day is chosen on.

import { FONT, palette } from "./marks.js";
import { wrapped } from "./geometry.js";
import { ticksOf } from "./axis.js";
import { evening, morning } from "./dates.js";
import { t } from "./words.js";

const LAYERS = ["hand", "aside", "blocked", "gate", "room", "queue", "transit", "backlog"];
const AXIS = 30; // height below the waves
const GAP = 14; // between two words on the axis
const BETWEEN = 8;
const FUTURE = 0.28;
const NAMES = [170, 210, 250, 290, 330, 370]; // widths at the right, for the names: the first in which they are whole
const NAMES_LEFT = 14;
const LINE = 23; // from one line of a name to the next; less where there is little room
const TIGHT = 20;
const MOST_LINES = 3;
const MOST_FLAGS = 6;
const EDGE = 2; // that lines reach over a wave
const HIGHEST = new WeakMap(); // by course: the most that there was on a day

/** Draws the waves of sides on a canvas; `width` and `height` in stage pixels. */
export class Waves {
  constructor(canvas) {
    this.canvas = canvas;
    this.bright = document.createElement("canvas");
    this.painted = []; // by place, of what the wave there is
  }

  /** Draw all of it anew: for other sides; `anew`: for another size or theme too. */
  layOut({ sides, names, unit, horizon, width, height, dates = null, anew = true }) {
    const other = width !== this.width || height !== this.height;
    Object.assign(this, { sides, names, unit, horizon, width, height, dates });
    if (other || anew) {
      this.refresh();
    }
    this.name(this.canvas.getContext("2d"));
    this.paint(this.bright.getContext("2d"));
  }

  refresh() {
    const { width, height } = this;
    const shown = this.canvas.getBoundingClientRect().width || width;
    this.ratio = Math.min(3, Math.max(1, ((window.devicePixelRatio || 1) * shown) / width));
    for (const canvas of [this.canvas, this.bright]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    this.colours = palette(this.canvas);
    this.painted = [];
  }

  /** The names on lines, and how much is left of the width beside them. */
  name(pen) {
    pen.font = `20px ${FONT}`;
    this.pitch = this.each < 2 * LINE ? TIGHT : LINE;
    const most = Math.max(1, Math.min(MOST_LINES, Math.floor((this.each + BETWEEN) / this.pitch)));
    for (const room of NAMES) {
      this.lines = this.names.map((name) => wrapped(pen, name, room - NAMES_LEFT, most));
      this.across = this.width - room;
      if (this.lines.flat().every((line) => !line.endsWith("…"))) {
        break;
      }
    }
    this.canvas.parentElement?.style.setProperty("--names", `${this.width - this.across}px`); // what lies over the waves is as wide
  }

  x(day) {
    return (this.across * day) / this.horizon;
  }

  get each() {
    const room = this.height - AXIS - BETWEEN * (this.sides.length - 1) - 4;
    return room / this.sides.length;
  }

  paint(pen) {
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const most = Math.max(1, ...this.sides.map(({ course }) => highest(course)));
    const each = this.each;
    const before = this.painted;
    this.painted = this.sides.map(({ course }) => ({ course, most, each, horizon: this.horizon, across: this.across }));
    if (before.length !== this.sides.length) {
      pen.clearRect(0, 0, this.width, this.height);
    }
    this.sides.forEach(({ course }, place) => {
      if (alike(this.painted[place], before[place])) {
        return; // who moves a slider moves one side
      }
      const top = 4 + place * (each + BETWEEN);
      pen.clearRect(0, top - EDGE, this.width, each + 2 * EDGE);
      pen.fillStyle = this.colours.panel;
      pen.fillRect(0, top, this.across, each);
      this.stack(pen, course, top + each, each / most);
    });
  }

  stack(pen, course, floor, scale) {
    const low = new Float64Array(course.length);
    for (const look of LAYERS) {
      if (!course.some(({ looks }) => looks[look])) {
        continue;
      }
      const high = course.map(({ looks }, day) => low[day] + looks[look]);
      pen.beginPath();
      pen.moveTo(0, floor - low[0] * scale);
      course.forEach(({ day }, number) => {
        const y = floor - high[number] * scale;
        pen.lineTo(this.x(day), y);
        pen.lineTo(this.x(course[number + 1]?.day ?? this.horizon), y);
      });
      if (look === "backlog") {
        pen.strokeStyle = this.colours.backlog.edge;
        pen.setLineDash([4, 3]);
        pen.lineWidth = 1.2;
        pen.stroke();
        pen.setLineDash([]);
        return;
      }
      for (let number = course.length - 1; number >= 0; number -= 1) {
        const y = floor - low[number] * scale;
        pen.lineTo(this.x(course[number + 1]?.day ?? this.horizon), y);
        pen.lineTo(this.x(course[number].day), y);
      }
      pen.closePath();
      pen.fillStyle = this.colours[look].fill;
      pen.fill();
      high.forEach((value, day) => {
        low[day] = value;
      });
    }
  }

  /** Show a day: what is still to come is pale. */
  draw(day) {
    const pen = this.canvas.getContext("2d");
    const past = Math.max(0, Math.min(this.across, this.x(day)));
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const cut = Math.round(past * this.ratio);
    const { width, height } = this.bright;
    pen.globalAlpha = FUTURE;
    if (width > cut) {
      pen.drawImage(this.bright, cut, 0, width - cut, height, cut, 0, width - cut, height);
    }
    pen.globalAlpha = 1;
    if (cut > 0) {
      pen.drawImage(this.bright, 0, 0, cut, height, 0, 0, cut, height);
    }
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.axis(pen);
    this.head(pen, past);
  }

  axis(pen) {
    const { colours, height } = this;
    pen.font = `20px ${FONT}`;
    pen.textBaseline = "alphabetic";
    pen.fillStyle = colours.soft;
    const flags = this.flags();
    const taken = []; // from where to where the axis has words
    for (const { day, words } of flags) {
      pen.strokeStyle = colours.soft;
      pen.setLineDash([3, 4]);
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(this.x(day), 0);
      pen.lineTo(this.x(day), height - AXIS);
      pen.stroke();
      pen.setLineDash([]);
      const text = `${morning(this.dates, day) || day} · ${words}`;
      const left = Math.max(0, Math.min(this.across - 60, this.x(day) - 20), (taken.at(-1)?.[1] ?? -GAP) + GAP);
      pen.fillText(text, left, height - 6);
      taken.push([left, left + pen.measureText(text).width]);
    }
    pen.textAlign = "center";
    for (const day of ticksOf(this.horizon, 6)) {
      const text = evening(this.dates, day) || String(day);
      const half = pen.measureText(text).width / 2;
      const edge = Math.max(14, half);
      const middle = Math.min(this.across - edge, Math.max(edge, this.x(day)));
      if (taken.every(([from, to]) => middle + half + GAP < from || middle - half - GAP > to)) {
        pen.fillText(text, middle, height - 6);
      }
    }
    pen.textAlign = "left";
    pen.fillStyle = colours.ink;
    this.lines.forEach((lines, place) => {
      const middle = 4 + place * (this.each + BETWEEN) + this.each / 2 + 7;
      lines.forEach((words, row) => pen.fillText(words, this.across + NAMES_LEFT, middle + (row - (lines.length - 1) / 2) * this.pitch));
    });
  }

  /** Days on which a plan is handed out, or another organisation comes into force; only if they are few. */
  flags() {
    const { trace } = this.sides[this.sides.length - 1];
    const found = [
      ...trace.plans.map((day) => ({ day: Math.round(day * 10) / 10, words: t("plan") })),
      ...trace.phases.slice(1).map(({ start }) => ({ day: Math.round(start * 10) / 10, words: t("change") })),
    ];
    return found.length <= MOST_FLAGS ? found.sort((one, other) => one.day - other.day) : [];
  }

  head(pen, x) {
    pen.fillStyle = this.colours.ink;
    pen.fillRect(x - 2, 0, 4, this.height - AXIS + 4);
    pen.beginPath();
    pen.arc(x, 5, 9, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** The most that there was on a day of a run, in whatever state. */
function highest(course) {
  if (!HIGHEST.has(course)) {
    let most = 0;
    for (const { looks } of course) {
      let sum = 0;
      for (const look of LAYERS) {
        sum += looks[look];
      }
      most = Math.max(most, sum);
    }
    HIGHEST.set(course, most);
  }
  return HIGHEST.get(course);
}

/** Whether two waves look the same. */
function alike(one, other) {
  return other !== undefined && Object.keys(one).every((name) => one[name] === other[name]);
}

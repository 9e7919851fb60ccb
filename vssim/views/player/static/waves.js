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
const NAMES = 170; // width at the right, for the names
const MOST_FLAGS = 6;

/** Draws the waves of sides on a canvas; `width` and `height` in stage pixels. */
export class Waves {
  constructor(canvas) {
    this.canvas = canvas;
    this.bright = document.createElement("canvas");
  }

  /** Draw all of it anew: for other sides; `anew`: for another size or theme too. */
  layOut({ sides, names, unit, horizon, width, height, dates = null, anew = true }) {
    const other = width !== this.width || height !== this.height;
    Object.assign(this, { sides, names, unit, horizon, width, height, dates });
    this.across = width - NAMES;
    if (other || anew) {
      this.refresh();
    }
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
    pen.clearRect(0, 0, this.width, this.height);
    const most = Math.max(1, ...this.sides.flatMap(({ course }) => course.map(({ looks }) => Object.values(looks).reduce((sum, one) => sum + one, 0))));
    this.sides.forEach(({ course }, place) => {
      const top = 4 + place * (this.each + BETWEEN);
      pen.fillStyle = this.colours.panel;
      pen.fillRect(0, top, this.across, this.each);
      this.stack(pen, course, top + this.each, this.each / most);
    });
  }

  stack(pen, course, floor, scale) {
    const low = new Float64Array(course.length);
    for (const look of LAYERS) {
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
        if (course.some(({ looks }) => looks.backlog)) {
          pen.stroke();
        }
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
    this.names.forEach((name, place) => {
      const lines = wrapped(pen, name, NAMES - 14, this.each > 40 ? 2 : 1);
      const middle = 4 + place * (this.each + BETWEEN) + this.each / 2 + 7;
      lines.forEach((words, row) => pen.fillText(words, this.across + 14, middle + (row - (lines.length - 1) / 2) * 23));
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

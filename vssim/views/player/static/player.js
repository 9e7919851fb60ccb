// The player: one clock for the boards that are compared, their digits, and the curtains of their charts.

import { Board } from "./board.js";
import { Replay, STATES } from "./replay.js";

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200];
const SECONDS = 45; // that a run takes at the speed it starts with
const CALM_PAUSE = 600; // between two pictures where motion is not wanted [ms]

const SAME = 0.001; // days are told to so many
const ASTRAY = 0.5; // that a clock may be off from the one it follows [s]

/**
 * A player in `root`. `keys` is the element whose keys it listens to; `text` says how small the text on the boards may be [px],
 * where that is not left to their width. What its user does to its clock it tells with an event, `clock`. While it is
 * `following` another clock, it has no user.
 */
export class Player {
  constructor(root, { keys = root, text = () => null } = {}) {
    this.root = root;
    this.text = text;
    this.sides = [];
    this.following = false;
    this.playing = false;
    this.time = 0;
    this.find();
    this.listen(keys);
  }

  find() {
    const part = (name) => this.root.querySelector(`.${name}`);
    this.parts = {
      now: part("now"),
      play: part("play"),
      scrub: part("scrub"),
      speed: part("speed"),
      spoken: part("spoken"),
    };
  }

  /** Show sides {element, trace}, the first one at the left, at a time (default: the end of the run). */
  show(sides, time) {
    const before = this.sides;
    this.sides = sides.map(
      ({ element, trace }) => before.find((side) => side.element === element && side.trace === trace) ?? this.side(element, trace),
    );
    this.even();
    const { trace } = this.sides[0];
    const stays = before.length && time === this.time && time <= trace.horizon;
    this.horizon = trace.horizon;
    this.step = Math.max(1, ...this.sides.map((side) => (side.trace.thinned ? side.trace.moment : 1)));
    this.parts.scrub.max = this.horizon;
    this.parts.scrub.step = this.step;
    this.offerSpeeds();
    if (stays) {
      this.drawSides(this.sides.filter((side) => side.stale), true);
    } else {
      this.go(time ?? this.horizon);
    }
  }

  side(element, trace) {
    const replay = new Replay(trace);
    replay.seek(this.time);
    const board = new Board(element.querySelector("canvas"), replay, this.text);
    return { element, trace, replay, board, layout: null, stale: true };
  }

  /** The same columns, and cards of one size, on all boards; a side is stale where that changes it. */
  even() {
    const needs = this.sides.map((side) => side.board.needs());
    const rows = Math.max(...needs.map((need) => need.rows));
    const backlog = needs.some((need) => need.backlog);
    const sizes = this.sides.map((side) => side.board.sizes({ rows, backlog }));
    const card = Math.min(...sizes.map((size) => size.card));
    const heap = Math.min(...sizes.map((size) => size.heap));
    const dot = Math.min(...sizes.map((size) => size.dot));
    for (const side of this.sides) {
      const layout = [side.board.width, side.board.height, rows, backlog, card, heap, dot].join(" ");
      side.stale = side.stale || layout !== side.layout;
      if (side.stale) {
        side.layout = layout;
        side.board.layOut({ rows, backlog, card, heap, dot });
      }
    }
  }

  refresh() {
    if (this.sides.length) {
      this.sides.forEach((side) => {
        side.board.refresh();
        side.stale = true;
      });
      this.even();
      this.draw(true);
    }
  }

  offerSpeeds() {
    const { unit } = this.sides[0].trace;
    const { speed: select } = this.parts;
    if (select.dataset.unit !== unit) {
      const wish = this.horizon / SECONDS;
      const best = SPEEDS.reduce((one, other) => (Math.abs(other - wish) < Math.abs(one - wish) ? other : one));
      select.dataset.unit = unit;
      select.replaceChildren(...SPEEDS.map((speed) => speedOption(speed, unit)));
      select.value = best;
    }
  }

  listen(keys) {
    const act = (name, what) => this.root.querySelector(`.${name}`).addEventListener("click", what);
    act("start", () => this.move(0));
    act("back", () => this.move(this.time - this.step));
    act("forward", () => this.move(this.time + this.step));
    act("play", () => this.toggle());
    this.parts.scrub.addEventListener("input", () => this.move(Number(this.parts.scrub.value)));
    this.parts.speed.addEventListener("change", () => this.tell());
    keys.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("resize", () => this.refresh());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
  }

  key(event) {
    const typed = event.target.closest("select, input:not([type=range]), textarea, summary, dialog");
    const slid = event.target.closest("input:not(.scrub)") && !/^[ 1-9]$/.test(event.key);
    const press = event.key === " " && event.target.closest("button");
    if (typed || slid || press || this.following || !this.sides.length || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const actions = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.move(Math.ceil(this.time / this.step - 1) * this.step),
      ArrowRight: () => this.move(Math.floor(this.time / this.step + 1) * this.step),
      Home: () => this.move(0),
      End: () => this.move(this.horizon),
    };
    const tab = this.root.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    } else if (tab) {
      tab.click();
    }
  }

  /** Where the clock is, and how fast it goes [units of time a second]. */
  get clock() {
    return { day: this.time, playing: this.playing, speed: Number(this.parts.speed.value) };
  }

  tell() {
    this.root.dispatchEvent(new CustomEvent("clock", { detail: this.clock }));
  }

  /** Go with another clock: start and stop as it does, and go where it is when too far from it. */
  follow({ day, playing, speed }) {
    const { speed: select } = this.parts;
    if (![...select.options].some((option) => Number(option.value) === speed)) {
      select.add(speedOption(speed, this.sides[0].trace.unit));
    }
    select.value = speed;
    if (playing) {
      if (!this.playing || Math.abs(this.time - day) > ASTRAY * speed) {
        this.go(day);
      }
      if (!this.playing) {
        this.start();
      }
    } else {
      this.stop();
      if (Math.abs(day - this.time) > SAME) {
        this.go(day);
        this.speak();
      }
    }
  }

  /** Go somewhere, stop there, and say what is there. */
  move(time) {
    this.stop();
    this.go(time);
    this.speak();
    this.tell();
  }

  toggle() {
    if (this.playing) {
      this.move(this.time);
    } else {
      this.start();
      this.tell();
    }
  }

  start() {
    if (this.time >= this.horizon) {
      this.go(0);
    }
    this.playing = true;
    this.last = undefined;
    this.mark();
    this.round = (this.round ?? 0) + 1;
    this.next(this.round);
  }

  next(round) {
    requestAnimationFrame((at) => {
      if (round === this.round) {
        this.frame(at);
      }
    });
  }

  stop() {
    this.playing = false;
    this.mark();
  }

  mark() {
    this.root.classList.toggle("is-playing", this.playing);
    this.parts.play.setAttribute("aria-label", this.playing ? "Pause" : "Play");
  }

  frame(at) {
    if (!this.playing) {
      return;
    }
    const passed = Math.min(at - (this.last ?? at), CALM.matches ? 2 * CALM_PAUSE : 100);
    if (!CALM.matches || this.last === undefined || passed >= CALM_PAUSE) {
      this.last = at;
      const time = this.time + (passed / 1000) * Number(this.parts.speed.value);
      this.go(CALM.matches ? Math.ceil(time) : time, !CALM.matches);
    }
    if (this.time >= this.horizon) {
      this.move(this.horizon);
    } else {
      this.next(this.round);
    }
  }

  /** Show a time; gliding cards while playing, else every card at its place. */
  go(time, gliding = false) {
    this.time = Math.max(0, Math.min(this.horizon, time));
    this.draw(!gliding);
  }

  draw(still) {
    const shown = Math.floor(this.time + 1e-6);
    this.parts.now.textContent = shown;
    this.parts.scrub.value = this.time;
    this.parts.scrub.setAttribute("aria-valuetext", `${this.sides[0].trace.unit} ${shown}`);
    this.drawSides(this.sides, still);
  }

  drawSides(sides, still) {
    for (const side of sides) {
      side.stale = false;
      side.replay.seek(this.time);
      side.board.draw(still);
      this.drawDigits(side);
      this.drawCurtains(side.element);
      if (still) {
        this.drawNumbers(side);
      }
    }
  }

  drawDigits({ element, trace }) {
    const place = Math.floor(this.time / trace.every + 1e-6);
    for (const output of element.querySelectorAll("[data-series]")) {
      const values = trace.series[output.dataset.series];
      const value = values[Math.min(place, values.length - 1)];
      output.textContent = value === null ? "–" : value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
    }
  }

  /** Hide what is still to come, and until the end of the run what sums it up. */
  drawCurtains(element) {
    const share = this.time / this.horizon;
    element.classList.toggle("is-over", share >= 1);
    for (const curtain of element.querySelectorAll(".curtain")) {
      curtain.classList.toggle("is-open", share >= 1);
      curtain.setAttribute("transform", `translate(${(share * Number(curtain.dataset.width)).toFixed(1)} 0)`);
    }
  }

  /** The board in numbers, for those who cannot see it. */
  drawNumbers({ element, replay, trace }) {
    const body = element.querySelector(".numbers tbody");
    const rows = replay.counts().map((counts, place) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = place ? trace.steps[place - 1] : "Backlog";
      row.append(head);
      for (let state = 1; state < STATES.length - 2; state += 1) {
        row.insertCell().textContent = counts[state];
      }
      return row;
    });
    body.replaceChildren(...rows);
    element.querySelector(".numbers .done").textContent = replay.done;
  }

  speak() {
    const told = this.sides.map(({ element, replay }) => {
      const cards = [...replay.cards.values()];
      const going = cards.filter((card) => card.step >= 0).length;
      const stuck = cards.filter((card) => STATES[card.state] === "blocked").length;
      return `${element.querySelector("h2, h3").textContent}: ${going} in progress, ${stuck} blocked, ${replay.done} done.`;
    });
    this.parts.spoken.textContent = `${this.sides[0].trace.unit} ${Math.floor(this.time + 1e-6)}. ${told.join(" ")}`;
  }
}

function speedOption(speed, unit) {
  return new Option(`${speed} ${unit}${speed === 1 ? "" : "s"} a second`, speed);
}

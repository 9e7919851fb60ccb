// The player: one clock for the boards that are compared, their digits, and the curtains of their charts.

import { Board } from "./board.js";
import { Replay, STATES } from "./replay.js";

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200];
const SECONDS = 45; // that a run takes at the speed it starts with
const CALM_PAUSE = 600; // between two pictures where motion is not wanted [ms]

/** A player in `root`; `keys` is the element whose keys it listens to. */
export class Player {
  constructor(root, keys = root) {
    this.root = root;
    this.sides = [];
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
    this.sides = sides.map(({ element, trace }) => {
      const replay = new Replay(trace);
      return { element, trace, replay, board: new Board(element.querySelector("canvas"), replay) };
    });
    this.even();
    const { trace } = this.sides[0];
    this.horizon = trace.horizon;
    this.step = Math.max(1, ...this.sides.map((side) => (side.trace.thinned ? side.trace.moment : 1)));
    this.parts.scrub.max = this.horizon;
    this.parts.scrub.step = this.step;
    this.offerSpeeds();
    this.go(time ?? this.horizon);
  }

  /** The same columns, and cards of one size, on all boards. */
  even() {
    const needs = this.sides.map((side) => side.board.needs());
    const rows = Math.max(...needs.map((need) => need.rows));
    const backlog = needs.some((need) => need.backlog);
    this.sides.forEach((side) => side.board.layOut({ rows, backlog }));
    const card = Math.min(...this.sides.map((side) => side.board.cardSize));
    const dot = Math.min(...this.sides.map((side) => side.board.dotSize));
    for (const { board } of this.sides) {
      board.cardSize = card;
      board.dotSize = dot;
    }
  }

  refresh() {
    this.sides.forEach((side) => side.board.refresh());
    this.even();
    this.draw(true);
  }

  offerSpeeds() {
    const wish = this.horizon / SECONDS;
    const best = SPEEDS.reduce((one, other) => (Math.abs(other - wish) < Math.abs(one - wish) ? other : one));
    if (!this.parts.speed.options.length) {
      for (const speed of SPEEDS) {
        const chosen = speed === best;
        this.parts.speed.add(new Option(`${speed} ${this.sides[0].trace.unit}s a second`, speed, chosen, chosen));
      }
    }
  }

  listen(keys) {
    const act = (name, what) => this.root.querySelector(`.${name}`).addEventListener("click", what);
    act("start", () => this.move(0));
    act("back", () => this.move(this.time - this.step));
    act("forward", () => this.move(this.time + this.step));
    act("play", () => this.toggle());
    this.parts.scrub.addEventListener("input", () => this.move(Number(this.parts.scrub.value)));
    keys.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("resize", () => this.refresh());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
  }

  key(event) {
    const own = event.target.closest("select, input:not(.scrub), textarea, summary");
    const press = event.key === " " && event.target.closest("button");
    if (own || press || event.ctrlKey || event.metaKey || event.altKey) {
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

  /** Go somewhere, stop there, and say what is there. */
  move(time) {
    this.stop();
    this.go(time);
    this.speak();
  }

  toggle() {
    if (this.playing) {
      this.stop();
      this.go(this.time);
      this.speak();
    } else {
      this.start();
    }
  }

  start() {
    if (this.time >= this.horizon) {
      this.go(0);
    }
    this.playing = true;
    this.last = undefined;
    this.mark();
    requestAnimationFrame((at) => this.frame(at));
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
      requestAnimationFrame((next) => this.frame(next));
    }
  }

  /** Show a time; gliding cards while playing, else every card at its place. */
  go(time, gliding = false) {
    this.time = Math.max(0, Math.min(this.horizon, time));
    this.sides.forEach((side) => side.replay.seek(this.time));
    this.draw(!gliding);
  }

  draw(still) {
    const shown = Math.floor(this.time + 1e-6);
    this.parts.now.textContent = shown;
    this.parts.scrub.value = this.time;
    this.parts.scrub.setAttribute("aria-valuetext", `${this.sides[0].trace.unit} ${shown}`);
    for (const side of this.sides) {
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

  drawCurtains(element) {
    for (const curtain of element.querySelectorAll(".curtain")) {
      const share = this.time / this.horizon;
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
      return `${element.querySelector("h3").textContent}: ${going} in progress, ${stuck} blocked, ${replay.done} done.`;
    });
    this.parts.spoken.textContent = `${this.sides[0].trace.unit} ${Math.floor(this.time + 1e-6)}. ${told.join(" ")}`;
  }
}

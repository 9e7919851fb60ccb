// The player: one clock for the boards that are compared, their digits, and the curtains of their charts.

import { alike } from "./alike.js";
import { Board, geometry } from "./board.js";
import { evening } from "./dates.js";
import { FlowMap } from "./flow.js";
import { Legend, occurring, Table } from "./legend.js";
import { Numbers } from "./numbers.js";
import { courseOf, inProgress, Replay, stuck } from "./replay.js";
import { Waves } from "./waves.js";
import { plural, single, t } from "./words.js";

const COURSES = new WeakMap(); // by trace: the run day by day

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200];
const SECONDS = 45; // that a run takes at the speed it starts with
const CALM_PAUSE = 600; // between two pictures where motion is not wanted [ms]

const SAME = 0.001; // days are told to so many
const ASTRAY = 0.5; // that a clock may be off from the one it follows [s]

/**
 * A player in `root`. `keys` is the element whose keys it listens to; `width` says how wide a board is, `waveSize` how large the
 * waves are [stage px]. What its user does to its clock it tells with an event, `clock`. While it is
 * `following` another clock, it has no user.
 */
export class Player {
  constructor(root, { keys = root, width = () => 930, waveSize = () => ({ width: 1640, height: 180 }) } = {}) {
    this.root = root;
    this.width = width;
    this.waveSize = waveSize;
    this.view = "auto";
    this.foot = 0; // room below the cards for what can be edited there [stage px]
    this.sides = [];
    this.following = false;
    this.playing = false;
    this.time = 0;
    this.dates = null;
    this.boards = new Map(); // by their elements: a run that is shown in place of another has the same canvas
    this.stale = true; // sizes or colours of what is drawn may be others than the page has
    this.find();
    this.listen(keys);
  }

  find() {
    const part = (name) => this.root.querySelector(`.${name}`);
    this.parts = {
      now: part("now"),
      date: part("date"),
      play: part("play"),
      scrub: part("scrub"),
      speed: part("speed"),
      spoken: part("spoken"),
      map: this.root.querySelector("canvas.flow"),
      table: part("counts"),
      waves: this.root.querySelector("canvas.waves"),
    };
  }

  /** Show sides {element, trace}, the first one at the left, at a time (default: the end of the run). */
  show(sides, time) {
    const other = alike(sides.map(({ trace }) => trace));
    other.forEach((trace) => COURSES.delete(trace));
    const before = this.sides.filter(({ trace }) => !other.includes(trace));
    this.sides = sides.map(
      ({ element, trace }) => before.find((side) => side.element === element && side.trace === trace) ?? this.side(element, trace),
    );
    const { trace } = this.sides[0];
    this.horizon = trace.horizon;
    this.step = Math.max(1, ...this.sides.map((side) => (side.trace.thinned ? side.trace.moment : 1)));
    this.parts.scrub.max = this.horizon;
    this.parts.scrub.step = this.step;
    this.offerSpeeds();
    this.layOut();
    this.go(time ?? this.horizon);
  }

  side(element, trace) {
    let replay = new Replay(trace);
    if (COURSES.has(trace)) {
      replay.seek(this.time);
    } else {
      const told = courseOf(trace, this.time);
      COURSES.set(trace, told.course);
      replay = told.replay;
    }
    return {
      element,
      trace,
      replay,
      course: COURSES.get(trace),
      ...this.drawn(element, replay),
    };
  }

  /** Board and legend of an element, with another run than they had. */
  drawn(element, replay) {
    if (this.boards.has(element)) {
      this.boards.get(element).board.take(replay);
    } else {
      const legend = element.querySelector(".legend");
      this.boards.set(element, {
        board: new Board(element.querySelector("canvas.board"), replay, this.width()),
        legend: legend && new Legend(legend),
        numbers: new Numbers(element),
      });
    }
    return this.boards.get(element);
  }

  /** What is drawn as one: both sides, or, while the other half asks a question, the left one alone. */
  get shown() {
    return this.alone ? this.sides.slice(0, 1) : this.sides;
  }

  get alone() {
    return this.root.classList.contains("is-covered");
  }

  /** True while the stream is shown as one flow map. */
  get isMap() {
    return this.made === null;
  }

  /** One geometry for all sides: boards with cards, or, of what is too large for them, the flow map. */
  layOut() {
    const [{ board }] = this.sides;
    const before = [this.made === null, board.width];
    board.width = this.width();
    this.made = this.view === "map" ? null : geometry(this.sides, board.width, board.pen, this.foot);
    const anew = this.stale || this.isMap !== before[0] || board.width !== before[1];
    this.stale = false;
    this.root.classList.toggle("is-map", this.isMap);
    const looks = occurring(this.sides);
    for (const side of this.sides) {
      side.board.width = board.width;
      if (!this.isMap) {
        if (anew) {
          side.board.refresh();
        }
        side.board.layOut(this.made);
      }
      side.legend?.layOut(looks, anew);
    }
    if (this.isMap && this.parts.map) {
      this.map ??= new FlowMap(this.parts.map);
      this.map.layOut({ sides: this.shown, width: this.alone ? board.width : 2 * board.width + 20, anew });
    }
    if (this.parts.table) {
      this.table ??= new Table(this.parts.table);
      this.table.layOut(looks, this.shown.map(({ element }) => element.querySelector("h2, h3").textContent), anew);
    }
    if (this.parts.waves) {
      this.waves ??= new Waves(this.parts.waves);
      const [{ trace }] = this.sides;
      const names = this.sides.map(({ element }) => element.querySelector("h2, h3").textContent);
      this.waves.layOut({ sides: this.sides, names, unit: trace.unit, horizon: this.horizon, dates: this.dates, anew, ...this.waveSize() });
    }
    this.root.dispatchEvent(new CustomEvent("laidout"));
  }

  /** Draw everything anew: the page has another size or theme, or shows what it had hidden. */
  refresh() {
    this.stale = true;
    const shown = this.sides.map(({ element }) => element);
    this.boards = new Map([...this.boards].filter(([element]) => shown.includes(element))); // what is hidden is made anew
    if (this.sides.length) {
      this.layOut();
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
      // What glides is nowhere yet, and the board in numbers is as old as the last rest: a page that stops draws anew, also
      // where it is there already, as on a slow machine, whose frames are all of one length.
      const glided = this.playing;
      this.stop();
      if (glided || Math.abs(day - this.time) > SAME) {
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
    this.parts.play.setAttribute("aria-label", this.playing ? t("Pause") : t("Play"));
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
    const date = evening(this.dates, shown);
    this.parts.now.textContent = shown;
    this.parts.date.textContent = date;
    this.parts.scrub.value = this.time;
    this.parts.scrub.setAttribute("aria-valuetext", [`${single(this.sides[0].trace.unit)} ${shown}`, date].filter(Boolean).join(", "));
    this.drawSides(this.sides, still);
  }

  drawSides(sides, still) {
    for (const side of sides) {
      side.replay.seek(this.time);
      if (!this.isMap) {
        side.board.draw(still);
      }
      side.legend?.draw(side.replay.looks());
      this.drawCurtains(side.element);
      if (still) {
        side.numbers.draw(side);
      }
    }
    if (this.isMap && this.map) {
      this.map.draw();
    }
    this.table?.draw(this.shown.map(({ replay }) => replay.looks()));
    this.waves?.draw(this.time);
    this.root.dispatchEvent(new CustomEvent("drawn", { detail: { still } }));
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

  speak() {
    const told = this.sides.map(({ element, replay }) => {
      const looks = replay.looks();
      const { textContent: name } = element.querySelector("h2, h3");
      return t("{name}: {progress} in progress, {hand} in hand, {stuck} stuck, {done} done.", { name, progress: inProgress(looks), hand: looks.hand, stuck: stuck(looks), done: replay.done });
    });
    this.parts.spoken.textContent = `${single(this.sides[0].trace.unit)} ${Math.floor(this.time + 1e-6)}. ${told.join(" ")}`;
  }
}

function speedOption(speed, unit) {
  return new Option(t("{count} {units} a second", { count: speed, units: speed === 1 ? single(unit) : plural(unit) }), speed);
}

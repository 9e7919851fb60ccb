// A participant's own try: one value, stepped or slid, the answer to it, and a dot for each value that was tried.

import { ticksOf } from "../player/axis.js";
import { fitPair, tellAnswer } from "./answer.js";
import { draw } from "./end.js";
import { renew, say } from "./dom.js";
import { Sliders } from "./sliders.js";
import { COUNTED, t } from "../player/words.js";

const LONG = 6; // letters of a value that is written smaller
const SIZE = { width: 340, height: 210, left: 34, bottom: 30 };

/** The trial; it asks by itself, and only for the newest position. */
export class Trial {
  constructor(element, connection) {
    this.element = element;
    this.connection = connection;
    this.select = element.querySelector("select");
    this.positions = new Map(); // where this phone's sliders stand, by path
    this.tried = new Map(); // by path: position -> the value that came of it
    this.select.addEventListener("change", () => this.choose());
    this.part = (name) => element.querySelector(name);
    this.part(".less").addEventListener("click", () => this.step(-1));
    this.part(".more").addEventListener("click", () => this.step(1));
    this.part(".send").addEventListener("click", () => this.send());
    this.sliders = new Sliders(
      element.querySelector(".own"),
      (path, position) => this.move(path, position),
      () => false,
    );
  }

  show({ lobby, guess, sliders = [], version, left }) {
    this.left = left?.name === t("As today") ? t("as today") : t("as on the wall’s left");
    const open = guess && !guess.revealed;
    this.element.hidden = lobby || Boolean(open) || !sliders.length;
    this.all = sliders;
    const kinds = sliders.map(({ path, label, positions, was }) => [path, label, positions, was]);
    if (renew(this.select, kinds, () => sliders.map(({ path, label }) => new Option(label, path)))) {
      this.positions.clear();
      this.tried.clear();
      this.forget();
    } else if (version !== this.version) {
      this.tried.clear();
      this.forget(); // the room plays something else now
    }
    this.version = version;
    this.choose();
  }

  get slider() {
    return this.all.find(({ path }) => path === this.select.value);
  }

  get position() {
    return this.positions.get(this.slider.path) ?? this.slider.position;
  }

  choose() {
    const { slider } = this;
    if (!slider) {
      return;
    }
    if (slider.path !== this.path) {
      this.path = slider.path;
      this.forget();
    }
    const { position } = this;
    this.sliders.show([{ ...slider, position }]);
    const words = slider.positions[position] ?? "";
    const output = this.part(".stepper output");
    const short = /\d/.test(words) ? words.replace(COUNTED, "").replace(/ [^\d]+$/, "") : words; // no limit is said whole
    say(output, short);
    output.classList.toggle("is-long", short.length > LONG);
    this.part(".less").disabled = position <= 0;
    this.part(".more").disabled = position >= slider.positions.length - 1;
    say(this.part(".send"), t("Send {value} to the wall", { value: short }));
    this.plot();
  }

  step(by) {
    const to = this.position + by;
    if (to >= 0 && to < this.slider.positions.length) {
      this.move(this.slider.path, to);
    }
  }

  move(path, position) {
    this.positions.set(path, position);
    this.connection.request({ do: "explore", path, position });
    this.element.classList.add("is-asking");
    this.choose();
  }

  send() {
    if (this.connection.send({ do: "send", path: this.slider.path, position: this.position })) {
      say(this.part(".send"), t("Sent to the wall"));
    }
  }

  /** Numbers that belong to something else are not shown. */
  forget() {
    const box = this.part(".numbers");
    tellAnswer(box, null);
    say(box.querySelector(".of"), t("Move it, and see what becomes of the answer."));
    this.part(".send").hidden = true;
    this.part(".tries").replaceChildren();
  }

  hear({ answer, position }) {
    this.element.classList.remove("is-asking");
    tellAnswer(this.part(".numbers"), answer);
    fitPair(this.part(".numbers"));
    this.part(".send").hidden = false;
    if (!this.tried.has(this.path)) {
      this.tried.set(this.path, new Map());
    }
    this.tried.get(this.path).set(position, answer.after);
    this.before = answer.before;
    this.plot();
  }

  /** A dot for each value that this phone tried; as today is dashed. */
  plot() {
    const tried = [...(this.tried.get(this.path) ?? [])].filter(([, value]) => value !== null);
    const { slider, position } = this;
    renew(this.part(".tries"), [tried, this.before, this.left, position, slider?.path], () => (tried.length && slider ? [this.picture(tried, slider, position)] : []));
  }

  picture(tried, slider, now) {
    const { width, height, left, bottom } = SIZE;
    const most = 1.1 * Math.max(this.before ?? 0, ...tried.map(([, value]) => value), 1e-9);
    const x = (place) => left + 12 + ((width - left - 24) * place) / Math.max(1, slider.positions.length - 1);
    const y = (value) => height - bottom - ((height - bottom - 14) * value) / most;
    const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": tried.map(([place, value]) => `${slider.positions[place]}: ${Math.round(value)}`).join(", ") });
    for (const tick of ticksOf(most, 3)) {
      svg.append(draw("path", { stroke: "var(--line)", d: `M${left} ${y(tick)}H${width}` }), words(left - 6, y(tick) + 5, `${tick}`, "end"));
    }
    if (this.before) {
      svg.append(draw("path", { stroke: "var(--ink)", "stroke-width": 2, "stroke-dasharray": "5 4", d: `M${left} ${y(this.before)}H${width}` }), words(width, y(this.before) - 6, this.left, "end"));
    }
    for (const [place, value] of tried) {
      svg.append(draw("circle", { cx: x(place), cy: y(value), r: place === now ? 10 : 7, fill: place === now ? "var(--ink)" : "var(--accent)" }));
      svg.append(words(x(place), height - 8, slider.positions[place].split(" ")[0], "middle"));
    }
    return svg;
  }

  /** What was asked is refused: back to what the room has. */
  refuse() {
    this.element.classList.remove("is-asking");
    this.positions.delete(this.path);
    this.choose();
  }
}

function words(x, y, text, anchor) {
  const made = draw("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

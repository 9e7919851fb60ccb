// A participant's own try: one slider, and what three numbers become.

import { make, renew, say } from "./dom.js";
import { Sliders } from "./sliders.js";

/** The trial; it asks by itself, and only for the newest position. */
export class Trial {
  constructor(element, connection) {
    this.element = element;
    this.connection = connection;
    this.select = element.querySelector("select");
    this.positions = new Map(); // where this phone's sliders stand, by path
    this.select.addEventListener("change", () => this.choose());
    this.sliders = new Sliders(
      element.querySelector(".own"),
      (path, position) => this.move(path, position),
      () => false,
    );
  }

  show({ lobby, guess, sliders = [], version }) {
    const open = guess && !guess.revealed;
    this.element.hidden = lobby || Boolean(open) || !sliders.length;
    this.all = sliders;
    const kinds = sliders.map(({ path, label, positions, was }) => [path, label, positions, was]);
    if (renew(this.select, kinds, () => sliders.map(({ path, label }) => new Option(label, path)))) {
      this.positions.clear();
      this.forget();
    } else if (version !== this.version) {
      this.forget(); // the room plays something else now
    }
    this.version = version;
    this.choose();
  }

  choose() {
    const slider = this.all.find(({ path }) => path === this.select.value);
    if (slider) {
      const position = this.positions.get(slider.path) ?? slider.position;
      if (slider.path !== this.path) {
        this.path = slider.path;
        this.forget();
      }
      this.sliders.show([{ ...slider, position }]);
    }
  }

  move(path, position) {
    this.positions.set(path, position);
    this.connection.request({ do: "explore", path, position });
    this.element.classList.add("is-asking");
  }

  /** Numbers that belong to something else are not shown. */
  forget() {
    const numbers = this.element.querySelector(".numbers");
    delete numbers.dataset.facts;
    numbers.replaceChildren(make("div", {}, make("dt", {}, "Move the slider"), make("dd", {}, "and see what becomes of three numbers.")));
  }

  hear({ numbers }) {
    this.element.classList.remove("is-asking");
    renew(this.element.querySelector(".numbers"), numbers, () =>
      numbers.map(({ label, unit, before, after }) =>
        make(
          "div",
          {},
          make("dt", {}, label),
          make("dd", {}, make("span", { class: "before" }, figure(before)), arrow(), make("strong", {}, figure(after)), make("span", { class: "unit" }, unit ?? "")),
        ),
      ),
    );
  }

  /** What was asked is refused: back to what the room has. */
  refuse() {
    this.element.classList.remove("is-asking");
    this.positions.delete(this.path);
    this.choose();
  }
}

function arrow() {
  const words = make("span", { class: "arrow" });
  say(words, "→");
  return words;
}

function figure(value) {
  if (value === null || value === undefined) {
    return "–";
  }
  return typeof value === "number" ? String(Math.abs(value) >= 10 ? Math.round(value) : Math.round(value * 10) / 10) : String(value);
}

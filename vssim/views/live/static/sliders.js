// The sliders of a scenario: large handles, the value in words, and a tick where it stands in the organisation as it is.

import { make, renew, say } from "./dom.js";
import { t } from "../player/words.js";

/** A list of sliders; `moved(path, position)` is told of each move, `held(path)` says whether one waits for an answer. */
export class Sliders {
  constructor(element, moved, held) {
    this.element = element;
    this.moved = moved;
    this.held = held;
  }

  show(sliders) {
    this.sliders = new Map(sliders.map((slider) => [slider.path, slider]));
    const kinds = sliders.map(({ path, label, positions, was }) => [path, label, positions, was]);
    renew(this.element, kinds, () => sliders.map((slider) => this.row(slider)));
    for (const row of this.element.children) {
      const slider = this.sliders.get(row.dataset.path);
      if (!this.held(slider.path)) {
        this.set(row, slider.position);
      }
    }
  }

  /** Back to what is in force. */
  restore() {
    this.show([...(this.sliders ?? new Map()).values()]);
  }

  row({ path, label, positions, was }) {
    const range = make("input", { type: "range", min: 0, max: positions.length - 1, step: 1, "aria-label": label });
    const row = make(
      "div",
      { class: "slider", "data-path": path },
      make("div", { class: "slider-words" }, make("span", { class: "label", title: label }, label), make("output", {})),
      make("div", { class: "track" }, ...this.tick(positions, was), range),
    );
    range.addEventListener("input", () => {
      this.set(row, Number(range.value));
      this.moved(path, Number(range.value));
    });
    return row;
  }

  tick(positions, was) {
    if (was === null || was === undefined || was < 0) {
      return [];
    }
    const tick = make("span", { class: "was", title: t("as it is: {value}", { value: positions[was] }) });
    const share = positions.length > 1 ? was / (positions.length - 1) : 0;
    tick.style.setProperty("--share", share);
    return [tick];
  }

  set(row, position) {
    const slider = this.sliders.get(row.dataset.path);
    const range = row.querySelector("input");
    range.value = position;
    const words = slider.positions[position] ?? "";
    range.setAttribute("aria-valuetext", words);
    say(row.querySelector("output"), words);
  }
}

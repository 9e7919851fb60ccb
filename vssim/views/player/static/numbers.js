// The board in numbers, for those who cannot see it: a row a step, a number a state.

import { DONE } from "./replay.js";
import { t } from "./words.js";

/** The table of one side in `element`; made once, and then told only what is another number than before. */
export class Numbers {
  constructor(element) {
    this.body = element.querySelector(".numbers tbody");
    this.done = element.querySelector(".numbers .done");
    this.cells = [];
  }

  draw({ replay, trace }) {
    const steps = [t("Backlog"), ...trace.steps];
    if (this.steps !== steps.join("\n")) {
      this.steps = steps.join("\n");
      this.cells = [];
      this.body.replaceChildren(...steps.map((name) => this.row(name)));
    }
    replay.counts().forEach((counts, place) => this.cells[place].forEach((cell, number) => write(cell, counts[number + 1])));
    write(this.done, replay.done);
  }

  row(name) {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    row.append(head);
    this.cells.push(Array.from({ length: DONE - 1 }, () => row.insertCell()));
    return row;
  }
}

/** Tell a number, where it is another one. */
export function write(element, value) {
  const words = `${value}`;
  if (element.textContent !== words) {
    element.textContent = words;
  }
}

// One item's story: its card has a ring on both boards, and its way is told over the time line.

import { make } from "./dom.js";
import { throttled } from "./dom.js";
import { t } from "../player/words.js";

const PAUSE = 150; // between two questions of one page, while the day moves [ms]

/** The panel of a story; the server tells it. */
export class Story {
  constructor(stage, connection) {
    this.stage = stage;
    this.connection = connection;
    this.element = stage.root.querySelector(".story-panel");
    this.item = null;
    this.ask = throttled(PAUSE, () => this.item !== null && connection.send({ do: "story", item: this.item, day: stage.player.time }));
    stage.root.addEventListener("drawn", ({ detail }) => this.item !== null && detail.still && this.day !== stage.player.time && this.follow());
    for (const side of stage.sides) {
      const canvas = side.querySelector("canvas.board");
      canvas.addEventListener("click", (event) => this.point(side, canvas, event));
    }
  }

  get open() {
    return this.item !== null;
  }

  point(element, canvas, event) {
    const side = this.stage.player.sides.find((one) => one.element === element);
    const { x, y } = this.stage.scale.inside(canvas, event);
    const item = side?.board.find(x, y) ?? null;
    if (item !== null) {
      this.choose(item === this.item ? null : item);
    }
  }

  /** An item, or none. */
  choose(item) {
    if (item === null) {
      this.close();
      return;
    }
    this.from = document.activeElement;
    this.item = item;
    this.follow();
  }

  /** A typical item of both sides. */
  typical() {
    if (this.open) {
      this.close();
    } else {
      this.from = document.activeElement;
      this.connection.send({ do: "story", item: null, day: this.stage.player.time });
    }
  }

  follow() {
    this.day = this.stage.player.time;
    this.ask();
    this.ring();
  }

  hear({ item, svg }) {
    if (item === null) {
      return;
    }
    this.item = item;
    this.day = this.stage.player.time;
    const close = make("button", { type: "button", class: "close" }, t("Esc closes"));
    close.addEventListener("click", () => this.close());
    this.element.innerHTML = svg;
    this.element.append(close);
    this.element.hidden = false;
    this.ring();
  }

  ring() {
    for (const { board } of this.stage.player.sides) {
      board.ring = this.item;
      if (!this.stage.player.isMap) {
        board.draw(true);
      }
    }
  }

  close() {
    if (!this.open) {
      return;
    }
    this.item = null;
    this.element.hidden = true;
    this.element.replaceChildren();
    this.ring();
    this.from?.focus?.();
  }
}

// A field of the flow map, opened: its cards of both sides beside each other, over lanes that are not its own.

import { drawCard, fine, palette } from "../player/marks.js";
import { WORDS } from "../player/replay.js";
import { make } from "./dom.js";
import { t } from "../player/words.js";

const TOP = 182; // of the map [stage px]
const CARD = { w: 78, h: 44 };

/** The panel of a field; `tell(item)` tells the story of a card. */
export class Field {
  constructor(stage, tell) {
    this.stage = stage;
    this.tell = tell;
    this.element = stage.root.querySelector(".field-panel");
    this.buttons = stage.root.querySelector(".field-buttons");
    stage.root.querySelector("canvas.flow").addEventListener("click", (event) => this.point(event));
    stage.root.addEventListener("laidout", () => this.place());
    stage.root.addEventListener("drawn", ({ detail }) => this.open && detail.still && this.fill());
  }

  get map() {
    return this.stage.player.isMap ? this.stage.player.map : null;
  }

  get open() {
    return !this.element.hidden;
  }

  /** A button over every field, for the keyboard and for who cannot see the map. */
  place() {
    const { map } = this;
    if (!map) {
      this.buttons.replaceChildren();
      this.close();
      return;
    }
    const [{ trace }] = map.sides;
    const made = [];
    trace.lanes.forEach(({ name }, lane) =>
      trace.flowColumns.forEach((column, number) => {
        if (map.usual[lane][number]) {
          const { x, y, width, height } = map.box({ lane, column: number });
          const button = make("button", { type: "button", "aria-label": t("{lane} in {column}", { lane: name, column: column.name }) });
          Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
          button.addEventListener("click", () => this.show({ lane, column: number }, button));
          made.push(button);
        }
      }),
    );
    this.buttons.replaceChildren(...made);
  }

  point(event) {
    const { x, y } = this.stage.scale.inside(event.target, event);
    const field = this.map?.find(x, y);
    if (field) {
      this.show(field);
    }
  }

  show(field, from = null) {
    const { map } = this;
    if (this.open && map.chosen?.lane === field.lane && map.chosen.column === field.column) {
      this.close();
      return;
    }
    this.from = from;
    map.chosen = field;
    map.draw();
    this.element.hidden = false;
    this.fill();
    const { y, height } = map.box(field);
    const below = y + height / 2 < 330;
    this.element.style.top = below ? `${TOP + y + height + 6}px` : "auto";
    this.element.style.bottom = below ? "auto" : `${1080 - TOP - y + 6}px`;
    this.element.querySelector("button")?.focus();
  }

  fill() {
    const { map } = this;
    const { lane, column } = map.chosen;
    const [{ trace }] = map.sides;
    const close = make("button", { type: "button", class: "close" }, t("age in days · a card tells its story · Esc closes"));
    close.addEventListener("click", () => this.close());
    const name = trace.lanes[lane].name;
    const head = make("header", {}, make("h2", {}, t("{lane} in {column}", { lane: `${name[0].toUpperCase()}${name.slice(1)}`, column: trace.flowColumns[column].name })), close);
    const sides = map.sides.map(({ element }, place) => this.cards(element.querySelector("h2").textContent, map.fields[place][lane][column]));
    this.element.replaceChildren(head, make("div", { class: "field-sides" }, ...sides));
    this.paint();
  }

  cards(name, cards) {
    const oldest = Math.max(0, ...cards.map(({ age }) => age));
    const words = make("p", {}, make("strong", {}, name), ` · ${cards.length ? t("{count} items, the oldest {days} days", { count: cards.length, days: oldest }) : t("no items")}`);
    const buttons = cards.map(({ item, look, age }) => {
      const canvas = make("canvas", { "data-look": look, "data-age": age });
      const button = make("button", { type: "button", "aria-label": t("item {item}, {age} days, {state}", { item, age, state: WORDS[look] }) }, canvas);
      button.addEventListener("click", () => this.tell(item));
      button.addEventListener("keydown", (event) => move(event));
      return button;
    });
    return make("div", {}, words, make("div", { class: "field-cards" }, ...buttons));
  }

  paint() {
    const colours = palette(this.element);
    for (const canvas of this.element.querySelectorAll("canvas")) {
      const pen = fine(canvas, CARD.w, CARD.h);
      drawCard(pen, colours, canvas.dataset.look, { x: 1, y: 1, w: CARD.w - 2, h: CARD.h - 2 }, { text: canvas.dataset.age });
    }
  }

  close() {
    if (this.open) {
      this.element.hidden = true;
      this.element.replaceChildren();
      if (this.stage.player.map) {
        this.stage.player.map.chosen = null;
        if (this.map) {
          this.map.draw();
        }
      }
      this.from?.focus();
    }
  }
}

/** Arrow keys move among cards. */
function move(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) {
    event.preventDefault();
    event.stopPropagation();
    const all = [...event.currentTarget.closest(".field-panel").querySelectorAll(".field-cards button")];
    all[all.indexOf(event.currentTarget) + step]?.focus();
  }
}

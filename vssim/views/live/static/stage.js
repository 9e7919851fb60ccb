// The two sides: as today at the left, with the change at the right; boards, digits and charts of one picture.

import { Player } from "../player/player.js";
import { say } from "./dom.js";
import { Traces } from "./picture.js";

const rootText = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The stage; its player is `player`. */
export class Stage {
  constructor(root) {
    this.root = root;
    const template = document.querySelector("#side");
    const before = root.querySelector(".cover");
    this.sides = ["left", "right"].map((name) => {
      const side = template.content.firstElementChild.cloneNode(true);
      side.classList.add(name);
      before.before(side);
      return side;
    });
    this.player = new Player(root, { keys: document, text: rootText });
    this.traces = new Traces();
  }

  /** Words above the boards, units, and what goes on beside them. */
  name(room) {
    this.unit = room.unit;
    [room.left, room.right].forEach(({ name, words }, place) => {
      const side = this.sides[place];
      say(side.querySelector("h2"), name);
      say(side.querySelector(".words"), words);
      side.querySelector(".words").title = words;
      side.querySelectorAll(".days").forEach((unit) => say(unit, `${room.unit}s`));
      side.querySelector("canvas").setAttribute("aria-label", `The board, ${name}; a table has it in numbers`);
      say(side.querySelector("caption"), `The board in numbers, ${name}`);
    });
    say(this.root.querySelector(".clock-unit"), room.unit.replace(/^./, (letter) => letter.toUpperCase()));
    this.root.querySelector(".back").setAttribute("aria-label", `One ${room.unit} back`);
    this.root.querySelector(".forward").setAttribute("aria-label", `One ${room.unit} on`);
  }

  /** Show a picture at a time; false where a trace is missing that is not held back. */
  show(picture, time) {
    const sides = picture.sides.map((side) => ({ ...side, shown: this.traces.of(side) }));
    if (sides.some(({ shown, chart }) => !shown && chart !== null)) {
      return false;
    }
    sides.forEach(({ chart }, place) => this.draw(place, chart));
    const shown = sides.flatMap(({ shown: trace }, place) => (trace ? [{ element: this.sides[place], trace }] : []));
    this.player.show(shown, time);
    this.curtains();
    this.paint(picture);
    return true;
  }

  /** The charts of both sides. */
  chart({ left, right }) {
    this.draw(0, left);
    this.draw(1, right);
    this.curtains();
  }

  draw(place, svg) {
    const figure = this.sides[place].querySelector(".chart");
    if (figure.drawn !== svg) {
      figure.drawn = svg;
      figure.innerHTML = svg ?? "";
    }
  }

  curtains() {
    this.sides.forEach((side) => this.player.drawCurtains(side));
  }

  /** Say which picture is on the screen, once it is. */
  paint({ seq, version }) {
    const { dataset } = document.documentElement;
    dataset.version = version;
    dataset.seq = seq;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("painted", { detail: { seq, version } }))),
    );
  }
}

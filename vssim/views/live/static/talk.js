// What the room talks about once it has seen the answer: the questions of the round, and in the end what it all shows.

import { list, say } from "./dom.js";

/** The dialog of a stage, and the button that opens it. It shows one thing at a time: first what to discuss, then the lesson. */
export class Talk {
  constructor(root) {
    this.dialog = document.querySelector("dialog.lesson");
    this.button = root.querySelector(".show-lesson");
    this.part = (name) => this.dialog.querySelector(name);
    this.discuss = [];
    this.lesson = "";
    this.of = null; // which round, or which scenario, it is about
    this.seen = false;
    this.button.addEventListener("click", () => this.open());
    this.part(".to-lesson").addEventListener("click", () => this.turn(true));
  }

  show({ source, guess, lesson, workshop }) {
    const told = guess === null || guess.revealed;
    const of = `${source} ${workshop?.number ?? ""}`;
    if (of !== this.of || !told) {
      this.of = of;
      this.seen = false;
      this.dialog.close();
    }
    this.discuss = told ? (workshop?.round.discuss ?? []) : [];
    this.lesson = lesson ?? "";
    this.button.hidden = !this.lesson && !this.discuss.length;
    say(this.button, this.discuss.length ? "To discuss" : "What it shows");
    list(this.part(".discuss"), this.discuss);
    say(this.part(".lesson-words"), this.lesson);
    this.turn(this.atLesson);
  }

  open() {
    this.seen = true;
    this.turn(!this.discuss.length);
    this.dialog.showModal();
  }

  /** To the lesson, or back to what is discussed. */
  turn(toLesson) {
    this.atLesson = toLesson;
    for (const name of [".discuss-head", ".discuss"]) {
      this.part(name).hidden = toLesson;
    }
    for (const name of [".lesson-head", ".lesson-words"]) {
      this.part(name).hidden = !toLesson;
    }
    this.part(".to-lesson").hidden = toLesson || !this.lesson;
    this.dialog.setAttribute("aria-label", toLesson ? "What it shows" : "To discuss");
  }

  /** Go on to what has not been seen yet; false when there is nothing (more) to talk about. */
  goOn() {
    if (!this.dialog.open && !this.seen && !this.button.hidden) {
      this.open();
    } else if (this.dialog.open && !this.atLesson && this.lesson) {
      this.turn(true);
    } else {
      this.dialog.close();
      return false;
    }
    return true;
  }
}

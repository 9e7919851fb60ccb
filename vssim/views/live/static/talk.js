// What the room talks about once it has seen the answer: the questions of the round, and in the end what it all shows.

import { list, say } from "./dom.js";
import { t } from "../player/words.js";

const WORDS = { discuss: t("To discuss"), lesson: t("What it shows") };

/**
 * The dialog of a stage, and the button that opens it. It shows one thing at a time: first what to discuss, then the lesson.
 * `look(what)` has the room look at it, where this page leads.
 */
export class Talk {
  constructor(root, look) {
    this.look = look;
    this.dialog = document.querySelector("dialog.lesson");
    this.button = root.querySelector(".show-lesson");
    this.part = (name) => this.dialog.querySelector(name);
    this.discuss = [];
    this.lesson = "";
    this.of = null; // which round, or which scenario, it is about
    this.seen = false;
    this.button.addEventListener("click", () => this.open());
    this.part(".to-lesson").addEventListener("click", () => this.open(true));
    this.dialog.addEventListener("close", () => this.closed());
  }

  show({ source, guess, lesson, workshop, shows }) {
    const told = guess === null || guess.revealed;
    const of = `${source} ${workshop?.number ?? ""}`;
    if (of !== this.of || !told) {
      this.of = of;
      this.seen = false;
    }
    this.discuss = told ? (workshop?.round.discuss ?? []) : [];
    this.lesson = lesson ?? "";
    this.button.hidden = !this.lesson && !this.discuss.length;
    say(this.button, WORDS[this.discuss.length ? "discuss" : "lesson"]);
    list(this.part(".discuss"), this.discuss);
    say(this.part(".lesson-words"), this.lesson);
    this.turn(this.atLesson);
    if (shows !== this.shows) {
      this.shows = shows; // what this page's user has looked up meanwhile is over
      this.follow();
    }
  }

  /** Open or shut, as the room is. */
  follow() {
    if (!WORDS[this.shows]) {
      this.led = this.dialog.open;
      this.dialog.close();
      return;
    }
    this.seen = true;
    this.turn(this.shows === "lesson");
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  open(toLesson = !this.discuss.length) {
    this.look(toLesson ? "lesson" : "discuss");
    this.seen = true;
    this.turn(toLesson);
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  /** Its user has closed it, or the room has gone on. */
  closed() {
    if (!this.led) {
      this.look("boards");
    }
    this.led = false;
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
    this.dialog.setAttribute("aria-label", WORDS[toLesson ? "lesson" : "discuss"]);
  }

  /** Go on to what has not been seen yet; false when there is nothing (more) to talk about. */
  goOn() {
    if (!this.dialog.open && !this.seen && !this.button.hidden) {
      this.open();
    } else if (this.dialog.open && !this.atLesson && this.lesson) {
      this.open(true);
    } else {
      this.dialog.close();
      return false;
    }
    return true;
  }
}

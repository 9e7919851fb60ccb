// The foot of the page: the same items with the same luck, who guessed right, many other lucks, and what it shows.

import { make, renew, say } from "./dom.js";

const FIGURES = /(\d[\d.,]*(?: → \d[\d.,]*)?(?: ?(?:%|hours?|days?|weeks?))?)/; // what is read from the back row

const FIRST = "Guess first: the right half is shown with the answer";

/** The strip: what is told of, small, and below it, larger, what is told, with its figures in bold. */
export class Strip {
  constructor(root) {
    this.part = (name) => root.querySelector(name);
    this.version = null;
    this.dialog = document.querySelector("dialog.lesson");
    this.remarks = document.querySelector("dialog.remarks");
    this.part(".show-lesson").addEventListener("click", () => this.dialog.showModal());
    this.part(".show-notes").addEventListener("click", () => this.remarks.showModal());
  }

  show({ guess, lesson, workshop, warnings = [] }) {
    const told = guess === null || guess.revealed;
    const discuss = told ? (workshop?.round.discuss ?? []) : [];
    this.part(".show-lesson").hidden = !lesson && !discuss.length;
    say(this.part(".show-lesson"), discuss.length ? "To discuss" : "What it shows");
    this.dialog.querySelector(".discuss-head").hidden = !discuss.length;
    this.dialog.querySelector(".lesson-head").hidden = !lesson;
    say(this.dialog.querySelector(".lesson-words"), lesson ?? "");
    list(this.dialog.querySelector(".discuss"), discuss);
    const button = this.part(".show-notes");
    button.hidden = !warnings.length;
    say(button, warnings.length === 1 ? "1 remark" : `${warnings.length} remarks`);
    list(this.remarks.querySelector("ul"), warnings);
  }

  /** What a picture says; other lucks are those of an older one until new ones come. */
  picture({ version, words }) {
    tell(this.part(".same"), words ?? FIRST);
    if (version !== this.version) {
      this.version = version;
      this.part(".lucks").hidden = true;
    }
  }

  lucks({ version, done, of, words }) {
    if (version === this.version) {
      const share = of ? done / of : 1;
      this.part(".lucks").hidden = false;
      tell(this.part(".lucks-words"), words ?? "");
      const bar = this.part(".lucks .bar");
      bar.hidden = share >= 1;
      bar.style.setProperty("--share", share);
    }
  }
}

function list(element, texts) {
  renew(element, texts, () => texts.map((words) => make("li", {}, words)));
}

/** A sentence as a heading, up to its colon, and a line. */
export function tell(element, words) {
  const colon = words.indexOf(": ");
  renew(element, words, () => {
    const told = words.slice(colon < 0 ? 0 : colon + 2).split(FIGURES);
    const line = told.filter(Boolean).map((part) => (/^\d/.test(part) ? make("strong", {}, part) : part));
    return [make("span", { class: "of" }, colon < 0 ? "" : words.slice(0, colon + 1)), " ", make("span", { class: "line" }, ...line)];
  });
}

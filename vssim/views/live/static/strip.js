// The foot of the page: the same items with the same luck, who guessed right, many other lucks, and what is to be said about it.

import { list, make, renew, say } from "./dom.js";

const FIGURES = /(\d[\d.,]*(?: → \d[\d.,]*)?(?: ?(?:%|hours?|days?|weeks?))?)/; // what is read from the back row

const FIRST = "Guess first: the right half is shown with the answer";

/** The strip: what is told of, small, and below it, larger, what is told, with its figures in bold. */
export class Strip {
  constructor(root) {
    this.part = (name) => root.querySelector(name);
    this.version = null; // of the picture that is shown
    this.told = null; // the latest of other lucks; it may come before its picture
    this.remarks = document.querySelector("dialog.remarks");
    this.part(".show-notes").addEventListener("click", () => this.remarks.showModal());
  }

  show({ warnings = [] }) {
    const button = this.part(".show-notes");
    button.hidden = !warnings.length;
    say(button, warnings.length === 1 ? "1 remark" : `${warnings.length} remarks`);
    list(this.remarks.querySelector("ul"), warnings);
  }

  /** What a picture says; other lucks only where they are told of this one, and nothing is held back. */
  picture({ version, words }) {
    tell(this.part(".same"), words ?? FIRST);
    this.version = version;
    this.draw(words !== null);
  }

  lucks(told) {
    this.told = told;
    this.draw(true);
  }

  draw(open) {
    const there = open && this.told?.version === this.version;
    this.part(".lucks").hidden = !there;
    if (there) {
      const { done, of, words } = this.told;
      const share = of ? done / of : 1;
      tell(this.part(".lucks-words"), words ?? "");
      const bar = this.part(".lucks .bar");
      bar.hidden = share >= 1;
      bar.style.setProperty("--share", share);
    }
  }
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

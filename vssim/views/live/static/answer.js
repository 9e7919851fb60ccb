// The answer: one pair of numbers, one word, one per cent, as the server says them, wherever they are shown.

import { say } from "./dom.js";
import { t } from "../player/words.js";

const KINDS = { better: "is-better", worse: "is-worse", undecided: "is-undecided", "no real difference": "is-same" };

/** Write an answer into an element with .pair, .of, .verdict-chip and .shift; null: nothing yet. */
export function tellAnswer(element, answer, { of } = {}) {
  const part = (name) => element.querySelector(name);
  say(part(".pair"), answer?.pair ?? "");
  say(part(".of"), answer ? (of ?? `${answer.name}, ${answer.lucks}`) : "");
  tellVerdict(part(".verdict-chip").parentElement, answer);
}

/** Make a line smaller until its box has room for it. */
export function fitLine(element, box, largest, smallest) {
  let size = largest;
  for (element.style.fontSize = `${size}px`; box.scrollWidth > box.clientWidth && size > smallest; size -= 2) {
    element.style.fontSize = `${size - 2}px`;
  }
}

const PAIR = { largest: 46, smallest: 24 }; // of the numbers on a phone [px]

/** The numbers of a phone as large as the screen has room for: long ones would stand at its edge, or beyond. */
export function fitPair(element) {
  const pair = element.querySelector(".pair");
  fitLine(pair, pair, PAIR.largest, PAIR.smallest);
}

/** Write the word and the per cent of an answer. */
export function tellVerdict(box, answer) {
  say(box.querySelector(".verdict-chip"), answer?.verdict ? t(answer.verdict) : "");
  say(box.querySelector(".shift"), answer?.shift ?? "");
  for (const kind of Object.values(KINDS)) {
    box.classList.toggle(kind, KINDS[answer?.verdict] === kind);
  }
}

/** The answer band: the question, and what all lucks say about it; never of another picture than the one that is shown. */
export class Band {
  constructor(root) {
    this.element = root.querySelector(".band");
    this.told = null;
    this.version = null;
  }

  show({ guess, version, question, metric }) {
    this.open = guess !== null && !guess.revealed;
    this.guess = guess;
    this.metric = metric;
    const place = this.element.querySelector(".question");
    place.title = question;
    say(place, question);
    const words = this.element.querySelector(".options-words");
    words.hidden = !this.open;
    say(words, this.open ? guess.answers.map(({ label }) => label).join(" · ") : "");
    this.version = version;
    this.draw();
  }

  fit(place) {
    // to measure is to lay the page out: not again where question and answer, and so the room for it, are what they were
    const facts = [document.body.className, this.element.className, this.element.textContent].join();
    if (facts === this.fitted) {
      return;
    }
    this.fitted = facts;
    let size = document.body.classList.contains("is-narrow") ? 24 : 28;
    for (place.style.fontSize = `${size}px`; place.scrollHeight > 76 && size > 20; size -= 1) {
      place.style.fontSize = `${size - 1}px`;
    }
  }

  lucks(told) {
    this.told = told;
    this.draw();
  }

  draw() {
    // what was revealed stays the one answer, although more lucks are played: with all of them it is told anew, everywhere at once
    const revealed = this.guess?.version === this.version ? { version: this.version, answer: this.guess.answer } : null;
    const told = revealed ?? this.told;
    const there = !this.open && told?.version === this.version;
    const { done, of, answer } = told ?? {};
    const lucks = there && done < of ? t("{done} of {of} lucks", { done, of }) : answer?.lucks;
    const words = there ? [`${answer.name}, ${lucks}`, answer.gave_up].filter(Boolean).join(" · ") : "";
    tellAnswer(this.element, there ? answer : null, { of: words });
    this.element.classList.toggle("is-there", there);
    this.fit(this.element.querySelector(".question")); // beside a longer answer there is less room for it
  }
}

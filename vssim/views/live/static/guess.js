// Guess first: the question over the right half, and who thought what once it is revealed.

import { fit, make, renew, say } from "./dom.js";
import { tell } from "./strip.js";

const LARGEST = 2.5; // the question [rem]
const SMALLEST = 1.3;

/** Who was right, in words. */
export function verdict({ guessed_right: right, of }) {
  return of ? `${right} of ${of} guessed right` : "nobody guessed";
}

/** The cover of the right half; `look(what)` has the room look at something, where this page leads. */
export class Guess {
  constructor(root, connection, look) {
    this.root = root;
    this.connection = connection;
    this.look = look;
    this.cover = root.querySelector(".cover");
    this.guess = null;
    this.part = (name) => this.cover.querySelector(name);
    this.part(".reveal").addEventListener("click", () => this.reveal());
    this.part(".uncover").addEventListener("click", () => this.uncover());
    root.querySelector(".guessed").addEventListener("click", () => this.toggleResult());
    new ResizeObserver(() => this.fit()).observe(this.cover);
  }

  get open() {
    return this.guess !== null && !this.guess.revealed;
  }

  get covered() {
    return this.guess !== null && (this.open || !this.uncovered);
  }

  /** Show the answer; when it is shown already, the board. */
  reveal() {
    if (this.open) {
      this.connection.send({ do: "guess", action: "reveal" });
    } else {
      this.uncover();
    }
  }

  show({ guess, shows }) {
    this.guess = guess;
    if (shows !== this.shows) {
      this.shows = shows; // what this page's user has looked up meanwhile is over
      this.uncovered = shows !== "result";
    }
    this.draw();
  }

  count(votes) {
    if (this.guess) {
      this.guess.votes = votes;
      this.draw();
    }
  }

  uncover() {
    if (this.covered && !this.open) {
      this.toggleResult();
    }
  }

  toggleResult() {
    if (this.guess?.revealed) {
      this.uncovered = !this.uncovered;
      this.look(this.uncovered ? "boards" : "result");
      this.draw();
    }
  }

  draw() {
    const { guess, cover } = this;
    const { covered } = this;
    cover.hidden = !covered;
    this.root.classList.toggle("is-covered", covered);
    this.root.classList.toggle("is-guessing", this.open);
    const result = this.root.querySelector(".guessed");
    result.hidden = !guess?.revealed;
    if (guess?.revealed) {
      tell(result, `The room: ${verdict(guess)}`);
    }
    if (covered) {
      this.drawCover(guess);
    }
  }

  drawCover(guess) {
    this.part(".named").hidden = !guess.named.length;
    say(this.part(".votes"), guess.revealed ? verdict(guess) : votesInWords(guess.votes));
    this.cover.classList.toggle("is-revealed", guess.revealed);
    const { answers, counts, right, revealed } = guess;
    renew(this.part(".answers"), [answers, counts, right, revealed], () => answers.map((answer) => answerRow(answer, guess)));
    this.fit();
  }

  /** The question as large as there is room for it. */
  fit() {
    if (this.covered) {
      fit(this.part(".asked"), this.guess.question, LARGEST, SMALLEST);
      this.fitNames(this.guess.named);
    }
  }

  /** As many of the names as there is room for, and how many more there are. */
  fitNames(names) {
    const place = this.part(".named");
    place.replaceChildren(...names.map((name) => make("bdi", {}, name)));
    const over = () => place.scrollHeight > place.clientHeight + 1;
    for (let left = names.length - 1; over() && left > 0; left -= 1) {
      place.replaceChildren(...[...place.children].slice(0, left), make("span", {}, `and ${names.length - left} more`));
    }
  }
}

function votesInWords(votes) {
  return votes ? `${votes} ${votes === 1 ? "has" : "have"} guessed` : "no guess yet";
}

/** An answer; once revealed with the share of the room that gave it, and a mark where it is right. */
export function answerRow({ id, label }, { counts, right, revealed }) {
  const row = make("li", { class: `answer is-${id}` }, shape(id), make("span", { class: "label" }, label));
  if (revealed && counts) {
    const whole = Math.max(1, Object.values(counts).reduce((sum, count) => sum + count, 0));
    const bar = make("span", { class: "bar" });
    bar.style.setProperty("--share", (counts[id] ?? 0) / whole);
    row.append(make("span", { class: "count" }, String(counts[id] ?? 0)), bar);
    if (id === right) {
      row.classList.add("is-right");
      row.append(make("span", { class: "tick" }, "right"));
    }
  }
  return row;
}

/** An answer as a shape: up, level, down. */
export function shape(id) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", { up: "M8 2l6 11H2z", same: "M2 4.5h12v2.6H2zM2 9h12v2.6H2z", down: "M8 14L2 3h12z" }[id] ?? "M2 8h12");
  svg.append(path);
  return svg;
}

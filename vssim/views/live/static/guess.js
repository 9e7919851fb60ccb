// Guess first: the question in place of the right half; then the answer, who thought what, and where the days go.

import { fitLine, tellAnswer } from "./answer.js";
import { make, renew, say } from "./dom.js";
import { t } from "../player/words.js";

/** Who was right, in words. */
export function verdict({ guessed_right: right, of, revealed, right: answer }) {
  if (!of) {
    return t("nobody guessed");
  }
  return revealed && answer === null ? t("{of} guessed; too close to tell", { of }) : t("{right} of {of} guessed right", { right, of });
}

/** The question page; `look(what)` has the room look at something, where this page leads. */
export class Guess {
  constructor(root, connection, look) {
    this.root = root;
    this.connection = connection;
    this.look = look;
    this.cover = root.querySelector(".cover");
    this.guess = null;
    this.joined = 0;
    this.part = (name) => this.cover.querySelector(name);
    this.part(".reveal").addEventListener("click", () => this.reveal());
    this.part(".uncover").addEventListener("click", () => this.uncover());
    root.querySelector(".guessed").addEventListener("click", () => this.toggleResult());
  }

  get open() {
    return this.guess !== null && !this.guess.revealed;
  }

  get covered() {
    return this.guess !== null && (this.open || !this.uncovered);
  }

  /** Show the answer to what is asked; when it is shown already, the boards. */
  reveal() {
    if (this.open) {
      this.connection.send({ do: "guess", action: "reveal", change: this.guess.about.change, metric: this.guess.about.metric });
    } else {
      this.uncover();
    }
  }

  show(room) {
    const { guess, shows } = room;
    this.room = room;
    this.guess = guess;
    this.joined = room.joined;
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

  join(joined) {
    this.joined = joined;
    if (this.open) {
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
    const { guess, cover, covered } = this;
    cover.hidden = !covered;
    const was = this.root.classList.contains("is-covered");
    this.root.classList.toggle("is-covered", covered);
    this.root.classList.toggle("is-guessing", this.open);
    const result = this.root.querySelector(".guessed");
    result.hidden = !guess?.revealed;
    if (guess?.revealed) {
      say(result, verdict(guess));
    }
    if (covered) {
      this.drawCover(guess);
    }
    this.drawToday();
    if (was !== covered) {
      this.root.dispatchEvent(new CustomEvent("covered"));
    }
  }

  drawCover(guess) {
    const { workshop, right, question } = this.room;
    const { revealed, answers, answer } = guess;
    const asked = guess.question || question;
    const round = workshop?.round.question === asked ? workshop : null;
    say(this.part(".which"), round && workshop.number ? t("Question {number} of {of}", { number: workshop.number, of: workshop.of }) : t("Question"));
    say(this.part(".asked-about"), round ? workshop.round.title : right.name);
    say(this.part(".asked"), asked);
    this.cover.classList.toggle("is-revealed", revealed);
    this.part(".answer-box").hidden = !revealed;
    if (revealed) {
      tellAnswer(this.part(".answer-box"), answer, { of: [answer.name, answer.lucks, answer.better, answer.gave_up].filter(Boolean).join(" · ") });
      fitLine(this.part(".answer-box .pair"), this.part(".answer-box"), 84, 30);
    }
    renew(this.part(".answers"), [answers, guess.counts, guess.right, revealed], () => answers.map((one) => answerRow(one, guess)));
    say(this.part(".votes"), revealed ? verdict(guess) : this.votesInWords(guess.votes));
    renew(this.part(".cover > .dots"), [revealed, guess.votes, this.joined], () => (revealed ? [] : dotsOf(guess.votes, Math.max(guess.votes, this.joined))));
    this.part(".where-time").hidden = !revealed || !guess.bars;
    const bars = this.part(".where-time figure");
    if (revealed && bars.drawn !== guess.bars) {
      bars.drawn = guess.bars;
      bars.innerHTML = guess.bars;
    }
    this.part(".named").hidden = !guess.named.length;
    this.fit();
    this.fitNames(guess.named);
  }

  votesInWords(votes) {
    const of = Math.max(votes, this.joined);
    if (!votes) {
      return t("no guess yet");
    }
    return of > votes ? t("{votes} of {of} have guessed", { votes, of }) : votes === 1 ? t("1 has guessed") : t("{votes} have guessed", { votes });
  }

  /** What the answer is about, as it is today: the only number that may be on a page before the answer. */
  tellToday({ words, value, version }) {
    this.today = { words, value, version };
    this.drawToday();
  }

  drawToday() {
    const { today, open, covered } = this;
    const place = this.root.querySelector(".today-words");
    place.hidden = !(open && covered && today?.value && today.version === this.room?.version);
    if (!place.hidden) {
      renew(place, today, () => [`${today.words} `, make("strong", {}, today.value), "."]);
    }
  }

  /** The question as large as there is room for it. */
  fit() {
    const place = this.part(".asked");
    const parts = [this.cover, place, this.part(".asked-about"), this.part(".where-time")];
    const over = () => parts.some((part) => part.scrollHeight > part.clientHeight + 1);
    for (const tight of [false, true]) {
      this.cover.classList.toggle("is-tight", tight); // what stands between question and bars is lower then
      let size = 30;
      for (place.style.fontSize = "30px"; over() && size > 20; size -= 1) {
        place.style.fontSize = `${size - 1}px`;
      }
      if (!over()) {
        return;
      }
    }
  }

  /** As many of the names as there is room for, and how many more there are. */
  fitNames(names) {
    const place = this.part(".named");
    place.replaceChildren(...names.map((name) => make("bdi", {}, name)));
    const over = () => place.scrollHeight > place.clientHeight + 1;
    for (let left = names.length - 1; over() && left > 0; left -= 1) {
      place.replaceChildren(...[...place.children].slice(0, left), make("span", {}, t("and {count} more", { count: names.length - left })));
    }
  }
}

/** So many dots, the first ones filled. */
export function dotsOf(full, of = full) {
  return Array.from({ length: Math.min(of, 120) }, (_, number) => make("span", { class: number < full ? "dot is-full" : "dot" }));
}

/** An answer; once revealed with a dot for each who gave it, and a frame where it is right. */
export function answerRow({ id, label }, { counts, right, revealed }) {
  const row = make("li", { class: `answer is-${id}` }, shape(id), make("span", { class: "label" }, label));
  if (revealed && counts) {
    row.append(make("span", { class: "dots", "aria-hidden": "true" }, ...dotsOf(Math.min(counts[id] ?? 0, 24))), make("span", { class: "count" }, String(counts[id] ?? 0)));
    if (id === right) {
      row.classList.add("is-right");
      row.append(make("span", { class: "tick" }, t("right")));
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

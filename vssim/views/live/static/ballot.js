// A participant's guess: the question with three buttons, and what came of it.

import { make, renew, say } from "./dom.js";
import { fitPair, tellAnswer } from "./answer.js";
import { answerRow, shape, verdict } from "./guess.js";
import { t } from "../player/words.js";

const LONG = 120; // letters of a question that is written smaller

/** The ballot and its result; `vote(answer)` sends one, if it can. What this phone answered is kept, for as long as it is asked that. */
export class Ballot {
  constructor(ballot, result, vote) {
    this.ballot = ballot;
    this.result = result;
    this.vote = vote;
    this.kept = "vssim.vote";
  }

  get own() {
    const kept = JSON.parse(sessionStorage.getItem(this.kept) ?? "null");
    return kept?.id === this.guess?.id ? (kept?.answer ?? null) : null;
  }

  choose(answer) {
    if (this.vote(answer)) {
      sessionStorage.setItem(this.kept, JSON.stringify({ id: this.guess.id, answer }));
      this.showBallot();
    }
  }

  /** Answer once more, after the line was broken: the answer may have been lost with it. */
  repeat() {
    if (this.open && this.own !== null) {
      this.vote(this.own);
    }
  }

  get open() {
    return Boolean(this.guess) && !this.guess.revealed;
  }

  show({ guess }) {
    this.guess = guess ?? null;
    this.ballot.hidden = !this.open;
    this.result.hidden = !guess?.revealed;
    if (this.open) {
      this.showBallot();
    } else if (guess) {
      this.showResult();
    }
  }

  showBallot() {
    const { guess, own } = this;
    const choices = this.ballot.querySelector(".choices");
    const asked = this.ballot.querySelector(".asked");
    say(asked, guess.question);
    asked.classList.toggle("is-long", guess.question.length > LONG);
    renew(choices, [guess.question, guess.answers], () => guess.answers.map((answer) => this.button(answer)));
    for (const choice of choices.children) {
      choice.setAttribute("aria-pressed", choice.dataset.answer === own);
    }
    say(this.ballot.querySelector(".told"), own ? t("Sent. You can change it until the answer is shown.") : t("What do you think?"));
  }

  button({ id, label }) {
    const button = make("button", { type: "button", "data-answer": id }, shape(id), make("span", {}, label));
    button.addEventListener("click", () => this.choose(id));
    return button;
  }

  showResult() {
    const { guess, own } = this;
    const label = (id) => guess.answers.find((answer) => answer.id === id)?.label ?? "";
    const part = (name) => this.result.querySelector(name);
    tellAnswer(this.result, guess.answer);
    fitPair(this.result);
    const close = guess.right === null;
    say(part(".verdict"), own === null ? t("You did not guess.") : `${t("You said {answer}.", { answer: label(own) })}${close ? "" : own === guess.right ? ` ${t("Right!")}` : ""}`);
    this.result.classList.toggle("is-right", own !== null && own === guess.right);
    say(part(".asked"), guess.question);
    part(".asked").classList.toggle("is-long", guess.question.length > 60);
    say(part(".guessed"), close ? t("Too close to tell: nobody is right, nobody is wrong.") : `${verdict(guess)}: ${label(guess.right)}.`);
    renew(part(".answers"), [guess.answers, guess.counts, guess.right, own], () =>
      guess.answers.map((answer) => {
        const row = answerRow(answer, guess);
        row.classList.toggle("is-own", answer.id === own);
        row.querySelector(".label").dataset.own = t("yours");
        return row;
      }),
    );
  }
}

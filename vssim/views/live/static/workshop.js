// A workshop's rounds, one after the other, and what is for the facilitator's eyes only.

import { make, renew, say } from "./dom.js";
import { t } from "../player/words.js";

/** The rounds in the drawer; `go(step)` goes so many rounds on, and is false where there is none. */
export class Workshop {
  constructor(element, connection) {
    this.element = element;
    this.connection = connection;
  }

  go(step) {
    return this.to((this.now?.number ?? 0) + step);
  }

  to(to) {
    const there = Boolean(this.now) && to >= 1 && to <= this.now.of;
    if (there) {
      this.connection.request({ do: "round", number: to });
    }
    return there;
  }

  show({ workshop, notes }) {
    this.now = workshop;
    renew(this.element, [workshop, notes], () => (workshop ? this.rounds(workshop, notes) : [make("p", { class: "soft" }, t("This is no workshop: one scenario, no rounds."))]));
  }

  rounds({ number, of, rounds, round }, notes) {
    const go = (label, to) => {
      const button = make("button", { type: "button", disabled: to < 1 || to > of }, label);
      button.addEventListener("click", () => this.go(to - number));
      return button;
    };
    const list = rounds.map((title, place) => {
      const one = go(title, place + 1);
      one.setAttribute("aria-pressed", place + 1 === number);
      return make("li", {}, one);
    });
    const minutes = round.minutes ? t("{count} minutes", { count: round.minutes }) : "";
    return [
      make("div", { class: "row" }, go(t("Previous round"), number - 1), go(t("Next round"), number + 1), make("span", { class: "soft" }, minutes)),
      ...this.notes(notes),
      make("p", { class: "round-question" }, make("strong", {}, round.question ?? "")),
      ...texts(round.discuss).map((words) => make("p", { class: "round-discuss" }, words)),
      make("ol", { class: "rounds" }, ...list),
    ];
  }

  notes(notes) {
    const told = texts(notes);
    if (!told.length) {
      return [];
    }
    const details = make("details", { class: "notes" }, make("summary", {}, t("Notes: not for the room's eyes")), ...told.map((words) => make("p", {}, words)));
    details.open = sessionStorage.getItem("vssim.notes") === "open";
    details.addEventListener("toggle", () => sessionStorage.setItem("vssim.notes", details.open ? "open" : "shut"));
    return [details];
  }
}

/** Texts, however they come: one, several, by name, or none. */
function texts(given) {
  if (!given) {
    return [];
  }
  const all = typeof given === "string" ? [given] : Object.values(given).flat();
  return all.filter(Boolean);
}

// The drawer: everything the facilitator changes, over what does not change by it. The left board stays to be seen.

import { make, renew, say } from "./dom.js";
import { Sliders } from "./sliders.js";
import { shape } from "./guess.js";
import { Workshop } from "./workshop.js";

const PARTS = { change: "Change", guess: "Guess", workshop: "Workshop", more: "More" };
const KEPT = "vssim.drawer";
const AS_IT_IS = "no change: only what is moved by hand";

/** The drawer of a stage. */
export class Drawer {
  constructor(stage, connection) {
    this.stage = stage;
    this.connection = connection;
    this.element = stage.root.querySelector(".drawer");
    this.button = stage.root.querySelector(".open-drawer");
    this.button.addEventListener("click", () => this.toggle());
    this.build();
    this.choose("change");
    if (sessionStorage.getItem(KEPT) === "open") {
      this.toggle();
    }
  }

  toggle() {
    const opened = this.element.hidden;
    this.element.hidden = !opened;
    this.stage.root.classList.toggle("has-drawer", opened);
    this.button.setAttribute("aria-expanded", opened);
    sessionStorage.setItem(KEPT, opened ? "open" : "shut");
  }

  close() {
    if (!this.element.hidden) {
      this.toggle();
      this.button.focus();
    }
  }

  build() {
    const tabs = Object.entries(PARTS).map(([part, words]) => {
      const tab = button(words, () => this.choose(part));
      tab.dataset.part = part;
      return tab;
    });
    const close = button("Close", () => this.close());
    close.classList.add("close");
    this.panels = {
      change: this.changePanel(),
      guess: this.guessPanel(),
      workshop: make("section", { class: "panel" }),
      more: this.morePanel(),
    };
    this.rounds = new Workshop(this.panels.workshop, this.connection);
    this.element.append(
      make("div", { class: "parts", role: "group", "aria-label": "Part of the drawer" }, ...tabs, close),
      ...Object.values(this.panels),
    );
  }

  choose(part) {
    for (const [name, panel] of Object.entries(this.panels)) {
      panel.hidden = name !== part;
    }
    for (const tab of this.element.querySelectorAll("[data-part]")) {
      tab.setAttribute("aria-pressed", tab.dataset.part === part);
    }
  }

  changePanel() {
    const { connection } = this;
    this.change = make("select", { "aria-label": "The change" });
    this.change.addEventListener("change", () => connection.request({ do: "change", name: this.change.value || null }));
    this.levers = make("div", { class: "levers", role: "group", "aria-label": "Levers of the change" });
    const list = make("div", { class: "sliders" });
    this.sliders = new Sliders(
      list,
      (path, position) => connection.request({ do: "slider", path, position }),
      (path) => connection.awaits({ do: "slider", path }),
    );
    const reset = button("As it is", () => connection.request({ do: "as_it_is" }));
    reset.title = "All sliders back to the organisation as it is";
    const luck = button("Another luck", () => connection.request({ do: "seed", seed: this.seed + 1 }));
    return make("section", { class: "panel" }, make("div", { class: "row" }, this.change, reset, luck), this.levers, list);
  }

  guessPanel() {
    const send = (action, question = null) => this.connection.send({ do: "guess", action, question });
    this.question = make("textarea", { rows: 2, "aria-label": "The question" });
    this.question.addEventListener("input", () => {
      this.question.dataset.own = "true";
    });
    this.ask = button("Ask the room", () => send("ask", this.question.value.trim() || null));
    this.reveal = button("Reveal the answer", () => send("reveal"));
    this.drop = button("Drop the question", () => send("drop"));
    this.hands = make("div", { class: "hands", role: "group", "aria-label": "A show of hands" });
    this.voted = make("p", { class: "soft" });
    return make(
      "section",
      { class: "panel" },
      this.question,
      make("div", { class: "row" }, this.ask, this.reveal, this.drop),
      make("div", { class: "row" }, make("span", {}, "A show of hands:"), this.hands),
      this.voted,
    );
  }

  morePanel() {
    this.address = make("input", { readOnly: true, "aria-label": "The address of what is shown" });
    const copy = button("Copy the address", () => this.copy());
    const back = button("Back to the library", () => this.connection.request({ do: "open", source: null }));
    this.files = make("div", { class: "row" }, link("/state.yaml", "Scenario (YAML)"), link("/report.html", "Report (HTML)"), link("/visits.csv", "Visits (CSV)"));
    this.later = make("p", { class: "soft" }, "Scenario, report and visits can be taken home once the answer is on the board.");
    return make(
      "section",
      { class: "panel" },
      make("div", { class: "row" }, this.address, copy),
      this.files,
      this.later,
      make("div", { class: "row" }, back),
    );
  }

  async copy() {
    this.address.value = location.href.replace(/#.*$/, "");
    this.address.select();
    try {
      await navigator.clipboard.writeText(this.address.value);
    } catch {
      document.execCommand("copy"); // where the page is not of this machine, browsers keep their clipboard to themselves
    }
  }

  show(room) {
    this.seed = room.seed;
    renew(this.change, room.changes.map(({ name }) => name), () => [new Option(AS_IT_IS, ""), ...room.changes.map(({ name }) => new Option(name, name))]);
    const chosen = room.changes.find((change) => change.chosen);
    if (!this.connection.awaits({ do: "change" })) {
      this.change.value = chosen?.name ?? "";
    }
    this.showLevers(room.levers);
    this.sliders.show(room.sliders);
    this.showGuess(room);
    this.rounds.show(room);
    this.element.querySelector("[data-part=workshop]").hidden = !room.workshop;
    this.address.value = location.href.replace(/#.*$/, "");
  }

  showLevers(levers) {
    renew(this.levers, levers, () =>
      levers.map(({ label, on }, number) => {
        const lever = button(label, () => this.connection.request({ do: "lever", number, on: !on }));
        lever.setAttribute("role", "switch");
        lever.setAttribute("aria-checked", on);
        lever.classList.add("lever");
        return lever;
      }),
    );
  }

  showGuess({ guess, right, workshop, hands }) {
    const open = guess !== null && !guess.revealed;
    this.files.hidden = open;
    this.later.hidden = !open;
    const asked = open ? guess.question : workshop?.round.question;
    const offered = asked || `${right.name}: will the typical lead time be longer, about the same, or shorter?`;
    if (this.question.dataset.own !== "true" || open) {
      this.question.value = offered;
      this.question.dataset.own = "";
    }
    say(this.ask, guess ? "Ask anew" : "Ask the room");
    this.reveal.disabled = !open;
    this.drop.disabled = guess === null;
    const answers = guess?.answers ?? [];
    renew(this.hands, [answers, guess?.question], () => answers.map((answer) => this.hand(answer)));
    this.hands.parentElement.hidden = !open;
    for (const count of this.hands.querySelectorAll("input")) {
      if (count !== document.activeElement || guess?.id !== this.asked) {
        count.value = hands?.[count.dataset.answer] ?? 0; // somebody else may count them too
      }
    }
    this.asked = guess?.id;
    this.count(guess?.votes);
  }

  count(votes) {
    say(this.voted, votes === undefined ? "" : `${votes} guessed so far`);
  }

  hand({ id, label }) {
    const count = make("input", { type: "number", min: 0, max: 999, value: 0, "data-answer": id });
    count.addEventListener("input", () => {
      const hands = [...this.hands.querySelectorAll("input")].map((one) => [one.dataset.answer, Math.max(0, Math.round(Number(one.value) || 0))]);
      this.connection.send({ do: "hands", up: 0, same: 0, down: 0, ...Object.fromEntries(hands) });
    });
    return make("label", {}, shape(id), make("span", {}, label), count);
  }
}

function button(words, act) {
  const made = make("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}

function link(address, words) {
  return make("a", { href: address, download: "" }, words);
}

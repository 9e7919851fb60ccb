// The drawer: everything the facilitator changes, over what does not change by it. The left board stays to be seen.

import { make, renew, say } from "./dom.js";
import { Sliders } from "./sliders.js";
import { shape } from "./guess.js";
import { Workshop } from "./workshop.js";
import { single, t } from "../player/words.js";

const PARTS = { change: t("Change"), guess: t("Guess"), workshop: t("Workshop"), more: t("More") };
const KEPT = "vssim.drawer";
const AS_IT_IS = t("no change: only what is moved by hand");

/** The drawer of a stage; `still(kind)` makes a picture of what the wall shows. */
export class Drawer {
  constructor(stage, connection, still) {
    this.stage = stage;
    this.connection = connection;
    this.still = still;
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
    const close = button(t("Close"), () => this.close());
    close.classList.add("close");
    this.panels = {
      change: this.changePanel(),
      guess: this.guessPanel(),
      workshop: make("section", { class: "panel" }),
      more: this.morePanel(),
    };
    this.rounds = new Workshop(this.panels.workshop, this.connection);
    this.element.append(
      make("div", { class: "parts", role: "group", "aria-label": t("Part of the drawer") }, ...tabs, close),
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
    this.change = make("select", { "aria-label": t("The change") });
    this.change.addEventListener("change", () => connection.request({ do: "change", name: this.change.value || null }));
    this.levers = make("div", { class: "levers", role: "group", "aria-label": t("Levers of the change") });
    const list = make("div", { class: "sliders" });
    this.sliders = new Sliders(
      list,
      (path, position) => connection.request({ do: "slider", path, position }),
      (path) => connection.awaits({ do: "slider", path }),
    );
    const reset = button(t("As it is"), () => connection.request({ do: "as_it_is" }));
    reset.title = t("All sliders back to the organisation as it is");
    this.mode = make("div", { class: "mode", role: "group", "aria-label": t("The new rule counts") }, ...["start", "today"].map((mode) => this.modeButton(mode)));
    const luck = button(t("Another luck"), () => connection.request({ do: "seed", seed: this.seed + 1 }));
    this.anotherWorld = button(t("Another world"), () => connection.request({ do: "world", world: this.world === null ? 0 : this.world + 1 }));
    this.asStated = button(t("As stated"), () => connection.request({ do: "world", world: null }));
    this.facts = make("p", { class: "soft" });
    return make("section", { class: "panel" }, make("div", { class: "row" }, this.change, reset, luck, this.anotherWorld, this.asStated, this.mode, this.element.querySelector(".speed")), this.facts, this.levers, list);
  }

  modeButton(mode) {
    const made = button(mode === "start" ? t("from the start") : t("from today"), () => this.connection.request({ do: "mode", mode, day: Math.floor(this.stage.player.time + 1e-6) }));
    made.dataset.mode = mode;
    return made;
  }

  showMode({ mode, since, unit }) {
    for (const one of this.mode.children) {
      one.setAttribute("aria-pressed", one.dataset.mode === mode);
    }
    say(this.mode.querySelector("[data-mode=today]"), mode === "today" ? t("from {unit} {day} on", { unit: single(unit), day: since }) : t("from today"));
  }

  guessPanel() {
    const send = (action, question = null) => this.connection.send({ do: "guess", action, question });
    this.question = make("textarea", { rows: 2, "aria-label": t("The question") });
    this.question.addEventListener("input", () => {
      this.question.dataset.own = "true";
    });
    this.ask = button(t("Ask the room"), () => send("ask", this.question.value.trim() || null));
    this.reveal = button(t("Reveal the answer"), () => send("reveal"));
    this.drop = button(t("Drop the question"), () => send("drop"));
    this.hands = make("div", { class: "hands", role: "group", "aria-label": t("A show of hands") });
    this.voted = make("p", { class: "soft" });
    return make(
      "section",
      { class: "panel" },
      this.question,
      make("div", { class: "row" }, this.ask, this.reveal, this.drop),
      make("div", { class: "row" }, make("span", {}, t("A show of hands:")), this.hands),
      this.voted,
    );
  }

  morePanel() {
    this.address = make("input", { readOnly: true, "aria-label": t("The address of what is shown") });
    const copy = button(t("Copy the address"), () => this.copy());
    const back = button(t("Back to the library"), () => this.connection.request({ do: "open", source: null }));
    this.files = make("div", { class: "row" }, link("/state.yaml", t("Scenario (YAML)")), link("/report.html", t("Report (HTML)")), link("/visits.csv", t("Visits (CSV)")));
    this.past = make("a", { href: "/replayed.html", target: "_blank" }, t("Your board, replayed"));
    const second = make("a", { href: "/", target: "_blank", rel: "noopener" }, t("A window for the projector")); // without the key: it has no notes
    this.later = make("p", { class: "soft" }, t("Scenario, report and visits can be taken home once the answer is on the board."));
    return make(
      "section",
      { class: "panel" },
      make("div", { class: "row" }, this.address, copy),
      this.files,
      make("div", { class: "row" }, button(t("Picture (PNG)"), () => this.still("png")), button(t("Picture (SVG)"), () => this.still("svg")), this.past),
      this.later,
      make("div", { class: "row" }, back, second),
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

  showWorld(world) {
    this.world = world?.number ?? null;
    this.anotherWorld.hidden = !world;
    this.asStated.hidden = this.facts.hidden = this.world === null;
    say(this.facts, this.world === null ? "" : t("World {number} of what you think possible: {facts}", { number: this.world + 1, facts: world.facts.join(" · ") }));
  }

  show(room) {
    this.seed = room.seed;
    this.showWorld(room.world);
    renew(this.change, room.changes.map(({ name }) => name), () => [new Option(AS_IT_IS, ""), ...room.changes.map(({ name }) => new Option(name, name))]);
    const chosen = room.changes.find((change) => change.chosen);
    if (!this.connection.awaits({ do: "change" })) {
      this.change.value = chosen?.name ?? "";
    }
    this.showMode(room);
    this.showLevers(room.levers);
    this.sliders.show(room.sliders);
    this.showGuess(room);
    this.rounds.show(room);
    this.element.querySelector("[data-part=workshop]").hidden = !room.workshop;
    this.address.value = location.href.replace(/#.*$/, "");
    this.past.hidden = !room.learned;
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
    const offered = asked || t("{change}: longer, about the same, or shorter?", { change: right.name });
    if (this.question.dataset.own !== "true" || open) {
      this.question.value = offered;
      this.question.dataset.own = "";
    }
    say(this.ask, guess ? t("Ask anew") : t("Ask the room"));
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
    say(this.voted, votes === undefined ? "" : t("{votes} guessed so far", { votes }));
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

// What the room message says at the head of the page: title, luck, who joined and how, and which rule counts.

import { fit, make, renew, say } from "./dom.js";

const LARGEST = { title: 1.6, question: 1.3 }; // [rem]
const SMALLEST = 1;

const SHORT = { progress: "In progress", lead: "Lead times", delivered: "Delivered", histogram: "How long", flow: "Flow", time: "Time" };

/** The head of the stage, and the tabs of its charts. */
export class Room {
  constructor(stage, connection) {
    this.stage = stage;
    this.part = (name) => stage.root.querySelector(name);
    this.connection = connection;
    new ResizeObserver(() => this.fit()).observe(this.part(".what"));
    stage.root.querySelectorAll("[data-mode]").forEach((button) => button.addEventListener("click", () => this.choose(button.dataset.mode)));
  }

  choose(mode) {
    this.connection.request({ do: "mode", mode, day: Math.floor(this.stage.player.time + 1e-6) });
  }

  show(room) {
    this.stage.name(room);
    this.showTitle(room);
    say(this.part(".luck"), `same work, same luck · seed ${room.seed}`);
    document.title = `${room.title} · vssim live`;
    this.showMode(room);
    this.showTabs(room);
  }

  showTitle({ title, question, guess, workshop }) {
    const round = workshop?.round;
    const covered = guess !== null && !guess.revealed; // then the question is asked where it is larger
    say(this.part(".over"), workshop ? `Round ${workshop.number} of ${workshop.of} · ${workshop.title}` : "");
    const told = { title: round ? round.title : title, question: round ? (covered ? "" : round.question) : (question ?? "") };
    if (told.title !== this.told?.title || told.question !== this.told.question) {
      this.told = told;
      this.part(".title").title = told.title;
      this.part(".question").title = told.question;
      this.fit();
    }
  }

  /** Title and question as large as they can be. */
  fit() {
    for (const [name, largest] of Object.entries(LARGEST)) {
      fit(this.part(`.${name}`), this.told?.[name] ?? "", largest, SMALLEST);
    }
  }

  showMode({ mode, since, unit }) {
    for (const button of this.stage.root.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", button.dataset.mode === mode);
    }
    say(this.part("[data-mode=today]"), mode === "today" ? `from ${unit} ${since}` : "from today");
  }

  showTabs({ charts, chart }) {
    const tabs = this.part(".tabs");
    renew(tabs, charts, () => charts.map((one, place) => this.tab(one, place + 1)));
    say(this.part(".chart-title"), charts.find(({ name }) => name === chart)?.title ?? "");
    for (const tab of tabs.children) {
      tab.setAttribute("aria-pressed", tab.dataset.chart === chart);
    }
  }

  tab({ name, title }, number) {
    const tab = make("button", { type: "button", "data-chart": name, "data-key": number }, make("b", {}, String(number)), make("span", { class: "long" }, title), make("span", { class: "short" }, SHORT[name] ?? title));
    tab.addEventListener("click", () => this.connection.send({ do: "chart", chart: name }));
    return tab;
  }
}

/** How many phones there are, wherever the page shows it. */
export function showJoined({ joined }) {
  document.querySelectorAll(".joined").forEach((place) => say(place, `${joined} joined`));
}

/** How to join, wherever the page shows it: the address, and a picture of it for phones. */
export function showJoining({ join, loopback = `${location.origin}/join` }) {
  document.querySelectorAll(".join, .joining, .poster .qr").forEach((place) => {
    place.hidden = !join;
  });
  document.querySelectorAll(".address").forEach((place) => say(place, (join ?? loopback).replace(/^https?:\/\//, "")));
  if (join) {
    document.querySelectorAll("img.qr:not([src])").forEach((picture) => {
      picture.src = "/qr.svg";
    });
  }
}

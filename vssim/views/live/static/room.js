// What the room message says at the head of the page: title, luck, who joined and how, and which rule counts.

import { make, renew, say } from "./dom.js";

/** The head of the stage, and the tabs of its charts. */
export class Room {
  constructor(stage, connection) {
    this.stage = stage;
    this.part = (name) => stage.root.querySelector(name);
    this.connection = connection;
    stage.root.querySelectorAll("[data-mode]").forEach((button) => button.addEventListener("click", () => this.choose(button.dataset.mode)));
  }

  choose(mode) {
    this.connection.request({ do: "mode", mode, day: Math.floor(this.stage.player.time + 1e-6) });
  }

  show(room) {
    this.stage.name(room);
    const { guess, workshop } = room;
    const covered = guess !== null && !guess.revealed; // then the question is asked where it is larger
    say(this.part(".title"), workshop ? workshop.title : room.title);
    const round = workshop && `Round ${workshop.number} of ${workshop.of} · ${workshop.round.title}${covered ? "" : `: ${workshop.round.question}`}`;
    say(this.part(".question"), round || room.question || "");
    this.part(".question").title = round || room.question || "";
    say(this.part(".luck"), `same work, same luck · seed ${room.seed}`);
    document.title = `${room.title} · vssim live`;
    this.count(room);
    this.showMode(room);
    this.showTabs(room);
  }

  count({ joined }) {
    say(this.part(".joined"), `${joined} joined`);
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
    const tab = make("button", { type: "button", "data-chart": name, "data-key": number }, make("b", {}, String(number)), make("span", {}, title));
    tab.addEventListener("click", () => this.connection.send({ do: "chart", chart: name }));
    return tab;
  }
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

// The head of the page: title, rounds as pips, who joined and how, how long the round takes.

import { make, renew, say } from "./dom.js";
import { t } from "../player/words.js";

/** The head of the stage. `go(number)` goes to a round, `end()` to the end page. */
export class Room {
  constructor(stage, connection, { go, end }) {
    this.stage = stage;
    this.connection = connection;
    this.go = go;
    this.end = end;
    this.part = (name) => stage.root.querySelector(name);
    setInterval(() => this.count(), 1000);
  }

  show(room) {
    this.stage.name(room);
    const { workshop, title } = room;
    const named = workshop && !workshop.made;
    say(this.part(".over"), named ? t("Round {number} of {of}", { number: workshop.number, of: workshop.of }) : workshop?.number ? t("{number} of {of}", { number: workshop.number, of: workshop.of }) : "");
    const words = named ? workshop.round.title : workshop && !this.covered(room) ? workshop.round.title : title;
    say(this.part(".title"), words);
    this.part(".title").title = `${title}: ${words}`;
    const world = room.world && room.world.number !== null ? ` · ${t("world {number} of what you think possible", { number: room.world.number + 1 })}` : "";
    say(this.part(".luck"), t("same work, same luck on both sides · seed {seed}", { seed: room.seed }) + world);
    document.title = `${title} · vssim live`;
    this.showPips(room);
    this.showClock(room);
  }

  covered({ guess }) {
    return guess !== null && !guess.revealed;
  }

  /** The title as large as what stands beside it leaves room for; once all of that is there. */
  fit() {
    const place = this.part(".title");
    // to measure is to lay the page out: not again where all of the head is what it was
    const facts = [document.body.className, this.stage.scale.width, this.part("header.top").textContent].join();
    if (facts === this.fitted) {
      return;
    }
    this.fitted = facts;
    let size = 32;
    for (place.style.fontSize = "32px"; place.scrollHeight > 57 && size > 20; size -= 1) {
      place.style.fontSize = `${size - 1}px`;
    }
  }

  /** Rounds as pips: told ones are filled; the last one is the end. */
  showPips({ workshop, guess, told = [], shows }) {
    const facts = [workshop?.rounds, workshop?.number, guess?.revealed, told, shows, document.body.classList.contains("is-facilitator")];
    this.part(".pips").hidden = !workshop || workshop.of < 2;
    renew(this.part(".pips"), facts, () => {
      if (!workshop) {
        return [];
      }
      const pips = workshop.rounds.map((title, place) => this.pip(place + 1, title, told.includes(place + 1), place + 1 === workshop.number && shows !== "lesson"));
      const end = make("button", { type: "button", title: t("What the questions told"), "aria-label": t("The end") }, "≡");
      end.disabled = !told.includes(workshop.of);
      end.addEventListener("click", () => this.end());
      return [...pips, make("li", { class: `is-end${shows === "lesson" ? " is-told is-here" : ""}` }, end)];
    });
  }

  pip(number, title, isTold, here) {
    const button = make("button", { type: "button", title, "aria-label": t("Question {number}: {title}", { number, title }) }, String(number));
    button.disabled = !document.body.classList.contains("is-facilitator");
    button.style.opacity = 1;
    button.addEventListener("click", () => this.go(number));
    return make("li", { class: `${isTold ? "is-told" : ""}${here ? " is-here" : ""}` }, button);
  }

  /** The minutes of a round begin when it does. */
  showClock({ workshop, source }) {
    const round = `${source} ${workshop?.number ?? ""}`;
    if (round !== this.round) {
      this.round = round;
      this.until = workshop?.round.minutes ? Date.now() + 60_000 * workshop.round.minutes : null;
    }
    this.count();
  }

  count() {
    const place = this.part(".countdown");
    place.hidden = !this.until;
    if (this.until) {
      const left = Math.round((this.until - Date.now()) / 1000);
      const over = left < 0 ? "+" : "";
      const seconds = Math.abs(left);
      say(place, `${over}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    }
  }
}

/** How many phones there are, wherever the page shows it. */
export function showJoined({ joined }) {
  document.querySelectorAll(".joined").forEach((place) => say(place, t("{count} here", { count: joined })));
}

/** How to join, wherever the page shows it: the address, and a picture of it for phones. */
export function showJoining({ join, loopback = `${location.origin}/join` }) {
  document.querySelectorAll(".join, .poster .qr").forEach((place) => {
    place.hidden = !join;
  });
  document.querySelectorAll(".address").forEach((place) => say(place, (join ?? loopback).replace(/^https?:\/\//, "")));
  if (join) {
    document.querySelectorAll("img.qr:not([src])").forEach((picture) => {
      picture.src = "/qr.svg";
    });
  }
}

// The page for phones: guess, see what came of it, and try it yourself.

import { Ballot } from "./ballot.js";
import { Connection, ownName } from "./connection.js";
import { list, say } from "./dom.js";
import { Notice } from "./notice.js";
import { Theme } from "./theme.js";
import { Trial } from "./trial.js";
import { evening } from "../player/dates.js";
import { single, t } from "../player/words.js";

const NAME = "vssim.name";
const part = (name) => document.querySelector(name);
const name = part("input.name");
const connection = new Connection(() => ({ page: "join", id: ownName(localStorage), key: null, name: name.value.trim(), query: "" }));
const ballot = new Ballot(part(".ballot"), part(".result"), (answer) => connection.send({ do: "vote", answer }));
const trial = new Trial(part(".trial"), connection);
const notice = new Notice(part(".notice"));
let unit = "day";
let dates = null;
let anew = false; // the line has just been made

new Theme(document.querySelectorAll("button.theme"));
name.value = localStorage.getItem(NAME) ?? "";
name.addEventListener("change", () => {
  localStorage.setItem(NAME, name.value.trim());
  connection.send({ do: "name", name: name.value.trim() });
});

function showRoom(room) {
  const { workshop } = room;
  say(part(".title"), workshop ? t("Round {number} of {of}: {title}", { number: workshop.number, of: workshop.of, title: workshop.round.title }) : room.title);
  document.title = room.lobby ? t("vssim: join") : t("{title}: join", { title: room.title });
  part(".waiting").hidden = !room.lobby;
  unit = room.unit ?? "day";
  dates = room.dates ?? null;
  ballot.show(room);
  if (anew) {
    anew = false;
    ballot.repeat();
  }
  showTalk(room);
  trial.show(room);
  showClock(room.lobby ? null : room.clock);
}

/** What the room talks about. */
function showTalk({ shows, lesson, workshop }) {
  const lessons = shows === "lesson" && lesson ? [lesson] : [];
  const talk = shows === "discuss" ? (workshop?.round.discuss ?? []) : lessons;
  part(".talk").hidden = !talk.length;
  say(part(".talk h2"), shows === "lesson" ? t("What it shows") : t("To discuss"));
  list(part(".talk ul"), talk);
}

function showClock(clock) {
  const day = clock && Math.floor(clock.day + 1e-6);
  const words = clock && [`${single(unit)} ${day}`, evening(dates, day)].filter(Boolean).join(", ");
  say(part(".day"), clock ? (clock.playing ? t("playing") : words) : "");
}

connection
  .on("welcome", () => {
    anew = true;
    notice.over();
  })
  .on("room", showRoom)
  .on("clock", showClock)
  .on("explored", (message) => trial.hear(message))
  .on("refused", ({ why }) => {
    notice.show(why);
    trial.refuse();
  })
  .on("lost", () => notice.last(t("Connection lost, trying again.")))
  .open();

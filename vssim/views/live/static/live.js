// The projector page: puts the parts together, and passes on what the server says.

import { Clock } from "./clock.js";
import { Connection, ownName } from "./connection.js";
import { throttled } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Guess } from "./guess.js";
import { Library } from "./library.js";
import { Notice } from "./notice.js";
import { Poster } from "./poster.js";
import { Room, showJoined, showJoining } from "./room.js";
import { Stage } from "./stage.js";
import { Strip } from "./strip.js";
import { Talk } from "./talk.js";
import { Theme } from "./theme.js";

const KEY = "vssim.key";
const ADDRESS_PAUSE = 500; // browsers do not like the address to change more often [ms]
const ADDRESS_WAIT = 100; // the picture first [ms]

/** The facilitator's key: from the address, else as this window knows it. */
function keyOf() {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) {
    sessionStorage.setItem(KEY, given);
  }
  return given ?? sessionStorage.getItem(KEY);
}

const key = keyOf();
const connection = new Connection(() => ({ page: "room", id: ownName(sessionStorage), key, name: "", query: location.search.slice(1) }));
const stage = new Stage(document.querySelector(".stage"));
const { player, root } = stage;
const clock = new Clock(player, connection);
player.following = true; // until the server says that this page leads, and there is something to lead through
const parts = {
  head: new Room(stage, connection),
  guess: new Guess(root, connection, look),
  strip: new Strip(root),
  talk: new Talk(root, look),
  drawer: new Drawer(stage, connection),
  library: new Library(document.querySelector(".lobby"), connection),
};
const notice = new Notice(document.querySelector(".notice"));
const theme = new Theme(document.querySelectorAll("button.theme"), () => player.refresh());
const dialogs = { poster: document.querySelector("dialog.poster"), keys: document.querySelector("dialog.keys") };
const poster = new Poster(dialogs.poster, look);
let room = null;
let leads = false; // this page is the facilitator's
let shown = null; // which scenario and round the picture is of; null: the next picture brings its day

/** Have the room look at what this page shows; who does not lead looks alone. */
function look(what) {
  if (leads) {
    connection.send({ do: "show", what });
  }
}

/** Keep the address of what is shown, so that a reload comes back to it. */
const keepAddress = throttled(ADDRESS_PAUSE, () => {
  const query = room.address.replace(/^[^?]*\?/, "").replace(/^\/$/, "");
  const day = room.lobby ? "" : `day=${Math.round(player.time * 100) / 100}`;
  const whole = [query, day].filter(Boolean).join("&");
  history.replaceState(null, "", `${location.pathname}${whole ? `?${whole}` : ""}${location.hash}`);
});

const opened = () => `${room.source} ${room.workshop?.number ?? ""}`;

function showRoom(message) {
  room = message;
  root.hidden = room.lobby;
  player.following = room.lobby || !leads;
  showJoined(room);
  showJoining(room);
  poster.show(room);
  parts.library.show(room);
  if (room.lobby) {
    player.stop();
    shown = null;
  } else {
    parts.head.show(room);
    parts.guess.show(room);
    parts.strip.show(room);
    parts.talk.show(room);
    parts.drawer.show(room);
    if (shown === opened()) {
      clock.hear(room.clock);
    }
  }
  setTimeout(keepAddress, ADDRESS_WAIT);
}

function showPicture(picture) {
  const anew = shown !== opened();
  if (!stage.show(picture, anew ? room.clock.day : player.time)) {
    connection.send({ do: "again" });
    return;
  }
  parts.strip.picture(picture);
  if (anew) {
    shown = opened();
    clock.moved = -Infinity;
    clock.hear(room.clock);
  }
}

function welcome({ facilitator }) {
  document.body.classList.toggle("is-facilitator", facilitator);
  leads = facilitator;
  notice.over();
  shown = null;
  if (key && !facilitator) {
    notice.show("This address belongs to another session: this page follows, and changes nothing.");
  }
}

connection
  .on("welcome", welcome)
  .on("room", showRoom)
  .on("picture", showPicture)
  .on("clock", (message) => clock.hear(message))
  .on("joined", showJoined)
  .on("votes", ({ votes }) => {
    parts.guess.count(votes);
    parts.drawer.count(votes);
  })
  .on("charts", (message) => stage.chart(message))
  .on("lucks", (message) => parts.strip.lucks(message))
  .on("refused", ({ why }) => notice.show(why))
  .on("lost", () => notice.last("Connection lost, trying again."));

connection.on("refused", () => setTimeout(() => parts.drawer.sliders.restore())); // once it no longer waits for an answer
root.addEventListener("clock", keepAddress);
document.querySelector(".help").addEventListener("click", () => dialogs.keys.showModal());
document.querySelectorAll("button.join").forEach((button) => button.addEventListener("click", () => poster.open()));
Object.values(dialogs).forEach((dialog) => dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()));

function ask() {
  const { question, ask: button } = parts.drawer;
  if (!parts.guess.open && question.value) {
    button.click();
  }
}

/** What a presenter's clicker does: the answer, then the boards, then what to talk about, then the next round. */
function goOn() {
  if (parts.guess.covered) {
    parts.guess.reveal();
  } else if (!parts.talk.goOn() && !parts.drawer.rounds.go(1) && room.workshop) {
    notice.show("This was the last round.");
  }
}

function goBack() {
  parts.talk.dialog.close();
  parts.drawer.rounds.go(-1);
}

const ANYBODY = {
  "?": () => dialogs.keys.showModal(),
  j: () => poster.open(),
  t: () => theme.next(),
};
const FACILITATOR = {
  s: () => parts.drawer.toggle(),
  r: () => parts.guess.reveal(),
  g: ask,
  PageDown: goOn,
  PageUp: goBack,
  Escape: () => (parts.drawer.element.hidden ? parts.guess.uncover() : parts.drawer.close()),
};

document.addEventListener("keydown", (event) => {
  const clicker = event.key.startsWith("Page") && event.target.closest("dialog.lesson"); // it goes on from there too
  const typing = event.target.closest("input:not([type=range]), textarea, select, dialog");
  if ((typing && !clicker) || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = ANYBODY[name] ?? (player.following ? undefined : FACILITATOR[name]);
  if (act) {
    event.preventDefault();
    act();
  }
});

// what was pointed at gives the keys back, so that Space plays
let pointed = false;
document.addEventListener("pointerdown", () => (pointed = true), true);
document.addEventListener("keydown", () => (pointed = false), true);
root.addEventListener("click", ({ target }) => pointed && target.closest("button")?.blur());
root.addEventListener("change", ({ target }) => pointed && target.closest("select")?.blur());

connection.open();

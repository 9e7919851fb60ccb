// The projector page: puts the parts together, and passes on what the server says.

import { Band } from "./answer.js";
import { Charts } from "./charts.js";
import { Clock } from "./clock.js";
import { Connection, ownName } from "./connection.js";
import { list, say, throttled } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Edit } from "./edit.js";
import { End } from "./end.js";
import { Field } from "./field.js";
import { Foreground } from "./foreground.js";
import { Guess } from "./guess.js";
import { Library } from "./library.js";
import { Notice } from "./notice.js";
import { Poster } from "./poster.js";
import { Room, showJoined, showJoining } from "./room.js";
import { Scale } from "./scale.js";
import { Stage } from "./stage.js";
import { keep, named } from "./still.js";
import { Story } from "./story.js";
import { Talk } from "./talk.js";
import { Theme } from "./theme.js";
import { Tour } from "./tour.js";
import { single, t } from "../player/words.js";

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
const scale = new Scale();
const stage = new Stage(document.querySelector(".player.stage"), scale);
const { player, root } = stage;
const clock = new Clock(player, connection);
const foreground = new Foreground(connection);
player.following = true; // until the server says that this page leads, and there is something to lead through
let leads = false; // this page is the facilitator's
const parts = {
  head: new Room(stage, connection, { go: (number) => parts.drawer.rounds.to(number), end: () => look("lesson") }),
  guess: new Guess(root, connection, look),
  band: new Band(root),
  charts: new Charts(stage, connection),
  story: new Story(stage, connection),
  edit: new Edit(stage, connection, () => leads),
  end: new End(root, document.querySelector("dialog.lesson")),
  talk: new Talk(root, look),
  drawer: new Drawer(stage, connection, (kind) => keepPicture(kind)),
  library: new Library(document.querySelector(".lobby"), connection),
};
parts.field = new Field(stage, (item) => parts.story.choose(item));
const tour = new Tour(() => leads);
root.querySelector(".show-notes").addEventListener("click", () => dialogs.remarks.showModal());
const notice = new Notice(document.querySelector(".notice"));
const theme = new Theme(document.querySelectorAll("button.theme"), () => player.refresh());
const dialogs = { poster: document.querySelector("dialog.poster"), keys: document.querySelector("dialog.keys"), remarks: document.querySelector("dialog.remarks") };
const poster = new Poster(dialogs.poster, look);
let room = null;
let shown = null; // which scenario and round the picture is of; null: the next picture brings its day

/** Have the room look at what this page shows; who does not lead looks alone. */
function look(what) {
  if (leads) {
    foreground.ask(what);
  }
}

/** Keep the address of what is shown, so that a reload comes back to it. */
const keepAddress = throttled(ADDRESS_PAUSE, () => {
  const query = room.address.replace(/^[^?]*\?/, "").replace(/^\/$/, "");
  const day = room.lobby ? "" : `day=${Math.round(player.time * 100) / 100}`;
  const whole = [query, day].filter(Boolean).join("&");
  history.replaceState(null, "", `${location.pathname}${whole ? `?${whole}` : ""}${location.hash}`);
});

connection.announces = ({ lobby, version }) => !lobby && version !== stage.picture?.version;

const opened = () => `${room.source} ${room.workshop?.number ?? ""} ${room.changes?.find(({ chosen }) => chosen)?.name ?? ""}`;

function showRoom(message) {
  room = foreground.of(message);
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
    parts.band.show(room);
    parts.charts.show(room);
    parts.talk.show(room);
    parts.end.show(room);
    parts.edit.show(room);
    parts.drawer.show(room);
    showRemarks(room);
    parts.head.fit();
    if (shown === opened()) {
      clock.hear(room.clock);
    }
  }
  setTimeout(keepAddress, ADDRESS_WAIT);
}

function showPicture(picture) {
  const anew = shown !== opened();
  player.stale ||= anew; // in the library the stage is hidden, and has no size
  if (!stage.show(picture, anew ? room.clock.day : player.time)) {
    connection.send({ do: "again" });
    return;
  }
  parts.charts.draw(picture.sides.map(({ chart }) => chart));
  parts.edit.place();
  if (parts.story.open) {
    parts.story.follow();
  }
  if (anew) {
    shown = opened();
    clock.hear(room.clock);
  }
}

/** What is to be said about the change. */
function showRemarks({ warnings = [] }) {
  const button = root.querySelector(".show-notes");
  button.hidden = !warnings.length;
  say(button, warnings.length === 1 ? t("1 remark") : t("{count} remarks", { count: warnings.length }));
  list(dialogs.remarks.querySelector("ul"), warnings);
}

function welcome({ facilitator }) {
  document.body.classList.toggle("is-facilitator", facilitator);
  leads = facilitator;
  notice.over();
  clock.settle();
  foreground.settle();
  shown = null;
  if (key && !facilitator) {
    notice.show(t("This address belongs to another session: this page follows, and changes nothing."));
  }
}

connection
  .on("welcome", welcome)
  .on("room", showRoom)
  .on("picture", showPicture)
  .on("clock", (message) => clock.hear(message))
  .on("moved", (message) => clock.confirm(message))
  .on("looked", (message) => foreground.confirm(message))
  .on("joined", (message) => {
    showJoined(message);
    parts.guess.join(message.joined);
  })
  .on("story", (message) => parts.story.hear(message))
  .on("votes", ({ votes }) => {
    parts.guess.count(votes);
    parts.drawer.count(votes);
  })
  .on("charts", ({ left, right }) => parts.charts.draw([left, right]))
  .on("lucks", (message) => parts.band.lucks(message))
  .on("today", (message) => parts.guess.tellToday(message))
  .on("refused", ({ why }) => {
    parts.edit.wanted = why ? null : parts.edit.wanted;
    notice.show(why);
  })
  .on("lost", () => notice.last(t("Connection lost, trying again.")));

window.addEventListener("popstate", () => {
  if (leads && room && !room.lobby && !new URLSearchParams(location.search).has("scenario")) {
    connection.request({ do: "open", source: null });
  }
});
connection.on("refused", () => setTimeout(() => parts.drawer.sliders.restore())); // once it no longer waits for an answer
root.addEventListener("clock", keepAddress);
scale.changed = () => {
  player.refresh();
  parts.end.fit();
};
root.addEventListener("covered", () => player.refresh());
document.querySelector(".help").addEventListener("click", () => showKeys());
document.querySelector(".tour-start").addEventListener("click", () => connection.request({ do: "open", source: "workshop/stop-starting" }) ?? tour.begin());
document.querySelectorAll("button.join").forEach((button) => button.addEventListener("click", () => poster.open()));
Object.values(dialogs).forEach((dialog) => dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()));

function ask() {
  const { question, ask: button } = parts.drawer;
  if (!parts.guess.open && question.value) {
    button.click();
  }
}

/** What a presenter's clicker does: away with what is open, the answer, the boards, what to talk about, the next question. */
function goOn() {
  if (dialogs.poster.open) {
    dialogs.poster.close();
  } else if (parts.guess.covered) {
    parts.guess.reveal();
  } else if (closePanel()) {
    // what was looked up is put away first
  } else if (!parts.talk.goOn() && !parts.drawer.rounds.go(1) && room.workshop) {
    notice.show(t("This was the last round."));
  }
}

function goBack() {
  parts.talk.dialog.close();
  if (room.shows === "lesson") {
    look("boards");
  } else {
    parts.drawer.rounds.go(-1);
  }
}

function showKeys() {
  dialogs.keys.showModal();
  stage.laidOut();
}

/** Close the topmost panel, and give the focus back; false where none is open. */
function closePanel() {
  const open = [parts.story, parts.field, parts.edit, parts.charts].find((panel) => panel.open);
  open?.close();
  return open !== undefined;
}

/** The same; after all panels the drawer. */
function closeTop() {
  if (closePanel()) {
    return true;
  }
  if (!parts.drawer.element.hidden) {
    parts.drawer.close();
  } else {
    return false;
  }
  return true;
}

/** Esc: the topmost panel, else from the end or the answer to the boards. */
function escape() {
  if (closeTop()) {
    returned = document.activeElement;
    return;
  }
  if (room.shows === "lesson") {
    look("boards");
  } else {
    parts.guess.uncover();
  }
}

const ANYBODY = {
  "?": showKeys,
  j: () => (dialogs.poster.open ? dialogs.poster.close() : poster.open()),
  t: () => theme.next(),
  p: () => keepPicture("png"),
};
const FACILITATOR = {
  s: () => parts.drawer.toggle(),
  r: () => parts.guess.reveal(),
  g: ask,
  c: () => parts.charts.toggle(),
  i: () => parts.story.typical(),
  m: () => switchView(),
  a: () => parts.edit.open && parts.edit.all(),
  "-": () => parts.edit.step(-1),
  "=": () => parts.edit.step(1),
  PageDown: goOn,
  PageUp: goBack,
  Escape: escape,
};

/** A picture of what this page shows, as a file. */
async function keepPicture(kind) {
  const name = named(room, single(room.unit ?? ""), Math.floor(player.time + 1e-6));
  try {
    await keep(document.querySelector(".stage:not([hidden])"), kind, name, scale.scale);
  } catch {
    notice.show(t("This browser draws no picture of a page: take SVG, or a screenshot."));
  }
}

/** Boards with cards, or the flow map. */
function switchView() {
  player.view = player.isMap ? "auto" : "map";
  player.refresh();
}

// what got the focus back when a panel was closed: Space plays, and does not open the panel again; Enter does
let returned = null;

document.addEventListener("keydown", (event) => {
  if (event.key === " " && returned !== null && event.target === returned && !player.following) {
    event.preventDefault();
    player.toggle();
    return;
  }
  returned = null;
  // a clicker goes on from there too, and J puts away what it has shown
  const clicker = event.key.startsWith("Page") ? event.target.closest("dialog.lesson, dialog.poster") : event.key.toLowerCase() === "j" && event.target.closest("dialog.poster");
  // the focus leaves a closed dialog with the next frame only, which may be late: until then its keys are the page's, or one is lost
  const closed = event.target.closest("dialog:not([open])");
  const typing = !closed && event.target.closest("input:not([type=range]), textarea, select, dialog");
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

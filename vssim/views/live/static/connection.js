// The line to the server: says hello, comes back when it breaks, and keeps one request in flight.

import { atTheEnd } from "./dom.js";
import { unpack } from "./picture.js";

const FIRST_WAIT = 300; // before a broken line is tried again; doubled each time [ms]
const LONGEST_WAIT = 5000;
const SIGN = 3000; // for a sign of life from the server, after the page has been away [ms]
const PATIENCE = 10_000; // for an answer, before the next request is sent [ms]
const TOGETHER = 150; // for a picture, before what was said of it is shown without it [ms]

/** A name of this page's own, kept in a storage of the browser, so that nobody votes twice. */
export function ownName(storage) {
  const kept = storage.getItem("vssim.id");
  if (kept) {
    return kept;
  }
  const made = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  storage.setItem("vssim.id", made);
  return made;
}

/** A connection; `hello` gives what the first message says. `on(kind, act)` hears of every message, of `lost` and of `found`. */
export class Connection {
  constructor(hello) {
    this.hello = hello;
    this.heard = new Map();
    this.wishes = new Map(); // what is wanted, the newest of each kind
    this.flight = null; // the request that has no answer yet
    this.seq = Math.floor(Math.random() * 2 ** 30);
    this.wait = FIRST_WAIT;
    this.fresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    this.welcome = false;
    this.announces = () => false; // whether what is said of the room is said of a picture that is to come
    this.held = null; // what was said of it
    this.leaving = false; // the line breaks with the page: what is said now would be lost on it
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    window.addEventListener("pagehide", () => (this.leaving = true), { capture: true }); // before anybody else sends the last
    window.addEventListener("pageshow", ({ persisted }) => {
      this.leaving = false;
      if (persisted) {
        this.wake();
      }
    });
    window.addEventListener("online", () => this.wake());
    atTheEnd(() => this.flush());
  }

  on(kind, act) {
    this.heard.set(kind, [...(this.heard.get(kind) ?? []), act]);
    return this;
  }

  emit(kind, message) {
    for (const act of this.heard.get(kind) ?? []) {
      act(message);
    }
  }

  open() {
    clearTimeout(this.again);
    clearTimeout(this.sign);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.send({ do: "hello", ...this.hello(), fresh: this.fresh });
      this.fresh = false;
    });
    socket.addEventListener("message", ({ data }) => socket === this.socket && this.receive(data));
    socket.addEventListener("close", () => socket === this.socket && this.lose());
  }

  lose() {
    this.release();
    this.welcome = false;
    this.land();
    this.emit("lost");
    this.again = setTimeout(() => this.open(), this.wait * (0.8 + 0.4 * Math.random()));
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  /** The page is seen again: a phone that slept does not know whether its line still holds, and need not wait for its turn to try. */
  wake() {
    if (this.send({ do: "again" })) {
      clearTimeout(this.sign);
      this.sign = setTimeout(() => this.replace(), SIGN);
    } else if (this.socket?.readyState !== WebSocket.CONNECTING) {
      this.open();
    }
  }

  /** Another line in place of one that is dead, of which nobody has told. */
  replace() {
    const dead = this.socket;
    this.release();
    this.welcome = false;
    this.land();
    this.emit("lost");
    this.open();
    dead.close();
  }

  receive(data) {
    clearTimeout(this.sign);
    const message = typeof data === "string" ? JSON.parse(data) : { kind: "picture", ...unpack(data) };
    if (message.kind === "welcome") {
      this.welcome = true;
      this.wait = FIRST_WAIT;
      this.emit("found");
    }
    this.release();
    if (message.kind === "room" && this.announces(message)) {
      // with its picture: a page that shows the words first is laid out and painted twice, and the picture waits
      this.held = message;
      this.late = setTimeout(() => this.release(), TOGETHER);
    } else {
      this.emit(message.kind, message);
    }
    const answered = message.kind === "welcome" || message.lobby; // the library has no picture that could answer
    if (this.welcome && (answered || (this.flight && message.seq === this.flight.seq))) {
      this.land();
      this.launch();
    }
  }

  /** Tell what was held back until the picture is there. */
  release() {
    clearTimeout(this.late);
    const { held } = this;
    this.held = null;
    if (held) {
      this.emit("room", held);
    }
  }

  /** Send a message that nobody waits for an answer to; false while the line is broken. */
  send(message) {
    if (this.leaving) {
      return this.post([message]);
    }
    const open = this.socket?.readyState === WebSocket.OPEN;
    if (open) {
      this.socket.send(JSON.stringify(message));
    }
    return open;
  }

  /** Ask for something that is answered: of several wishes of one kind, only the newest is sent. */
  request(message) {
    this.wishes.set(kindOf(message), message);
    this.launch();
  }

  /** Whether something of the kind of a message is wanted that has not been answered. */
  awaits(message) {
    const kind = kindOf(message);
    return this.flight?.kind === kind || this.wishes.has(kind);
  }

  launch() {
    if (this.welcome && !this.flight && this.wishes.size) {
      this.take();
    }
  }

  /** Everything that is still wanted, without waiting for an answer: who leaves the page hears none, and what it moved would be lost. */
  flush() {
    if (this.leaving) {
      const wanted = [...(this.flight && !this.wishes.has(this.flight.kind) ? [this.flight.message] : []), ...this.wishes.values()];
      this.wishes.clear();
      this.land(); // once: a page that is left becomes hidden too
      this.post(wanted);
      return;
    }
    while (this.welcome && this.wishes.size) {
      this.land();
      this.take();
    }
  }

  /** What a browser brings to its end although the page is gone; only who leads has moved anything that could be lost. */
  post(said) {
    const { key } = this.hello();
    return Boolean(said.length && key && this.welcome) && navigator.sendBeacon("/last", JSON.stringify({ key, said }));
  }

  /** Send what has been wanted for longest. */
  take() {
    const [kind, message] = this.wishes.entries().next().value;
    this.wishes.delete(kind);
    this.seq += 1;
    const timer = setTimeout(() => {
      this.land();
      this.launch();
    }, PATIENCE);
    this.flight = { seq: this.seq, kind, message, timer };
    this.send({ ...message, seq: this.seq });
  }

  land() {
    clearTimeout(this.flight?.timer);
    this.flight = null;
  }
}

function kindOf(message) {
  return `${message.do} ${message.path ?? message.number ?? ""}`;
}

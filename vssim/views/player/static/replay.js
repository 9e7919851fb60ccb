// Replays a trace: where every item is at a moment, and whose hands it is in. It knows no statistics.

import { Hands } from "./hands.js";
import { t } from "./words.js";

export const BACKLOG = 1;
export const TRANSIT = 2;
export const WAITING = 3;
export const DOING = 4;
export const BLOCKED = 5;
export const GATE = 6;
export const NO_ROOM = 7;
export const DONE = 8;
export const STATES = ["away", "backlog", "transit", "waiting", "doing", "blocked", "gate", "no room", "done", "stopped", "gave up"];

/** Looks in the order in which they stand in a column; all but the backlog are in progress. */
export const LOOKS = ["hand", "aside", "queue", "transit", "blocked", "gate", "room", "backlog"];
export const WORDS = {
  hand: t("in hand"),
  aside: t("set aside"),
  queue: "waiting",
  transit: t("on the way"),
  blocked: t("need others"),
  gate: t("at a gate"),
  room: t("no room ahead"),
  backlog: t("not started"),
};

const LOOK_OF = { 1: "backlog", 2: "transit", 3: "queue", 5: "blocked", 6: "gate", 7: "room" };
const REWORK = 128; // added to a state while a step is repeated
const PUT_DOWN = 64; // while it waits because somebody put it down
const GAVE_UP = 10;

/** Whether anybody ever puts something down. */
export function laysDown(trace) {
  return (trace.laysDown ??= trace.state.some((marks) => (marks & PUT_DOWN) > 0));
}

/** The board at one moment; `seek` takes it to another. */
export class Replay {
  constructor(trace) {
    this.trace = trace;
    this.hands = new Hands(trace);
    this.rewind();
  }

  rewind() {
    this.next = 0;
    this.time = -1;
    this.version = (this.version ?? 0) + 1;
    this.cards = new Map(); // item -> {step, state, rework, putDown}: what stands on the board, longest in its state first
    this.columns = this.trace.steps.length + 1;
    this.ofState = new Uint32Array(STATES.length); // cards by state
    this.ofType = new Uint32Array(this.trace.types.length * this.columns); // cards by type and column, the backlog first
    this.done = 0;
    this.stopped = 0; // dropped on their way
    this.gaveUp = 0;
    this.goneLog = []; // [moment, item] of what was dropped or gave up, in order
    this.come = new Set(); // items of which something has happened
    this.left = new Set(); // items that have left, delivered or not
    this.doneLog = []; // [moment, item] of what was delivered, in order
  }

  /** Go to a time [units of time]; true when something changed on the way. */
  seek(time) {
    const { trace } = this;
    if (time < this.time) {
      this.rewind();
    }
    const first = this.next;
    const moment = momentOf(trace, time);
    while (this.next < trace.events && trace.at[this.next] <= moment) {
      this.play(this.next);
      this.next += 1;
    }
    this.time = time;
    this.hands.seek(moment);
    if (this.next !== first) {
      this.version += 1;
    }
    return this.next !== first;
  }

  play(event) {
    const { trace } = this;
    const item = trace.item[event];
    const marks = trace.state[event];
    const state = marks % PUT_DOWN;
    const before = this.cards.get(item);
    if (before) {
      this.count(item, before, -1);
      this.cards.delete(item);
    }
    this.pass(event);
    if (state > 0 && state < DONE) {
      const card = { step: trace.step[event], state, rework: marks >= REWORK, putDown: (marks & PUT_DOWN) > 0 };
      this.cards.set(item, card);
      this.count(item, card, 1);
    }
  }

  /** What is remembered of an event, whatever became of its card. */
  pass(event) {
    const { trace } = this;
    const item = trace.item[event];
    const state = trace.state[event] % PUT_DOWN;
    this.come.add(item);
    if (state === 0 || state >= DONE) {
      this.left.add(item); // a part that is done is away
    }
    if (state === DONE) {
      this.done += 1;
      this.doneLog.push([trace.at[event], item]);
    } else if (state > DONE) {
      this.stopped += state === GAVE_UP ? 0 : 1;
      this.gaveUp += state === GAVE_UP ? 1 : 0;
      this.goneLog.push([trace.at[event], item]);
    }
  }

  /** One card more or less: a run day by day asks on every day how many there are, and what was counted need not be counted again. */
  count(item, { step, state }, by) {
    this.ofState[state] += by;
    this.ofType[this.trace.type[item] * this.columns + step + 1] += by;
  }

  /** Who waits for others to leave: item -> those that have not. */
  get waiting() {
    const found = new Map();
    for (const [item, other] of this.trace.waits ?? []) {
      const arrived = this.trace.arrived[item];
      if (arrived > -1 && arrived <= this.time + 1e-6 && !this.come.has(item) && !this.left.has(other)) {
        found.set(item, [...(found.get(item) ?? []), other]);
      }
    }
    return found;
  }

  /** What others wait for. */
  get awaited() {
    return new Set([...this.waiting.values()].flat());
  }

  /** How many items are in each step and state: counts[step + 1][state]; step −1 is the backlog. */
  counts() {
    const counts = Array.from({ length: this.trace.steps.length + 1 }, () => new Array(STATES.length).fill(0));
    for (const card of this.cards.values()) {
      counts[card.step + 1][card.state] += 1;
    }
    return counts;
  }

  /** The organisation that is in force. */
  get phase() {
    const past = this.trace.phases.filter((phase) => phase.start <= this.time + 1e-9);
    return past[past.length - 1] ?? this.trace.phases[0];
  }

  /** The pools as they are now: {index, team, name, people, most, left}. */
  get pools() {
    const now = new Map();
    for (const pool of this.trace.pools) {
      if (pool.since * this.trace.moment <= this.time + 1e-9) {
        now.set(pool.index, pool);
      }
    }
    const { closed, away } = this;
    const told = [...now.values()].map((pool) => ({ ...pool, closed, absent: 0, ill: 0, ...away.get(pool.index) }));
    return told.filter(({ people, absent, ill }) => people !== 0 || absent + ill > 0);
  }

  /** Whether it is a day on which nobody works. */
  get closed() {
    return (this.trace.closed ?? []).some(([begin, end]) => begin * this.trace.moment <= this.time + 1e-9 && this.time < end * this.trace.moment - 1e-9);
  }

  /** Who is not here: pool -> {absent, ill}. */
  get away() {
    const found = new Map();
    for (const [pool, since, absent, ill] of this.trace.away ?? []) {
      if (since * this.trace.moment <= this.time + 1e-9) {
        found.set(pool, { absent, ill });
      }
    }
    return found;
  }

  /** The items with which the run began. */
  get thereBefore() {
    this.before ??= new Set(this.trace.thereBefore ?? []);
    return this.before;
  }

  /** Whose hands what is in: item -> {pool, person, hand, open}. */
  get held() {
    const now = `${this.version} ${Math.floor(this.time + 1e-6)}`;
    if (this.heldAt !== now) {
      this.heldAt = now;
      this.heldNow = this.hands.held(this.time + 1e-6);
    }
    return this.heldNow;
  }

  /** What a card looks like: the name of its look. */
  look(item, card) {
    if (card.state !== DOING) {
      return LOOK_OF[card.state];
    }
    const held = this.held.get(item);
    return held === undefined ? "transit" : held.hand ? "hand" : "aside";
  }

  /** How many cards look how, in all. */
  looks() {
    return looksOf(this, (item) => this.cards.get(item)?.state);
  }
}

/** How many cards look how, of something with a time, its hands, and cards counted by state. */
function looksOf({ ofState, hands, time }, stateOf) {
  const doing = ofState[DOING];
  let hand = 0;
  let aside = 0;
  if (doing) {
    const { items, inHand } = hands.open(time + 1e-6);
    for (const item of items) {
      if (stateOf(item) === DOING) {
        hand += inHand[item];
        aside += 1 - inHand[item];
      }
    }
  }
  return {
    hand,
    aside,
    queue: ofState[WAITING],
    transit: ofState[TRANSIT] + doing - hand - aside, // what is worked on in nobody's hands is on its way
    blocked: ofState[BLOCKED],
    gate: ofState[GATE],
    room: ofState[NO_ROOM],
    backlog: ofState[BACKLOG],
  };
}

/** A replay without cards, which only counts: a picture is painted once its whole run was come by, and cards take most of that time. */
class Tally {
  constructor(trace) {
    this.trace = trace;
    this.hands = new Hands(trace);
    this.columns = trace.steps.length + 1;
    this.next = 0;
    this.time = -1;
    this.last = new Int32Array(trace.items).fill(-1); // by item: its latest event
    this.ofState = new Uint32Array(STATES.length);
    this.ofType = new Uint32Array(trace.types.length * this.columns);
    this.stateOf = (item) => (this.last[item] < 0 ? 0 : trace.state[this.last[item]] % PUT_DOWN);
  }

  /** Go on to a time [units of time]. */
  seek(time) {
    const { trace } = this;
    const moment = momentOf(trace, time);
    for (; this.next < trace.events && trace.at[this.next] <= moment; this.next += 1) {
      const item = trace.item[this.next];
      this.count(this.last[item], -1);
      this.last[item] = this.next;
      this.count(this.next, 1);
    }
    this.time = time;
    this.hands.seek(moment);
  }

  /** The card that an event left, more or less. */
  count(event, by) {
    const { trace } = this;
    const state = event < 0 ? 0 : trace.state[event] % PUT_DOWN;
    if (state > 0 && state < DONE) {
      this.ofState[state] += by;
      this.ofType[trace.type[trace.item[event]] * this.columns + trace.step[event] + 1] += by;
    }
  }

  /** A replay of where this one is. */
  replay() {
    const { trace, last, next, time } = this;
    const made = new Replay(trace);
    for (let event = 0; event < next; event += 1) {
      if (event === last[trace.item[event]]) {
        made.play(event); // a card is as its latest event left it, and stands behind those that came to their place before
      } else {
        made.pass(event);
      }
    }
    return Object.assign(made, { next, time, hands: this.hands.copy(), version: made.version + 1 });
  }
}

/** The latest moment that has come at a time; the end of the run may fall between two: then everything has happened. */
function momentOf(trace, time) {
  return time >= trace.horizon ? Infinity : Math.floor(time / trace.moment + 1e-6);
}

/**
 * A run day by day: how many cards look how, and how many stand in each column (the backlog first); and a replay of it at a time,
 * which the run comes by.
 */
export function courseOf(trace, time = 0) {
  const tally = new Tally(trace);
  let there = null;
  const step = trace.thinned ? trace.moment : Math.max(1, trace.every);
  const columnOf = trace.steps.map((_, one) => trace.flowColumns.findIndex(({ steps }) => steps.includes(one)));
  const days = [];
  for (let day = 0; day <= trace.horizon + 1e-9; day += step) {
    tally.seek(day);
    const columns = new Uint32Array(trace.steps.length + 1);
    const fields = trace.lanes.map(() => new Uint32Array(trace.flowColumns.length));
    trace.types.forEach(({ lane }, type) => {
      columns.forEach((_, column) => {
        const there = tally.ofType[type * columns.length + column];
        columns[column] += there;
        if (column && lane >= 0) {
          fields[lane][columnOf[column - 1]] += there;
        }
      });
    });
    days.push({ day, looks: looksOf(tally, tally.stateOf), columns, fields });
    if (day <= time && day + step > time) {
      there = tally.replay();
    }
  }
  there ??= new Replay(trace);
  there.seek(time);
  return { course: days, replay: there };
}

/** How many are in progress, of counts by look. */
export function inProgress(looks) {
  return LOOKS.reduce((sum, look) => sum + (look === "backlog" ? 0 : looks[look]), 0);
}

/** How many nobody here can move on. */
export function stuck(looks) {
  return looks.blocked + looks.gate + looks.room;
}

// Replays a trace: where every item is at a moment. It knows no statistics.

export const BACKLOG = 1;
export const TRANSIT = 2;
export const WAITING = 3;
export const DOING = 4;
export const BLOCKED = 5;
export const GATE = 6;
export const NO_ROOM = 7;
export const DONE = 8;
export const STATES = ["away", "backlog", "transit", "waiting", "doing", "blocked", "gate", "no room", "done", "stopped"];

const REWORK = 128;

/** The board at one moment; `seek` takes it to another. */
export class Replay {
  constructor(trace) {
    this.trace = trace;
    this.rewind();
    this.peaks = this.measurePeaks();
    this.rewind();
  }

  rewind() {
    this.next = 0;
    this.time = -1;
    this.version = (this.version ?? 0) + 1;
    this.cards = new Map(); // item -> {step, state, rework}: what stands on the board, longest in its state first
    this.done = 0;
    this.stopped = 0;
  }

  /** Go to a time [units of time]; true when something changed on the way. */
  seek(time) {
    const { trace } = this;
    if (time < this.time) {
      this.rewind();
    }
    const first = this.next;
    // the end of the run may fall between two moments: then everything has happened
    const moment = time >= trace.horizon ? Infinity : Math.floor(time / trace.moment + 1e-6);
    while (this.next < trace.events && trace.at[this.next] <= moment) {
      this.play(this.next);
      this.next += 1;
    }
    this.time = time;
    if (this.next !== first) {
      this.version += 1;
    }
    return this.next !== first;
  }

  play(event) {
    const { trace } = this;
    const item = trace.item[event];
    const state = trace.state[event] % REWORK;
    this.cards.delete(item);
    if (state === DONE) {
      this.done += 1;
    } else if (state > DONE) {
      this.stopped += 1;
    } else if (state > 0) {
      this.cards.set(item, { step: trace.step[event], state, rework: trace.state[event] >= REWORK });
    }
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

  /** The most cards there ever are in the backlog, and in the two lanes of each step. */
  measurePeaks() {
    const { trace } = this;
    const now = new Int32Array(2 * trace.steps.length + 2);
    const peaks = new Int32Array(now.length);
    const lane = new Int32Array(trace.items).fill(-1);
    for (let event = 0; event < trace.events; event += 1) {
      const item = trace.item[event];
      if (lane[item] >= 0) {
        now[lane[item]] -= 1;
      }
      const state = trace.state[event] % REWORK;
      lane[item] = state === 0 || state >= DONE ? -1 : laneOf(trace.step[event], state);
      if (lane[item] >= 0) {
        now[lane[item]] += 1;
        peaks[lane[item]] = Math.max(peaks[lane[item]], now[lane[item]]);
      }
    }
    return peaks;
  }
}

/** Lanes: 0 the backlog; then two a step, what comes and waits, and what is worked on, stuck or done there. */
export function laneOf(step, state) {
  return step < 0 ? 0 : 1 + 2 * step + (state <= WAITING ? 0 : 1);
}

// One clock for the room: the facilitator's page says where it is, all others follow.

import { throttled } from "./dom.js";

const PAUSE = 100; // between two messages of one page [ms]
const PATIENCE = 10_000; // for the room to hear of what was set here, before the page goes by the room again [ms]

/**
 * The room's clock on this page. What its user has set holds here until the room has heard of it: what the room says before
 * is older, however long the line takes, and would turn the play back. From then on the page goes as the room does, so
 * that of two who lead, the later one has it.
 */
export class Clock {
  constructor(player, connection) {
    this.player = player;
    this.moves = 0; // of its user, counted
    this.settle();
    const tell = throttled(PAUSE, (clock) => connection.send({ do: "clock", ...clock }));
    player.root.addEventListener("clock", ({ detail }) => {
      if (!player.following) {
        this.moves += 1;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.settle(), PATIENCE);
        tell({ ...detail, seq: this.moves });
      }
    });
  }

  /** Nothing that was set here is under way any more. */
  settle() {
    clearTimeout(this.timer);
    this.heard = this.moves;
  }

  /** The room has heard of a move of this page: where the clock is follows. */
  confirm({ seq }) {
    if (seq === this.moves) {
      this.settle();
    }
  }

  /** What the room says: go as it does. */
  hear(clock) {
    if (this.heard === this.moves && this.player.sides.length) {
      this.player.follow(clock);
    }
  }
}

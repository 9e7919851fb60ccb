// One clock for the room: the facilitator's page says where it is, all others follow.

import { throttled } from "./dom.js";

const PAUSE = 100; // between two messages of one page [ms]
const OWN = 600; // for which a page goes by its own clock, after its user has moved it [ms]

/** The room's clock on this page. */
export class Clock {
  constructor(player, connection) {
    this.player = player;
    this.room = { day: 0, playing: false, speed: 10 };
    this.moved = -Infinity;
    const tell = throttled(PAUSE, (clock) => connection.send({ do: "clock", ...clock }));
    player.root.addEventListener("clock", ({ detail }) => {
      if (!player.following) {
        this.moved = performance.now();
        tell(detail);
      }
    });
  }

  /** What the server says. */
  hear({ day, playing, speed }) {
    this.room = { day, playing, speed };
    if (this.player.sides.length && performance.now() - this.moved > OWN) {
      this.player.follow(this.room);
    }
  }
}

// One clock for the room: the facilitator's page says where it is, all others follow.

import { throttled } from "./dom.js";

const PAUSE = 100; // between two messages of one page [ms]
const OWN = 600; // for which a page goes by its own clock, after its user has moved it [ms]

/** The room's clock on this page. What its own page has set it hears again, so that of two who lead, the later one has it. */
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
    this.at = performance.now();
    this.follow();
  }

  /** Go as the room does; not before its user's hand has been off it for a while. */
  follow() {
    clearTimeout(this.timer);
    const now = performance.now();
    const wait = this.moved + OWN - now;
    if (wait > 0) {
      this.timer = setTimeout(() => this.follow(), wait + 1);
    } else if (this.player.sides.length) {
      const { day, playing, speed } = this.room;
      this.player.follow({ day: playing ? day + ((now - this.at) / 1000) * speed : day, playing, speed });
    }
  }
}

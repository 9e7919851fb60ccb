// The two sides: as today at the left, with the change at the right; boards or the map, the waves, charts over them.

import { Player } from "../player/player.js";
import { drawMarks } from "../player/legend.js";
import { laysDown, LOOKS, WORDS } from "../player/replay.js";
import { make, renew, say } from "./dom.js";
import { Traces } from "./picture.js";
import { plural, single, t } from "../player/words.js";

const WAVES_LEFT = 262;
const NARROW_FACTS = 2;

/** The stage; its player is `player`. `scale` says how wide it is. */
export class Stage {
  constructor(root, scale) {
    this.root = root;
    this.scale = scale;
    const template = document.querySelector("#side");
    const before = root.querySelector(".map");
    this.sides = ["left", "right"].map((name) => {
      const side = template.content.firstElementChild.cloneNode(true);
      side.classList.add(name);
      before.before(side);
      return side;
    });
    this.player = new Player(root, {
      keys: document,
      width: () => (scale.width - 60) / 2,
      waveSize: () => ({ width: scale.width - 40 - WAVES_LEFT, height: this.player.isMap ? 116 : 184 }),
    });
    root.querySelector(".to-end").addEventListener("click", () => this.player.move(this.player.horizon));
    this.traces = new Traces();
    this.player.root.addEventListener("laidout", () => this.laidOut());
    this.player.root.addEventListener("drawn", () => this.drawn());
    const key = document.querySelector("dialog.keys .key");
    key.append(...[...LOOKS].map((look) => make("li", {}, make("canvas", { class: "mark", "data-look": look, "aria-hidden": "true" }), WORDS[look])));
  }

  /** Words above the boards, units, and what goes on beside them. */
  name(room) {
    this.room = room;
    this.unit = room.unit;
    this.player.dates = room.dates ?? null;
    [room.left, room.right].forEach(({ name, words }, place) => {
      const side = this.sides[place];
      say(side.querySelector("h2"), name);
      side.querySelector("h2").title = name;
      say(side.querySelector(".words"), words);
      side.querySelector(".words").title = words;
      side.querySelector("canvas.board").setAttribute("aria-label", t("The board, {name}; a table has it in numbers", { name }));
      say(side.querySelector("caption"), t("The board in numbers, {name}", { name }));
    });
    say(this.root.querySelector(".clock-unit"), single(room.unit).replace(/^./, (letter) => letter.toUpperCase()));
  }

  /** Show a picture at a time; false where a trace is missing that is not held back. */
  show(picture, time) {
    const sides = picture.sides.map((side) => ({ ...side, shown: this.traces.of(side) }));
    if (sides.some(({ shown, key }) => !shown && key !== null)) {
      return false;
    }
    this.picture = picture;
    const shown = sides.flatMap(({ shown: trace }, place) => (trace ? [{ element: this.sides[place], trace }] : []));
    this.player.show(shown, time);
    this.paint(picture);
    return true;
  }

  laidOut() {
    const keys = document.querySelector("dialog.keys");
    if (keys.open) {
      drawMarks(keys); // whoever opens it has them drawn
    }
    if (this.player.sides.length) {
      this.facts();
    }
  }

  /** What a card tells, in the foot. */
  facts() {
    const [{ trace, board }] = this.player.sides;
    const round = trace.types.find((type) => type.round && type.seen);
    const away = trace.away.length || trace.closed.length ? [t("struck through: away")] : [];
    const cards = [
      t("number on a card: its age in {units}", { units: plural(trace.unit) }),
      ...(round ? [t("round: {type}", { type: round.name })] : []),
      ...(this.player.sides.some((side) => laysDown(side.trace)) ? [t("two bars: put down")] : []),
      ...(trace.thereBefore.length ? [t("bar at the right: there at the beginning")] : []),
      ...away,
      ...(trace.waits.length ? [t("corner below: others wait for it")] : []),
      ...(board.figures ? [t("letter: who has it in hand")] : []),
    ];
    const map = [t("a square is an item"), t("in every field: above as today, below with the change"), t("people: filled works, hollow is free"), ...away, t("click a field for its cards")];
    const shown = this.player.isMap ? map : cards;
    const narrow = document.body.classList.contains("is-narrow"); // then there is room for the first words only
    say(this.root.querySelector(".facts"), (narrow ? shown.slice(0, NARROW_FACTS) : shown).join(" · "));
  }

  /** After every frame: what switching eats, and whether it is the most average day. */
  drawn() {
    for (const { element, board } of this.player.sides) {
      if (!this.player.isMap) {
        const share = board.switching;
        const lost = board.replay.trace.pools.some(({ left }) => left.length);
        const place = element.querySelector(".eaten");
        place.hidden = !lost;
        const words = `${Math.round(100 * share)} %`;
        renew(place, words, () => [`${t("switching eats")} `, make("strong", {}, words)]);
      }
    }
    const at = Math.floor(this.player.time + 1e-6);
    const average = this.room && at === Math.floor(this.room.opened) && !this.player.playing;
    say(this.root.querySelector(".ordinary"), average ? t("most like the average") : "");
  }

  /** Say which picture is on the screen, once it is. */
  paint({ seq, version }) {
    const { dataset } = document.documentElement;
    dataset.version = version;
    dataset.seq = seq;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("painted", { detail: { seq, version } }))),
    );
  }
}

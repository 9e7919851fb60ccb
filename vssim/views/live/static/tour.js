// A tour of two minutes for somebody who opens the page alone: six stops on the real page, each can be skipped.

import { make } from "./dom.js";
import { t } from "../player/words.js";

const STOPS = [
  [".band", t("The question, and the one answer: before → after, in one word and one per cent. It rests on many lucks, not on the run below.")],
  [".side.left, .map", t("The organisation as it is. A card is an item, the number its age; people are above, with what they have in hand and what they have set aside.")],
  [".side.right, .map", t("The same work with the same luck, with the change. Values with a dashed line can be changed where they stand.")],
  [".legend, .counts", t("How many look how. They add up to what is in progress; need others, at a gate and no room ahead are stuck: nobody here can move them on.")],
  [".transport", t("The whole run as a wave. Click or drag it to another day; Space plays.")],
  [".open-drawer", t("Everything else: other changes, single levers, questions for a room, what to take home. The key ? shows all keys.")],
];

/** The tour; it begins by itself only where it is asked for. */
export class Tour {
  constructor(leads) {
    this.leads = leads;
    this.place = -1;
  }

  begin() {
    this.waiting = setInterval(() => {
      if (document.querySelector(".player.stage:not([hidden]) .side.left .count")) {
        clearInterval(this.waiting);
        this.show(0);
      }
    }, 200);
  }

  show(place) {
    this.box?.remove();
    this.place = place;
    if (place >= STOPS.length) {
      return;
    }
    const [where, words] = STOPS[place];
    const found = [...document.querySelectorAll(where)].find((one) => one.checkVisibility());
    const next = make("button", { type: "button" }, place + 1 < STOPS.length ? t("Next") : t("Done"));
    next.addEventListener("click", () => this.show(place + 1));
    const skip = make("button", { type: "button" }, t("Skip the tour"));
    skip.addEventListener("click", () => this.show(STOPS.length));
    this.box = make("div", { class: "tour", role: "dialog", "aria-label": t("Tour") }, make("p", {}, `${t("{number} of {of}", { number: place + 1, of: STOPS.length })}. ${words}`), next, ...(place + 1 < STOPS.length ? [skip] : []));
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && this.show(STOPS.length));
    document.body.append(this.box);
    const scale = Number(getComputedStyle(document.documentElement).getPropertyValue("--k")) || 1;
    const box = found?.getBoundingClientRect() ?? { left: 60, bottom: 60, top: 60, height: 0 };
    const top = box.bottom + 230 * scale < innerHeight ? box.bottom + 10 : Math.max(10, box.top - 240 * scale);
    this.box.style.left = `${Math.min(box.left, innerWidth - 640 * scale) / scale}px`;
    this.box.style.top = `${top / scale}px`;
    next.focus();
  }
}

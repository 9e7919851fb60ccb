// Editing on the board: dashed values where they stand, and over the other board what the room tried with them.

import { ticksOf } from "../player/axis.js";
import { inProgress } from "../player/replay.js";
import { make, renew, say } from "./dom.js";
import { draw } from "./end.js";
import { COUNTED, plural, t } from "../player/words.js";

const SIZE = { width: 880, height: 380 }; // of what was tried, over a board [stage px]
const LOW = { width: 680, height: 246 }; // less than the stage, below the map
const LEFT = 70;
const RIGHT = 30;
const BOTTOM = 60;

const WHOLE = /^(wip_limit|teams\.[^.]+\.wip_limit|changes\..*(limit_wip\.(stream|teams\..*)|set\.wip_limit))$/; // of the stream, or of a whole team

/** Values on the boards, and the panel that steps one of them. */
export class Edit {
  constructor(stage, connection, leads) {
    this.stage = stage;
    this.connection = connection;
    this.leads = leads;
    this.element = stage.root.querySelector(".edit-panel");
    stage.root.addEventListener("laidout", () => {
      this.place();
      this.drawTried();
    });
    stage.root.addEventListener("drawn", ({ detail }) => detail.still && this.fill());
  }

  get open() {
    return !this.element.hidden;
  }

  show(room) {
    this.room = room;
    this.sliders = new Map((room.sliders ?? []).map((slider) => [slider.path, slider]));
    this.stage.player.foot = (room.seen ?? []).some((path) => /steps\./.test(path)) ? 34 : 0;
    if (this.wanted && this.sliders.get(this.wanted.path)?.position === this.wanted.position) {
      this.wanted = null;
    }
    this.due = true; // with the picture that comes with these words, where one does: once
    queueMicrotask(() => this.due && this.place());
    this.showTried(room);
  }

  /** The values: in the title of each board, and at the heads of its columns. */
  place() {
    this.due = false;
    if (!this.room || this.room.lobby || !this.stage.player.sides.length) {
      return;
    }
    const { room, stage } = this;
    const seen = room.seen ?? [];
    const standing = JSON.stringify(this.standing); // written once: it is long, and asked for again and again
    const kinds = { whole: seen.filter((path) => WHOLE.test(path)), people: seen.filter((path) => /people|count$/.test(path)) };
    stage.player.sides.forEach(({ element, replay }, place) => {
      const told = JSON.stringify([room.seen, standing, place, replay.trace.pools, room.guess?.revealed, this.leads()]);
      renew(element.querySelector(".values"), told, () => kinds.whole.map((path) => this.value(path, t("limit"), place)));
      const crew = replay.pools.length === 1 && kinds.people.length ? [this.value(kinds.people[0], replay.pools[0].name, place)] : [];
      renew(element.querySelector(".crew"), told, () => crew);
      this.placeLimits(element, place, told);
    });
    this.placeOnMap(standing);
  }

  /** What buttons say of every slider: where it stands on both sides, which another change may leave at the same position. */
  get standing() {
    return [...this.sliders.values()].map(({ positions, position, before, label }) => [label, positions[position], before]);
  }

  /** The step of a path that is edited at a column: its limit, or its gate; −1 for any other. */
  stepOf(path) {
    const { steps } = this.stage.player.sides[0].trace;
    return steps.findIndex((name) => path.includes(`.${name}.wip_limit`) || path.endsWith(`limit_wip.steps.${name}`) || path.includes(`steps.${name}.gate`));
  }

  /** On the map, what holds with the change, at the right end of a column's head. */
  placeOnMap(standing) {
    const { player, root } = this.stage;
    const box = root.querySelector(".map .limits");
    const map = player.isMap && !player.alone ? player.map : null;
    const there = (this.room.seen ?? []).filter((path) => this.sliders.has(path) && (this.stepOf(path) >= 0 || WHOLE.test(path)));
    const placed = map ? there.map((path) => ({ path, column: map.columnOf[this.stepOf(path)] ?? -1 })) : [];
    const anew = renew(box, [placed, map?.columns, standing, this.room.guess?.revealed, this.leads()], () => {
      const rows = new Map();
      return placed.map(({ path, column }) => {
        const row = rows.get(column) ?? 0;
        rows.set(column, row + 1);
        const button = this.labelled(path, 1);
        const right = column < 0 ? map.lane - 8 : map.columns[column].x + map.columns[column].width - 8;
        Object.assign(button.style, { left: `${right}px`, top: `${50 - (column < 0 ? 40 : 0) + 34 * row}px` });
        return button;
      });
    });
    if (!anew) {
      return; // to measure is to lay the page out, and the same words are as wide as they were
    }
    [...box.children].forEach((button, number) => {
      const { column } = placed[number];
      shorten(button, (column < 0 ? map.lane : map.columns[column].width) - 16);
    });
    const wide = new Map([...box.children].map((button, number) => [placed[number].column, button.offsetWidth + 16]));
    if (map && JSON.stringify([...wide]) !== JSON.stringify([...(map.valuesAt ?? [])])) {
      map.valuesAt = wide; // what stands there takes room from the heads of the people
      map.draw();
    }
  }

  /** A value with the word for what it is: limit 12, every 20 days. */
  labelled(path, place) {
    const button = this.button(path, place);
    const gate = path.includes(".gate");
    if (gate || /\d/.test(button.textContent)) {
      button.prepend(gate ? `${t("every")} ` : `${t("limit")} `);
    }
    return button;
  }

  /** Limits and people of single steps and teams, small, below the head of their column. */
  placeLimits(element, place, told) {
    const { player } = this.stage;
    const box = element.querySelector(".limits");
    if (player.isMap) {
      box.replaceChildren();
      return;
    }
    const anew = renew(box, [told, player.made.columns.map(({ x }) => x)], () => {
      return (this.room.seen ?? []).flatMap((path) => {
        const step = this.stepOf(path);
        if (step < 0 || !this.sliders.has(path)) {
          return [];
        }
        const button = this.labelled(path, place);
        Object.assign(button.style, { left: `${player.made.columns[step + 1].inner}px`, top: "532px" });
        return [button];
      });
    });
    for (const button of anew ? box.children : []) {
      shorten(button, player.made.columns[this.stepOf(button.dataset.path) + 1].width - player.made.pad); // else it lies on the next column
    }
  }

  value(path, label, place) {
    return make("span", { class: "value" }, label, this.button(path, place));
  }

  button(path, place) {
    const { positions, position, before, label } = this.sliders.get(path);
    const words = place ? positions[position] : before || positions[position];
    const button = make("button", { type: "button", "data-path": path, "aria-label": `${label}: ${words}` }, words.replace(COUNTED, ""));
    button.disabled = !this.leads() || (this.room.guess !== null && !this.room.guess.revealed);
    button.addEventListener("click", () => this.edit(path, button));
    return button;
  }

  edit(path, from = null) {
    this.from = from?.dataset.path ?? null;
    this.connection.send({ do: "edit", path });
  }

  step(by) {
    const tried = this.room?.tried;
    const slider = tried && this.sliders.get(tried.path);
    const from = this.wanted?.path === tried?.path ? this.wanted.position : slider?.position; // quick presses count from the last one
    const to = slider && from + by;
    if (slider && to >= 0 && to < slider.positions.length) {
      this.wanted = { path: tried.path, position: to };
      this.connection.request({ do: "slider", path: tried.path, position: to });
    }
  }

  all() {
    const { tried } = this.room;
    this.connection.send({ do: "edit", path: tried.path, all: !tried.all });
  }

  close() {
    this.wanted = null;
    if (this.open) {
      this.connection.send({ do: "edit", path: null });
      this.element.hidden = true;
      const from = this.from && this.stage.root.querySelector(`:is(.side.right, .map) [data-path="${CSS.escape(this.from)}"]`);
      from?.focus();
    }
  }

  showTried({ tried, metric, unit, guess }) {
    const open = Boolean(tried) && (guess === null || guess.revealed);
    const was = this.open;
    this.element.hidden = !open;
    if (!open) {
      return;
    }
    if (!was || !this.element.querySelector("h2")) {
      this.build();
    }
    const part = (name) => this.element.querySelector(name);
    say(part("h2"), t("What the room tried"));
    const days = metric.includes("item") || metric.includes("within") ? `${plural(unit)}, ${metric}` : metric;
    say(part(".soft"), t("{what} · a dot: a phone’s try, a number: so many · black: what is on the wall now", { what: days }));
    say(part("output"), tried.positions[tried.position]);
    say(part(".show-all"), tried.all ? t("Only what was tried") : t("All values"));
    this.drawTried();
    if (!was) {
      part(".stepper button").focus();
    }
  }

  /** What was tried, over the board that does not change; the map is both sides: there, over legend and time line. */
  drawTried() {
    if (this.open) {
      const { player, scale } = this.stage;
      this.element.className = `edit-panel ${player.isMap ? "is-low" : "left"}`;
      const size = player.isMap ? { width: scale.width - LOW.width, height: LOW.height } : SIZE;
      const { tried } = this.room;
      renew(this.element.querySelector(".plot"), [tried, size], () => [plot({ ...tried, left: this.room.left.name }, size)]);
    }
  }

  build() {
    const button = (words, label, act, kind = "") => {
      const made = make("button", { type: "button", "aria-label": label, class: kind }, words);
      made.addEventListener("click", act);
      return made;
    };
    const name = make("input", { placeholder: t("a name for this idea"), maxLength: 40, "aria-label": t("A name for this idea") });
    const keep = button(t("Keep it"), t("Keep this idea"), () => {
      if (name.value.trim()) {
        this.connection.send({ do: "keep", name: name.value.trim() });
        name.value = "";
      }
    });
    const minus = button("−", t("Less"), () => this.step(-1));
    const plus = button("+", t("More"), () => this.step(1));
    const tools = make("div", { class: "edit-tools for-facilitator" }, button(t("All values"), t("All values"), () => this.all(), "show-all"), name, keep, button(t("Close"), t("Close"), () => this.close(), "close"));
    this.element.replaceChildren(make("h2", {}), make("p", { class: "soft" }), make("div", { class: "stepper for-facilitator" }, minus, make("output", {}), plus), make("div", { class: "plot" }), tools);
  }

  /** Whether the limit of the whole stream is reached. */
  fill() {
    for (const { element, replay } of this.stage.player.sides) {
      const limit = Number(element.querySelector(".values button")?.textContent);
      const full = limit > 0 && inProgress(replay.looks()) >= limit;
      renew(element.querySelector(".full"), full, () => (full ? [`· ${t("full")}`] : []));
    }
  }
}

/** Dots at (value, headline); as it is a dashed line; the best that was tried is named. */
function plot({ dots, positions, position, before, label, all, left }, { width, height }) {
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${label}: ${dots.map(({ words, value }) => `${words}: ${figure(value)}`).join(", ")}` });
  const most = 1.1 * Math.max(before ?? 0, ...dots.map(({ value }) => value), 1e-9);
  const x = (place) => LEFT + 20 + ((width - LEFT - RIGHT - 40) * place) / Math.max(1, positions.length - 1);
  const y = (value) => height - BOTTOM - ((height - BOTTOM - 20) * value) / most;
  for (const tick of ticksOf(most, 4)) {
    svg.append(draw("path", { class: "t-line", d: `M${LEFT} ${y(tick)}H${width - RIGHT}` }), words("t-left", LEFT - 12, y(tick) + 7, `${tick}`));
  }
  if (before !== null) {
    svg.append(draw("path", { class: "t-before", d: `M${LEFT} ${y(before)}H${width - RIGHT}` }), words("t-words", width - RIGHT - 190, y(before) - 10, left === t("As today") ? t("as today: {value}", { value: figure(before) }) : t("as at the left: {value}", { value: figure(before) })));
  }
  const every = Math.ceil((positions.length * 46) / (width - LEFT - RIGHT));
  positions.forEach((text, place) => {
    if (place % every === 0 || place === position) {
      svg.append(words(`t-text${place === position ? " is-now" : ""}`, x(place), height - 30, text.replace(t("no limit"), t("none")).slice(0, 9)));
    }
  });
  for (const { position: place, value, count } of dots) {
    const now = place === position;
    svg.append(draw("circle", { class: now ? "t-now" : "t-dot", cx: x(place), cy: y(value), r: count > 1 ? 15 : 10, "fill-opacity": count || now ? 1 : 0.35 }));
    if (count > 1) {
      svg.append(words("t-count", x(place), y(value) + 7, `${count}`));
    }
  }
  const tried = dots.filter(({ count, position: place }) => count || place === position || all);
  const best = tried.reduce((one, other) => (one === null || other.value < one.value ? other : one), null);
  if (best && tried.length > 1) {
    const at = Math.min(x(best.position) + 14, width - 330);
    const below = y(best.value) + 70 < height - BOTTOM; // else the numbers of the axis stand there
    const [from, to, line] = below ? [14, 60, 62] : [-14, -70, -76];
    svg.append(draw("path", { class: "t-line", d: `M${x(best.position)} ${y(best.value) + from}V${y(best.value) + to}` }), words("t-best", at, y(best.value) + line, t("best tried: {words}, {value}", { words: best.words, value: figure(best.value) })));
  }
  svg.append(words("t-left", width - RIGHT, height - 4, label));
  return svg;
}

/** Fewer words on a button, where it would reach into the column before: every 10 days, 10 days, 10. */
function shorten(button, room) {
  const fewer = [() => button.childNodes.length > 1 && button.firstChild.remove(), () => (button.textContent = button.textContent.replace(/^(\d\S*) .*$/, "$1"))];
  while (button.offsetWidth > room && fewer.length) {
    fewer.shift()();
  }
}

function figure(value) {
  return value >= 10 ? `${Math.round(value)}` : `${Math.round(value * 10) / 10}`;
}

function words(kind, x, y, text) {
  const made = draw("text", { class: kind, x, y });
  made.textContent = text;
  return made;
}

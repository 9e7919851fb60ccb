// The people strip of a board: who has what in hand, what they have set aside, who is free.

import { drawAway, drawCard, drawPerson, FONT } from "./marks.js";
import { t } from "./words.js";

export const STRIP = 112; // height [stage px]
const FIGURE = 64;
const HEAD = 24;
const MOST_FIGURES = 8; // people of one pool that are drawn one by one, with their cards
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function letterOf(person) {
  const row = Math.floor(person / LETTERS.length);
  return LETTERS[person % LETTERS.length] + (row ? row + 1 : "");
}

/** True where people have figures, letters and cards: one pool of a few people. */
export function hasFigures(trace) {
  const pools = trace.pools.filter(({ people }) => people !== 0);
  const counted = new Set(pools.map(({ index }) => index));
  return counted.size === 1 && pools.every(({ people }) => people !== null && people <= MOST_FIGURES);
}

/** By pool, how many people have something in hand, and what each has open: [{hand, aside: [item…]}] by person. */
export function peopleOf(replay) {
  const found = replay.pools.map((pool) => ({ pool, busy: 0, persons: Array.from({ length: pool.people ?? 0 }, () => ({ hand: null, aside: [] })) }));
  const byPool = new Map(found.map((one) => [one.pool.index, one]));
  const open = new Map();
  for (const [item, held] of replay.held) {
    const one = byPool.get(held.pool);
    if (!one) {
      continue;
    }
    open.set(held.pool, (open.get(held.pool) ?? 0) + 1);
    const person = held.person === null ? null : one.persons[held.person];
    if (person && held.hand) {
      person.hand = item;
    } else if (person) {
      person.aside.push(item);
    }
  }
  for (const one of found) {
    const count = open.get(one.pool.index) ?? 0;
    one.open = count;
    // where several may work on one item, who has nothing of their own helps with what others have in hand
    one.busy = Math.min(one.pool.people ?? count, Math.floor(count * one.pool.most + 1e-9));
    swarm(one, count);
  }
  return found;
}

function swarm({ pool, persons }, count) {
  if (pool.most <= 1 || !count) {
    return;
  }
  const held = persons.filter(({ hand }) => hand !== null);
  persons
    .filter(({ hand }) => hand === null)
    .slice(0, Math.floor(count * pool.most + 1e-9) - held.length)
    .forEach((person, place) => {
      person.hand = held[place % held.length].hand;
      person.helps = true;
    });
}

/** What switching between open things eats of a pool's time, as a share. */
export function eaten({ pool, open }) {
  const { left } = pool;
  return left.length ? 1 - left[Math.min(open, left.length - 1)] : 0;
}

/** Who of a pool is not here, in words: on leave, ill; or that it is a holiday for all. '' where all are here. */
export function awayWords({ closed, absent, ill }) {
  if (closed) {
    return t("holiday");
  }
  return [absent ? t("{count} on leave", { count: absent }) : "", ill ? t("{count} ill", { count: ill }) : ""].filter(Boolean).join(" · ");
}

/** Draw the strip of one pool with figures: {x, y, width}. `card(item)` says how a card looks. */
export function drawFigures(pen, colours, { pool, persons }, { x, y, width }, card) {
  const gone = [...new Array(pool.absent ?? 0).fill(t("on leave")), ...new Array(pool.ill ?? 0).fill(t("ill"))];
  const pitch = Math.min(150, width / Math.max(1, persons.length + gone.length));
  gone.forEach((why, place) => {
    const at = x + (persons.length + place) * pitch;
    drawAway(pen, colours, { x: at, y: y + 8, size: FIGURE });
    words(pen, colours.soft, why, at, y + 95);
  });
  persons.forEach(({ hand, aside, helps }, number) => {
    const at = x + number * pitch;
    const free = hand === null;
    if (pool.closed) {
      drawAway(pen, colours, { x: at, y: y + 8, size: FIGURE });
    } else {
      drawPerson(pen, colours, { x: at, y: y + 8, size: FIGURE }, free, letterOf(number));
    }
    const right = at + FIGURE * 0.78 + 6;
    if (free) {
      words(pen, colours.soft, pool.closed ? t("holiday") : t("free"), right, y + 44);
      return;
    }
    const { look, ...told } = { ...card(hand), letter: "" };
    drawCard(pen, colours, look === "blocked" ? "hand" : look, { x: right, y: y + 5, w: Math.min(58, pitch - FIGURE - 2), h: 38 }, told);
    const small = Math.min(30, (pitch - FIGURE * 0.78 - 12) / Math.max(1, aside.length));
    aside.forEach((item, place) => {
      const { round } = card(item);
      drawCard(pen, colours, "aside", { x: right + place * (small + 4), y: y + 47, w: Math.max(10, small), h: 25 }, { round });
    });
    const open = 1 + aside.length;
    const said = helps ? t("helps") : t("{count} open", { count: open });
    pen.font = `20px ${FONT}`;
    const beside = Math.min(FIGURE * 0.78 + 6, pitch - pen.measureText(said).width - 4); // never into the next one's, nor out of the board
    words(pen, colours.soft, said, at + (helps ? 0 : Math.max(0, beside)), y + 95);
  });
}

/** The pools of a team as one: a team may have several crafts. */
export function byTeam(people) {
  const teams = new Map();
  for (const one of people) {
    const before = teams.get(one.pool.name);
    const sum = (key) => (before.pool[key] === null || one.pool[key] === null ? null : before.pool[key] + one.pool[key]);
    const pool = before && { ...one.pool, people: sum("people"), absent: sum("absent"), ill: sum("ill") };
    teams.set(one.pool.name, before ? { ...one, pool, busy: before.busy + one.busy } : one);
  }
  return [...teams.values()];
}

function pitchOf(heads, width, size) {
  return Math.min(size * 1.08, (width - size * 0.8) / Math.max(1, heads - 1));
}

/** Whether so many heads could not be told apart beside each other. */
export function crowded(heads, width, size = HEAD) {
  return pitchOf(heads, width, size) < Math.min(16.5, size * 0.7);
}

/** Draw the heads of a team: filled works, hollow is free, pale is away; of too many, one head and a number. */
export function drawHeads(pen, colours, { pool, busy }, { x, y, width }, size = HEAD) {
  const people = pool.people ?? busy;
  const gone = (pool.absent ?? 0) + (pool.ill ?? 0);
  const pitch = pitchOf(people + gone, width, size);
  if (pool.people === null || crowded(people + gone, width, size)) {
    if (pool.closed) {
      drawAway(pen, colours, { x, y, size });
      words(pen, colours.soft, pool.people === null ? "" : `${people}`, x + size, y + size * 0.6);
      return;
    }
    drawPerson(pen, colours, { x, y, size }, busy === 0);
    const told = pool.people === null ? `${busy}` : `${busy}/${people}`;
    words(pen, colours.ink, told, x + size, y + size * 0.6);
    return;
  }
  for (let number = 0; number < people + gone; number += 1) {
    const box = { x: x + number * pitch, y, size };
    if (number >= people || pool.closed) {
      drawAway(pen, colours, box);
    } else {
      drawPerson(pen, colours, box, number >= busy);
    }
  }
}

function words(pen, colour, text, x, y, size = 20) {
  pen.font = `${size}px ${FONT}`;
  pen.fillStyle = colour;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(text, x, y);
}

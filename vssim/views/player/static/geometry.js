// Where the columns of a board are, and how large its cards: one geometry for both boards and the whole run.

import { FONT } from "./marks.js";
import { inProgress } from "./replay.js";
import { t } from "./words.js";

export const HEIGHT = 568; // of a board [stage px]
export const TITLE = 44;
export const TOP = 206; // where cards begin: below title, people and the heads of the columns
const GAP = 8;
const PAD = 11;
const BESIDE = 46; // room behind a column's name, for its number
const DOT = 16; // pitch of the dots of what is done
const SIZES = [[74, 48], [70, 46], [66, 43], [62, 40], [58, 38], [54, 36], [50, 33], [46, 30]];
const SHARE = 0.85; // of the days, on which a column holds no more than it is made for
const MOST_OF_HEAP = 2; // columns of cards that are not started
const MOST_STEPS = 6;
const MOST_TYPES = 2;
const MOST_ITEMS = 60;

/** The count that so many of the counts do not pass; they are small, and so counted themselves, which is quicker than to sort them. */
export function percentile(counts, share) {
  const often = new Uint32Array(1 + counts.reduce((most, one) => Math.max(most, one), 0));
  for (const one of counts) {
    often[one] += 1;
  }
  let left = Math.max(1, Math.ceil(share * counts.length));
  const place = often.findIndex((number) => (left -= number) <= 0);
  return Math.max(0, place);
}

/**
 * The geometry of boards of a width, with a foot for what stands below the cards, for sides {trace, course}; null where cards would be too small, or there are too many
 * steps, types or items: then the stream is shown as a flow map.
 */
export function geometry(sides, width, pen, foot = 0) {
  const { steps, types } = sides[0].trace;
  const busy = Math.max(...sides.map(({ course }) => percentile(course.map(({ looks }) => inProgress(looks)), SHARE)));
  if (steps.length > MOST_STEPS || types.filter(({ seen }) => seen).length > MOST_TYPES || busy > MOST_ITEMS) {
    return null;
  }
  const usual = Array.from({ length: steps.length + 1 }, (_, column) =>
    Math.max(...sides.map(({ course }) => percentile(course.map(({ columns }) => columns[column]), SHARE))),
  );
  const backlog = sides.some(({ course }) => course.some(({ columns }) => columns[0]));
  const heads = headsOf([t("Backlog"), ...steps], pen, (width - 140) / (steps.length + 1) - BESIDE - 2 * PAD);
  for (const [w, h] of SIZES) {
    const rows = Math.floor((HEIGHT - TOP - 6 - foot + GAP) / (h + GAP));
    const columns = heads.map(({ wide }, place) => {
      // what is not started may lie closer: it is a heap, and must not drive the work off the board
      const across = Math.min(place ? Infinity : MOST_OF_HEAP, Math.max(1, Math.ceil(usual[place] / rows)));
      const there = place > 0 || backlog;
      return { across, width: there ? Math.max(across * (w + GAP) - GAP + 2 * PAD, wide + 2 * PAD) : 0 };
    });
    const digits = `${Math.max(...sides.map(({ trace }) => trace.delivered))}`.length;
    pen.font = `700 24px ${FONT}`;
    const done = Math.max(118, 2 * PAD + pen.measureText(t("Done")).width + 12 + 15 * digits);
    const taken = columns.reduce((sum, column) => sum + column.width, done);
    if (taken <= width) {
      return placed({ w, h, rows, foot, columns, heads, width, done, spare: width - taken });
    }
  }
  return null;
}

function placed({ w, h, rows, foot, columns, heads, width, done, spare }) {
  const shown = columns.filter((column) => column.width).length;
  let x = 0;
  const found = columns.map((column, place) => {
    const wide = column.width ? column.width + spare / (shown + 0.5) : 0;
    const made = { ...column, x, width: wide, head: heads[place], inner: x + PAD };
    x += wide;
    return made;
  });
  return { card: { w, h }, rows, foot, columns: found, done: { x, width: width - x, dot: DOT, least: done }, gap: GAP, pad: PAD };
}

/** The names of columns as lines, and how wide they are with a number behind. */
function headsOf(names, pen, most) {
  pen.font = `700 24px ${FONT}`;
  return names.map((name) => {
    const text = shortened(pen, name, Math.max(90, most));
    return { text, name, wide: pen.measureText(text).width + BESIDE };
  });
}

/** A text, cut to a width. */
export function shortened(pen, words, width) {
  let shown = words;
  while (shown.length > 1 && pen.measureText(shown).width > width) {
    shown = `${shown.slice(0, shown.endsWith("…") ? -2 : -1).trimEnd()}…`;
  }
  return shown;
}

/** Where the cards of a column stand: {x, y} by place; more than it is made for overlap, as a hand of playing cards does. */
export function places(made, column, count) {
  const { card, gap } = made;
  const { across, inner } = made.columns[column];
  const needed = Math.ceil(count / across);
  const room = HEIGHT - TOP - 6 - made.foot - card.h;
  const pitch = needed > made.rows ? room / (needed - 1) : card.h + gap;
  return Array.from({ length: count }, (_, place) => ({
    x: inner + (place % across) * (card.w + gap),
    y: TOP + Math.floor(place / across) * pitch,
  }));
}

/** A text on so many lines at most, each no wider than there is room; what does not fit ends with an ellipsis. */
export function wrapped(pen, text, room, most = 2) {
  const lines = [];
  // a word that is too long for a line is broken behind its hyphens
  const parts = text.split(" ").flatMap((word) => (pen.measureText(word).width > room ? word.split(/(?<=-)/) : [word]).map((part, place) => (place ? part : ` ${part}`)));
  for (const part of parts) {
    const last = lines.length - 1;
    if (last >= 0 && (pen.measureText(lines[last] + part).width <= room || lines.length === most)) {
      lines[last] += part;
    } else {
      lines.push(part.trimStart());
    }
  }
  return lines.map((line) => shortened(pen, line, room));
}

// The flow map of a large stream: one map for both sides. Types that flow together are a lane, steps are columns; a field has two
// rows of unit squares, above as it is, below with the change.

import { percentile, shortened, wrapped } from "./geometry.js";
import { drawCard, fine, FONT, palette } from "./marks.js";
import { awayWords, crowded, drawHeads, peopleOf } from "./people.js";
import { LOOKS } from "./replay.js";
import { plural, t } from "./words.js";

export const MAP_HEIGHT = 572;
const HEAD = 88;
const LANE = 270; // width of a lane's head; less where the map is narrow
const DONE = 120;
const RECENT = 20; // days over which what is done is counted
const LARGEST = 24;
const LARGEST_OF_FEW = 38; // where there are few lanes, the back row may see more
const SMALLEST = 7;
const GAP = 2;
const NUMBER = 52; // width of a field's number
const FEW = 0.5; // items, on average: below that a column is narrow
const LEAST_NAME = 90; // of a column, beside its sum
const LEAST_TEAM = 100; // of a column, for a team's name and heads
const LEAST_HEADS = 64; // for heads alone
const LEAST_LETTERS = 4; // of a team's name that is shortened; less of it tells nothing
const HEADS = 0.85; // of the room, where the names of all columns would not have room enough
const NARROW = 104;
const SLIVER = LARGEST + 4; // of a narrow column where there is little room: squares without a number
const SHARE = 0.85;
const LEAST_OF_TWO_LINES = 120; // of a lane, for a name on two
const NEXT_LINE = 24;

/** The map of some sides {trace, replay} on a canvas; `width` in stage pixels. */
export class FlowMap {
  constructor(canvas) {
    this.canvas = canvas;
    this.chosen = null; // {lane, column}: the field with a frame
  }

  layOut({ sides, width, anew = true }) {
    const other = width !== this.width;
    this.sides = sides;
    this.width = width;
    if (other || anew) {
      this.refresh();
    }
    const [{ trace }] = sides;
    this.columnOf = trace.steps.map((_, step) => trace.flowColumns.findIndex(({ steps }) => steps.includes(step)));
    this.measure();
    this.place();
  }

  refresh() {
    this.pen = fine(this.canvas, this.width, MAP_HEIGHT);
    this.colours = palette(this.canvas);
  }

  /** How many there usually are in every field, over the days of all sides. */
  measure() {
    const { lanes, flowColumns } = this.sides[0].trace;
    const days = this.sides.reduce((sum, { course }) => sum + course.length, 0);
    const sums = flowColumns.map(() => 0);
    const counts = new Uint32Array(days);
    this.usual = lanes.map((_, lane) =>
      flowColumns.map((__, column) => {
        let place = 0;
        for (const { course } of this.sides) {
          for (const { fields } of course) {
            const count = fields[lane][column];
            counts[place] = count;
            sums[column] += count;
            place += 1;
          }
        }
        return percentile(counts, SHARE);
      }),
    );
    this.mean = sums.map((sum) => sum / (days || 1));
  }

  /** Where lanes and columns are, with squares as large as the fullest field allows. */
  place() {
    const { lanes, flowColumns } = this.sides[0].trace;
    const weights = this.usual.map((row) => (Math.max(0, ...row) > 6 ? 1 : 0.6));
    const whole = weights.reduce((sum, one) => sum + one, 0) || 1;
    const heights = weights.map((one) => ((MAP_HEIGHT - HEAD) * one) / whole);
    this.tight = this.width < 1200;
    this.lane = this.tight ? 150 : LANE;
    this.done = this.tight ? 96 : DONE;
    const room = this.width - this.lane - this.done;
    const heads = flowColumns.map(({ name }, column) => (this.mean[column] < FEW ? (this.tight ? SLIVER : NARROW) : this.headWidth(name)));
    const wanted = heads.reduce((sum, one) => sum + one, 0);
    const share = wanted > room ? (HEADS * room) / wanted : 1; // names are shortened before squares get small
    let made;
    for (this.size = lanes.length < 3 ? LARGEST_OF_FEW : LARGEST; this.size >= SMALLEST; this.size -= 1) {
      const each = this.size + GAP;
      const most = this.tight && this.sides.length === 1 ? 10 : 2 + (this.size < 14) + 2 * (lanes.length < 3 || this.tight);
      const rows = heights.map((height) => Math.max(1, Math.min(most, Math.floor((height / this.sides.length - 8) / each))));
      const widths = flowColumns.map((_, column) => {
        const squares = Math.max(0, ...lanes.map((_, lane) => Math.ceil(this.usual[lane][column] / rows[lane])));
        return this.mean[column] < FEW ? heads[column] : Math.max(squares * each + (this.tight ? 58 : NUMBER + 20), share * heads[column]);
      });
      const taken = widths.reduce((sum, one) => sum + one, 0);
      made = { rows, widths, spare: (room - taken) / flowColumns.length };
      if (taken <= room) {
        break;
      }
    }
    const scale = made.spare < 0 ? room / made.widths.reduce((sum, one) => sum + one, 0) : 1;
    let x = this.lane;
    this.columns = made.widths.map((width) => {
      const column = { x, width: scale < 1 ? width * scale : width + made.spare };
      x += column.width;
      return column;
    });
    let y = HEAD;
    this.lanes = heights.map((height, lane) => {
      const found = { y, height, rows: made.rows[lane] };
      y += height;
      return found;
    });
  }

  headWidth(name) {
    this.pen.font = `800 ${this.tight ? 20 : 28}px ${FONT}`;
    return Math.min(340, this.pen.measureText(name).width + (this.sides.length > 1 ? 150 : 58));
  }

  /** What stands in every field of a side: fields[lane][column] = [{item, look, age}…]. */
  fieldsOf({ replay, trace }) {
    const fields = trace.lanes.map(() => trace.flowColumns.map(() => []));
    const { awaited } = replay;
    for (const [item, card] of replay.cards) {
      const lane = trace.types[trace.type[item]]?.lane ?? -1;
      if (card.step >= 0 && lane >= 0) {
        const age = Math.max(0, Math.floor(replay.time - trace.arrived[item] + 1e-6));
        fields[lane][this.columnOf[card.step]].push({ item, look: replay.look(item, card), age, pause: card.putDown, tail: awaited.has(item) });
      }
    }
    fields.flat().forEach((cards) => cards.sort((one, other) => LOOKS.indexOf(one.look) - LOOKS.indexOf(other.look) || other.age - one.age || one.item - other.item));
    return fields;
  }

  draw() {
    const { pen, colours } = this;
    pen.clearRect(0, 0, this.width, MAP_HEIGHT);
    this.fields = this.sides.map((side) => this.fieldsOf(side));
    this.people = peopleOf(this.sides[this.sides.length - 1].replay);
    pen.strokeStyle = colours.line;
    pen.lineWidth = 2;
    this.lanes.forEach(({ y }) => line(pen, 0, y, this.width, y));
    [...this.columns, { x: this.width - this.done }].forEach(({ x }) => line(pen, x, 12, x, MAP_HEIGHT - 8));
    this.drawHeads();
    this.lanes.forEach((lane, number) => this.drawLane(lane, number));
    this.drawDone();
    this.drawChosen();
  }

  drawHeads() {
    const { pen, colours } = this;
    const { flowColumns } = this.sides[0].trace;
    pen.textBaseline = "alphabetic";
    this.columns.forEach(({ x, width }, column) => {
      const sums = this.fields.map((fields) => fields.reduce((sum, row) => sum + row[column].length, 0));
      const narrow = this.mean[column] < FEW;
      if (narrow && this.tight) {
        return;
      }
      pen.fillStyle = colours.ink;
      pen.font = `700 ${this.tight ? 20 : 26}px ${FONT}`;
      const summed = pen.measureText(sums.join(" → ")).width;
      const beside = width - 30 - summed;
      const { name } = flowColumns[column];
      pen.font = `800 20px ${FONT}`;
      const alone = narrow || beside < Math.min(LEAST_NAME, pen.measureText(name).width); // a name cut to nothing tells less than a sum
      const room = alone ? width - 12 : beside;
      fitted(pen, name, room, narrow || this.tight ? 20 : 28);
      // below a name in half a wall nothing else stands: it has two lines
      const lines = this.tight ? wrapped(pen, name, room) : [shortened(pen, name, room)];
      lines.forEach((text, number) => pen.fillText(text, x + 10, 38 + 26 * number));
      if (!alone) {
        this.drawPair(sums, x + width - 10, 38, this.tight ? 20 : 26);
      }
      if (this.tight || narrow) {
        return;
      }
      let left = width - 16 - (this.valuesAt?.get(column) ?? 0);
      const below = (20 / 26) * summed;
      if (alone && left >= below) {
        this.drawPair(sums, x + 10 + below, 72, 20); // below the name
        left -= below + 12;
      }
      this.drawTeams(column, x + width - 6 - (this.valuesAt?.get(column) ?? 0) - left, 52, left);
    });
    pen.font = `800 ${this.tight ? 20 : 28}px ${FONT}`;
    pen.fillStyle = colours.ink;
    pen.fillText("done", this.width - this.done + 10, 38);
    pen.font = `20px ${FONT}`;
    pen.fillStyle = colours.soft;
    pen.fillText(`${RECENT} ${plural(this.sides[0].trace.unit)}`, this.width - this.done + 10, 68);
  }

  /** Numbers of both sides, the last one bold, ending at a right edge. */
  drawPair(numbers, right, y, size) {
    const { pen, colours } = this;
    const last = `${numbers[numbers.length - 1]}`;
    pen.font = `700 ${size}px ${FONT}`;
    const wide = pen.measureText(last).width;
    pen.fillStyle = colours.ink;
    pen.fillText(last, right - wide, y);
    if (numbers.length > 1) {
      pen.font = `${size}px ${FONT}`;
      pen.fillStyle = colours.soft;
      const before = `${numbers[0]} → `;
      pen.fillText(before, right - wide - pen.measureText(before).width, y);
    }
  }

  /** The teams of a column that is one step: name and heads; those of parallel steps stand in the heads of the lanes. */
  drawTeams(column, x, y, width) {
    const { flowColumns } = this.sides[0].trace;
    const { steps } = flowColumns[column];
    const phase = this.sides[this.sides.length - 1].replay.phase;
    const there = phase.teams.filter(
      (team) => team.steps.some((step) => steps.includes(step)) && this.homeOf(team) === column && !this.laneOf(team),
    );
    const each = there.map((team) => this.people.filter(({ pool }) => pool.name === team.name)).filter((group) => group.length);
    if (width < LEAST_HEADS) {
      return;
    }
    const crowded = each.length > 1 && width < LEAST_TEAM * each.length; // then all of them together, without names
    const groups = crowded ? [each.flat()] : each;
    let at = x;
    for (const [first, ...rest] of groups) {
      const one = merged(first, rest);
      const share = (x + width - at) / (groups.length - groups.findIndex(([other]) => other === first));
      this.pen.font = `20px ${FONT}`;
      this.pen.fillStyle = this.colours.soft;
      const short = crowded ? "" : shortened(this.pen, one.pool.name, share * 0.55);
      const name = short.endsWith("…") && short.length <= LEAST_LETTERS ? "" : short;
      const wide = this.pen.measureText(name).width;
      this.pen.fillText(name, at, y + 20);
      drawHeads(this.pen, this.colours, one, { x: at + wide + 6, y, width: Math.max(30, share - wide - 14) });
      at += share;
      this.pen.textBaseline = "alphabetic";
    }
  }

  /** The column a team stands above: that of the first step it works at. */
  homeOf(team) {
    return Math.min(...team.steps.map((step) => this.columnOf[step]));
  }

  /** The lane whose own step a team has: one of several that share a column. */
  laneOf(team) {
    const { lanes, types, flowColumns } = this.sides[0].trace;
    if (team.helps || !team.steps.length) {
      return null;
    }
    const own = team.steps.every((step) => flowColumns[this.columnOf[step]].steps.length > 1);
    return own ? (lanes.find((lane) => lane.types.some((kind) => types[kind].steps.some((step) => team.steps.includes(step)))) ?? null) : null;
  }

  drawLane({ y, height, rows }, number) {
    const { pen, colours } = this;
    const { lanes } = this.sides[0].trace;
    const phase = this.sides[this.sides.length - 1].replay.phase;
    pen.textBaseline = "alphabetic";
    pen.fillStyle = colours.ink;
    const name = lanes[number].name[0].toUpperCase() + lanes[number].name.slice(1);
    fitted(pen, name, this.lane - 24, 28);
    // a name that even in small letters has no room on one line is told on two, where the lane is high enough
    const names = wrapped(pen, name, this.lane - 24, height >= LEAST_OF_TWO_LINES ? 2 : 1);
    names.forEach((words, row) => pen.fillText(words, 16, y + (names.length > 1 ? 26 + NEXT_LINE * row : 34)));
    const below = names.length > 1 ? NEXT_LINE - 8 : 0;
    const teams = phase.teams.filter((team) => this.laneOf(team) === lanes[number]);
    const there = this.people.filter(({ pool }) => teams.some((team) => team.name === pool.name));
    if (there.length) {
      const one = merged(there[0], there.slice(1));
      pen.font = `20px ${FONT}`;
      pen.fillStyle = colours.soft;
      pen.fillText(this.peopleIn(one.pool), 16, y + 60 + below);
      this.drawCrowd(one, y + 66 + below, height - 68 - below);
    }
    this.columns.forEach(({ x, width }, column) => {
      const each = this.fields.map((fields) => fields[number][column]);
      if (each.some((cards) => cards.length) || this.usual[number][column]) {
        const bare = this.tight && this.mean[column] < FEW; // squares alone: with a margin and a number they would lie in the next column
        const inside = bare ? { x: x + 2, width: width - 4 } : { x: x + 10, width: width - 16 };
        each.forEach((cards, place) => this.drawSquares(cards, { ...inside, y: y + 7 + (place * (height - 6)) / this.sides.length, rows, bare }, place));
      }
    });
  }

  /** How many people a lane has, and who of them is not here; where there is no room for both, what is not as ever. */
  peopleIn(pool) {
    const { pen } = this;
    const room = this.lane - 24;
    const count = pool.people === null ? t("as many people as it takes") : t("{count} people", { count: pool.people });
    const away = awayWords(pool);
    const all = [count, away].filter(Boolean).join(" · ");
    return pen.measureText(all).width <= room ? all : shortened(pen, away || count, room);
  }

  /** The heads of a lane's people, in as many rows as there is room for. */
  drawCrowd(one, y, height) {
    const { people } = one.pool;
    const rows = Math.max(1, Math.min(2, Math.floor(height / 28)));
    const each = Math.ceil(people / rows);
    const gone = one.pool.absent + one.pool.ill;
    if (people === null || rows === 1 || crowded(each + gone, this.lane - 30)) {
      drawHeads(this.pen, this.colours, one, { x: 16, y, width: this.lane - 30 }); // not half as heads and half as a number
      return;
    }
    for (let row = 0; row < rows; row += 1) {
      const here = Math.min(each, people - row * each);
      const busy = Math.max(0, Math.min(here, one.busy - row * each));
      drawHeads(this.pen, this.colours, { pool: { ...one.pool, people: here, absent: row ? 0 : one.pool.absent, ill: row ? 0 : one.pool.ill }, busy }, { x: 16, y: y + row * 28, width: this.lane - 30 });
    }
  }

  /** The squares of one side in a field, column by column, with their number behind; too many overlap. */
  drawSquares(cards, { x, y, width, rows, bare }, place) {
    const { pen, colours, size } = this;
    const across = Math.ceil(cards.length / rows);
    const number = bare ? 0 : this.tight ? 40 : NUMBER;
    const pitch = Math.min(size + GAP, Math.max(0, width - number - size) / Math.max(1, across - 1));
    cards.forEach(({ look, pause, tail }, card) => {
      const at = { x: x + Math.floor(card / rows) * pitch, y: y + (card % rows) * (size + GAP), w: size, h: size };
      drawCard(pen, colours, look, at, { pause, tail });
    });
    if (bare) {
      return;
    }
    pen.font = place ? `700 24px ${FONT}` : `24px ${FONT}`;
    pen.fillStyle = place ? colours.ink : colours.soft;
    pen.textBaseline = "middle";
    if (cards.length || place === this.sides.length - 1) {
      pen.fillText(cards.length, x + (across ? (across - 1) * pitch + size + 10 : 0), y + (Math.min(rows, Math.max(1, cards.length)) * (size + GAP)) / 2);
    }
  }

  /** What each lane delivered in the last days, less what was dropped or gave up. */
  drawDone() {
    const { pen, colours } = this;
    this.lanes.forEach(({ y, height }, number) => {
      this.sides.forEach(({ replay, trace }, place) => {
        const since = (replay.time - RECENT) / trace.moment;
        const recent = (log) => {
          let count = 0;
          for (let row = log.length - 1; row >= 0 && log[row][0] > since; row -= 1) {
            count += trace.types[trace.type[log[row][1]]]?.lane === number;
          }
          return count;
        };
        const gone = recent(replay.goneLog);
        const count = `${recent(replay.doneLog)}${gone ? ` −${gone}` : ""}`;
        pen.textBaseline = "middle";
        pen.font = place ? `700 24px ${FONT}` : `24px ${FONT}`;
        pen.fillStyle = place ? colours.ink : colours.soft;
        pen.fillText(count, this.width - this.done + 12, y + 7 + (place * (height - 6)) / this.sides.length + this.size);
      });
    });
  }

  drawChosen() {
    if (this.chosen) {
      const { x, y, width, height } = this.box(this.chosen);
      this.pen.strokeStyle = this.colours.ink;
      this.pen.lineWidth = 4;
      this.pen.beginPath();
      this.pen.roundRect(x + 3, y + 3, width - 6, height - 6, 6);
      this.pen.stroke();
    }
  }

  box({ lane, column }) {
    const { x, width } = this.columns[column];
    const { y, height } = this.lanes[lane];
    return { x, y, width, height };
  }

  /** The field at a place [stage px]; null where there is none. */
  find(x, y) {
    const column = this.columns.findIndex((one) => x >= one.x && x < one.x + one.width);
    const lane = this.lanes.findIndex((one) => y >= one.y && y < one.y + one.height);
    return column < 0 || lane < 0 ? null : { lane, column };
  }
}

/** Several pools of a team as one. */
function merged(first, rest) {
  return rest.reduce(
    (one, other) => ({
      pool: {
        ...one.pool,
        people: one.pool.people === null || other.pool.people === null ? null : one.pool.people + other.pool.people,
        absent: one.pool.absent + other.pool.absent,
        ill: one.pool.ill + other.pool.ill,
      },
      busy: one.busy + other.busy,
    }),
    first,
  );
}

/** Choose a bold font for a text: as large as there is room, never below 20. */
function fitted(pen, text, room, largest) {
  for (let size = largest; size >= 20; size -= 2) {
    pen.font = `800 ${size}px ${FONT}`;
    if (pen.measureText(text).width <= room) {
      return;
    }
  }
}

function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

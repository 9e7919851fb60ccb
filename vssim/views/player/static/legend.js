// The legend that counts: every state's mark beside its number and its word. The numbers add up to what is in progress.

import { drawCard, fine, palette } from "./marks.js";
import { write } from "./numbers.js";
import { inProgress, LOOKS, stuck, WORDS } from "./replay.js";
import { t } from "./words.js";

/** The looks that occur at all on any of the sides; one that occurs keeps its place with 0. */
export function occurring(sides) {
  return LOOKS.filter((look) => sides.some(({ course }) => course.some(({ looks }) => looks[look])));
}

function tag(name, kind, words = "") {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = words;
  return made;
}

/** The mark of a look, 34 × 28. */
function markOf(look) {
  const mark = tag("canvas", "mark");
  mark.dataset.look = look;
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** Draw the marks of an element, after it was filled or the theme is another one. */
export function drawMarks(element) {
  const colours = palette(element);
  for (const mark of element.querySelectorAll("canvas.mark")) {
    const pen = fine(mark, 34, 28);
    pen.clearRect(0, 0, 34, 28);
    drawCard(pen, colours, mark.dataset.look, { x: 0, y: 0, w: 34, h: 28 });
  }
}

/** The legend of one board. */
export class Legend {
  constructor(element) {
    this.element = element;
  }

  /** `anew`: the page has another size or theme, so that marks have to be drawn which are there already. */
  layOut(looks, anew = true) {
    const other = this.key !== looks.join();
    if (other) {
      this.key = looks.join();
      this.numbers = new Map();
      const whole = this.entry("total", t("in progress"));
      this.element.replaceChildren(whole, ...looks.map((look) => this.entry(look, WORDS[look], markOf(look))));
    }
    if (other || anew) {
      drawMarks(this.element);
    }
  }

  entry(name, words, mark) {
    const box = tag("div", `count is-${name}`);
    const number = tag("span", "number", "0");
    this.numbers.set(name, number);
    box.append(...(mark ? [mark] : []), number, tag("span", "word", words));
    return box;
  }

  draw(looks) {
    for (const [name, number] of this.numbers) {
      write(number, name === "total" ? inProgress(looks) : looks[name]);
    }
  }
}

/** The legend of two sides as a table: a row a side, a bar beside each number, and a bracket over what is stuck. */
export class Table {
  constructor(element) {
    this.element = element;
  }

  layOut(looks, names, anew = true) {
    const key = JSON.stringify([looks, names]);
    const other = this.key !== key;
    if (other) {
      this.key = key;
      this.looks = looks;
      const head = tag("div", "row head");
      head.append(tag("span", "side-name"), cell("total", tag("span", "word", t("in progress"))));
      head.append(...looks.map((look) => cell(look, markOf(look), tag("span", "word", WORDS[look]))));
      this.rows = names.map((name, place) => this.row(name, place));
      this.note = tag("p", "stuck");
      this.element.replaceChildren(head, ...this.rows.map(({ element }) => element), this.note);
    }
    if (other || anew) {
      drawMarks(this.element);
    }
  }

  row(name, place) {
    const element = tag("div", `row ${place ? "after" : "before"}`);
    const cells = new Map();
    element.append(tag("span", "side-name", name));
    for (const look of ["total", ...this.looks]) {
      const number = tag("span", "number", "0");
      const bar = tag("span", `bar b-${look}`);
      cells.set(look, { number, bar });
      element.append(cell(look, number, ...(look === "total" ? [] : [bar])));
    }
    return { element, cells };
  }

  draw(counts) {
    const most = Math.max(1, ...counts.flatMap((looks) => this.looks.map((look) => looks[look])));
    counts.forEach((looks, place) => {
      for (const [look, { number, bar }] of this.rows[place]?.cells ?? []) {
        write(number, look === "total" ? inProgress(looks) : looks[look]);
        bar.style.setProperty("--share", (looks[look] ?? 0) / most);
      }
    });
    const numbers = counts.map(stuck);
    const words = `${t("stuck")} ${numbers.join(" → ")}${t(" · nobody here can move them on")}`;
    if (this.note.textContent !== words) {
      const strong = tag("strong", "", `${t("stuck")} ${numbers.join(" → ")}`);
      this.note.replaceChildren(strong, t(" · nobody here can move them on"));
    }
    const stuckLooks = this.looks.map((look) => ["blocked", "gate", "room"].includes(look));
    this.note.style.setProperty("--from", Math.max(0, stuckLooks.indexOf(true)) / this.looks.length);
    this.note.style.setProperty("--to", (stuckLooks.lastIndexOf(true) + 1) / this.looks.length);
    this.note.classList.toggle("is-last", stuckLooks[this.looks.length - 1] === true);
    this.note.hidden = !this.looks.some((look) => ["blocked", "gate", "room"].includes(look));
  }
}

function cell(look, ...inside) {
  const made = tag("span", `cell is-${look}`);
  made.append(...inside);
  return made;
}

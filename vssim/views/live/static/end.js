// The end: what each question told, who guessed what, ideas of the room, and then what it all shows.

import { ticksOf } from "../player/axis.js";
import { tellVerdict } from "./answer.js";
import { make, renew } from "./dom.js";
import { dotsOf } from "./guess.js";
import { plural, t } from "../player/words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const BESIDE = 36; // from a dot to the end of its figure, and so much for each of its digits
const DIGIT = 24;

// how close the rows stand, and how large the lesson is [px]: the first that leaves nothing outside is taken
const FITS = [
  ["", 31],
  ["", 28],
  ["", 25],
  ["is-dense", 28],
  ["is-dense", 25],
  ["is-dense", 22],
  ["is-tight", 22],
  ["is-tight", 20],
];

/** The end page; `dialog` tells the lesson in the place where the page has it. */
export class End {
  constructor(root, dialog) {
    this.element = root.querySelector(".end-page");
    this.dialog = dialog;
  }

  show({ shows, results = [], lesson, unit, ideas = [], metric }) {
    const open = shows === "lesson" && (results.length > 0 || Boolean(lesson));
    this.element.hidden = !open;
    document.body.classList.toggle("at-end", open && results.length > 0);
    if (open && renew(this.element, [results, lesson, ideas], () => this.page(results, lesson, unit, ideas, metric))) {
      this.fit();
    }
  }

  /** Rows and lesson as large as both fit; what stood outside could only be scrolled to, or lay below the lesson. */
  fit() {
    const { element, dialog } = this;
    if (element.hidden) {
      return;
    }
    for (const [close, size] of FITS) {
      element.classList.remove("is-dense", "is-tight");
      element.classList.add(...(close === "is-tight" ? ["is-dense", close] : close ? [close] : []));
      element.style.setProperty("--lesson", `${size}px`);
      dialog.style.setProperty("--lesson", `${size}px`);
      if (element.scrollHeight <= element.clientHeight + 1) {
        break;
      }
    }
    dialog.style.setProperty("--high", `${element.querySelector(".end-lesson")?.offsetHeight ?? 0}px`);
  }

  page(results, lesson, unit, ideas, metric) {
    const count = [t("no question"), t("one question"), t("two questions"), t("three questions"), t("four questions"), t("five questions"), t("six questions")][results.length];
    const most = Math.max(1, ...results.flatMap(({ answer }) => [answer.before ?? 0, answer.after ?? 0]));
    const room = BESIDE + DIGIT * Math.max(0, ...results.flatMap(({ answer: { pair } }) => figuresOf(pair).map(({ length }) => length)));
    const head = make("div", { class: "end-head" }, make("span", {}, t("the change")), make("span", {}, t("{metric} [{units}]: as today ○ to with the change ●", { metric, units: plural(unit) })), make("span", {}), make("span", { class: "end-right" }, t("guessed right")));
    return [
      ...(results.length ? [make("h2", {}, t("What {questions} told this room", { questions: count ?? t("{count} questions", { count: results.length }) })), head, ...results.map((one) => row(one, most, room))] : []),
      ...(ideas.length ? [make("div", { class: "end-ideas" }, make("strong", {}, t("Ideas of this room:")), ...ideas.map(({ name, answer }) => make("span", {}, `${name}: ${answer.pair} (${answer.verdict})`)))] : []),
      ...(lesson ? [make("div", { class: "end-lesson" }, make("h2", {}, t("What it shows")), make("p", { class: "lesson-text" }, lesson))] : []),
    ];
  }
}

function row({ title, answer, answers, counts, right, guessed_right: guessed, of }, most, room) {
  const verdict = make("div", {}, make("span", { class: "verdict-chip" }), make("span", { class: "shift" }));
  tellVerdict(verdict, answer);
  const votes = make("div", { class: "end-votes" });
  for (const { id, label } of answers) {
    votes.append(make("span", { class: id === right ? "is-right" : "" }, label.replace(t("about the same"), t("same"))), make("span", { class: "dots" }, ...dotsOf(Math.min(counts?.[id] ?? 0, 24))), make("span", { class: "so-many" }, String(counts?.[id] ?? 0)));
  }
  const said = right === null ? [make("span", {}, t("too close to tell"))] : [make("strong", {}, String(guessed ?? 0)), ` ${t("of {of}", { of })}`];
  return make("div", { class: "end-row" }, make("div", { class: "end-what" }, make("h3", {}, title), verdict), dumbbell(answer, most, room), votes, make("span", { class: "end-right" }, ...said));
}

/** The two figures of an answer, as they are written there. */
function figuresOf(pair) {
  return pair.replace(/[^\d.,→ ]/g, "").split("→").map((part) => part.trim().split(" ")[0]);
}

/** Before ○ and after ● on one axis from 0, with so much room at both ends for their figures. */
function dumbbell({ before, after, pair }, most, room) {
  const svg = draw("svg", { viewBox: `0 9 ${WIDTH} 46`, role: "img", "aria-label": pair });
  if (before === null || after === null) {
    return svg;
  }
  const x = (value) => room + ((WIDTH - 2 * room) * value) / most;
  const [low, high] = [Math.min(before, after), Math.max(before, after)];
  svg.append(draw("line", { x1: x(low), x2: x(high), y1: 32, y2: 32, stroke: "var(--ink)", "stroke-width": 6 }));
  svg.append(draw("circle", { cx: x(before), cy: 32, r: 12, fill: "var(--paper)", stroke: "var(--ink)", "stroke-width": 5 }));
  svg.append(draw("circle", { cx: x(after), cy: 32, r: 14, fill: "var(--ink)" }));
  const [first, last] = figuresOf(pair);
  const left = after <= before;
  svg.append(text(x(after) + (left ? -26 : 26), 43, last, left ? "end" : "start", 34, 800));
  svg.append(text(x(before) + (left ? 24 : -24), 40, first, left ? "start" : "end", 26, 400));
  return svg;
}

function text(x, y, words, anchor, size, weight) {
  const made = draw("text", { x, y, "text-anchor": anchor });
  made.style.fontSize = `${size}px`;
  made.style.fontWeight = weight;
  made.textContent = words;
  return made;
}

function draw(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

export { draw, text, ticksOf };

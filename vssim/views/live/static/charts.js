// The charts in full size, over both boards: one at a time, both sides in one picture.

import { make, renew, say } from "./dom.js";

const BOARDS = "progress";

/** The view of charts; which one is up is the room's. */
export class Charts {
  constructor(stage, connection) {
    this.stage = stage;
    this.connection = connection;
    this.element = stage.root.querySelector(".chart-view");
    this.last = null;
    stage.root.addEventListener("drawn", () => this.curtains());
  }

  get open() {
    return !this.element.hidden;
  }

  show({ charts, chart, guess, workshop }) {
    this.charts = charts;
    const covered = guess !== null && !guess.revealed;
    this.suggested = workshop?.chart ?? BOARDS;
    this.last = chart === BOARDS ? this.last : chart;
    this.element.hidden = chart === BOARDS || covered;
    const tabs = this.element.querySelector(".tabs");
    renew(tabs, charts, () => charts.map((one, place) => this.tab(one, place + 1)));
    for (const tab of tabs.children) {
      tab.setAttribute("aria-pressed", tab.dataset.chart === chart);
    }
    say(this.element.querySelector(".chart-title"), charts.find(({ name }) => name === chart)?.title ?? "");
  }

  tab({ name, title }, number) {
    const tab = make("button", { type: "button", "data-chart": name, "data-key": number }, `${number} ${title}`);
    tab.addEventListener("click", () => this.choose(name));
    return tab;
  }

  choose(name) {
    this.connection.send({ do: "chart", chart: name });
  }

  /** The chart that was up last, or is worth it here; once more: the boards. */
  toggle() {
    const wanted = this.suggested === BOARDS ? this.charts[1].name : this.suggested;
    this.choose(this.open ? BOARDS : (this.last ?? wanted));
  }

  close() {
    if (this.open) {
      this.choose(BOARDS);
    }
  }

  draw([left, right]) {
    for (const [kind, svg] of [["left", left], ["right", right]]) {
      const figure = this.element.querySelector(`.chart.${kind}`);
      if (figure.drawn !== svg) {
        figure.drawn = svg;
        figure.innerHTML = svg ?? "";
      }
      figure.hidden = !svg;
      figure.classList.toggle("is-whole", kind === "left" && Boolean(svg) && !right);
    }
    this.curtains();
  }

  curtains() {
    if (this.open) {
      this.element.querySelector(".charts").classList.toggle("is-over", this.stage.player.time >= this.stage.player.horizon);
      this.stage.player.drawCurtains(this.element.querySelector(".charts"));
    }
  }
}

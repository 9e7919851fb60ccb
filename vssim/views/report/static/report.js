// The report: baseline and one change side by side, one chart at a time. Without this script, all charts are shown.

import { Player } from "../../player/static/player.js";
import { decode, inflate } from "../../player/static/trace.js";

const root = document.querySelector(".player");
const variants = [...root.querySelectorAll(".side")];
const traces = new Map();

async function traceOf(side) {
  if (!traces.has(side)) {
    traces.set(side, decode(await inflate(side.querySelector(".trace").textContent)));
  }
  return traces.get(side);
}

function choose(tab) {
  for (const other of root.querySelectorAll("[data-chart]")) {
    if (other.tagName === "BUTTON") {
      other.setAttribute("aria-pressed", other === tab);
    } else {
      other.hidden = other.dataset.chart !== tab.dataset.chart;
    }
  }
}

async function beside(player, number, time) {
  const shown = variants.filter((_, place) => place === 0 || place === number);
  const sides = [];
  for (const element of shown) {
    sides.push({ element, trace: await traceOf(element) });
  }
  variants.forEach((side) => {
    side.hidden = !shown.includes(side);
  });
  player.show(sides, time);
}

async function begin() {
  root.classList.add("is-live");
  const player = new Player(root);
  const select = root.querySelector(".change");
  for (const tab of root.querySelectorAll("button[data-chart]")) {
    tab.addEventListener("click", () => choose(tab));
  }
  choose(root.querySelector("button[data-chart]"));
  select?.addEventListener("change", () => {
    player.stop();
    beside(player, Number(select.value), player.time);
  });
  await beside(player, select ? Number(select.value) : 0);
  root.classList.add("is-ready");
}

begin();

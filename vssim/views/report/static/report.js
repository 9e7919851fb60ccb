// The report: baseline and one change side by side, one chart at a time. Without this script, all charts are shown.

import { Player } from "../../player/static/player.js";
import { decode, inflate } from "../../player/static/trace.js";
import { t } from "../../player/static/words.js";

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
  root.querySelectorAll(".chart-side").forEach((charts, place) => {
    charts.hidden = place !== 0 && place !== number;
  });
  player.show(sides, time);
}

async function begin() {
  root.classList.add("is-live");
  const wide = () => Math.max(720, Math.min(930, root.clientWidth / 2 - 20));
  const player = new Player(root, { width: wide, waveSize: () => ({ width: Math.max(900, root.clientWidth - 40), height: 170 }) });
  player.dates = JSON.parse(root.dataset.dates ?? "null");
  root.addEventListener("drawn", () => player.drawCurtains(root));
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
  explore(player, select);
}

/** Values that the reader may move: the answer and the right board follow, from what the file carries. */
function explore(player, select) {
  const block = document.querySelector("script.explored");
  if (!block) {
    return;
  }
  const { change, places } = JSON.parse(block.textContent);
  const boards = document.querySelector("script.explored-boards").textContent.trim().split("\n");
  const box = document.querySelector(".trying");
  const inputs = [...box.querySelectorAll("input")];
  const byPlace = new Map(places.map((place, number) => [place.at.join(), number]));
  const part = (name) => box.querySelector(name);
  let latest = 0;

  function at() {
    return inputs.map((input) => input.dataset.kept.split(",")[Number(input.value)]).join();
  }

  function tell({ pair, verdict, shift, name, lucks, better }) {
    part(".pair").textContent = pair;
    part(".chip").textContent = verdict ? t(verdict) : "";
    part(".shift").textContent = shift;
    part(".below").textContent = [name, lucks, better].filter(Boolean).join("; ");
    part(".answer").className = `answer ${verdict.replaceAll(" ", "-") || "undefined"}`;
  }

  async function moved() {
    inputs.forEach((input) => {
      const words = JSON.parse(input.dataset.words)[Number(input.value)];
      input.closest(".slider").querySelector("output").textContent = words;
      input.setAttribute("aria-valuetext", words);
    });
    const number = byPlace.get(at());
    box.classList.toggle("is-nothing", number === undefined);
    if (number === undefined) {
      return;
    }
    tell(places[number]);
    latest += 1;
    const wish = latest;
    const trace = decode(await inflate(boards[number]));
    const element = variants[select ? [...select.options].find((option) => option.textContent === change).value : 1];
    if (wish === latest && element) {
      traces.set(element, trace);
      if (select) {
        select.value = element.dataset.number;
      }
      player.stop();
      await beside(player, Number(element.dataset.number), player.time);
    }
  }

  inputs.forEach((input) => input.addEventListener("input", moved));
  box.classList.add("is-ready");
  const first = byPlace.get(at());
  if (first !== undefined) {
    tell(places[first]);
  }
}

begin();

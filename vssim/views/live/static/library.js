// The lobby: no scenario yet; what to start with from left to right, and the rest by theme.

import { make, renew } from "./dom.js";
import { draw } from "./end.js";
import { t } from "../player/words.js";

const LEVELS = { 1: t("easy"), 2: t("some practice"), 3: t("for old hands") };

/** The lobby of a room. */
export class Library {
  constructor(element, connection) {
    this.element = element;
    this.connection = connection;
  }

  show({ lobby, library }) {
    this.element.hidden = !lobby;
    if (lobby) {
      document.title = "vssim live";
      renew(this.element.querySelector(".starts"), library.start, () => [
        make("h2", {}, `${t("Start here")} `, make("span", {}, t("from left to right, as far as the time goes"))),
        make("div", { class: "start-cards" }, ...library.start.map((one) => this.card(one))),
      ]);
      renew(this.element.querySelector(".themes"), library.themes, () => [
        make("h2", {}, t("Or one question, ten to fifteen minutes"), ...[1, 2, 3].map((level) => make("span", {}, levelOf(level, true)))),
        make("div", { class: "theme-columns" }, ...this.themes(library)),
      ]);
    }
  }

  themes({ themes }) {
    return themes.map((theme) => this.theme(theme));
  }

  card({ name, title, words, minutes, level }) {
    const inside = [...(minutes ? [make("span", { class: "minutes" }, t("{count} min", { count: Math.round(minutes) }))] : []), make("strong", {}, title)];
    const asks = words === title ? "" : words;
    const card = make("button", { type: "button", class: "start-card", "data-name": name }, ...inside, make("span", { class: "asks" }, asks), levelOf(level, true));
    card.addEventListener("click", () => this.open(name));
    return card;
  }

  theme({ theme, scenarios }) {
    return make("section", {}, make("h3", {}, t(theme)), make("ul", {}, ...scenarios.map((one) => this.line(one))));
  }

  line({ name, title, words, level, minutes }) {
    const button = make("button", { type: "button", "data-name": name, title: words }, levelOf(level, false), make("span", {}, title, ...(minutes ? [make("span", { class: "soft" }, ` · ${t("{count} min", { count: Math.round(minutes) })}`)] : [])));
    button.addEventListener("click", () => this.open(name));
    return make("li", {}, button);
  }

  open(name) {
    history.pushState(null, "", location.href); // so that the browser's Back leads here again
    this.connection.request({ do: "open", source: name });
  }
}

/** A level in three dots, with its word or without. */
function levelOf(level, told) {
  const dots = draw("svg", { viewBox: "0 0 46 14", role: "img", "aria-label": LEVELS[level] });
  for (const place of [1, 2, 3]) {
    dots.append(draw("circle", { cx: 8 + 15 * (place - 1), cy: 7, r: 5.5, class: place <= level ? "is-on" : "" }));
  }
  return make("span", { class: "level" }, dots, told ? LEVELS[level] : "");
}

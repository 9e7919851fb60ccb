// The lobby: no scenario yet; the library by theme, for the facilitator to choose from.

import { make, renew } from "./dom.js";

/** The lobby of a room. */
export class Library {
  constructor(element, connection) {
    this.element = element;
    this.connection = connection;
  }

  show({ lobby, library = [] }) {
    this.element.hidden = !lobby;
    if (lobby) {
      document.title = "vssim live";
      const forRooms = (theme) => theme.scenarios.some(({ workshop }) => workshop);
      const themes = [...library.filter(forRooms), ...library.filter((theme) => !forRooms(theme))];
      renew(this.element.querySelector(".themes"), library, () => themes.map((theme) => this.theme(theme)));
    }
  }

  theme({ theme, scenarios }) {
    return make("section", {}, make("h2", {}, theme), make("ul", {}, ...scenarios.map((scenario) => this.card(scenario))));
  }

  card({ name, question, workshop }) {
    const inside = [make("span", { class: "scenario" }, name.replace(/^workshop\//, "").replaceAll("-", " ")), make("span", { class: "asks" }, question ?? "")];
    if (workshop) {
      inside.splice(1, 0, make("span", { class: "mark" }, "workshop"));
    }
    const card = make("button", { type: "button", class: workshop ? "is-workshop" : "" }, ...inside);
    card.addEventListener("click", () => this.connection.request({ do: "open", source: name }));
    return make("li", {}, card);
  }
}

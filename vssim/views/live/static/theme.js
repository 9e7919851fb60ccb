// Dark, light, or as the system says: the style sheets' own rule for dark screens is made to hold always, never, or as it says.

import { t } from "../player/words.js";

const KEPT = "vssim.theme";
const DARK = "(prefers-color-scheme: dark)";
const THEMES = { auto: [t("as the system says"), DARK, "light dark"], dark: [t("dark"), "all", "dark"], light: [t("light"), "not all", "light"] };

/** The buttons that change the theme; `changed` is told afterwards. */
export class Theme {
  constructor(buttons, changed = () => {}) {
    this.buttons = [...buttons];
    this.changed = changed;
    const sheets = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    this.rules = sheets.filter((rule) => rule.media?.mediaText === DARK);
    this.buttons.forEach((button) => button.addEventListener("click", () => this.next()));
    const kept = localStorage.getItem(KEPT);
    this.choose(Object.hasOwn(THEMES, kept ?? "") ? kept : "auto");
  }

  next() {
    const names = Object.keys(THEMES);
    this.choose(names[(names.indexOf(this.name) + 1) % names.length]);
    localStorage.setItem(KEPT, this.name);
    this.changed();
  }

  choose(name) {
    const [words, media, scheme] = THEMES[name];
    this.name = name;
    this.rules.forEach((rule) => {
      rule.media.mediaText = media;
    });
    document.documentElement.style.colorScheme = scheme;
    this.buttons.forEach((button) => {
      button.setAttribute("aria-label", t("Theme: {theme}", { theme: words }));
      button.title = t("Theme: {theme}", { theme: words });
    });
  }
}

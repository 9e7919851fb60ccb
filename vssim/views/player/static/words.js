// Texts in the page's language. English stands where it is used; the catalogue of another language is in the page itself.

const block = document.querySelector("script.catalogue");
const catalogue = block ? JSON.parse(block.textContent) : {};

/** A text in the page's language, with {names} replaced by values. */
export function t(text, values = {}) {
  return (catalogue[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A unit of time in the plural: days, weeks, hours. */
export function plural(unit) {
  return t(`${unit}s`);
}

/** What is counted, behind a number: it may be left away where it is clear. */
export const COUNTED = new RegExp(` (${["items a person", "item a person", "items", "item", "people", "person"].map((one) => t(one)).join("|")})$`);

/** The unit itself, as it stands before a number: day 82. */
export function single(unit) {
  return t(unit);
}

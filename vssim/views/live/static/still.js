// A picture of what the wall shows, as a file: nothing is asked of anybody, the page draws it from what it has.

import { HEIGHT } from "./scale.js";

const SVG = "http://www.w3.org/2000/svg";
const LEFT_OUT = ".for-facilitator, .uncover, .spoken, .numbers"; // the drawer with its notes above all
const KEPT = 1000; // until a browser has surely begun to write a file [ms]

/** The rules that hold now, flat: which theme is chosen is settled by the page, and not asked anew where the picture is opened. */
function rules() {
  const flat = (list) => [...list].flatMap((rule) => (rule.media ? (window.matchMedia(rule.media.mediaText).matches ? flat(rule.cssRules) : []) : [rule.cssText]));
  return [...document.styleSheets].flatMap((sheet) => flat(sheet.cssRules)).join("\n");
}

/** A copy of a stage in which every canvas has its drawing as its background: a copied canvas is blank. */
function copied(stage) {
  const copy = stage.cloneNode(true);
  const canvases = [...copy.querySelectorAll("canvas")];
  [...stage.querySelectorAll("canvas")].forEach((canvas, number) => {
    if (canvas.width && canvas.height && canvas.checkVisibility({ visibilityProperty: true })) {
      canvases[number].style.background = `url("${canvas.toDataURL()}") 0 0 / 100% 100% no-repeat`;
    }
  });
  for (const element of copy.querySelectorAll(LEFT_OUT)) {
    element.remove();
  }
  copy.classList.remove("has-drawer");
  copy.style.transform = "none";
  return copy;
}

/** What a stage shows as SVG, one unit a stage pixel: the page's own elements and style sheets, with nothing that lies elsewhere. */
export function drawn(stage) {
  const size = `width="${stage.offsetWidth}" height="${HEIGHT}"`;
  const { fontSize, colorScheme } = getComputedStyle(document.documentElement);
  const root = `${document.documentElement.style.cssText}; font-size: ${fontSize}; color-scheme: ${colorScheme}; --x: 0; --y: 0; --k: 1`;
  const body = document.createElement("body");
  body.className = document.body.className;
  body.style.cssText = `position: relative; width: ${stage.offsetWidth}px; height: ${HEIGHT}px`;
  body.append(copied(stage));
  const frame = `<foreignObject ${size}>${new XMLSerializer().serializeToString(body)}</foreignObject>`;
  // the rules as text: an element with them would be one of this page, whose policy lets it have no other style
  return `<svg xmlns="${SVG}" ${size} viewBox="0 0 ${stage.offsetWidth} ${HEIGHT}" style="${escaped(root)}"><style>${escaped(rules())}</style>${frame}</svg>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** The same as PNG, at least one pixel a stage pixel, and as fine as the page where that is finer. */
async function painted(stage, scale) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn(stage))}`;
  await picture.decode();
  const fine = Math.max(1, scale * (window.devicePixelRatio || 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(stage.offsetWidth * fine);
  canvas.height = Math.round(HEIGHT * fine);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** How a file is called that shows a scenario on a day: its name without folders and ending, and the day. */
export function named({ source = "", lobby }, unit, day) {
  const name = source.split(/[\\/]/).at(-1).replace(/\.ya?ml$/i, "").replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|-+$/g, "");
  return lobby ? "library" : `${name || "scenario"}-${unit}-${day}`;
}

/** Keep what a stage shows as a file of a kind, "png" or "svg". */
export async function keep(stage, kind, name, scale) {
  const file = kind === "svg" ? new Blob([drawn(stage)], { type: "image/svg+xml" }) : await painted(stage, scale);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${name}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}

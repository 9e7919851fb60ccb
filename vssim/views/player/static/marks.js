// How a card looks: its state is a shape and a colour, so that it can be read in grey. The colours are those of the style sheet.

const NAMES = ["hand", "aside", "queue", "transit", "blocked", "gate", "room", "backlog", "done"];
export const FONT = "system-ui, sans-serif";

/** The colours of the page: those of the page itself, and {fill, edge, ink} of every look. */
export function palette(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const found = Object.fromEntries(["paper", "panel", "ink", "soft", "line", "band", "accent"].map((name) => [name, colour(name)]));
  for (const name of NAMES) {
    found[name] = { fill: colour(name), edge: colour(`${name}-edge`), ink: colour(`${name}-ink`) };
  }
  return found;
}

/** Draw a card in a box {x, y, w, h}; `text` is written on it, `round`: with round ends, `letter`: whose hands it is in,
 * `notch`: it repeats a step, `pause`: somebody put it down, `tail`: others wait for it. */
export function drawCard(pen, colours, look, box, { text = "", round = false, letter = "", notch = false, pause = false, tail = false, before = false } = {}) {
  const { fill, edge, ink } = colours[look];
  const { x, y, w, h } = box;
  const line = Math.max(1, Math.min(2.5, h * 0.07));
  const corner = round ? h / 2 : Math.min(6, h * 0.16);
  const whole = look === "hand" || look === "blocked";
  pen.lineWidth = line;
  pen.lineJoin = "round";
  outline(pen, look, { x: x + line / 2, y: y + line / 2, w: w - line, h: h - line }, corner);
  pen.fillStyle = whole ? fill : colours.paper;
  pen.fill();
  if (!whole) {
    inside(pen, look, fill, box);
  }
  pen.strokeStyle = edge;
  pen.setLineDash(look === "backlog" ? [Math.max(2, h * 0.16), Math.max(1.5, h * 0.1)] : []);
  outline(pen, look, { x: x + line / 2, y: y + line / 2, w: w - line, h: h - line }, corner);
  pen.stroke();
  pen.setLineDash([]);
  if (look === "blocked") {
    cross(pen, ink, text ? { x: x + h * 0.12, y: y + h * 0.24, size: h * 0.52 } : { x: x + w / 2 - h * 0.27, y: y + h * 0.23, size: h * 0.54 });
  }
  if (notch && h > 9) {
    pen.fillStyle = colours.ink;
    path(pen, [[x, y], [x + h * 0.3, y], [x, y + h * 0.3]]);
    pen.fill();
  }
  if (before && h > 9) {
    pen.fillStyle = whole ? ink : edge;
    const wide = Math.max(2, h * 0.1);
    pen.fillRect(x + w - 2 * line - wide, y + h * 0.2, wide, h * 0.44);
  }
  if (tail && h > 9) {
    pen.fillStyle = colours.ink;
    path(pen, [[x + w, y + h], [x + w - h * 0.3, y + h], [x + w, y + h * 0.7]]);
    pen.fill();
  }
  if (pause && h > 9) {
    pen.fillStyle = colours.ink;
    const bar = Math.max(2, h * 0.09);
    pen.fillRect(x + h * 0.1, y + h * 0.66, bar, h * 0.26);
    pen.fillRect(x + h * 0.1 + 1.8 * bar, y + h * 0.66, bar, h * 0.26);
  }
  if (text) {
    write(pen, colours, look, box, text);
  }
  if (letter) {
    badge(pen, colours, x + w - 1, y + 1, letter);
  }
}

function outline(pen, look, { x, y, w, h }, corner) {
  if (look === "transit") {
    const tip = Math.min(w * 0.34, h * 0.42);
    path(pen, [[x, y], [x + w - tip, y], [x + w, y + h / 2], [x + w - tip, y + h], [x, y + h]]);
  } else {
    pen.beginPath();
    pen.roundRect(x, y, w, h, corner);
  }
}

/** What a frame has in it: half of it, bars, a triangle. The frame is the clip. */
function inside(pen, look, fill, { x, y, w, h }) {
  pen.save();
  pen.clip();
  pen.fillStyle = fill;
  if (look === "aside") {
    path(pen, [[x, y + h * 0.68], [x + w, y + h * 0.36], [x + w, y + h], [x, y + h]]);
    pen.fill();
  } else if (look === "gate") {
    const third = w > 1.3 * h ? w * 0.36 : w;
    const bar = third / 6.4;
    for (const place of [0.9, 2.7, 4.5]) {
      pen.fillRect(x + place * bar, y, bar, h);
    }
  } else if (look === "room") {
    path(pen, [[x, y], [x + Math.min(w, h * 1.1), y + h], [x, y + h]]);
    pen.fill();
  }
  pen.restore();
}

function write(pen, colours, look, { x, y, w, h }, text) {
  const beside = ["blocked", "gate", "room"].includes(look); // the mark has the left third
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  let size = h * 0.54;
  pen.font = `700 ${size}px ${FONT}`;
  const room = w * (beside ? 0.56 : 0.84);
  const wide = pen.measureText(text).width;
  if (wide > room) {
    size *= room / wide;
    pen.font = `700 ${size}px ${FONT}`;
  }
  const at = x + w * (beside ? 0.66 : look === "transit" ? 0.44 : 0.5);
  if (look === "aside" || look === "gate" || look === "room") {
    pen.strokeStyle = colours.paper;
    pen.lineWidth = Math.max(2, h * 0.13);
    pen.strokeText(text, at, y + h * 0.53);
  }
  pen.fillStyle = look === "hand" || look === "blocked" ? colours[look].ink : colours.ink;
  pen.fillText(text, at, y + h * 0.53);
  pen.textAlign = "left";
}

/** A person's letter on what they have in hand. */
export function badge(pen, colours, x, y, letter) {
  pen.beginPath();
  pen.arc(x, y, 13.5, 0, 2 * Math.PI);
  pen.fillStyle = colours.panel;
  pen.fill();
  pen.beginPath();
  pen.arc(x, y, 12, 0, 2 * Math.PI);
  pen.fillStyle = colours.ink;
  pen.fill();
  pen.fillStyle = colours.paper;
  pen.font = `700 ${letter.length > 1 ? 13 : 18}px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(letter, x, y + 1);
  pen.textAlign = "left";
}

function cross(pen, ink, { x, y, size }) {
  pen.strokeStyle = ink;
  pen.lineWidth = Math.max(1.4, size * 0.2);
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + size, y + size);
  pen.moveTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.stroke();
  pen.lineCap = "butt";
}

/** The outline of a person: a head and shoulders in a box {x, y, size}; the middle of it. */
function silhouette(pen, { x, y, size }) {
  const middle = x + size * 0.39;
  pen.beginPath();
  pen.arc(middle, y + size * 0.2, size * 0.17, 0, 2 * Math.PI);
  pen.moveTo(x + size * 0.78, y + size);
  pen.lineTo(x, y + size);
  pen.arc(middle, y + size * 0.83, size * 0.39, Math.PI, 0);
  pen.closePath();
  return middle;
}

/** A person who is not here: pale, and struck through. */
export function drawAway(pen, colours, box) {
  const { x, y, size } = box;
  silhouette(pen, box);
  pen.fillStyle = colours.line;
  pen.fill();
  pen.strokeStyle = colours.soft;
  pen.lineWidth = Math.max(1.2, size * 0.05);
  pen.beginPath();
  pen.moveTo(x + size * 0.04, y + size * 0.96);
  pen.lineTo(x + size * 0.74, y + size * 0.08);
  pen.stroke();
}

/** A person in a box {x, y, size}; who is free is a dashed outline. */
export function drawPerson(pen, colours, { x, y, size }, free = false, letter = "") {
  const middle = silhouette(pen, { x, y, size });
  if (free) {
    pen.strokeStyle = colours.soft;
    pen.lineWidth = Math.max(1.2, size * 0.035);
    pen.setLineDash(size > 40 ? [5, 4] : []);
    pen.stroke();
    pen.setLineDash([]);
  } else {
    pen.fillStyle = colours.ink;
    pen.fill();
  }
  if (letter) {
    pen.fillStyle = free ? colours.soft : colours.paper;
    pen.font = `700 ${size * 0.32}px ${FONT}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(letter, middle, y + size * 0.78);
    pen.textAlign = "left";
  }
}

export function path(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

/** A canvas of so many stage pixels, drawn as fine as the screen shows it; its pen draws in stage pixels. */
export function fine(canvas, width, height) {
  const shown = canvas.getBoundingClientRect().width || width;
  const ratio = Math.min(3, Math.max(1, ((window.devicePixelRatio || 1) * shown) / width));
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  return pen;
}

// How a card looks: its state is a shape and a colour, so that it can be read in grey.

import { BACKLOG, BLOCKED, DOING, GATE, NO_ROOM, TRANSIT } from "./replay.js";

/** The colours of the page, from its style sheet. */
export function palette(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    panel: colour("panel"),
    band: colour("band"),
    waiting: colour("waiting"),
    doing: colour("doing"),
    blocked: colour("blocked"),
    gate: colour("gate"),
    room: colour("room"),
    done: colour("done"),
  };
}

/** Draw one card of a size at (x, y), its upper left corner. */
export function drawCard(pen, colours, state, x, y, size) {
  const edge = Math.max(1, size * 0.11);
  pen.lineWidth = edge;
  if (state === DOING) {
    pen.fillStyle = colours.doing;
    pen.fillRect(x, y, size, size);
  } else if (state === BLOCKED) {
    pen.fillStyle = colours.blocked;
    pen.fillRect(x, y, size, size);
    cross(pen, colours, x, y, size);
  } else if (state === TRANSIT) {
    arrow(pen, colours.waiting, x, y, size, edge);
  } else if (state === GATE) {
    frame(pen, colours.gate, x, y, size, edge);
    pen.fillStyle = colours.gate;
    pen.fillRect(x + size * 0.28, y, size * 0.14, size);
    pen.fillRect(x + size * 0.58, y, size * 0.14, size);
  } else if (state === NO_ROOM) {
    frame(pen, colours.room, x, y, size, edge);
    triangle(pen, colours.room, x, y, size);
  } else {
    frame(pen, state === BACKLOG ? colours.soft : colours.waiting, x, y, size, edge);
  }
}

/** The notch of a card that repeats a step: it was sent back. */
export function drawNotch(pen, colours, x, y, size) {
  pen.fillStyle = colours.panel;
  path(pen, [[x - 1, y - 1], [x + size * 0.5, y - 1], [x - 1, y + size * 0.5]]);
  pen.fill();
  pen.fillStyle = colours.ink;
  path(pen, [[x, y], [x + size * 0.34, y], [x, y + size * 0.34]]);
  pen.fill();
}

function frame(pen, colour, x, y, size, edge) {
  pen.strokeStyle = colour;
  pen.strokeRect(x + edge / 2, y + edge / 2, size - edge, size - edge);
}

function cross(pen, colours, x, y, size) {
  const inset = size * 0.24;
  pen.strokeStyle = "#1b1200";
  pen.lineWidth = Math.max(1.2, size * 0.15);
  pen.beginPath();
  pen.moveTo(x + inset, y + inset);
  pen.lineTo(x + size - inset, y + size - inset);
  pen.moveTo(x + size - inset, y + inset);
  pen.lineTo(x + inset, y + size - inset);
  pen.stroke();
}

function arrow(pen, colour, x, y, size, edge) {
  const half = edge / 2;
  pen.strokeStyle = colour;
  path(pen, [
    [x + half, y + size * 0.2],
    [x + size * 0.5, y + size * 0.2],
    [x + size - half, y + size * 0.5],
    [x + size * 0.5, y + size * 0.8],
    [x + half, y + size * 0.8],
  ]);
  pen.stroke();
}

function triangle(pen, colour, x, y, size) {
  pen.fillStyle = colour;
  path(pen, [[x, y + size], [x + size, y + size], [x + size, y]]);
  pen.fill();
}

function path(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

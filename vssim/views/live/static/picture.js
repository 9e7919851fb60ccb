// A picture as the server sends it: how it is laid out is said in the package's docstring.

import { decode } from "../player/trace.js";

const MAGIC = "VSPICT01";
const START = MAGIC.length + 4;
const KEPT = 12; // traces that a page keeps

/** The header of a picture; each side's `trace` is decoded, or null where the page has it already or it is held back. */
export function unpack(buffer) {
  const text = new TextDecoder();
  if (text.decode(buffer.slice(0, MAGIC.length)) !== MAGIC) {
    throw new Error("not a picture");
  }
  const length = new DataView(buffer).getUint32(MAGIC.length, true);
  const picture = JSON.parse(text.decode(buffer.slice(START, START + length)));
  for (const side of picture.sides) {
    if (side.trace) {
      const [offset, size] = side.trace;
      const from = START + length + offset;
      side.trace = decode(buffer.slice(from, from + size));
    }
  }
  return picture;
}

/** The traces that came last, by their keys. */
export class Traces {
  constructor() {
    this.kept = new Map();
  }

  /** The trace of a side of a picture: what came with it, or what is kept; undefined where there is none. */
  of({ key, trace }) {
    const found = trace ?? this.kept.get(key);
    if (found) {
      this.kept.delete(key);
      this.kept.set(key, found);
      if (this.kept.size > KEPT) {
        this.kept.delete(this.kept.keys().next().value);
      }
    }
    return found;
  }
}

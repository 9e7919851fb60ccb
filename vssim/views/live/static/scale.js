// The stage: 1080 high and as wide as the window's shape wants it, at least 1440; scaled as a whole by one transform.

export const HEIGHT = 1080;
const LEAST = 1440;
const NARROW = 1700;

/** Keeps every stage as large as the window; `changed(width)` is told of another width, and of another scale. */
export class Scale {
  constructor(changed = () => {}) {
    this.changed = changed;
    window.addEventListener("resize", () => this.fit());
    this.fit();
  }

  fit() {
    const { innerWidth, innerHeight } = window;
    const width = Math.round(Math.max(LEAST, (HEIGHT * innerWidth) / innerHeight));
    const scale = Math.min(innerHeight / HEIGHT, innerWidth / width);
    const { style } = document.documentElement;
    style.setProperty("--w", width);
    style.setProperty("--k", scale);
    style.setProperty("--x", (innerWidth - width * scale) / 2);
    style.setProperty("--y", (innerHeight - HEIGHT * scale) / 2);
    document.body.classList.toggle("is-narrow", width < NARROW);
    this.width = width;
    this.scale = scale;
    this.changed(width);
  }

  /** A place of the window in stage pixels of an element. */
  inside(element, { clientX, clientY }) {
    const box = element.getBoundingClientRect();
    return { x: (clientX - box.left) / this.scale, y: (clientY - box.top) / this.scale };
  }
}

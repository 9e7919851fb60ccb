// One sentence at the foot of the page, for a while: a refusal, or that the line is broken.

const SHOWN = 8000; // [ms]

/** The notice of a page. A lasting one stays until it is over; another one hides it for a while only. */
export class Notice {
  constructor(element) {
    this.element = element;
    this.lasting = null;
  }

  show(words) {
    this.write(words);
    this.timer = setTimeout(() => this.write(this.lasting), SHOWN);
  }

  last(words) {
    this.lasting = words;
    this.write(words);
  }

  over() {
    if (this.lasting !== null) {
      this.last(null);
    }
  }

  write(words) {
    clearTimeout(this.timer);
    this.element.textContent = words ?? "";
    this.element.hidden = words === null;
  }
}

// How to join, large: on every page of the room, when one that leads shows it.

/** The dialog; `look(what)` has the room look at it, where this page leads. */
export class Poster {
  constructor(dialog, look) {
    this.dialog = dialog;
    this.look = look;
    this.led = false; // the room closes it, not this page's user
    dialog.addEventListener("close", () => this.closed());
  }

  open() {
    this.look("join");
    this.appear();
  }

  appear() {
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  show({ shows }) {
    if (shows === this.shows) {
      return;
    }
    this.shows = shows; // what this page's user has looked up meanwhile is over
    if (shows === "join") {
      this.appear();
    } else if (this.dialog.open) {
      this.led = true;
      this.dialog.close();
    }
  }

  /** Said by the browser some time after it was closed: it may have been opened again since, and then nobody wants it closed. */
  closed() {
    if (!this.led && !this.dialog.open) {
      this.look("boards");
    }
    this.led = false;
  }
}

// What stands before the boards, as this page has it: its user's word holds until the room has heard it.

const PATIENCE = 10_000; // for the room to hear of what was looked at here, before the page goes by the room again [ms]

/**
 * What a page that leads has the room look at. What the room tells until it has heard of that is older, however long the line
 * takes: taken for new, it would close what was just opened, and the next key would do something else than its user saw.
 */
export class Foreground {
  constructor(connection) {
    this.connection = connection;
    this.asked = 0; // looks of its user, counted
    this.settle();
  }

  /** Have the room look at something. */
  ask(what) {
    this.asked += 1;
    this.what = what;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), PATIENCE);
    if (!this.connection.send({ do: "show", what, seq: this.asked })) {
      this.settle();
    }
  }

  /** Nothing that was asked here is under way any more. */
  settle() {
    clearTimeout(this.timer);
    this.heard = this.asked;
  }

  /** The room has heard it: what it tells from now on is newer. */
  confirm({ seq }) {
    if (seq === this.asked) {
      this.settle();
    }
  }

  /** What the room says, with what this page is to show. */
  of(room) {
    return this.heard === this.asked ? room : { ...room, shows: this.what };
  }
}

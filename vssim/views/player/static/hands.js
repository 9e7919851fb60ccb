// Whose hands every item is in. The same rule as in vssim/metrics/hands.py, word for word: how many is exact, who is drawn.

/** The people of one pool: what each has open, [number of the start, item], in the order of the starts. `people` null: unlimited. */
class Crew {
  constructor(people) {
    this.people = people;
    this.open = [];
  }

  copy() {
    const made = new Crew(this.people);
    made.open = this.open.map((person) => [...person]);
    return made;
  }

  resize(people) {
    if (people === this.people && this.open.length) {
      return;
    }
    this.people = people;
    const size = people ?? 1;
    const loose = inOrder(this.open.slice(size).flat());
    this.open = this.open.slice(0, size);
    while (this.open.length < size) {
      this.open.push([]);
    }
    loose.forEach((one) => this.deal(one));
    this.level();
  }

  start(number, item) {
    this.deal([number, item]);
    this.level();
  }

  finish(item) {
    // plain loops here and below: a large stream comes by thousands of times before its picture is painted
    for (const person of this.open) {
      for (let place = 0; place < person.length; place += 1) {
        if (person[place][1] === item) {
          person.splice(place, 1);
          this.level();
          return;
        }
      }
    }
  }

  deal(one) {
    if (this.open.length) {
      const { emptiest } = this.ends();
      insert(this.open[emptiest], one);
    }
  }

  level() {
    while (this.open.length > 1) {
      const { fullest, emptiest } = this.ends();
      if (this.open[fullest].length - this.open[emptiest].length < 2) {
        return;
      }
      insert(this.open[emptiest], this.open[fullest].pop());
    }
  }

  ends() {
    let fullest = 0;
    let emptiest = 0;
    for (let number = 1; number < this.open.length; number += 1) {
      const { length } = this.open[number];
      fullest = length > this.open[fullest].length ? number : fullest;
      emptiest = length < this.open[emptiest].length ? number : emptiest;
    }
    return { fullest, emptiest };
  }
}

function inOrder(ones) {
  return ones.sort((one, other) => one[0] - other[0]);
}

/** Put a start among those of a person, in the order of the starts. */
function insert(person, one) {
  let place = person.length;
  while (place > 0 && person[place - 1][0] > one[0]) {
    place -= 1;
  }
  person.splice(place, 0, one);
}

/** Who has what of a trace; `seek(moment)` goes there, from the beginning where it lies before. */
export class Hands {
  constructor(trace) {
    this.trace = trace;
    this.rewind();
  }

  rewind() {
    this.next = 0;
    this.starts = 0;
    this.state = 0;
    this.moment = -1;
    this.crews = new Map(); // pool -> Crew
  }

  /** Another one that is where this one is, and goes on by itself. */
  copy() {
    const made = Object.assign(new Hands(this.trace), { next: this.next, starts: this.starts, state: this.state, moment: this.moment });
    made.crews = new Map([...this.crews].map(([pool, crew]) => [pool, crew.copy()]));
    return made;
  }

  /** Everything up to a moment has happened. */
  seek(moment) {
    const { trace } = this;
    if (moment < this.moment) {
      this.rewind();
    }
    while (this.next < trace.openings && trace.openAt[this.next] <= moment) {
      this.enter(moment);
      this.play(trace.openItem[this.next], trace.openPool[this.next]);
      this.next += 1;
    }
    this.enter(moment);
    this.moment = moment;
  }

  play(item, pool) {
    const begins = pool > 0;
    const crew = this.crew(Math.abs(pool) - 1, 0);
    if (begins) {
      crew.start(this.starts, item);
      this.starts += 1;
    } else {
      crew.finish(item);
    }
  }

  enter(moment) {
    const { pools } = this.trace;
    // an organisation comes into force before an opening, which times that are rounded would not tell
    while (this.state < pools.length && pools[this.state].since <= moment && pools[this.state].place <= this.next) {
      const { index, people } = pools[this.state];
      this.crew(index, people).resize(people);
      this.state += 1;
    }
  }

  crew(pool, people) {
    if (!this.crews.has(pool)) {
      this.crews.set(pool, new Crew(people));
    }
    return this.crews.get(pool);
  }

  /** What is open, and by item whether it is in hand on a day: what `held` says, without whose hands; good until asked again. */
  open(day) {
    this.inHand ??= new Int8Array(this.trace.items).fill(-1);
    this.items ??= [];
    this.items.forEach((item) => (this.inHand[item] = -1));
    this.items.length = 0;
    const whole = Math.floor(day + 1e-9);
    for (const { people, open } of this.crews.values()) {
      for (const person of open) {
        const hand = people === null ? -1 : whole % person.length;
        for (let place = 0; place < person.length; place += 1) {
          const item = person[place][1];
          if (this.inHand[item] < 0) {
            this.items.push(item);
          }
          this.inHand[item] = hand === -1 || place === hand ? 1 : 0;
        }
      }
    }
    return { items: this.items, inHand: this.inHand };
  }

  /** By item {pool, person, hand, open}; person null where people are unlimited. */
  held(day) {
    const found = new Map();
    const whole = Math.floor(day + 1e-9);
    for (const [pool, { people, open }] of this.crews) {
      open.forEach((person, number) => {
        person.forEach(([, item], place) => {
          const unlimited = people === null;
          const hand = unlimited || place === whole % person.length;
          found.set(item, { pool, person: unlimited ? null : number, hand, open: unlimited ? 1 : person.length });
        });
      });
    }
    return found;
  }
}

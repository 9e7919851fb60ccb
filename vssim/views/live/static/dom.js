// Small help with the page: make an element, keep a text, fill a list only when it is another one.

/** An element with properties (`class` and names with a dash as attributes), texts and elements inside. */
export function make(tag, properties = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class" || name === "for" || name.includes("-")) {
      made.setAttribute(name, value);
    } else {
      made[name] = value;
    }
  }
  made.append(...inside);
  return made;
}

/** Set a text, where it is another one: what has not changed is not told again. */
export function say(element, words) {
  if (element.textContent !== words) {
    element.textContent = words;
  }
}

/** Write a text as large as its element holds it, between two sizes [rem]; where even the smallest is too large, fewer words. */
export function fit(element, words, largest, smallest) {
  const over = () => element.scrollHeight > element.clientHeight + 1;
  let size = largest;
  element.textContent = words;
  do {
    element.style.fontSize = `${size}rem`;
    size -= 0.05;
  } while (over() && size >= smallest - 1e-9);
  for (let left = words.split(" "); over() && left.length > 1; ) {
    left = left.slice(0, -1);
    element.textContent = `${left.join(" ")} …`;
  }
}

/** Fill an element anew, only when `facts` are others than the last time; true when it was filled. */
export function renew(element, facts, fill) {
  const wanted = JSON.stringify(facts);
  if (element.dataset.facts === wanted) {
    return false;
  }
  element.dataset.facts = wanted;
  element.replaceChildren(...fill());
  return true;
}

/** Fill a list with texts. */
export function list(element, texts) {
  renew(element, texts, () => texts.map((words) => make("li", {}, words)));
}

/** Do something when the page is put away or left: there may be no later for what waits. */
export function atTheEnd(act) {
  window.addEventListener("pagehide", act);
  document.addEventListener("visibilitychange", () => document.hidden && act());
}

/** Do something at most once in so many milliseconds, and in the end with what was wanted last; at once where the page is left. */
export function throttled(pause, act) {
  let timer = null;
  let wanted = null;
  const run = () => {
    if (wanted === null) {
      timer = null;
      return;
    }
    const now = wanted;
    wanted = null;
    timer = setTimeout(run, pause);
    act(...now);
  };
  atTheEnd(() => {
    clearTimeout(timer);
    run();
  });
  return (...given) => {
    wanted = given;
    if (timer === null) {
      run();
    }
  };
}

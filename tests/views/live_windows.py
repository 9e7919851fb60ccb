"""Windows of a room for tests: pages in a browser, each in a context of its own, that have nothing to say on their console."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.views.browser import PATIENCE, Opened
from tests.views.live_server import Serving

AXE = files("axe_playwright_python").joinpath("axe.min.js")
PROJECTOR = {"width": 1920, "height": 1080}
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LEFT, RIGHT = ".side.left", ".side.right"

HELD_BACK = int(os.environ.get("VSSIM_HOLD_BACK", "0"))
"""For debugging: so long, at most, is each message of a page held back, on its way out and on its way in [ms]. A slow line
or a busy machine does the same, and a page that takes what is old for new, or a test that waits for what passes, shows it."""

SLOW_LINE = """
(() => {
  let luck = 7;
  const random = () => (luck = (luck * 48271) % 2147483647) / 2147483647;
  const lane = () => {  // what goes through comes out in its order
    const queue = [];
    let last = 0;
    return (act) => {
      const now = performance.now();
      last = Math.max(last, now + MOST * random());
      queue.push(act);
      setTimeout(() => queue.shift()(), last - now);
    };
  };
  const Line = window.WebSocket;
  window.WebSocket = class extends Line {
    constructor(...given) {
      super(...given);
      this.out = lane();
      this.back = lane();
    }
    send(said) {
      this.out(() => this.readyState === Line.OPEN && super.send(said));
    }
    addEventListener(kind, act, ...rest) {
      super.addEventListener(kind, kind === "message" ? (event) => this.back(() => act(event)) : act, ...rest);
    }
  };
})();
"""


@contextmanager
def visiting(found: Browser, address: str, *, quiet: bool = True, **options: Any) -> Iterator[Page]:
    """A page in a browser window of its own; unless told otherwise, it must have nothing to say on its console in the end."""
    context = found.new_context(**{"viewport": PROJECTOR, **options})
    context.set_default_timeout(PATIENCE)
    if HELD_BACK:
        context.add_init_script(SLOW_LINE.replace("MOST", str(HELD_BACK)))
    seen = Opened(context.new_page())
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    try:
        seen.page.goto(address)
        yield seen.page
        assert not quiet or seen.said == []
    finally:
        context.close()


@contextmanager
def leading(found: Browser, room: Serving, **options: Any) -> Iterator[Page]:
    """The facilitator's page, ready."""
    with visiting(found, room.address, **options) as view:
        expect(view.locator(".open-drawer")).to_be_visible()
        expect(view.locator(f"{LEFT} .numbers tbody tr").first).to_be_attached()
        yield view


@contextmanager
def watching(found: Browser, room: Serving, **options: Any) -> Iterator[Page]:
    """A page without the key, ready."""
    with visiting(found, room.room, **options) as view:
        expect(view.locator(f"{LEFT} .numbers tbody tr").first).to_be_attached()
        yield view


def scrub(view: Page, day: int) -> None:
    view.locator(".scrub").evaluate("(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')); }", day)
    expect(view.locator(".now")).to_have_text(str(day))


def agreed(view: Page, shown: Callable[[], list[str]], room: Callable[[], str]) -> None:
    """Wait until all that is shown is the same, what the room has, and stays so for longer than a message is under way."""
    since = None
    until = time.monotonic() + PATIENCE / 1000
    while since is None or time.monotonic() < since + 1 + 2 * HELD_BACK / 1000:
        if set(shown()) != {room()}:
            assert time.monotonic() < until, (shown(), room())
            since = None
        elif since is None:
            since = time.monotonic()
        view.wait_for_timeout(100)


def faults(view: Page) -> list[Any]:
    """What axe finds that is serious."""
    view.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = view.evaluate(
        "axe.run().then(found => found.violations.filter(one => ['serious', 'critical'].includes(one.impact))"
        ".map(one => [one.id, one.nodes.map(node => node.html)]))"
    )
    return found

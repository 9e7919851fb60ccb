"""A picture and a frame cost what they change: no canvas is made anew for another run, no element told what it says already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.views.browser import browser, needed
from tests.views.live_server import serving
from tests.views.live_windows import leading

pytestmark = [pytest.mark.browser, needed]

WATCH = """
() => {
  const seen = (window.seen = { resized: [], frames: 0, touched: 0 });
  for (const side of ["width", "height"]) {
    const own = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side);
    Object.defineProperty(HTMLCanvasElement.prototype, side, {
      ...own,
      set(value) {
        seen.resized.push(this.className);
        own.set.call(this, value);
      },
    });
  }
  const count = () => {
    seen.frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  new MutationObserver((changes) => {
    seen.touched += changes.length;
  }).observe(document.querySelector(".player.stage"), { subtree: true, childList: true, characterData: true, attributes: true });
}
"""
"""Counts frames, what they change of the page, and canvases whose size is set, which throws away what was drawn on them."""

MOVE = """
() => new Promise((done) => {
  document.addEventListener("painted", () => done(), { once: true });
  const range = [...document.querySelectorAll(".slider[data-path] input")].at(-1);
  range.value = Number(range.max) - (range.value === range.max ? 1 : 0);
  range.dispatchEvent(new Event("input", { bubbles: true }));
})
"""

STEP = """
(number) => new Promise((done) => {
  document.addEventListener("painted", () => done(), { once: true });
  const range = document.querySelectorAll(".slider[data-path] input")[number];
  range.value = Number(range.value) + (range.value === range.max ? -1 : 1);
  range.dispatchEvent(new Event("input", { bubbles: true }));
})
"""

FRAMES = """
() => new Promise((done) => {
  const go = () => (window.seen.frames > 40 ? done() : requestAnimationFrame(go));
  go();
})
"""

COURSES = """
async (step) => {
  const { decode } = await import('/assets/player/trace.js');
  const { courseOf, Replay } = await import('/assets/player/replay.js');
  const told = await new Promise((done) => {
    const wire = new WebSocket(`ws://${location.host}/ws`);
    wire.binaryType = "arraybuffer";
    wire.onopen = () => wire.send(JSON.stringify({ do: "hello", page: "room", id: "counts" }));
    wire.onmessage = ({ data }) => typeof data === "string" || done(data);
  });
  const { unpack } = await import('/assets/live/picture.js');
  return unpack(told).sides.map(({ trace }) => {
    const replay = new Replay(trace);
    const middle = 0.6 * trace.horizon;
    const [come, gone] = [courseOf(trace, middle).replay, new Replay(trace)];
    gone.seek(middle);
    const state = (replay) =>
      JSON.stringify([[...replay.cards], [...replay.held], replay.looks(), replay.counts(), replay.done, replay.doneLog]);
    if (state(come) !== state(gone) || (come.seek(trace.horizon), gone.seek(trace.horizon), state(come) !== state(gone))) {
      return [];
    }
    return courseOf(trace).course.filter((_, number) => number % step === 0).map(({ day, columns, fields }) => {
      replay.seek(day);
      const cards = [...replay.cards].map(([item, { step: at }]) => [at + 1, trace.types[trace.type[item]].lane]);
      return {
        counted: [Array.from(columns), fields.map((row) => Array.from(row).reduce((sum, one) => sum + one, 0))],
        seen: [
          Array.from(columns, (_, column) => cards.filter(([at]) => at === column).length),
          fields.map((_, lane) => cards.filter(([at, own]) => at > 0 && own === lane).length),
        ],
      };
    });
  });
}
"""
"""By side and day, how many cards stand in every column and lane: as the run day by day counted them, and one by one."""

DRAWN = """
() => {
  const drawn = (window.drawn = { left: 0, right: 0 });
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    const side = this.canvas.matches(".board") ? this.canvas.closest(".side") : null;
    if (side) {
      drawn[side.classList.contains("left") ? "left" : "right"] += 1;
    }
    return clear.apply(this, box);
  };
}
"""
"""Counts how often each board is drawn."""

LEFT = "() => [...document.querySelectorAll('.left canvas.board, canvas.waves')].map((canvas) => canvas.toDataURL())"

TOGETHER = """
async ([waits, then]) => {
  const { Connection } = await import('/assets/live/connection.js');
  const line = new Connection(() => ({}));
  const told = [];
  ["room", "votes", "lost"].forEach((kind) => line.on(kind, ({ version } = {}) => told.push([kind, version ?? null])));
  line.announces = ({ version }) => version > 1;
  const hear = (said) => line.receive(JSON.stringify(said));
  hear({ kind: "room", version: 1 });
  hear({ kind: "room", version: 2 });
  const before = [...told];
  if (then) {
    hear(then);
  }
  await new Promise((done) => setTimeout(done, waits));
  return [before, told];
}
"""
"""What a page does with words on a picture that is to come: what it has told before, and what in the end."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def _revealed(view: Page) -> None:
    """On to the boards, with the answer there."""
    expect(view.locator(".cover:not(.is-revealed)")).to_be_visible()
    view.keyboard.press("PageDown")
    expect(view.locator(".cover.is-revealed")).to_be_visible()
    view.keyboard.press("PageDown")
    expect(view.locator(".cover")).to_be_hidden()


def _watched(view: Page) -> dict[str, Any]:
    seen: dict[str, Any] = view.evaluate("() => window.seen")
    return seen


@pytest.mark.parametrize("source", ["focus", "reorg"])
def test_another_run_is_drawn_on_the_same_canvases(chromium: Browser, source: str) -> None:
    with serving(source) as room, leading(chromium, room) as view:
        _revealed(view)
        view.keyboard.press("s")
        view.locator(".slider[data-path] input").first.wait_for()
        for _ in range(2):  # between neighbours that both have been there: no state is met that has no mark yet
            view.evaluate(MOVE)
        view.evaluate(WATCH)
        for _ in range(2):
            view.evaluate(MOVE)
        assert _watched(view)["resized"] == []


def test_a_frame_changes_no_more_of_the_page_than_its_numbers(chromium: Browser) -> None:
    with serving("silos") as room, leading(chromium, room) as view:
        _revealed(view)
        view.keyboard.press("Home")
        view.keyboard.press(" ")
        expect(view.locator(".player.stage")).to_contain_class("is-playing")
        view.evaluate(WATCH)
        view.evaluate(FRAMES)
        seen = _watched(view)
        numbers = view.locator(".legend .number").count() + 10  # and day, date, curtains, slider, what switching eats
        assert seen["resized"] == []
        assert seen["touched"] <= numbers * seen["frames"]


@pytest.mark.parametrize("source", ["focus", "reorg"])
def test_what_is_counted_on_the_way_is_what_stands_there(chromium: Browser, source: str) -> None:
    with serving(source) as room, leading(chromium, room) as view:
        _revealed(view)
        for side in view.evaluate(COURSES, 7):
            assert side
            for day in side:
                assert day["counted"] == day["seen"]


def test_the_side_that_has_not_changed_is_not_drawn_again_and_looks_as_if_it_were(chromium: Browser) -> None:
    with serving("focus") as room, leading(chromium, room) as view:
        _revealed(view)
        view.keyboard.press("s")
        view.locator(".slider[data-path] input").first.wait_for()
        view.evaluate(DRAWN)
        for number in range(view.locator(".slider[data-path]").count()):
            view.evaluate(STEP, number)
        drawn = view.evaluate("() => window.drawn")
        assert drawn["left"] < drawn["right"]  # again only where other columns need more room at the right, and so on both sides
        kept = view.evaluate(LEFT)
        view.evaluate("() => window.dispatchEvent(new Event('resize'))")  # then all of it is drawn
        assert view.evaluate("() => window.drawn.left") >= 1
        assert view.evaluate(LEFT) == kept


def test_words_on_a_picture_are_shown_with_it_or_a_moment_later_without_it(chromium: Browser) -> None:
    with serving("focus") as room, leading(chromium, room) as view:
        alone = [["room", 1]]
        assert view.evaluate(TOGETHER, [0, None]) == [alone, alone]
        assert view.evaluate(TOGETHER, [1000, None]) == [alone, [*alone, ["room", 2]]]
        for kind, version in (("votes", None), ("room", 1)):  # what comes after them is told after them
            assert view.evaluate(TOGETHER, [0, {"kind": kind, "version": version}]) == [
                alone,
                [*alone, ["room", 2], [kind, version]],
            ]

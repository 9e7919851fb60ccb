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

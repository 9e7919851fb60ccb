"""The wall: both languages agree on whose hands everything is in, counts add up, all of it fits, Back leads to the library."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import vssim
from tests.support.running import play
from tests.views.browser import browser, needed
from tests.views.live_server import serving
from tests.views.live_windows import scrub, visiting
from vssim.clock import TICKS
from vssim.metrics.daily import Daily
from vssim.metrics.hands import Hands
from vssim.metrics.looks import LOOKS, standing
from vssim.scenario import library
from vssim.views.player.trace import read, trace

pytestmark = [pytest.mark.browser, needed]

HELD = """
async ({ data, days }) => {
  const { decode } = await import('/assets/player/trace.js');
  const { Replay } = await import('/assets/player/replay.js');
  const replay = new Replay(decode(Uint8Array.from(atob(data), (one) => one.charCodeAt(0)).buffer));
  return days.map((day) => {
    replay.seek(day);
    const held = [...replay.held].map(([item, { pool, person, hand, open }]) => [item, pool, person, hand, open]);
    return [held.sort((one, other) => one[0] - other[0]), replay.looks()];
  });
}
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def test_python_and_the_page_agree_on_whose_hands_everything_is_in(chromium: Browser) -> None:
    with serving(None) as room, visiting(chromium, room.address) as view:
        expect(view.locator(".start-card").first).to_be_visible()
        for name in library.all_names():
            log = vssim.simulate(vssim.load(name)).log
            data = trace(log)
            moment = read(data)[0]["moment"]
            days = [day for day in range(0, int(log.horizon / TICKS), 3) if moment <= 1 or day % moment == 0][:120]
            told = view.evaluate(HELD, {"data": base64.b64encode(data).decode(), "days": days})
            hands = Hands(log)
            for day, (held, looks) in zip(days, told, strict=True):
                there = [look for _, look in standing(log, day, hands).values()]
                assert looks == {look: there.count(look) for look in LOOKS}, (name, day)
                mine = hands.held(day)
                assert held == [[item, one.pool, one.person, one.in_hand, one.open] for item, one in sorted(mine.items())], (
                    name,
                    day,
                )


MARKED = """
async ({ data, days }) => {
  const { decode } = await import('/assets/player/trace.js');
  const { Replay } = await import('/assets/player/replay.js');
  const replay = new Replay(decode(Uint8Array.from(atob(data), (one) => one.charCodeAt(0)).buffer));
  const down = ([, card]) => card.putDown;
  const inOrder = (items) => [...items].sort((one, other) => one - other);
  return days.map((day) => {
    replay.seek(day);
    const lain = [...replay.cards].filter(down).map(([item]) => item);
    const waiting = [...replay.waiting].map(([item, others]) => [item, inOrder(others)]);
    return [waiting, inOrder(replay.awaited), inOrder(lain), replay.gaveUp, replay.stopped];
  });
}
"""


def test_python_and_the_page_agree_on_who_waits_for_whom_what_lies_and_who_gave_up(chromium: Browser) -> None:
    items: list[Any] = [{"id": f"n{one}", "at": one / 2, "work": {"a": 2}} for one in range(12)]
    for one in range(2, 12):
        items[one] |= {"waits_for": [f"n{one - 2}", f"n{one // 2}"], "if_dropped": "go_on" if one % 3 else "leave"}
    demand = {
        "item": {"items": items, "gives_up": {"after": "exponential(30)"}},
        "urgent": {"every": "exponential(4)", "interrupts": True, "priority": 1},
    }
    steps = {"a": {"work": 1}, "b": {"work": 1, "stops": "10%"}}
    document = {"run": {"horizon": 60, "warmup": 0}, "demand": demand, "steps": steps}
    log = play({**document, "teams": {"crew": {"people": 1, "does": ["a", "b"], "resuming": 0.5}}}, "auto").log
    found, left = Daily(log).spans, log.items.left
    days = [day / 2 for day in range(121)]
    with serving(None) as room, visiting(chromium, room.address) as view:
        expect(view.locator(".start-card").first).to_be_visible()
        told = view.evaluate(MARKED, {"data": base64.b64encode(trace(log)).decode(), "days": days})
    seen = [0, 0, 0, 0]
    for day, (waiting, awaited, lain, gave_up, stopped) in zip(days, told, strict=True):
        now = log.tick(day)
        gone = (left >= 0) & (left <= now)
        waits: dict[int, list[int]] = {}
        for item, other in log.waits:
            here = 0 <= log.items.arrived[item] <= now and not 0 <= log.items.joined[item] <= now and not gone[item]
            if here and not gone[other]:
                waits[item] = sorted([*waits.get(item, []), other])
        assert dict(waiting) == waits, day
        assert awaited == sorted({other for others in waits.values() for other in others}), day
        put_down = (found.put_down == 1) & (found.begin <= now) & ((found.end > now) | (found.end < 0))
        assert lain == sorted(found.item[put_down].tolist()), day
        assert (gave_up, stopped) == (int((gone & (log.items.gave_up == 1)).sum()), int((gone & (log.items.stopped == 1)).sum()))
        seen = [count + bool(one) for count, one in zip(seen, (waits, lain, gave_up, stopped), strict=True)]
    assert all(seen)


SMALL = """
() => [...document.querySelectorAll('.player.stage *')].filter((one) => one.checkVisibility({ visibilityProperty: true })
  && !one.closest('.numbers, .spoken, template, canvas')
  && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 19.9).map((one) => one.outerHTML.slice(0, 90))
"""
OUTSIDE = """
() => [...document.querySelectorAll('.player.stage *')].filter((one) => one.checkVisibility({ visibilityProperty: true })
  && !one.closest('.numbers, .spoken, svg'))
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1))
  .map(([words]) => words)
"""


TOUCHING = """
() => {
  const places = '.counts .word, .legend .word, .side h2, .side .value, .side .eaten, .pair, .verdict-chip';
  const told = [...document.querySelectorAll(places)]
    .filter((one) => one.textContent && one.checkVisibility({ visibilityProperty: true }))
    .map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return [one.textContent, range.getBoundingClientRect()];
    });
  const over = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const pairs = told.flatMap((one, number) => told.slice(number + 1).map((other) => [one, other]));
  return pairs.filter(([[, one], [, other]]) => over(one, other)).map(([[words], [others]]) => [words, others]);
}
"""
"""Words of the legend or of the heads of boards that lie over each other."""


CUT = """
() => ['.cover', '.cover .asked', '.cover .asked-about', '.cover .where-time', '.title']
  .map((name) => [name, document.querySelector(name)])
  .filter(([, one]) => one.checkVisibility() && one.scrollHeight > one.clientHeight + 1).map(([name]) => name)
"""
"""Places of which something is cut off below."""


SIZES = [(1920, 1080), (1280, 720), (1024, 768)]
MANY_STATES = ("workshop/dissolve-the-silos", (1280, 720))
"""Seven states in one legend."""


@pytest.mark.parametrize(
    ("source", "size"), [MANY_STATES, *((name, size) for name in ("workshop/stop-starting", "reorg", "urgent") for size in SIZES)]
)
def test_all_of_the_wall_fits_and_no_text_is_small(chromium: Browser, source: str, size: tuple[int, int]) -> None:
    window: Any = {"width": size[0], "height": size[1]}
    with serving(source) as room, visiting(chromium, room.address, viewport=window) as view:
        expect(view.locator(".cover .asked")).to_be_visible()
        for shown in (".cover:not(.is-revealed)", ".cover.is-revealed", ".band.is-there"):
            expect(view.locator(shown)).to_be_visible()
            assert view.evaluate(SMALL) == []
            assert view.evaluate(OUTSIDE) == []
            assert view.evaluate(TOUCHING) == []
            assert view.evaluate(CUT) == []
            view.keyboard.press("PageDown")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1024, 768)])
def test_the_library_shows_what_each_of_its_first_cards_asks(chromium: Browser, size: tuple[int, int]) -> None:
    window: Any = {"width": size[0], "height": size[1]}
    with serving(None) as room, visiting(chromium, room.address, viewport=window) as view:
        expect(view.locator(".start-card").first).to_be_visible()
        asks = view.locator(".start-card .asks")
        assert asks.count() == 4
        hidden = "one.scrollHeight > one.clientHeight + 1 || !one.checkVisibility({ visibilityProperty: true })"
        assert asks.evaluate_all(f"all => all.filter((one) => {hidden}).map((one) => one.textContent)") == []
        last = view.locator(".themes li").evaluate_all("all => Math.max(...all.map((one) => one.getBoundingClientRect().bottom))")
        foot = view.locator(".lobby-foot").bounding_box()
        assert foot is not None
        assert last <= foot["y"]


SQUARES: Any = """
window.squares = new Set();
const round = CanvasRenderingContext2D.prototype.roundRect;
CanvasRenderingContext2D.prototype.roundRect = function (x, y, width, ...rest) {
  if (this.canvas.classList.contains("flow")) { window.squares.add(width * this.getTransform().a); }
  round.call(this, x, y, width, ...rest);
};
"""
"""Keeps how wide the squares of a map are that are drawn from now on [px]."""


def test_on_an_old_projector_the_squares_of_a_map_are_still_seen(chromium: Browser) -> None:
    window: Any = {"width": 1024, "height": 768}
    with serving("silos") as room, visiting(chromium, "about:blank", viewport=window) as view:
        view.add_init_script(SQUARES)
        view.goto(room.address)
        for shown in (".cover:not(.is-revealed)", ".cover.is-revealed"):
            expect(view.locator(shown)).to_be_visible()
            view.keyboard.press("PageDown")
        expect(view.locator(".band.is-there")).to_be_visible()
        expect(view.locator(".cover")).to_be_hidden()
        view.evaluate("window.squares.clear()")
        view.keyboard.press("ArrowRight")
        view.wait_for_function("window.squares.size > 0")
        assert min(view.evaluate("[...window.squares]")) >= 11


LANES = """
name: Lanes
question: Where does the time go?
run: {horizon: 100, warmup: 10, replications: 4, seed: 3}
demand:
  left: {every: exponential(4), route: [make, check]}
  right: {every: exponential(4), route: [make, prove]}
steps: {make: {work: 2}, check: {work: 1}, prove: {work: 1}}
teams: {crew: {people: 4, does: [make, check, prove]}}
changes:
  slower: [{set: {steps.prove.work: 3}}]
"""
"""Both types are longest at one step; with the change one of them is at another: its own run would tell it a lane of its own."""


def test_both_sides_of_a_map_have_the_same_lanes(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "lanes.yaml").write_text(LANES, encoding="utf-8")
    with serving(str(tmp_path / "lanes.yaml")) as room, visiting(chromium, room.address) as view:
        for shown in (".cover:not(.is-revealed)", ".cover.is-revealed"):
            expect(view.locator(shown)).to_be_visible()
            view.keyboard.press("PageDown")
        expect(view.locator(".cover")).to_be_hidden()
        view.keyboard.press("m")
        expect(view.locator(".player.stage")).to_have_class(re.compile("is-map"))
        expect(view.locator(".field-buttons button")).to_have_count(2)  # one lane: make, and check beside prove
        view.keyboard.press("ArrowRight")


AWAY = """
name: Away
start: 2026-06-15
calendar: {holidays: [{from: 2026-07-13, to: 2026-07-17}]}
run: {horizon: 60, warmup: 10, replications: 4, seed: 3}
demand:
  left: {every: exponential(1), route: [shape, make left, test]}
  right: {every: exponential(1), route: [shape, make right, test]}
steps: {shape: {work: 1}, make left: {work: 8}, make right: {work: 8}, test: {work: 1}}
teams:
  crew: {people: 8, does: [shape, test]}
  left: {people: 15, does: make left, absences: [{from: 2026-07-06, to: 2026-07-10, people: 3}]}
  right: {people: 15, does: make right}
changes:
  slower: [{set: {steps.test.work: 2}}]
"""
"""Each lane has a team of its own; in the fourth week three of one are on leave, in the fifth nobody works."""

WORDS: Any = """
window.said = [];
const fill = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, ...rest) {
  if (this.canvas.classList.contains("flow")) { window.said.push([`${text}`, x, x + this.measureText(text).width]); }
  fill.call(this, text, x, ...rest);
};
"""
"""Keeps what is written on a map from now on: the words, where they begin and where they end [stage px]."""


@pytest.mark.parametrize(("day", "away"), [(18, "3 on leave"), (23, "holiday")])
def test_who_is_away_is_told_in_the_head_of_a_narrow_lane_and_not_over_its_fields(
    chromium: Browser, tmp_path: Path, day: int, away: str
) -> None:
    (tmp_path / "away.yaml").write_text(AWAY, encoding="utf-8")
    with serving(str(tmp_path / "away.yaml")) as room, visiting(chromium, "about:blank") as view:
        view.add_init_script(WORDS)
        view.goto(room.address)
        expect(view.locator(".cover:not(.is-revealed)")).to_be_visible()
        view.keyboard.press("m")
        expect(view.locator(".player.stage")).to_have_class(re.compile("is-map"))
        view.evaluate("window.said = []")
        scrub(view, day)
        view.wait_for_function("away => window.said.some(([text]) => text.includes(away))", arg=away)
        edges = [end for text, begin, end in view.evaluate("window.said") if begin == 16]
        assert max(edges) <= 150 - 8


def test_the_legend_adds_up_to_what_is_in_progress(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        for shown in (".cover:not(.is-revealed)", ".cover.is-revealed"):
            expect(view.locator(shown)).to_be_visible()
            view.keyboard.press("PageDown")
        expect(view.locator(".side.right .count").first).to_be_visible()
        for side in view.locator(".side .legend").all():
            looks = [kind.split("is-")[1] for kind in side.locator(".count").evaluate_all("all => all.map(one => one.className)")]
            counts = dict(zip(looks, map(int, side.locator(".number").all_inner_texts()), strict=True))
            assert counts.pop("total") == sum(count for look, count in counts.items() if look != "backlog"), counts
            assert counts["hand"] <= 6


def test_browser_back_leads_to_the_library(chromium: Browser) -> None:
    with serving(None) as room, visiting(chromium, room.address) as view:
        view.locator('[data-name="silos"]').click()
        expect(view.locator(".cover .asked")).to_be_visible()
        expect(view).to_have_url(re.compile("scenario=silos"))
        view.go_back()
        expect(view.locator(".start-card").first).to_be_visible()

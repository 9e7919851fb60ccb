"""What a frame of the wall costs while it plays: CPU time of the page's own thread, which must stay well below 16 ms.

    python -m benchmarks.frames [SCENARIO …] [--seconds S]

A real server and Debian's Chromium at 1920 × 1080. CPU time is told by the browser itself (its thread's clock), so that a busy
machine changes it little; the frames that were painted and the changes of the page that they brought are counted in the page.
Without scenarios all of the library, and two streams with 300 items: one on boards with cards, one as a map.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.live import CHROMIUM, KEY, SWITCHES, room
from vssim.scenario.library import all_names

BUDGET = 16.0
"""What a frame may take at 60 frames a second [ms]."""

CROWD = """
name: {name}
run: {{horizon: 400, warmup: 0, replications: 1, seed: 1}}
wip_limit: {limit}
demand: {{item: {{backlog: 300}}}}
steps:
  shape: {{work: "lognormal(mean=3, cv=0.8)"}}
  build: {{work: "lognormal(mean=8, cv=0.8)"}}
  check: {{work: "lognormal(mean=3, cv=0.8)", returns: {{to: build, chance: 20%}}}}
teams: {{crew: {{people: 8, does: [shape, build, check], multitasking: {many}, switching_cost: 15%}}}}
changes: {{fewer at once: [{{limit_wip: {{stream: {fewer}}}}}]}}
"""
"""300 items at once, and who works on them."""

CROWDS = {
    "300 cards": CROWD.format(name="300 cards", limit=55, many=4, fewer=30),
    "300 squares": CROWD.format(name="300 squares", limit=300, many=20, fewer=280),
}

COUNT = """
() => {
  window.counted = { frames: 0, touched: 0 };
  const count = () => {
    window.counted.frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const watch = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver((seen) => (window.counted.touched += seen.length)).observe(document.body, watch);
}
"""
"""Counts frames, and changes of the page."""

NUMBERS = "cells => cells.reduce((sum, cell) => sum + Number(cell.textContent), 0)"
"""What stands on both boards in numbers."""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenarios", nargs="*", help="default: all of the library, and two crowds")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each plays")
    given = parser.parse_args()
    print("| scenario | cards | frames a second | CPU of the page a frame [ms] | scripts | style and layout | changes a frame |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with sync_playwright() as playwright, sources(given.scenarios) as named:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for source in named:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            with room(source) as (port, _):
                told = played(page, port, given.seconds)
            page.close()
            print(row(Path(source).stem if source.endswith(".yaml") else source, told), flush=True)
        browser.close()


@contextmanager
def sources(given: list[str]) -> Iterator[list[str]]:
    """What is to be played: what was asked for, or the library and the crowds."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, text in CROWDS.items():
            file = Path(folder, f"{name}.yaml")
            file.write_text(text, encoding="utf-8")
            files.append(str(file))
        yield [*files, *all_names()]


def played(page: Page, port: int, seconds: float) -> dict[str, float]:
    """Cards in the end; by frame, what the page's thread took and how much of the page was changed."""
    page.goto(f"http://127.0.0.1:{port}/#key={KEY}")
    page.locator("html[data-version]").wait_for()
    if page.locator(".stage.is-covered").count():
        page.keyboard.press("r")
        page.locator(".cover.is-revealed").wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.wait_for_timeout(3000)  # until many lucks have been told
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    page.wait_for_timeout(500)
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(COUNT)
    before = _figures(page, meter)
    page.wait_for_timeout(1000 * seconds)
    after = _figures(page, meter)
    page.keyboard.press(" ")  # the board in numbers is that of the day on which one stops
    cards = page.locator(".numbers td").evaluate_all(NUMBERS)
    each = {name: (after[name] - value) / max(1.0, after["frames"] - before["frames"]) for name, value in before.items()}
    return each | {"cards": cards, "rate": (after["frames"] - before["frames"]) / seconds}


def _figures(page: Page, meter: Any) -> dict[str, float]:
    told = {metric["name"]: metric["value"] for metric in meter.send("Performance.getMetrics")["metrics"]}
    counted = page.evaluate("() => window.counted")
    return {
        "task": 1000 * told["TaskDuration"],
        "script": 1000 * told["ScriptDuration"],
        "layout": 1000 * (told["LayoutDuration"] + told["RecalcStyleDuration"]),
        "frames": counted["frames"],
        "touched": counted["touched"],
    }


def row(name: str, told: dict[str, float]) -> str:
    """A line of the table."""
    figures = f"{told['task']:.1f} | {told['script']:.1f} | {told['layout']:.1f} | {told['touched']:.1f}"
    mark = "" if told["task"] <= BUDGET else " **over**"
    return f"| {name} | {told['cards']:.0f} | {told['rate']:.0f} | {figures} |{mark}"


if __name__ == "__main__":
    main()

"""How long a room waits: from a slider that moves to the picture that is painted, and to the last of many pages that has it.

    python -m benchmarks.live [SCENARIO …] [--moves N] [--clients N]

A real server, Debian's Chromium with the projector page, and further pages that only listen. First it is made sure that what the
page is sent is what `vssim.simulate` gives for the file that the room hands out; then sliders are moved, one after the other.
"""

from __future__ import annotations

import argparse
import json
import statistics
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from playwright.sync_api import Page, sync_playwright
from websockets.sync.client import ClientConnection, connect

import vssim
from vssim.analysis.interactive.stage import Arrangement, Stage
from vssim.scenario.library import all_names
from vssim.scenario.workshop import Workshop, workshop
from vssim.views.live.pictures.picture import MOST_EVENTS
from vssim.views.live.serving import serve
from vssim.views.player.trace import Events, read, trace

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
KEY = "the-key-of-the-benchmark"

MOVE = """
([path, position]) => new Promise((done) => {
  const range = document.querySelector(`.slider[data-path="${CSS.escape(path)}"] input`);
  const began = performance.now();
  document.addEventListener("painted", () => done(performance.now() - began), { once: true });
  const notice = document.querySelector(".notice");
  const refused = () => notice.hidden || done(null);
  new MutationObserver(refused).observe(notice, { attributes: true, childList: true, characterData: true, subtree: true });
  range.value = position;
  range.dispatchEvent(new Event("input", { bubbles: true }));
})
"""
"""Moves a slider of the page; after how many milliseconds the page was painted, or null where the room refuses the position."""

SLIDERS = """
rows => rows.map((row) => {
  const { max, value } = row.querySelector("input");
  return [row.dataset.path, Number(max), Number(value)];
})
"""
"""Path, last position and present position of each slider."""


@contextmanager
def room(source: str) -> Iterator[tuple[int, uvicorn.Server]]:
    """A room with a scenario in it, on a free port."""

    def opener(name: str) -> Workshop:
        return workshop(name)

    ready = threading.Event()
    with serve.bound("127.0.0.1", 0) as there:
        server = serve.server(opener, source, there, KEY, lambda _: ready.set())
        thread = threading.Thread(target=server.run, args=([there],))
        thread.start()
        try:
            assert ready.wait(120)
            yield there.getsockname()[1], server
        finally:
            server.should_exit = True
            thread.join()


LISTEN = """
import json, struct, sys, threading, time
from websockets.sync.client import connect

def listen(number):
    with connect(sys.argv[1], max_size=None, max_queue=None) as wire:
        wire.send(json.dumps({"do": "hello", "page": "room", "id": f"listener {number}"}))
        for said in wire:
            if isinstance(said, bytes):
                (length,) = struct.unpack_from("<I", said, 8)
                sys.stdout.write(f'{json.loads(said[12 : 12 + length])["version"]} {time.time()}\\n')
                sys.stdout.flush()

for number in range(int(sys.argv[2])):
    threading.Thread(target=listen, args=(number,), daemon=True).start()
    time.sleep(0.1)  # a room lets few of one address wait at once that have not spoken yet
sys.stdin.read()
"""
"""Pages that only listen, in a process of their own: each says which picture has come, and when."""


class Listeners:
    """Pages that only listen."""

    def __init__(self, port: int, count: int) -> None:
        self.count = count
        self.came: dict[int, list[float]] = {}
        command = [sys.executable, "-c", LISTEN, f"ws://127.0.0.1:{port}/ws", str(count)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            version, moment = line.split()
            self.came.setdefault(int(version), []).append(float(moment))

    def last(self, version: int) -> float:
        """When the last of them had a picture [seconds]; waits for it, not for ever."""
        deadline = time.time() + 30
        while len(self.came.get(version, ())) < self.count and time.time() < deadline:
            time.sleep(0.002)
        assert len(self.came.get(version, ())) == self.count, "a page did not get its picture"
        return max(self.came[version])

    def close(self) -> None:
        """They go."""
        self.process.communicate("")


def agree(port: int) -> int:
    """Make sure that the room shows what its file says; how many visits the right side's run has."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/state.yaml").read().decode()
    with connect(f"ws://127.0.0.1:{port}/ws", max_size=None, max_queue=None) as wire:
        wire.send(json.dumps({"do": "hello", "page": "room", "id": "auditor"}))
        chosen, said = shown_by(wire)
    (length,) = struct.unpack_from("<I", said, 8)
    start, size = json.loads(said[12 : 12 + length])["sides"][1]["trace"]
    shown = read(said[12 + length + start : 12 + length + start + size])
    scenario = vssim.loads(text)
    change = "in the room" if "in the room" in scenario.changes else chosen  # not always the first of the file
    stage = Stage(scenario)
    right = stage.scene(Arrangement(change, None, seed=scenario.run.seed)).right
    for replication in range(scenario.run.replications):  # one of its lucks is watched, the most ordinary one
        run = stage.run(right, luck=replication)
        if _same(read(trace(run.log, MOST_EVENTS)), shown):
            return len(run.log.visits.item)
    raise AssertionError("the room shows something else than its file says")


def shown_by(wire: ClientConnection) -> tuple[str | None, bytes]:
    """The change that a room tells a page of (None: as it is), and the picture that it sends."""
    chosen = None
    for said in wire:
        if isinstance(said, bytes):
            return chosen, said
        told = json.loads(said)
        chosen = next((change["name"] for change in told.get("changes", ()) if change["chosen"]), chosen)
    raise AssertionError("the room sent no picture")


def _same(mine: tuple[dict[str, Any], Events], yours: tuple[dict[str, Any], Events]) -> bool:
    """Whether two traces tell the same of everybody's way."""
    names = ("at", "item", "step", "state")
    return mine[0]["delivered"] == yours[0]["delivered"] and all(
        np.array_equal(getattr(mine[1], name), getattr(yours[1], name)) for name in names
    )


def moves(page: Page, count: int) -> Iterator[tuple[str, int]]:
    """Positions of the page's sliders, all different from where they stand, in turn."""
    sliders: list[tuple[str, int, int]] = page.locator(".slider[data-path]").evaluate_all(SLIDERS)
    for number in range(count):
        path, most, now = sliders[number % len(sliders)]
        yield path, (now + 1 + number // len(sliders)) % (most + 1)


def measured(page: Page, source: str, count: int, clients: int) -> tuple[int, list[float], list[float]]:
    """Visits of the run; milliseconds to the painted page, and to the last of the listening pages, by move."""
    painted, last = [], []
    with room(source) as (port, _), ExitStack() as stack:
        page.goto(f"http://127.0.0.1:{port}/#key={KEY}")
        page.locator("html[data-version]").wait_for()
        page.keyboard.press("r")
        page.locator(".cover.is-revealed").wait_for()
        page.keyboard.press("Escape")
        page.wait_for_timeout(3000)
        visits = agree(port)
        page.keyboard.press("s")
        page.locator(".slider[data-path] input").first.wait_for()
        listeners = Listeners(port, clients)
        stack.callback(listeners.close)
        listeners.last(int(page.locator("html").get_attribute("data-version") or 0))  # all have come
        page.wait_for_timeout(1500)
        for path, position in moves(page, count):
            began = time.time()
            took = page.evaluate(MOVE, [path, position])
            if took is None:
                continue
            painted.append(took)
            version = int(page.locator("html").get_attribute("data-version") or 0)
            last.append(1000 * (listeners.last(version) - began))
            page.wait_for_timeout(120)
    return visits, painted, last


def _share(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenarios", nargs="*", default=[name for name in all_names() if "/" not in name])
    parser.add_argument("--moves", type=int, default=30, help="slider moves a scenario")
    parser.add_argument("--clients", type=int, default=30, help="pages that listen beside the projector")
    given = parser.parse_args()
    print(f"| scenario | visits | slider → painted, p50 [ms] | p95 | last of {given.clients} pages, p50 [ms] | p95 |")
    print("|---|--:|--:|--:|--:|--:|")
    everything: tuple[list[float], list[float]] = ([], [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for source in given.scenarios:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            visits, painted, last = measured(page, source, given.moves, given.clients)
            page.close()
            print(f"| {source} | {visits:,} | {_row(painted)} | {_row(last)} |", flush=True)
            everything[0].extend(painted)
            everything[1].extend(last)
        browser.close()
    print(f"| **all** | | {_row(everything[0])} | {_row(everything[1])} |")


def _row(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} | {_share(values, 0.95):.0f}"


if __name__ == "__main__":
    main()

"""The painter: makes pictures of setups, away from the event loop. Watched runs come before everything else that is played."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vssim.analysis.stage import Lucks, Scene, Side, Stage
from vssim.errors import VssimError
from vssim.views import words
from vssim.views.live import messages, telling
from vssim.views.live.guess import name_of
from vssim.views.live.picture import Pair, Played
from vssim.views.live.setup import Opener, Setup, fulfilled
from vssim.views.player.charts import Scales

KEPT = 24
"""Sides whose traces are kept."""

MOST_DRAWN = 200
"""Charts that are kept."""

Wish = tuple[Any, messages.Message]
"""Who asks, and for what."""


@dataclass(frozen=True, eq=False)
class Painted:
    """What became of some wishes: the setup and its picture, and who was refused and why."""

    setup: Setup
    pair: Pair | None
    """None in the lobby"""
    refused: tuple[tuple[Any, messages.Message, str], ...]


class Turn:
    """Who may play: what is watched first; what can wait does so between two runs, and while one is drawn."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """While the room waits for a picture: until it is on its way to the pages."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    def wait(self) -> None:
        """Until nobody waits for a picture; a second at the most."""
        self._free.wait(1.0)


class Painter:
    """Paints for one room, one picture after the other; not for several threads at once."""

    def __init__(self, opener: Opener) -> None:
        self.opener = opener
        self._played: OrderedDict[str, Played] = OrderedDict()
        self._drawn: dict[tuple[str, str, Scales], str] = {}

    def paint(self, setup: Setup, wishes: Sequence[Wish], chart: str) -> Painted:
        """The picture after all of the wishes; where it cannot be made, everything stays as it was and all are refused."""
        found, refused = setup, []
        for who, wish in wishes:
            try:
                found = fulfilled(found, wish, self.opener)
            except VssimError as error:
                refused.append((who, wish, str(error)))
        try:
            return Painted(found, self._pair(found, chart), tuple(refused))
        except VssimError as error:
            told = {id(wish) for _, wish, _ in refused}
            refused += [(who, wish, str(error)) for who, wish in wishes if id(wish) not in told]
            return Painted(setup, self._pair(setup, chart), tuple(refused))

    def _pair(self, setup: Setup, chart: str) -> Pair | None:
        if setup.stage is None:
            return None
        scene, stage = setup.scene, setup.stage
        pair = Pair(
            self._side(stage, scene.left, scene.since, telling.left(setup)["name"]),
            self._side(stage, scene.right, scene.since, telling.right(setup)["name"]),
            self._drawn,
        )
        if len(self._drawn) > MOST_DRAWN:
            self._drawn.clear()
        for side in pair.sides:
            pair.chart(chart, side)
            _ = side.trace
        _ = pair.words, setup.sliders
        return pair

    def _side(self, stage: Stage, side: Side, since: float, name: str) -> Played:
        key = f"{side.key}:{since:g}:{name}"
        if key not in self._played:
            self._played[key] = Played(side.key, name, stage.run(side, since))
        self._played.move_to_end(key)
        while len(self._played) > KEPT:
            self._played.popitem(last=False)
        return self._played[key]


class Chorus:
    """The many other lucks of a scene, played on beside the room."""

    def __init__(self, stage: Stage, scene: Scene, metric: str, turn: Turn) -> None:
        self.lucks = Lucks(stage, scene, metric, max(stage.warmup, scene.since))
        self.metric = metric
        self.turn = turn

    def sing(self, until: int, going_on: Callable[[], bool]) -> None:
        """More lucks until there are `until`, as long as `going_on` says so."""
        while len(self.lucks.pairs) < until:
            self.turn.wait()
            if not going_on():
                return
            self.lucks.play(self.turn.wait)

    def told(self, of: int) -> dict[str, Any]:
        """What there is to say after so many."""
        found, done = self.lucks.difference, len(self.lucks.pairs)
        share = None if found.better_in is None or not found.n else found.better_in / found.n
        return {"kind": "lucks", "done": done, "of": of, "shorter": share, "words": self._words(done, share)}

    def _words(self, done: int, share: float | None) -> str:
        found = self.lucks.difference
        head = f"{name_of(self.metric).capitalize()}, {done} {'luck' if done == 1 else 'lucks'}:"
        if found.difference.low == found.difference.high == 0:
            return f"{head} the same on both sides, each time"
        if found.ratio.mean is None:
            return f"{head} too little is delivered"
        better = f"better in {words.percent(share)}, " if share is not None else ""
        return f"{head} {better}{words.shift(found.ratio, '')}"

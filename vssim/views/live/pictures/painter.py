"""The painter: makes pictures of setups, away from the event loop. Watched runs come before everything else that is played."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vssim.analysis.interactive.opening import average_day
from vssim.analysis.interactive.stage import Side, Stage
from vssim.errors import VssimError
from vssim.language import t
from vssim.views import answers
from vssim.views.live.pictures.causes import bars
from vssim.views.live.pictures.picture import Pair, Played
from vssim.views.live.room import messages, telling
from vssim.views.live.room.setup import NEW, Opener, Setup, fulfilled, settled
from vssim.views.live.room.wording import today_about
from vssim.views.player.charts import Scales

KEPT = 24
"""The most sides whose traces are kept."""

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
    day: float | None = None
    """the most average day of the picture [units of time]; None in the lobby"""


class Turn:
    """Decides who may play: what is watched first; other work waits between two runs while a picture is made."""

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
        """Wait while anybody waits for a picture; a second at the most."""
        self._free.wait(1.0)


class Painter:
    """Paints for one room, one picture after the other; not for several threads at once."""

    def __init__(self, opener: Opener) -> None:
        self.opener = opener
        self._played: OrderedDict[str, Played] = OrderedDict()
        self._drawn: dict[tuple[str, str, Scales], str] = {}

    def paint(self, setup: Setup, wishes: Sequence[Wish], chart: str) -> Painted:
        """The picture after all of the wishes; where it cannot be made, everything stays as it was and all are refused."""
        next_setup, refused = setup, []
        for who, wish in wishes:
            try:
                next_setup = settled(fulfilled(next_setup, wish, self.opener), wish)
            except VssimError as error:
                refused.append((who, wish, str(error)))
        try:
            pair = self._pair(next_setup, chart)
            return Painted(next_setup, pair, tuple(refused), self._day(next_setup, pair, wishes))
        except VssimError as error:
            told = {id(wish) for _, wish, _ in refused}
            refused += [(who, wish, str(error)) for who, wish in wishes if id(wish) not in told]
            return Painted(setup, self._pair(setup, chart), tuple(refused))

    def _day(self, setup: Setup, pair: Pair | None, wishes: Sequence[Wish]) -> float | None:
        """The day on which a picture opens; only worked out where another question begins."""
        if pair is None or setup.stage is None or not any(isinstance(wish, NEW) for _, wish in wishes):
            return None
        start = max(setup.stage.warmup, setup.scene.since)
        return average_day([side.run.log for side in pair.sides], start, setup.scenario.run.horizon)

    def _pair(self, setup: Setup, chart: str) -> Pair | None:
        if setup.stage is None:
            return None
        scene, stage = setup.scene, setup.stage
        pair = Pair(
            self._side(setup, stage, scene.left, telling.left(setup)["name"]),
            self._side(setup, stage, scene.right, telling.right(setup)["name"]),
            self._drawn,
        )
        if len(self._drawn) > MOST_DRAWN:
            self._drawn.clear()
        for side in pair.sides:
            pair.chart(chart, side)
            _ = side.trace
        _ = setup.sliders
        return pair

    def _side(self, setup: Setup, stage: Stage, side: Side, name: str) -> Played:
        since, luck = setup.scene.since, setup.arrangement.luck
        key = f"{side.key}:{luck}:{since:g}:{name}"
        if key not in self._played:
            lanes = {kind: item_type.lane for kind, item_type in setup.scenario.demand.items() if item_type.lane}
            self._played[key] = Played(f"{side.key}:{luck}", name, stage.run(side, since, luck=luck), lanes)
        self._played.move_to_end(key)
        while len(self._played) > KEPT:
            self._played.popitem(last=False)
        return self._played[key]


class Chorus:
    """All lucks of what is shown, played beside the room; runs that were played to choose the shown one are used again."""

    def __init__(self, setup: Setup, turn: Turn) -> None:
        self.lucks = setup.lucks
        self.of = min(setup.scenario.run.replications, MOST_LUCKS)
        self.unit = setup.scenario.unit
        self.names = telling.left(setup)["name"], telling.right(setup)["name"]
        self.as_today = setup.arrangement.against is None
        self.turn = turn

    def sing(self, until: int, going_on: Callable[[], bool]) -> None:
        """More lucks until there are `until`, as long as `going_on` says so."""
        while len(self.lucks.played) < until:
            self.turn.wait()
            if not going_on():
                return
            self.lucks.play(self.turn.wait)

    def told(self) -> dict[str, Any]:
        """What there is to say after so many."""
        done = len(self.lucks.played)
        return {"kind": "lucks", "done": done, "of": self.of, "answer": answers.told(self.lucks.answer)}

    def today(self) -> dict[str, Any]:
        """What may be told while the room guesses: the figure as it is, nothing of the change."""
        answer = self.lucks.answer
        change = None if self.as_today else self.names[0]
        return {"kind": "today", "words": today_about(answer.metric, change), "value": answers.today(answer)}

    def bars(self) -> str:
        """Where the time of an average item goes on both sides, over all lucks."""
        before, after = self.lucks.times()
        return bars([(t("as today") if self.as_today else self.names[0], before), (t("after"), after)], self.unit)


MOST_LUCKS = 200
"""Lucks of an answer, at most; as many as the scenario says."""

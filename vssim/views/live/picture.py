"""Pictures: what both boards show, as bytes that every page of the room gets. See `vssim.views.live` for how they are laid out."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from vssim.analysis.metrics import lead_times
from vssim.analysis.run import Run
from vssim.clock import NOT_YET
from vssim.log import Origin
from vssim.views import words
from vssim.views.live.causes import causes
from vssim.views.player.charts import CHARTS, Scales, scales, steady, whole
from vssim.views.player.trace import trace

MAGIC = b"VSPICT01"

WIDTH, HEIGHT = 660, 210
"""Size of a chart: as wide and low as its place on the projector page, so that its words are large enough there."""

MOST_EVENTS = 30_000
"""Events of a trace, at most, before it is thinned."""

TIME = "time"
TITLES = {name: title for name, (title, _) in CHARTS.items()} | {TIME: "Where the time goes"}
"""The charts of a room, in the order of their keys."""


@dataclass(frozen=True, eq=False)
class Played:
    """One side that has been played: its run, and what pages are sent of it."""

    key: str
    name: str
    run: Run

    @cached_property
    def trace(self) -> bytes:
        """For the player."""
        return trace(self.run.log, MOST_EVENTS)

    @cached_property
    def metrics(self) -> dict[str, float | None]:
        """Over the measured time."""
        return self.run.metrics()

    @cached_property
    def lead_times(self) -> dict[str, float | None]:
        """Those of the metrics that are always told."""
        return lead_times(self.run.log, warmup=self.run.warmup)

    @cached_property
    def arrived(self) -> int:
        """Customers' items from outside that arrived."""
        items = self.run.log.items
        return int(((items.arrived != NOT_YET) & (items.parent < 0) & (items.origin == Origin.DEMAND)).sum())


@dataclass(frozen=True, eq=False)
class Pair:
    """Both sides, on the same axes."""

    left: Played
    right: Played
    drawn: dict[tuple[str, str, Scales], str] = field(default_factory=dict)
    """charts by name, key of the side and axes; may be shared with other pairs"""

    @property
    def sides(self) -> tuple[Played, Played]:
        """The left one first."""
        return self.left, self.right

    @cached_property
    def scales(self) -> Scales:
        """The axes of both, which do not jump for small changes."""
        return replace(scales([side.run for side in self.sides], steady), width=WIDTH, height=HEIGHT)

    def chart(self, name: str, side: Played) -> str:
        """One chart of one side, as SVG."""
        if name == TIME:
            return causes(side.metrics, [one.metrics for one in self.sides], side.name, side.run.log.unit, whole(side.run))
        of = (name, side.key, self.scales)
        if of not in self.drawn:
            self.drawn[of] = CHARTS[name][1](side.run, self.scales)
        return self.drawn[of]

    @cached_property
    def words(self) -> str:
        """The strip's first sentence."""
        before, after = (side.lead_times["lead_time.p50"] for side in self.sides)
        unit = self.left.run.log.unit
        counts = [side.arrived for side in self.sides]
        items = f"same {counts[0]:,} items" if counts[0] == counts[1] else f"{counts[0]:,} → {counts[1]:,} items"
        return f"{items}, same luck, whole run: typical lead time {words.from_to(before, after)} {unit}s"


def encode(pair: Pair, chart: str, *, version: int, seq: int | None, day: float, held_back: bool, left_known: bool) -> bytes:
    """The picture; `held_back`: nothing of the right side; `left_known`: without the trace of the left one, which pages have."""
    traces: list[bytes] = []
    sides = []
    for side, hidden, known in ((pair.left, False, left_known), (pair.right, held_back, False)):
        place = None if hidden or known else _place(side, traces)
        sides.append(_side(pair, side, chart, hidden, place))
    head: dict[str, Any] = {"version": version, "seq": seq, "chart": chart, "day": day, "sides": sides}
    head["words"] = None if held_back else pair.words
    written = json.dumps(head, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return b"".join([MAGIC, struct.pack("<I", len(written)), written, *traces])


def _place(side: Played, traces: list[bytes]) -> list[int]:
    """Offset and length of the side's trace, which is added to `traces`."""
    offset = sum(map(len, traces))
    traces.append(side.trace)
    return [offset, len(side.trace)]


def _side(pair: Pair, side: Played, chart: str, hidden: bool, place: Sequence[int] | None) -> dict[str, Any]:
    return {
        "key": None if hidden else side.key,
        "name": side.name,
        "trace": place,
        "chart": None if hidden else pair.chart(chart, side),
        "typical": None if hidden else side.lead_times["lead_time.p50"],
        "within": None if hidden else side.lead_times["lead_time.p85"],
    }

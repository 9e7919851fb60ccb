"""Pictures: what both boards show, as bytes that every page of the room gets. See `vssim.views.live` for how they are laid out."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from vssim.play.run import Run
from vssim.views.live.pictures.causes import bars
from vssim.views.player.charts import CHARTS, Scales, scales, steady
from vssim.views.player.trace import trace

MAGIC = b"VSPICT01"

WIDTH, HEIGHT = 910, 700
"""Size of a chart: one of two beside each other in the full-size view."""

MOST_EVENTS = 30_000
"""Events of a trace, at most, before it is thinned."""

BOARDS, TIME = "progress", "time"
TITLES = (
    {BOARDS: "The boards"} | {name: CHARTS[name][0] for name in ("lead", "delivered", "histogram")} | {TIME: "Where the time goes"}
)
"""What a room can look at, in the order of their keys: the boards, and the charts that are shown over them."""


@dataclass(frozen=True, eq=False)
class Played:
    """One side that has been played: its run, and what pages are sent of it."""

    key: str
    name: str
    run: Run
    lanes: Mapping[str, str] = field(default_factory=dict)
    """lanes of a flow map as the scenario has them, by type"""

    @cached_property
    def trace(self) -> bytes:
        """For the player."""
        return trace(self.run.log, MOST_EVENTS, self.lanes)

    @cached_property
    def metrics(self) -> dict[str, float | None]:
        """Over the measured time."""
        return self.run.metrics()


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
        """One chart of one side, as SVG; '' for the boards themselves."""
        if name == BOARDS:
            return ""
        if name == TIME:
            times = [(played.name, _times(played)) for played in self.sides]
            return bars(times, side.run.log.unit, 1860, totals=True) if side is self.left else ""
        of = (name, side.key, self.scales)
        if of not in self.drawn:
            self.drawn[of] = CHARTS[name][1](side.run, self.scales)
        return self.drawn[of]


def _times(side: Played) -> dict[str, float]:
    return {
        name.removeprefix("time."): value or 0.0 for name, value in side.metrics.items() if name[:5] == "time." and "@" not in name
    }


def encode(pair: Pair, chart: str, *, version: int, seq: int | None, day: float, held_back: bool, left_known: bool) -> bytes:
    """The picture; `held_back`: nothing of the right side; `left_known`: without the trace of the left one, which pages have."""
    traces: list[bytes] = []
    sides = []
    for side, hidden, known in ((pair.left, False, left_known), (pair.right, held_back, False)):
        place = None if hidden or known else _place(side, traces)
        sides.append(_side(pair, side, chart, hidden, place))
    head: dict[str, Any] = {"version": version, "seq": seq, "chart": chart, "day": day, "sides": sides}
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
    }

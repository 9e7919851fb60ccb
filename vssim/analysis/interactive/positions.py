"""Ladders: the positions that a slider may take, from the value that stands there now, and how a room reads each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from vssim.model.distributions import KINDS, ZERO, Distribution
from vssim.model.values import Rework, plain
from vssim.scenario.settable import Setting

WHOLE = (*range(1, 13), 14, 16, 18, *range(20, 41, 5), *range(50, 101, 10), *range(120, 201, 20), *range(250, 1001, 50))
"""Whole numbers that a room tells apart: close together where they are small."""

CADENCES = (0.5, 1, 2, 5, 10, 20, 40, 60, 120, 240, 480, 960)
"""Times at which things happen: every day, twice a week, a week, two, a month, a quarter, …"""

FACTORS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.25, 1.5, 2.0)
"""On the mean of a distribution that cannot be 0, such as the time between arrivals."""

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.25, 1.5, 2.0)
"""On the mean of a duration."""

_NUMBER = re.compile(r"\d+\.\d+(e-?\d+)?")


@dataclass(frozen=True)
class Ladder:
    """The positions of a slider, in order, as a scenario file writes them."""

    kind: Literal["number", "share", "choice"]
    values: tuple[Any, ...]
    now: int
    """which of `values` stands there now"""
    words: tuple[str, ...]
    """how a room reads each of `values`, without a unit"""


def ladder(setting: Setting, felt: int) -> Ladder | None:
    """The positions for a setting; None where there is nothing to move.

    `felt`: items up to which a limit is felt by the people whom the setting concerns.
    """
    value: Any = setting.value
    positions: Ladder | None
    match setting.kind:
        case "limit":
            positions = _of_limit(None if value == "none" else value, felt)
        case "choice":
            positions = Ladder(
                "choice", setting.choices, setting.choices.index(value), tuple(_word(choice) for choice in setting.choices)
            )
        case "duration" | "distribution":
            positions = _of_distribution(value, QUARTERS if setting.kind == "duration" else FACTORS)
        case "part" | "share" | "rework":
            positions = _of_share((value.share or 0.0) if isinstance(value, Rework) else value, above_all=setting.kind != "part")
        case "people":
            positions = None if value == "unlimited" else _numbers(_whole(max(3, 2 * value)), value)
        case "time":
            positions = _numbers((step for step in CADENCES if value / 20 <= step <= max(4 * value, 1)), plain(value))
        case _:
            positions = _numbers(_whole(max(6, math.ceil(2 * value))), plain(value))
    return positions


def _of_limit(limit: int | None, felt: int) -> Ladder:
    """From one to as many as hardly bind, then none at all."""
    most = max(felt, 2 * (limit or 0), 3)
    values = [*sorted({*_whole(most), *([limit] if limit else [])}), "none"]
    return Ladder("number", tuple(values), values.index(limit or "none"), tuple(_word(value) for value in values))


def _of_share(share: float, *, above_all: bool) -> Ladder:
    """By tens of a hundred, small ones by fives, and by twenties above all of it where that may be."""
    now = plain(round(share * 100, 6))
    steps = [*range(0, 20, 5), *range(20, 101, 10), *(range(120, int(max(2 * now, 200)) + 1, 20) if above_all and now > 80 else ())]
    values = sorted({*steps, now})
    return Ladder("share", tuple(f"{value}%" for value in values), values.index(now), tuple(f"{value:g} %" for value in values))


def _of_distribution(now: Distribution, factors: tuple[float, ...]) -> Ladder | None:
    """The same shape with other means; a room is told the mean."""
    if not KINDS[now.kind].stretches or not now.mean:
        return None
    means = sorted({now.mean, *(_round(now.mean * factor) for factor in factors)})
    written = [now if mean == now.mean else now.scaled(mean / now.mean) if mean else ZERO for mean in means]
    kind: Literal["number", "choice"] = "number" if KINDS[now.kind].is_number else "choice"
    return Ladder(
        kind,
        tuple(_written(distribution) for distribution in written),
        means.index(now.mean),
        tuple(f"{mean:.3g}" for mean in means),
    )


def _written(distribution: Distribution) -> Any:
    """A distribution as a file writes it, without the dust of floating point."""
    text = _NUMBER.sub(lambda number: f"{plain(float(f'{float(number[0]):.6g}'))!r}", str(distribution.document()))
    return plain(float(text)) if KINDS[distribution.kind].is_number else text


def _round(number: float) -> float:
    return float(f"{number:.2g}")


def _numbers(values: Iterable[float], now: float) -> Ladder:
    ordered = sorted({*values, now})
    return Ladder("number", tuple(ordered), ordered.index(now), tuple(f"{number:g}" for number in ordered))


def _whole(most: int) -> list[int]:
    return [number for number in WHOLE if number <= most] or [1]


def _word(value: Any) -> str:
    words = {"none": "no limit", True: "yes", False: "no"}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else words.get(value, str(value).replace("_", " "))

"""Terms: what a scenario wants counted, and from when; it steers nothing.

Two runs that differ in their terms alone are the same run. A log carries its terms, so that whoever reads it counts alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PULLED, STARTED = "pulled", "started"

MOMENTS = ("arrived", "started", "pulled", "delivered")
"""Moments that a clock may begin or end with, beside the steps."""

CLOCK = "clock."
"""What the metrics of a clock of the scenario's own begin with."""

TIMES = ("lead_time", "cycle_time", "since_start")
"""The clocks that every scenario has."""


@dataclass(frozen=True)
class Span:
    """A clock of one's own: from the first (or last) entry into a step to the last leaving of another."""

    begin: str
    """a step, or one of MOMENTS"""
    end: str
    """a step, or one of MOMENTS"""
    entry: Literal["first", "last"] = "first"


@dataclass(frozen=True)
class Promised:
    """How long an item may take if a promise is to be kept."""

    within: float
    """[units of time]"""
    of: str = "cycle_time"
    """the clock that counts: lead_time, cycle_time, since_start, clock.NAME"""


@dataclass(frozen=True)
class Stream:
    """What a delivered item earns from its delivery on."""

    per_unit: float
    """in full [currency per unit of time]"""
    ramp: float = 0.0
    """time over which it grows to that, evenly [units of time]"""
    lasts: float | None = None
    """how long it earns; None: without end [units of time]"""


@dataclass(frozen=True)
class Money:
    """What is paid and earned, where a scenario has a currency."""

    spending: tuple[tuple[float, float], ...] = ()
    """what people and changes cost from each moment on, the first 0 [units of time, currency per unit of time]"""
    once: tuple[tuple[float, float], ...] = ()
    """what is paid at a moment [units of time, currency]"""
    streams: tuple[tuple[str, Stream], ...] = ()
    """by item type"""


@dataclass(frozen=True)
class Terms:
    """What is counted, and from when."""

    committed: str = PULLED
    """from which event an item counts as in progress: pulled, started, or the first entry into a step or any later one"""
    clocks: tuple[tuple[str, Span], ...] = ()
    """by name"""
    promises: tuple[tuple[str, Promised], ...] = ()
    """by item type"""
    patience: bool = False
    """whether anybody may give up, so that who did is measured"""
    finite: bool = False
    """whether all demand ends, so that averages end with it"""
    expected: tuple[tuple[str, int], ...] = ()
    """by item type: how many items come from outside before its demand has ended, where that can be told"""
    gates: tuple[tuple[float, float], ...] = ()
    """interval and offset of the gates behind which items are delivered [units of time]"""
    money: Money | None = None
    """None without a currency"""


AS_EVER = Terms()
"""Terms with nothing beyond what every run is measured by."""

"""What is under way as a run begins: where every item stands that is here already, and what has happened until then.

A run may begin in the middle: with a board as it is today, or at any quiet tick of another run. The engines place what is under
way before the first tick; then the organisation in force comes into force as a change does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from vssim.clock import Ints, Numbers
from vssim.workload.trace import Trace


class Standing(IntEnum):
    """What an item does that is under way; `time` of `UnderWay` says since, or until, when."""

    DUE = 0
    """it will join the backlog at `time`, because another has left"""
    BACKLOG = 1
    """it has been there since `time`"""
    TRANSIT = 2
    """its visit is ready at `time`"""
    READY = 3
    """its visit has waited for people since `time`; also when it was put down"""
    OPEN = 4
    """a pool has it open; it was ready at `time`"""
    PASSING = 5
    """time passes until `time`"""
    AT_GATE = 6
    """done, and at the gate of its visit since `time`"""
    GATHERING = 7
    """gathers for a batch since `time`, or has just finished its stay"""
    RELEASED = 8
    """waits since `time` to move on, or (parked) to come back"""


@dataclass(frozen=True, eq=False)
class UnderWay:
    """Everything that is the case at a quiet tick. n items are under way, in the order of their numbers, arrays of shape (n,)."""

    at: int
    """the tick; the run goes on from there"""
    past: Trace
    """what has happened by then, by the rows of the program's tables"""
    touched: Ints
    """(N,) when an item was first started, where its itinerary begins after that [ticks]; else −1"""
    item: Numbers
    standing: Numbers
    """a Standing"""
    row: Numbers
    """its present visit; −1 in the backlog and before"""
    time: Ints
    """since or until when it stands so [ticks]"""
    pool: Numbers
    """that has it open; −1 nobody"""
    left: Ints
    """of what is open: what is left of its effective work [millionths of a tick]; else 0"""
    proficiency: Ints
    """of what is open: with which it was started [millionths]; else 0"""
    owner: Numbers
    """−1 nobody"""
    parked: Numbers
    handed_over: Numbers
    """1: its stay was entered by a handoff"""
    passed_gate: Numbers
    opens_batch: Numbers
    carries_setup: Numbers
    remaining: Ints
    """work left after it was put down [ticks]; −1 all of it"""
    put_down_since: Ints
    """[ticks]; −1 never put down"""
    gate_passed: Ints
    """(gates,) how many each has let through in its opening at this very tick"""


COLUMNS = (
    "item", "standing", "row", "time", "pool", "left", "proficiency", "owner", "parked", "handed_over", "passed_gate",
    "opens_batch", "carries_setup", "remaining", "put_down_since",
)  # fmt: skip
"""The columns of UnderWay that have one entry an item."""

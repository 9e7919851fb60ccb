"""A work item under way: where it stands, who owns it, what it waits for."""

from __future__ import annotations

from simpy import Environment, Event, Process

NOWHERE = -1
NOBODY = -1


class Item:
    """One item. Its itinerary is rows `row` (the present visit) to `end` (after the last) of the program's visit table."""

    __slots__ = (
        "arrived",
        "at_gate",
        "begun",
        "brought",
        "carries_setup",
        "column",
        "end",
        "gathering",
        "gone",
        "handed_over",
        "key_time",
        "leaves",
        "number",
        "opens_batch",
        "owner",
        "parked",
        "passed_gate",
        "process",
        "put_down_since",
        "remaining",
        "row",
        "timed",
        "turn",
        "type",
        "until",
    )

    def __init__(self, number: int, kind: int, env: Environment) -> None:
        self.number = number
        self.type = kind
        self.row = self.end = NOWHERE
        self.column = NOWHERE
        """the step whose token it holds"""
        self.owner = NOBODY
        """the team that owns it"""
        self.arrived = NOWHERE
        self.brought = False
        """another item's leaving has made it due"""
        self.key_time = 0
        """since when it waits for what it waits for now: the time in its key"""
        self.begun = 0
        """what has happened to it, or a part of it: 1 left the backlog, 2 was started, 3 both"""
        self.gone = False
        """it gave up while time passed for it, which is void now"""
        self.leaves = 0
        """one that it waits for was dropped, and it leaves with that: as what, an Ended; else 0"""
        self.parked = self.gathering = self.at_gate = self.timed = False
        self.handed_over = False
        """its present stay was entered by a handoff"""
        self.passed_gate = self.opens_batch = False
        """it was let on by a gate; it is the first of its batch or gate opening (or a batch of its own)"""
        self.carries_setup = False
        """the first own work of its present stay is longer by the setup"""
        self.remaining: int | None = None
        """work left after it was put down; None: the visit's whole work [ticks]"""
        self.put_down_since = NOWHERE
        self.until = NOWHERE
        """when it is due, or the time that passes is over"""
        self.turn: Event = env.event()
        """what its process waits for: that a decision, or a pool, lets it go on"""
        self.process: Process | None = None

    def goes_on(self) -> None:
        """Let the item's process go on from where it waits."""
        turn, self.turn = self.turn, self.turn.env.event()
        turn.succeed()

"""What an organisation in force says of its steps, item types, gates, teams and pools: declared here, once for both engines.

A group of rules has one number a step (gate, …) in each `Column`, and one row a step in each `Table`. A program holds them in
arrays, the reference engine in lists (`in_lists`), the compiled one in records that take their fields from here (`columns`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Generic, TypeVar, get_type_hints

from vssim.clock import Ints

Column = TypeVar("Column")
"""Anything that holds one number for each step (gate, …)."""

Table = TypeVar("Table")
"""Anything that holds a row of numbers for each step (gate, …)."""


@dataclass(frozen=True, eq=False)
class StepRules(Generic[Column]):
    """By step."""

    there: Column
    """1 when the step exists"""
    limit: Column
    """[items]; NO_LIMIT none"""
    batch: Column
    """handoff batch into the step [items]"""
    batch_wait: Column
    """[ticks] after which a batch goes that the first has gathered for so long; NEVER none"""
    relearning: Column
    """[millionths]"""


@dataclass(frozen=True, eq=False)
class TypeRules(Generic[Column, Table]):
    """By item type."""

    limit: Column
    """[items]; NO_LIMIT none"""
    gathers: Table
    """(types, steps) 1 when items that arrive as such a type, or as its parts, may come to gather for a batch into the step"""


@dataclass(frozen=True, eq=False)
class SpanRules(Generic[Column, Table]):
    """By span: a limit on the items in a run of columns, of all types or of some."""

    limit: Column
    """[items]; NO_LIMIT none, or not in this phase"""
    first: Column
    """the run's first step; above `last` where the span is not in this phase"""
    last: Column
    counted: Table
    """(spans, types) 1 when items of the type count"""


@dataclass(frozen=True, eq=False)
class GateRules(Generic[Column, Table]):
    """By gate."""

    every: Column
    """[ticks]; 0: the gate does not exist, it is always open"""
    offset: Column
    """[ticks], in [0, every)"""
    listed: Column
    """1 when it opens at `openings`, and `every` only says that it exists"""
    openings: Table
    """(gates, K) [ticks] rising; NEVER from the last on"""
    most: Column
    """[items per opening]; NO_LIMIT none"""


@dataclass(frozen=True, eq=False)
class TeamRules(Generic[Column, Table]):
    """By team."""

    limit: Column
    """[items]; NO_LIMIT none"""
    pull: Column
    """which of the pull orders"""
    tickets: Column
    """−1 tickets first, 0 with the rest, 1 tickets last"""
    resuming: Column
    """more work when what was interrupted is taken up again [ticks]"""
    pace: Table
    """(teams, units) [millionths] in each unit of time of the run; the last column holds for ever, and is above 0"""


@dataclass(frozen=True, eq=False)
class PoolRules(Generic[Column, Table]):
    """By pool, as it is when the phase begins; `Staffing` says how that changes."""

    there: Column
    """1 when the pool exists, whether somebody is here or not"""
    people: Column
    """[persons]; 0 unlimited (or nobody)"""
    cap: Column
    """most open items; 0: nobody is here; NO_LIMIT: unlimited people"""
    row: Column
    """of `rate`: how fast they are"""
    most: Column
    """most people who work on one item [millionths of a person]; for the log, engines need only `rate`"""
    rate: Table
    """(rows, R) [millionths] with N open items, N >= 1; N beyond the last column takes the last; column 0 unused"""
    does: Table
    """(pools, skills) proficiency [millionths]; 0 does not"""
    helps: Table
    """(pools, skills) proficiency [millionths]; 0 does not"""
    stands_in: Table
    """(pools, skills) 1 where it does not do it, and helps only while no pool is here that does"""


@dataclass(frozen=True, eq=False)
class Staffing:
    """When the people of pools change while a phase is in force: one entry a change, by time, then pool."""

    at: Ints
    """[ticks], after the start of the phase"""
    pool: Ints
    people: Ints
    """[persons]"""
    cap: Ints
    """most open items; 0 where nobody is here"""
    row: Ints
    """of the pools' `rate`: how fast they are from then on"""


@dataclass(frozen=True, eq=False)
class Phase:
    """An organisation in force from `start` on."""

    start: int
    """[ticks]"""
    routing: int
    """the number of the demand and routes in force: whose itineraries items follow that leave the backlog now"""
    discipline: int
    stream_limit: int
    """[items]; NO_LIMIT none"""
    steps: StepRules[Ints]
    types: TypeRules[Ints, Ints]
    spans: SpanRules[Ints, Ints]
    gates: GateRules[Ints, Ints]
    teams: TeamRules[Ints, Ints]
    pools: PoolRules[Ints, Ints]
    staffing: Staffing
    away: tuple[tuple[int, int, int, int], ...] = ()
    """(pool, since when [ticks], absent, ill [persons]), by pool and time, for pools of which somebody is ever away; for the log"""
    closed: tuple[tuple[int, int], ...] = ()
    """from when to when nobody works [ticks]; for the log, `pace` has it"""


@cache
def _hints(rules: Any) -> dict[str, Any]:
    """What the fields of a group of rules are, looked up once."""
    return get_type_hints(rules)


def columns(rules: type) -> tuple[str, ...]:
    """The names of the columns of a group of rules."""
    return tuple(name for name, hint in _hints(rules).items() if hint is Column)


def tables(rules: type) -> tuple[str, ...]:
    """The names of the tables of a group of rules."""
    return tuple(name for name, hint in _hints(rules).items() if hint is Table)


def in_lists(rules: Any) -> Any:
    """The same rules in lists of whole numbers."""
    return replace(rules, **{field.name: getattr(rules, field.name).tolist() for field in fields(rules)})

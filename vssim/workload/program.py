"""What an engine is given: everything known before the run, in whole numbers, as flat arrays.

Steps, skills, types, teams, pools and gates have one numbering for the whole run, also when changes come into force: a phase
says which of them exist in it. Skill k < number of steps is the work of step k; further skills are other teams' help.
Every item has one itinerary per phase; it follows the one of the phase in which it leaves the backlog.
"""

from __future__ import annotations

from dataclasses import dataclass

from vssim.clock import Ints, Numbers, Reals

FIFO, LIFO, RANKED, EARLIEST_DUE = 0, 1, 2, 3
"""Disciplines as engines know them: by time, by negated time, by the item's rank, by arrival + the item's rank."""

PULL_FIFO, PULL_FINISH_FIRST, PULL_START_FIRST, PULL_OLDEST_FIRST = 0, 1, 2, 3
"""Pull orders of teams."""

NO_RANK = 2**60
"""Rank of an item without due date under EARLIEST_DUE [ticks]; its key is NO_RANK whatever its arrival."""


@dataclass(frozen=True, eq=False)
class Phase:
    """An organisation in force from `start` on. S steps, K skills, Y types, G gates, T teams, P pools."""

    start: int
    """[ticks]"""
    step_there: Ints
    """(S,) 1 when the step exists"""
    step_limit: Ints
    """(S,) [items]; NO_LIMIT none"""
    type_limit: Ints
    """(Y,) [items]; NO_LIMIT none"""
    stream_limit: int
    """[items]; NO_LIMIT none"""
    discipline: int
    batch: Ints
    """(S,) handoff batch into the step [items]"""
    relearning: Ints
    """(S,) [millionths]"""
    gate_every: Ints
    """(G,) [ticks]; 0: the gate does not exist, it is always open"""
    gate_offset: Ints
    """(G,) [ticks], in [0, every)"""
    gate_most: Ints
    """(G,) [items per opening]; NO_LIMIT none"""
    team_limit: Ints
    """(T,) [items]; NO_LIMIT none"""
    team_pull: Ints
    """(T,)"""
    team_tickets: Ints
    """(T,) −1 tickets first, 0 with the rest, 1 tickets last"""
    pace: Ints
    """(T, U) [millionths] in unit of time u of the run; the last column holds for ever, and is above 0"""
    pool_people: Ints
    """(P,) [persons]; 0 unlimited (or not there)"""
    pool_cap: Ints
    """(P,) most open items; 0: the pool is not there; NO_LIMIT: unlimited people"""
    pool_most: Ints
    """(P,) most people who work on one item [millionths of a person]; for the log, engines need only `rate`"""
    rate: Ints
    """(P, R) [millionths] with N open items, N >= 1; N beyond the last column takes the last; column 0 unused"""
    does: Ints
    """(P, K) proficiency [millionths]; 0 does not"""
    helps: Ints
    """(P, K) proficiency [millionths]; 0 does not"""


@dataclass(frozen=True, eq=False)
class ItemTable:
    """All items that may come to exist, in the order of their numbers. N items, F phases."""

    type: Numbers
    """(N,)"""
    parent: Numbers
    """(N,) the whole it is a part of; −1"""
    follows: Numbers
    """(N,) the item whose delivery makes it due; −1"""
    origin: Numbers
    """(N,) log.Origin"""
    arrival: Ints
    """(N,) [ticks]; −1 for successors. A whole has its parts' arrival, but joins the backlog when they are done"""
    parts: Numbers
    """(N,) number of parts; 0 for what is no whole"""
    after: Ints
    """(F, N) [ticks] after the delivery of `follows`, if that one followed phase f's itinerary; −1: then it never comes"""
    priority: Ints
    """(F, N) in force in phase f"""
    expedite: Numbers
    """(F, N) 1 expedited, in force in phase f"""
    rank: Ints
    """(F, N) by the discipline of phase f"""
    first: Numbers
    """(F, N) first row of the item's itinerary of phase f"""
    end: Numbers
    """(F, N) row after its last; equal to `first` for an empty route"""
    stops: Numbers
    """(F, N) 1 when that itinerary ends in being dropped"""
    right: Numbers
    """(F, N)"""
    work: Ints
    """(F, N) own work of the first pass [ticks]"""
    due: Ints
    """(F, N) [ticks] after arrival; −1 none"""
    value: Reals
    """(F, N) NaN none"""
    cost_of_delay: Reals
    """(F, N) NaN none"""


@dataclass(frozen=True, eq=False)
class VisitTable:
    """The itineraries of all items and phases, one after the other. M visits, arrays of shape (M,)."""

    item: Numbers
    step: Numbers
    skill: Numbers
    """−1 nobody is needed"""
    kind: Numbers
    """log.Kind"""
    work: Ints
    """touch time at proficiency 1, or the time that passes where nobody is needed [ticks]"""
    delay: Ints
    """a ticket's own transit [ticks]"""
    handoff_delay: Ints
    """transit if the stay is entered by a handoff [ticks]; first visit of a stay only, else 0"""
    setup: Ints
    """extra work if the item comes in first of its batch or gate opening [ticks]; first own work of a stay, else 0"""
    gate: Numbers
    """the gate that lets it go when done; −1 none"""
    parks: Numbers
    """1: while on this visit the item holds no step or team token"""
    opens: Numbers
    """1: first visit of a stay"""
    back: Numbers
    """1: visit of a stay that was entered backwards, as a return"""
    rework: Numbers
    """1: visit of a repeated stay"""
    stay_skill: Numbers
    """skill of the stay's first own work; −1 when the stay has none"""


@dataclass(frozen=True, eq=False)
class Program:
    """One run, ready for an engine: phases, items, itineraries, and the names for the log."""

    horizon: int
    """[ticks], events at it included"""
    phases: tuple[Phase, ...]
    items: ItemTable
    visits: VisitTable
    unit: str
    steps: tuple[str, ...]
    skills: tuple[str, ...]
    types: tuple[str, ...]
    teams: tuple[str, ...]
    pool_team: Ints
    """(P,)"""
    gates: tuple[str, ...]
    """names of gates: a step's name, or the path of a need"""


@dataclass(frozen=True, eq=False)
class Trace:
    """What an engine returns: one entry per row of the program's tables, NOT_YET where nothing happened."""

    entered: Ints
    ready: Ints
    started: Ints
    finished: Ints
    put_down: Ints
    """0 where never put down"""
    released: Ints
    left: Ints
    pool: Numbers
    owner: Numbers
    """−1 none, or not started"""
    touch: Ints
    """0 before the start"""
    handoff: Numbers
    """(M,) 1 for visits of a stay that was entered by a handoff"""
    item_arrived: Ints
    """(N,) as log.Items"""
    item_joined: Ints
    item_pulled: Ints
    item_left: Ints
    item_phase: Numbers
    """(N,) the phase whose itinerary it follows; −1 not pulled yet"""

"""Hypothesis strategies for whole scenarios over the whole language, as the documents that a file would hold.

Small and fast: one to four steps, a handful of items. Times lie on a coarse grid, so that many things happen at the same
moment. What is drawn is valid, with one exception: a change may take away what nothing else does (`runnable` tells).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

import vssim
from tests.support.running import text_of

Document = dict[str, Any]
Draw = st.DrawFn

TIMES = st.sampled_from([0.25, 0.5, 1, 1.5, 2, 3])
DELAYS = st.sampled_from([0, 0.25, 0.5, 1, 2])
CHANCES = st.sampled_from([0.2, 0.5])
PROFICIENCIES = st.sampled_from([1, 0.5, 0.25])
STEPS = "abcd"
TYPES = "xyz"


@dataclass(frozen=True)
class Taste:
    """Which scenarios are wanted."""

    finite: bool = True
    """demand ends, so that everything can be done"""
    spread: bool = True
    """some durations are drawn from distributions, not all on the grid"""
    odd_pace: bool = True
    """people multitask, swarm, meet and so on, so that work ends between the points of the grid"""
    tight: bool = False
    """limits as small as they come, whatever the batches; else every limit leaves room for all batches"""
    changes: bool = False
    """one change, called `new`"""


def maybe(draw: Draw, chance: float = 0.3) -> bool:
    """True about so often."""
    return draw(st.integers(0, 99)) < chance * 100


def some(draw: Draw, names: Sequence[str]) -> list[str]:
    """At least one of `names`, in their order."""
    kept = [name for name in names if draw(st.booleans())]
    return kept or [draw(st.sampled_from(list(names)))]


@st.composite
def documents(draw: Draw, taste: Taste = Taste(), horizon: float = 60) -> Document:
    """A whole scenario."""
    steps = {name: _step(draw, taste, STEPS[: index + 1]) for index, name in enumerate(STEPS[: draw(st.integers(1, 4))])}
    if not any("work" in step for step in steps.values()):
        steps["a"] = {"work": 1}
    _add_needs(draw, taste, steps)
    document: Document = {
        "run": {"horizon": horizon},
        "demand": _demand(draw, taste, list(steps)),
        "steps": steps,
        "teams": _teams(draw, taste, steps),
        "handoffs": _handoffs(draw, steps),
        "discipline": draw(st.sampled_from(["fifo", "fifo", "lifo", "shortest_first", "wsjf", "earliest_due"])),
    }
    least = 1 if taste.tight else least_limit(document)
    _add_limits(draw, document, least)
    if taste.changes:
        document["changes"] = {"new": _change(draw, document, least)}
    return document


def least_limit(document: Mapping[str, Any]) -> int:
    """A limit that leaves room for every batch there can be."""
    handoffs = document["handoffs"]
    batches = [int(handoffs["into"].get(step, {}).get("batch", handoffs["batch"])) for step in document["steps"]]
    return 1 + sum(batches) - len(batches)


def runnable(document: Document) -> vssim.Scenario | None:
    """The scenario, or None when its change makes an organisation that cannot be run."""
    try:
        return vssim.loads(text_of(document))
    except vssim.ScenarioError as error:
        if all(fault.path.startswith("changes") for fault in error.faults):
            return None
        raise


def _duration(draw: Draw, taste: Taste) -> Any:
    time = draw(TIMES)
    return f"exponential({time})" if taste.spread and maybe(draw, 0.2) else time


# --- steps ----------------------------------------------------------------------------------------------------------------


def _step(draw: Draw, taste: Taste, so_far: str) -> Document:
    kind = draw(st.sampled_from(["work", "work", "work", "work", "work", "wait", "nothing"]))
    step: Document = {} if kind == "nothing" else {kind: _duration(draw, taste)}
    if maybe(draw):
        step["returns"] = [_return(draw, so_far) for _ in range(draw(st.integers(1, 2)))]
    if maybe(draw, 0.1):
        step["stops"] = {"wrong": draw(CHANCES), "right": 0.2}
    if maybe(draw, 0.25):
        step["gate"] = _gate(draw)
    return step


def _return(draw: Draw, so_far: str) -> Document:
    return {
        "to": draw(st.sampled_from(so_far)),
        "chance": draw(st.sampled_from([0.2, 0.3, 0.5])),
        "work": draw(st.sampled_from(["again", "50%", 0.5, 0])),
    }


def _gate(draw: Draw) -> Document:
    gate: Document = {"every": draw(st.sampled_from([1, 2, 2.5, 5])), "offset": draw(st.sampled_from([0, 0, 0.5, 3]))}
    if maybe(draw):
        gate["most"] = draw(st.integers(1, 3))
    return gate


def _add_needs(draw: Draw, taste: Taste, steps: Document) -> None:
    with_people = [name for name, step in steps.items() if "work" in step]
    for name in with_people:
        if maybe(draw, 0.4):
            steps[name]["needs"] = [_need(draw, taste, with_people) for _ in range(draw(st.integers(1, 2)))]


def _need(draw: Draw, taste: Taste, with_people: list[str]) -> Document:
    need: Document = {"chance": draw(st.sampled_from([1, 0.5])), "at": draw(st.sampled_from([0, 0.5, 0.5, 1]))}
    kind = draw(st.sampled_from(["ticket", "ticket", "outside", "committee", "both"]))
    if kind == "outside":
        need |= {"outside": "vendor", "wait": draw(DELAYS)}
    elif kind == "committee":
        need |= {"from": "board", "gate": _gate(draw)}
    else:
        need |= {"from": draw(st.sampled_from(["expert", "expert", *with_people])), "work": _duration(draw, taste)}
    if kind == "both":
        need["gate"] = _gate(draw)
    if maybe(draw):
        need["delay"] = draw(DELAYS)
    if maybe(draw, 0.4):
        need["parks"] = True
    return need


# --- teams ----------------------------------------------------------------------------------------------------------------


def skills_of(steps: Mapping[str, Any]) -> list[str]:
    """What somebody has to do or help at."""
    asked = {need["from"] for step in steps.values() for need in step.get("needs", []) if "from" in need and "work" in need}
    return [*(name for name, step in steps.items() if "work" in step), *sorted(asked - set(steps))]


def _teams(draw: Draw, taste: Taste, steps: Document) -> Document:
    crafts: dict[str, dict[str, Document]] = {}
    for skill in skills_of(steps):
        for team in some(draw, ["A", "B", "C"]):
            verb = draw(st.sampled_from(["does", "does", "does", "helps"]))
            crafts.setdefault(team, {}).setdefault(verb, {})[skill] = draw(PROFICIENCIES)
    return {name: _team(draw, taste, crafts[name]) for name in sorted(crafts)}


def _team(draw: Draw, taste: Taste, craft: dict[str, Document]) -> Document:
    team: Document = _people(draw, craft)
    team["pull"] = draw(st.sampled_from(["fifo", "finish_first", "start_first", "oldest_first"]))
    team["tickets"] = draw(st.sampled_from(["first", "last", "with_the_rest"]))
    if taste.odd_pace and maybe(draw):
        team["multitasking"] = draw(st.sampled_from([0.5, 1.5, 2, 3]))
        team |= draw(st.sampled_from([{}, {"switching_cost": 0.2}, {"efficiency": [1, 0.8, 0.6]}]))
    if taste.odd_pace and maybe(draw):
        team |= draw(
            st.sampled_from(
                [
                    {"swarming": {"help": 0.5, "most": 3}},
                    {"swarming": {"help": 1, "most": 2}},
                    {"meetings": 0.25},
                    {"coordination": 0.1},
                    {"improvement": {"share": 0.1, "gain": 0.3, "within": 10}},
                ]
            )
        )
    return team


def _people(draw: Draw, craft: dict[str, Document]) -> Document:
    """A team of one craft, or of two when there are several skills to share out."""
    pairs = [(verb, skill, proficiency) for verb, skills in craft.items() for skill, proficiency in skills.items()]
    count = st.sampled_from([1, 1, 2, 3, "unlimited"])
    if len(pairs) < 2 or maybe(draw, 0.6):
        return {"people": draw(count), **craft}
    cut = draw(st.integers(1, len(pairs) - 1))
    groups = []
    for share in (pairs[:cut], pairs[cut:]):
        group: Document = {"count": draw(count)}
        for verb, skill, proficiency in share:
            group.setdefault(verb, {})[skill] = proficiency
        groups.append(group)
    return {"people": groups}


def _handoffs(draw: Draw, steps: Document) -> Document:
    batches = st.sampled_from([1, 1, 1, 2, 3])
    handoffs: Document = {
        "delay": draw(DELAYS),
        "relearning": draw(st.sampled_from([0, 0, 0.5])),
        "batch": draw(batches),
        "setup": draw(st.sampled_from([0, 0, 0.5])),
        "into": {},
    }
    if maybe(draw):
        handoffs["into"] = {draw(st.sampled_from(list(steps))): {"batch": draw(batches), "setup": 0.25, "delay": draw(DELAYS)}}
    return handoffs


# --- demand ---------------------------------------------------------------------------------------------------------------


def _demand(draw: Draw, taste: Taste, steps: list[str]) -> Document:
    names = list(TYPES[: draw(st.integers(1, 3))])
    demand = {name: _source(draw, taste) | _character(draw, steps) for name in names}
    if maybe(draw, 0.25):
        demand["bug"] = {"every": "never"} | _character(draw, steps)
        demand["x"]["defects"] = {"chance": draw(CHANCES), "after": draw(DELAYS), "as": "bug"}
    if maybe(draw, 0.25):
        demand["y" if "y" in demand else "x"]["outcome"] = {"right": 0.7, "after": draw(DELAYS), "work": 0.5}
    if maybe(draw, 0.2):
        demand["part"] = {"every": "never"} | _character(draw, steps)
        demand["whole"] = {"at": [draw(DELAYS), 3], "parts": {"part": draw(st.integers(1, 3))}}
        if maybe(draw, 0.5):
            demand["whole"]["route"] = steps[-1:]
    return demand


def _source(draw: Draw, taste: Taste) -> Document:
    kind = draw(st.sampled_from(["backlog", "at", "every"]))
    if kind == "backlog":
        return {"backlog": draw(st.integers(1, 8))}
    if kind == "at":
        return {"at": sorted(draw(st.lists(st.sampled_from([0, 0.5, 1, 1.5, 2, 4, 10]), min_size=1, max_size=6)))}
    source: Document = {"every": _duration(draw, taste)}
    if taste.finite or maybe(draw, 0.5):
        source["count"] = draw(st.integers(1, 8))
    if maybe(draw, 0.2):
        source["batch"] = draw(st.integers(1, 3))
    return source


def _character(draw: Draw, steps: list[str]) -> Document:
    kind: Document = {"priority": draw(st.sampled_from([5, 5, 5, 1, 9]))}
    if maybe(draw, 0.1):
        kind["expedite"] = True
    if maybe(draw, 0.2):
        kind["size"] = draw(st.sampled_from([0.5, 2]))
    if maybe(draw, 0.2):
        kind["route"] = [step for step in steps if draw(st.booleans())] or steps
    elif maybe(draw, 0.2):
        kind["skips"] = {draw(st.sampled_from(steps)): draw(CHANCES)}
    if maybe(draw, 0.2):
        kind["due"] = draw(TIMES)
    if maybe(draw, 0.2):
        kind |= {"value": 3, "cost_of_delay": draw(TIMES)}
    return kind


# --- limits and changes ---------------------------------------------------------------------------------------------------


def _add_limits(draw: Draw, document: Document, least: int) -> None:
    limits = st.integers(least, least + 2)
    for section in ("demand", "steps", "teams"):
        for entry in document[section].values():
            if maybe(draw, 0.35):
                entry["wip_limit"] = draw(limits)
    if maybe(draw, 0.35):
        document["wip_limit"] = draw(limits)


def _change(draw: Draw, document: Document, least: int) -> Document:
    change: Document = {"levers": [_lever(draw, document, least) for _ in range(draw(st.integers(1, 3)))]}
    if maybe(draw, 0.8):
        change["from"] = draw(st.sampled_from([0, 1, 1.5, 2, 4, 5.25, 10]))
    if maybe(draw, 0.3):
        change["every"] = draw(TIMES)
    if maybe(draw, 0.2):
        change["dip"] = {"depth": 0.5, "recover": 10}
    return change


def _lever(draw: Draw, document: Document, least: int) -> Any:
    team, step = (draw(st.sampled_from(list(document[section]))) for section in ("teams", "steps"))
    limit = draw(st.one_of(st.just("none"), st.integers(least, least + 2)))
    settings: list[Document] = [
        {f"steps.{step}.wip_limit": limit},
        {f"teams.{team}.wip_limit": limit},
        {"wip_limit": limit},
        {"demand.x.wip_limit": limit},
        {"demand.x.priority": draw(st.sampled_from([1, 9]))},
        {"discipline": draw(st.sampled_from(["fifo", "lifo", "shortest_first"]))},
        {"handoffs.delay": draw(DELAYS)},
        {f"steps.{step}.gate": "none"},
        {f"steps.{step}.gate": _gate(draw)},
        {f"teams.{team}.meetings": 0.5},
    ]
    if "work" in document["steps"][step]:
        settings.append({f"steps.{step}.work": draw(TIMES)})
    away: list[Document] = [{"set": {f"teams.{team}": "none"}}, {"simplify": {"steps": [step]}}]
    if not isinstance(document["teams"][team]["people"], list):
        away += [{"set": {f"teams.{team}.people": 1}}, {"set": {f"teams.{team}.people": draw(st.integers(1, 3))}}]
    named = ["finish_first", "stop_multitasking", "single_piece_flow", "soften_handoffs", "cross_functional_teams"]
    return draw(
        st.one_of(
            st.sampled_from(named),
            st.sampled_from(settings).map(lambda paths: {"set": paths}),
            st.sampled_from(away),
        )
    )


# --- the same scenario, differently ---------------------------------------------------------------------------------------


def slower(document: Mapping[str, Any], factor: int) -> Document:
    """The same scenario with all times so many times as long; for documents without `spread` and `odd_pace`."""
    times = {"horizon", "every", "work", "wait", "delay", "setup", "after", "offset", "due"}

    def stretched(key: str, value: Any, place: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            return {name: stretched(name, inside, (*place, key)) for name, inside in value.items()}
        if isinstance(value, list):
            if key == "at":
                return [entry * factor for entry in value]
            return [stretched(key, entry, place) for entry in value]
        is_share = (key == "work" and "outcome" in place) or isinstance(value, str | bool)
        return value * factor if key in times and not is_share else value

    return {key: stretched(key, value, ()) for key, value in document.items()}

"""Hypothesis strategies for whole scenarios over the whole language, as the documents that a file would hold.

Small and fast: one to four steps, a handful of items. Times lie on a coarse grid, so that many things happen at the same
moment; work of nothing is as common as other work, and people may stand still at first. What is drawn is valid, with one
exception: a change may take away what nothing else does (`runnable` tells).
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
WORKS = st.one_of(st.just(0), TIMES)
"""Work, as often nothing as something."""
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
    board: bool = True
    """items may be there at time 0"""


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
        "run": {"horizon": horizon, "seed": draw(st.integers(1, 9))},
        "demand": _demand(draw, taste, list(steps)),
        "steps": steps,
        "teams": _teams(draw, taste, steps),
        "handoffs": _handoffs(draw, steps),
        "discipline": draw(st.sampled_from(["fifo", "fifo", "lifo", "shortest_first", "wsjf", "earliest_due"])),
    }
    if taste.odd_pace and maybe(draw):
        document |= {"start": "2026-06-15", "calendar": {"holidays": ["2026-06-15", {"from": "2026-06-18", "to": "2026-06-23"}]}}
    least = 1 if taste.tight else least_limit(document)
    _add_limits(draw, document, least)
    if taste.changes:
        document["changes"] = {"new": _change(draw, document, least)}
    if taste.board and maybe(draw, 0.3):
        document["demand"]["x"]["items"] = [_item(draw, document) for _ in range(draw(st.integers(1, 4)))]
    if maybe(draw, 0.25):
        _add_predecessors(draw, document)
    if maybe(draw, 0.4):
        document["claims"] = [_claim(draw, document) for _ in range(draw(st.integers(1, 2)))]
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


def _duration(draw: Draw, taste: Taste, times: st.SearchStrategy[float] = TIMES) -> Any:
    time = draw(times)
    if not taste.spread or not maybe(draw, 0.3):
        return time
    return f"exponential({time})" if time else draw(st.sampled_from(["discrete({0: 50%, 1: 50%})", "discrete({0: 90%, 0.5: 10%})"]))


# --- steps ----------------------------------------------------------------------------------------------------------------


def _step(draw: Draw, taste: Taste, so_far: str) -> Document:
    kind = draw(st.sampled_from(["work", "work", "work", "work", "work", "wait", "nothing"]))
    step: Document = {} if kind == "nothing" else {kind: _duration(draw, taste, WORKS)}
    if maybe(draw):
        step["returns"] = [_return(draw, so_far) for _ in range(draw(st.integers(1, 2)))]
    if maybe(draw, 0.1):
        step["stops"] = {"wrong": draw(CHANCES), "right": 0.2}
    if maybe(draw, 0.25):
        step["gate"] = _gate(draw)
    return step


def _return(draw: Draw, so_far: str) -> Document:
    rule: Document = {
        "to": draw(st.sampled_from(so_far)),
        "chance": draw(st.sampled_from([0.2, 0.3, 0.5])),
        "work": draw(st.sampled_from(["again", "50%", 0.5, 0])),
    }
    if maybe(draw):
        rule["on_the_way"] = draw(st.sampled_from(["50%", 0]))
    return rule


OPENINGS = [1, 4, 4.5, 12, *range(20, 104, 7), *range(104, 5000, 32)]
"""Listed openings that go on for as long as any backlog is given to drain: after the last one a gate stays shut."""


def _gate(draw: Draw) -> Document:
    if maybe(draw, 0.15):
        return {"at": OPENINGS, "most": draw(st.integers(1, 3))}
    gate: Document = {"every": draw(st.sampled_from([1, 2, 2.5, 5])), "offset": draw(st.sampled_from([0, 0, 0.5, 3]))}
    if maybe(draw):
        gate["most"] = draw(st.integers(1, 3))
    return gate


def _add_needs(draw: Draw, taste: Taste, steps: Document) -> None:
    with_people = [name for name, step in steps.items() if "work" in step]
    for name in with_people:
        if maybe(draw, 0.4):
            steps[name]["needs"] = [_need(draw, taste, with_people) for _ in range(draw(st.integers(1, 3)))]


def _need(draw: Draw, taste: Taste, with_people: list[str]) -> Document:
    need: Document = {"chance": draw(st.sampled_from([1, 0.5])), "at": draw(st.sampled_from([0, 0.5, 0.5, 1]))}
    kind = draw(st.sampled_from(["ticket", "ticket", "ticket", "outside", "committee", "committee", "both"]))
    if kind == "outside":
        need |= {"outside": "vendor", "wait": draw(DELAYS)}
    elif kind == "committee":
        need |= {"from": "board", "gate": _gate(draw)}
    else:
        need |= {"from": draw(st.sampled_from(["expert", "expert", *with_people])), "work": _duration(draw, taste, WORKS)}
    if kind == "both":
        need["gate"] = _gate(draw)
    if maybe(draw):
        need["delay"] = draw(DELAYS)
    if maybe(draw, 0.4):
        need["parks"] = True
    return need


# --- items ----------------------------------------------------------------------------------------------------------------


def _item(draw: Draw, document: Document) -> Document:
    """An item of type x that the file names: to come, in the backlog, or on the board."""
    kind = document["demand"]["x"]
    route = [step for step in kind.get("route", document["steps"]) if kind.get("skips", {}).get(step, 0) < 1]
    item: Document = {"count": draw(st.integers(1, 2)), "at": draw(st.sampled_from([-2.5, -1, 0, 1.5]))}
    if maybe(draw):
        item["size"] = 2
    if maybe(draw):
        item["promise"] = _promise(draw)
    if maybe(draw):
        item["due"] = draw(st.sampled_from(DATES)) if "start" in document and item["at"] >= 0 else draw(TIMES)
    if maybe(draw, 0.25):
        return item
    item |= {"at": draw(st.sampled_from([-4, -2.5, 0])), "step": draw(st.sampled_from(route))}
    step = document["steps"][item["step"]]
    able = [name for name, team in document["teams"].items() if item["step"] in _skills(team)]
    needs = [need.get("from") or need["outside"] for need in step.get("needs", [])]
    if able and maybe(draw, 0.4):
        item["team"] = draw(st.sampled_from(able))
    if maybe(draw, 0.6) and ("work" in step or "wait" in step):
        item["remaining"] = draw(st.sampled_from(["50%", "0%", "100%", 0.5, 0]))
    if needs and maybe(draw, 0.4):
        item["stuck"] = draw(st.sampled_from(needs))
    if maybe(draw):
        item["started"] = item["at"] / 2
    return item


def _add_predecessors(draw: Draw, document: Document) -> None:
    """Items that wait for each other, of several types, a whole among them, one of them far away."""
    kinds = [name for name, kind in document["demand"].items() if not kind.get("parts") or name == "whole"]
    chosen: list[str] = []
    for number in range(draw(st.integers(2, 5))):
        item: Document = {"id": f"n{number}", "at": draw(st.sampled_from([0, 0, 1, 2.5, 90] if number else [0, -1]))}
        before = [f"n{other}" for other in range(number) if maybe(draw, 0.5)]
        if before:
            item["waits_for"] = before
            if maybe(draw, 0.75):
                item["if_dropped"] = draw(st.sampled_from(["leave", "leave", "leave", "go_on"]))
                # Else hardly anybody would be waited for who gives up, and a hunt might not meet it.
                if maybe(draw, 0.5):
                    document["demand"][chosen[int(draw(st.sampled_from(before))[1:])]]["gives_up"] = _gives_up(draw, spread=False)
        chosen.append(draw(st.sampled_from(kinds)))
        document["demand"][chosen[-1]].setdefault("items", []).append(item)


def _skills(team: Document) -> set[str]:
    """What somebody of a team does or helps at."""
    groups = team["people"] if isinstance(team["people"], list) else [team]
    return {skill for group in groups for verb in ("does", "helps") for skill in group.get(verb, {})}


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
    team: Document = _people(draw, craft, taste)
    team["pull"] = draw(st.sampled_from(["fifo", "finish_first", "start_first", "oldest_first"]))
    if maybe(draw, 0.2):
        team["resuming"] = draw(st.sampled_from([0.25, 1]))
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
                    {"onboarding": {"people": 9, "ramp": 2}},
                    {"onboarding": {"people": 1, "ramp": 5}},
                ]
            )
        )
    if taste.odd_pace and isinstance(team["people"], int) and maybe(draw):
        team |= draw(
            st.sampled_from(
                [
                    {"absences": [{"from": 2, "to": 7, "people": "all"}]},
                    {"people": {0: 2, 5: 0, 6.5: 1, 20: 3}},
                    {"people": {0: 0, 1.5: 3, 10: 1}},
                    {"availability": 0.6},
                ]
            )
        )
    return team


def _people(draw: Draw, craft: dict[str, Document], taste: Taste) -> Document:
    """A team of one craft, or of two, who may have a skill in common."""
    pairs = [(verb, skill, proficiency) for verb, skills in craft.items() for skill, proficiency in skills.items()]
    count = st.sampled_from([1, 1, 1, 2, 3, "unlimited"])
    if maybe(draw, 0.6):
        return _stands_in(draw, {"people": draw(count), **craft})
    cut = draw(st.integers(1, len(pairs)))
    again = [(draw(st.sampled_from(["does", "helps"])), skill, draw(PROFICIENCIES)) for _, skill, _ in pairs[:cut] if maybe(draw)]
    groups = []
    for share in (pairs[:cut], pairs[cut:] + again or pairs[:1]):
        group: Document = {"count": draw(count)}
        for verb, skill, proficiency in share:
            group.setdefault(verb, {})[skill] = proficiency
        if taste.odd_pace and group["count"] != "unlimited" and maybe(draw, 0.4):
            group |= {"absences": [{"from": draw(TIMES), "to": draw(st.sampled_from([3.5, 8, 20])), "people": "all"}]}
        groups.append(_stands_in(draw, group))
    return {"people": groups}


def _stands_in(draw: Draw, group: Document) -> Document:
    """People who help at some of what they help at only while nobody is here who does it."""
    if "helps" in group and maybe(draw, 0.8):
        group["only_when_alone"] = some(draw, list(group["helps"]))
    return group


def _handoffs(draw: Draw, steps: Document) -> Document:
    batches = st.sampled_from([1, 1, 2, 3])
    handoffs: Document = {
        "delay": draw(DELAYS),
        "relearning": draw(st.sampled_from([0, 0, 0.5])),
        "batch": draw(batches),
        "setup": draw(st.sampled_from([0, 0, 0.5])),
        "into": {},
    }
    for step in steps:
        if maybe(draw, 0.2):
            handoffs["into"][step] = {"batch": draw(batches), "setup": 0.25, "delay": draw(DELAYS)}
        if maybe(draw, 0.15):
            handoffs["into"].setdefault(step, {})["wait_at_most"] = draw(DELAYS)
    if maybe(draw, 0.15):
        handoffs["wait_at_most"] = draw(DELAYS)
    return handoffs


# --- demand ---------------------------------------------------------------------------------------------------------------


def _demand(draw: Draw, taste: Taste, steps: list[str]) -> Document:
    names = list(TYPES[: draw(st.integers(1, 3))])
    demand = {name: _source(draw, taste) | _character(draw, steps, taste) for name in names}
    if maybe(draw, 0.25):
        demand["bug"] = {"every": "never"} | _character(draw, steps, taste)
        demand["x"]["defects"] = {"chance": draw(CHANCES), "after": draw(DELAYS), "as": "bug"}
    if maybe(draw, 0.25):
        demand["y" if "y" in demand else "x"]["outcome"] = {"right": 0.7, "after": draw(DELAYS), "work": 0.5}
    if maybe(draw, 0.2):
        demand["part"] = {"every": "never"} | _character(draw, steps, taste)
        demand["whole"] = {"at": [draw(DELAYS), 3], "parts": {"part": draw(st.integers(1, 3))}}
        if maybe(draw, 0.5):
            demand["whole"]["route"] = steps[-1:]
        if maybe(draw, 0.5):
            demand["whole"]["gives_up"] = _gives_up(draw, spread=taste.spread)
        if maybe(draw, 0.3):
            gives_up = _gives_up(draw, spread=taste.spread)
            demand |= {"programme": {"at": [1, 2.5], "parts": {"whole": draw(st.integers(1, 2))}, "gives_up": gives_up}}
    return demand


def _source(draw: Draw, taste: Taste) -> Document:
    kind = draw(st.sampled_from(["backlog", "at", "every", *(["history"] if taste.odd_pace else [])]))
    if kind == "backlog":
        return {"backlog": draw(st.integers(1, 8))}
    if kind == "at":
        return {"at": sorted(draw(st.lists(st.sampled_from([0, 0.5, 1, 1.5, 2, 4, 10]), min_size=1, max_size=6)))}
    source: Document = {"every": _duration(draw, taste)} if kind == "every" else {"history": _past(draw)}
    if taste.finite or maybe(draw, 0.5):
        source["count"] = draw(st.integers(1, 8))
    if maybe(draw, 0.2):
        source["batch"] = draw(st.integers(1, 3))
    return source


def _past(draw: Draw) -> Document:
    """Two or three weeks of five days, one of them perhaps empty; they stay five days long, whatever the pace."""
    at = sorted(draw(st.lists(st.sampled_from([0, 0, 0.5, 2, 4.5, 10, 11.25]), min_size=1, max_size=6)))
    past: Document = {"at": at, "from": 0, "to": draw(st.sampled_from([10, 15])), "blocks": "week"}
    if at[0] >= past["to"]:
        past["to"] = 15
    for column in ("size", "due", "value"):
        if maybe(draw):
            past[column] = [draw(st.sampled_from([0, 1, 2, None])) for _ in at]
    return past


def _character(draw: Draw, steps: list[str], taste: Taste) -> Document:
    kind: Document = {"priority": draw(st.sampled_from([5, 5, 5, 1, 9]))}
    if maybe(draw, 0.1):
        kind["expedite"] = True
    if maybe(draw, 0.15):
        kind["interrupts"] = True
    if maybe(draw, 0.2):
        kind["size"] = draw(st.sampled_from([0.5, 2, 1e-9]))
    if maybe(draw, 0.2):
        kind["route"] = [step for step in steps if draw(st.booleans())] or steps
    elif maybe(draw, 0.2):
        kind["skips"] = {draw(st.sampled_from(steps)): draw(CHANCES)}
    if maybe(draw, 0.2):
        kind["due"] = draw(TIMES)
    if maybe(draw, 0.2):
        kind["promise"] = _promise(draw)
    if maybe(draw, 0.2):
        kind["gives_up"] = _gives_up(draw, spread=taste.spread)
    if maybe(draw, 0.2):
        kind |= {"value": 3, "cost_of_delay": draw(TIMES)}
    return kind


def _promise(draw: Draw) -> Any:
    """How long it may take: measured, it steers nothing."""
    time = draw(TIMES)
    return draw(st.sampled_from([time, {"within": time, "of": "lead_time"}, {"within": time, "of": "since_start"}]))


def _gives_up(draw: Draw, *, spread: bool = True) -> Document:
    gives_up: Document = {"after": draw(st.sampled_from([0, 0.5, 1, 2, 2.5, 5, *(["exponential(2)"] if spread else [])]))}
    if maybe(draw, 0.6):
        gives_up["unless"] = draw(st.sampled_from(["pulled", "started", "delivered"]))
    return gives_up


# --- limits and changes ---------------------------------------------------------------------------------------------------


def _add_limits(draw: Draw, document: Document, least: int) -> None:
    limits = st.integers(least, least + 2)
    for section in ("demand", "steps", "teams"):
        for entry in document[section].values():
            if maybe(draw, 0.35):
                entry["wip_limit"] = draw(limits)
    if maybe(draw, 0.35):
        document["wip_limit"] = draw(limits)
    spans = {name: _span(draw, document, limits) for name in ("span", "class in columns") if maybe(draw, 0.25)}
    if spans:
        document["limits"] = spans


def _span(draw: Draw, document: Document, limits: st.SearchStrategy[int]) -> Document:
    """A limit over neighbours, of all types or of one."""
    steps = list(document["steps"])
    first = draw(st.integers(0, len(steps) - 1))
    span: Document = {"steps": steps[first : draw(st.integers(first, len(steps) - 1)) + 1], "most": draw(limits)}
    if maybe(draw, 0.4):
        span["for"] = some(draw, list(document["demand"]))
    return span


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
        {"demand.x.interrupts": draw(st.booleans())},
        {"demand.x.gives_up": draw(st.one_of(st.just("none"), st.just(_gives_up(draw))))},
        {"discipline": draw(st.sampled_from(["fifo", "lifo", "shortest_first"]))},
        {"handoffs.delay": draw(DELAYS)},
        {"handoffs.wait_at_most": draw(st.sampled_from([0, 0.5, 2]))},
        {f"steps.{step}.gate": "none"},
        {f"steps.{step}.gate": _gate(draw)},
        {f"teams.{team}.meetings": 0.5},
    ]
    for name in document.get("limits", {}):
        settings += [{f"limits.{name}.most": limit}, {f"limits.{name}": "none"}]
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


DATES = ["2026-06-16", "2026-06-20", "2026-06-24", "2026-07-06"]
"""Not before the start of documents that have one, one of them no working day."""


def _claim(draw: Draw, document: Document) -> Document:
    """What an author may say of the change, or of the stream as it is; with a date, where there is a start."""
    changes = list(document.get("changes", {}))
    claim: Document = {"change": draw(st.sampled_from(["baseline", *changes, *changes])), "metric": "last_done"}
    if changes and claim["change"] != "baseline" and maybe(draw):
        claim["against"] = "baseline"
    if "start" in document and maybe(draw, 0.75):
        bounds = some(draw, ["at_most", "at_least"])
        return claim | {bound: draw(st.sampled_from(DATES)) for bound in bounds}
    claim["metric"] = draw(st.sampled_from(["last_done", "lead_time.p85", "delivered", "on_promise"]))
    return claim | draw(st.sampled_from([{"at_most": 5}, {"at_most": "120%"}, {"at_least": 1}, {"within": "20%"}]))


# --- the same scenario, differently ---------------------------------------------------------------------------------------


def slower(document: Mapping[str, Any], factor: int) -> Document:
    """The same scenario with all times so many times as long; for documents without `spread` and `odd_pace`."""
    times = {"horizon", "every", "work", "wait", "wait_at_most", "delay", "setup", "after", "offset", "due"}
    times |= {"age", "entered", "started", "remaining", "resuming", "promise", "within"}

    def stretched(key: str, value: Any, place: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            return {name: stretched(name, inside, (*place, key)) for name, inside in value.items()}
        if isinstance(value, list):
            if key == "at":
                return [entry * factor for entry in value]
            return [stretched(key, entry, (*place, key)) for entry in value]
        is_share = (key == "work" and "outcome" in place) or isinstance(value, str | bool)
        is_time = key in times or (key == "at" and "items" in place)  # the `at` of a need is a share
        return value * factor if is_time and not is_share else value

    return {key: stretched(key, value, ()) for key, value in document.items()}

"""Properties that hold in every model, or in every model of a kind (M1–M14). Exact where durations are the same, else statistical.

M1 (the same every time), M3 (Little) and M11 (nothing is lost) are checked on every generated log beside the other
properties of logs, in `tests/behaviour/test_log_sanity.py`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import vssim
from tests.support.models import Document, Taste, documents, slower
from tests.support.running import ENGINES, of_items, play, text_of
from tests.theory.steady import EFFORTS, agree, mean_and_error, metric, samples, settles
from vssim.play.run import Run
from vssim.statistics import estimate

TIMES = ("entered", "ready", "started", "finished", "released", "left")
SAME = ("item", "visit", "step", "skill", "kind", "stay", *TIMES, "put_down", "pool", "owner", "touch", "handoff", "rework")


def on_each_engine(document: Document) -> list[Run]:
    scenario = vssim.loads(text_of(document))
    return [vssim.simulate(scenario, engine=name) for name in ENGINES]  # type: ignore[arg-type]


# --- M2, M4, M10: the same in other words ---------------------------------------------------------------------------------


@given(documents(Taste(finite=False, spread=False, odd_pace=False)), st.sampled_from([2, 3, 10]))
def test_m2_all_times_so_many_times_as_long(document: Document, factor: int) -> None:
    for before, after in zip(on_each_engine(document), on_each_engine(slower(document, factor)), strict=True):
        for column in (*TIMES, "touch"):
            stretched = [None if time is None else pytest.approx(time * factor, abs=1e-9) for time in before.visits[column]]
            assert after.visits[column].to_list() == stretched, column
        assert after.visits["pool"].equals(before.visits["pool"])


def _every(section: str, key: str, value: Any) -> Callable[[Document], None]:
    """Give every entry of a section a setting, unless it has one."""

    def change(document: Document) -> None:
        for entry in document[section].values():
            entry.setdefault(key, value)

    return change


def _one_more(key: str, entry: Document) -> Callable[[Document], None]:
    """Give every step one more return or need."""

    def change(document: Document) -> None:
        for name, step in document["steps"].items():
            if key == "returns" or "work" in step:
                step[key] = [*step.get(key, []), {"to": name, **entry} if key == "returns" else entry]

    return change


def _no_setup(document: Document) -> None:
    document["handoffs"] = {"delay": document["handoffs"]["delay"], "batch": document["handoffs"]["batch"], "into": {}}


def _gate_always_open(document: Document) -> None:
    _every("steps", "gate", {"every": 0.000001})(document)


def _steps_written_out(document: Document) -> None:
    for name in document["steps"]:
        document["handoffs"]["into"].setdefault(name, {})


NEUTRAL: dict[str, Callable[[Document], None]] = {
    "a limit larger than the population, on steps": _every("steps", "wip_limit", 10**6),
    "a limit larger than the population, on teams": _every("teams", "wip_limit", 10**6),
    "a limit larger than the population, on types": _every("demand", "wip_limit", 10**6),
    "a limit larger than the population, on the stream": lambda document: document.setdefault("wip_limit", 10**6),
    "a return without a chance": _one_more("returns", {"chance": 0}),
    "a need without a chance": _one_more("needs", {"outside": "nobody", "wait": 5, "chance": 0}),
    "stops without a chance": _every("steps", "stops", {"wrong": 0, "right": 0}),
    "skips without a chance": _every("demand", "skips", {"a": 0}),
    "no meetings": _every("teams", "meetings", 0),
    "coordination without cost": _every("teams", "coordination", 0),
    "swarming without help": _every("teams", "swarming", {"help": 0}),
    "an improvement that takes nothing and gains nothing": _every("teams", "improvement", {"share": 0, "gain": 0}),
    "an estimate without error": _every("demand", "estimate", 1),
    "arrivals one at a time": _every("demand", "batch", 1),
    "handoffs written out": _steps_written_out,
}


@given(documents(Taste(finite=False)), st.lists(st.sampled_from(list(NEUTRAL)), min_size=1, max_size=4, unique=True))
def test_m4_neutral_settings_change_nothing(document: Document, neutral: list[str]) -> None:
    other = copy.deepcopy(document)
    for name in neutral:
        NEUTRAL[name](other)
    _same_runs(document, other)


@given(documents(Taste(finite=False)))
def test_m4_a_gate_that_is_always_open_changes_nothing(document: Document) -> None:
    _no_setup(document)
    other = copy.deepcopy(document)
    _gate_always_open(other)  # may add an empty visit after a committee's answer: two gates one after the other
    columns = ("item", "step", "kind", "entered", "ready", "started", "finished", "pool", "owner", "touch")
    for before, after in zip(on_each_engine(document), on_each_engine(other), strict=True):
        one, two = (run.visits.filter(polars.col("kind") != "wait").select(columns) for run in (before, after))
        assert two.equals(one)
        assert after.items.equals(before.items)


@given(documents(Taste(finite=False)), st.sampled_from([1, 3, 9]))
def test_m4_one_priority_is_as_good_as_another(document: Document, priority: int) -> None:
    for kind in document["demand"].values():
        kind["priority"] = 5
    other = copy.deepcopy(document)
    for kind in other["demand"].values():
        kind["priority"] = priority
    _same_runs(document, other)


def _same_runs(document: Document, other: Document) -> None:
    for before, after in zip(on_each_engine(document), on_each_engine(other), strict=True):
        assert after.visits.select(SAME).equals(before.visits.select(SAME))


@given(documents(Taste(finite=False, spread=False)), st.lists(st.sampled_from([0, 0.5, 1, 2, 3]), min_size=2, max_size=8))
def test_m10_one_class_split_into_two_that_are_alike(document: Document, moments: list[float]) -> None:
    kind = {"at": sorted(moments), "priority": 5}
    document["steps"] = {
        name: {key: value for key, value in step.items() if key in ("work", "wait", "wip_limit", "gate")}
        for name, step in document["steps"].items()
    }
    document["limits"] = {name: limit for name, limit in document.get("limits", {}).items() if "for" not in limit}
    together = document | {"demand": {"x": kind}, "discipline": "fifo"}
    apart = together | {"demand": {name: kind | {"at": sorted(moments)[place::2]} for place, name in enumerate("xy")}}
    _drop_idle_teams(together, apart)
    for one, two in zip(on_each_engine(together), on_each_engine(apart), strict=True):
        for column in ("arrived", "pulled", "touched", "left"):
            assert sorted(map(repr, two.items[column])) == sorted(map(repr, one.items[column])), column


def _drop_idle_teams(*documents_: Document) -> None:
    """Without needs nobody asks for experts, and people who can do nothing else are gone."""
    for document in documents_:
        teams = copy.deepcopy(document["teams"])
        for team in teams.values():
            groups = team["people"] if isinstance(team["people"], list) else [team]
            for group in groups:
                for verb in ("does", "helps"):
                    group.get(verb, {}).pop("expert", None)
        kept = {}
        for name, team in teams.items():
            if isinstance(team["people"], list):
                team["people"] = [group for group in team["people"] if group.get("does") or group.get("helps")]
            if team["people"] and (isinstance(team["people"], list) or team.get("does") or team.get("helps")):
                kept[name] = team
        document["teams"] = kept


# --- M5, M6, M13: single-person lines whose durations are given -----------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """Items with given durations through single-person steps with limits, first come first served."""

    works: tuple[tuple[float, ...], ...]
    """by item and step"""
    limits: tuple[int | None, ...]
    arrivals: tuple[float, ...]
    cards: int | None = None

    def done(self, engine: str) -> list[float]:
        """When each item is delivered."""
        names = "abcd"[: len(self.limits)]
        demand = {
            f"i{number:02}": {"at": [arrival], "work": dict(zip(names, works, strict=True))}
            for number, (arrival, works) in enumerate(zip(self.arrivals, self.works, strict=True))
        }
        document: Document = {
            "run": {"horizon": 1000},
            "demand": demand,
            "steps": {name: {"work": 1, "wip_limit": limit or "none"} for name, limit in zip(names, self.limits, strict=True)},
            "teams": {name.upper(): {"people": 1, "does": name} for name in names},
            "wip_limit": self.cards or "none",
        }
        run = play(document, engine)
        left = dict(zip(of_items(run, "type"), of_items(run, "left"), strict=True))
        return [left[name] for name in demand]


@st.composite
def lines(draw: st.DrawFn, *, saturated: bool = False) -> Line:
    steps, items = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    work = st.sampled_from([0, 0.25, 0.5, 1, 2, 3, 5])
    return Line(
        tuple(tuple(draw(work) for _ in range(steps)) for _ in range(items)),
        tuple(draw(st.sampled_from([None, 1, 1, 2, 3])) for _ in range(steps)),
        (0,) * items if saturated else tuple(sorted(draw(st.sampled_from([0, 0.5, 1, 2, 4, 8])) for _ in range(items))),
    )


def _never_later(before: Line, after: Line) -> None:
    for name in ENGINES:
        for old, new in zip(before.done(name), after.done(name), strict=True):
            assert new <= old


def _replaced(values: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    return (*values[:place], value, *values[place + 1 :])


@given(lines(), st.data())
def test_m5_a_higher_limit_delays_nothing(line: Line, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(line.limits) - 1))
    limit = line.limits[place]
    higher = data.draw(st.sampled_from([None, limit + 1 if limit else None]))
    _never_later(line, Line(line.works, _replaced(line.limits, place, higher), line.arrivals))


@given(lines(), st.data())
def test_m5_shorter_work_delays_nothing(line: Line, data: st.DataObject) -> None:
    item = data.draw(st.integers(0, len(line.works) - 1))
    step = data.draw(st.integers(0, len(line.limits) - 1))
    shorter = _replaced(line.works[item], step, line.works[item][step] / 2)
    _never_later(line, Line(_replaced(line.works, item, shorter), line.limits, line.arrivals))


@given(lines(), st.data())
def test_m5_an_earlier_arrival_delays_nothing(line: Line, data: st.DataObject) -> None:
    item = data.draw(st.integers(0, len(line.works) - 1))
    earliest = line.arrivals[item - 1] if item else 0
    earlier = (line.arrivals[item] + earliest) / 2
    assume(earlier < line.arrivals[item])
    _never_later(line, Line(line.works, line.limits, _replaced(line.arrivals, item, earlier)))


@given(lines(saturated=True))
def test_m6_a_line_turned_round_takes_as_long_for_the_whole_backlog(line: Line) -> None:
    back = Line(tuple(works[::-1] for works in line.works[::-1]), line.limits[::-1], line.arrivals)
    for name in ENGINES:
        assert max(back.done(name)) == max(line.done(name))


@given(lines(saturated=True))
def test_m13_cards_for_the_whole_stream_delay_nothing_against_as_many_for_its_steps(line: Line) -> None:
    limits = tuple(limit or 2 for limit in line.limits)
    kanban = Line(line.works, limits, line.arrivals)
    conwip = Line(line.works, (None,) * len(limits), line.arrivals, cards=sum(limits))
    _never_later(kanban, conwip)


@given(lines(saturated=True))
def test_m13_a_line_is_no_faster_than_its_slowest_person(line: Line) -> None:
    slowest = max(sum(works[step] for works in line.works) for step in range(len(line.limits)))
    for name in ENGINES:
        assert max(line.done(name)) >= slowest


# --- M7, M8, M9, M10, M12, M14: statistical -------------------------------------------------------------------------------


SERIES = """
demand: {{item: {{every: 1.25}}}}
steps: {{a: {{work: exponential({0})}}, b: {{work: exponential({1})}}}}
teams: {{A: {{people: 1, does: a}}, B: {{people: 1, does: b}}}}
"""


@pytest.mark.slow
def test_m7_two_steps_with_exponential_work_can_be_swapped(engine: str) -> None:
    days = 20_000 * EFFORTS[engine].length / 20
    both = []
    for seed, works in ((1, (1, 0.5)), (2, (0.5, 1))):
        found = samples(engine, SERIES.format(*works), {"lead": metric("lead_time.mean")}, horizon=days, warmup=100, seed=seed)
        both.append(mean_and_error(found["lead"]))
    (one, one_error), (two, two_error) = both
    assert abs(one - two) <= 4 * np.hypot(one_error, two_error)
    assert max(one_error, two_error) <= EFFORTS[engine].error * one


ONE = """
demand: {{item: {{every: {every}}}}}
steps: {{serve: {{work: exponential(1){more}}}}}
teams: {{crew: {{people: 1, does: serve{crew}}}}}
discipline: {discipline}
"""


def one(rate: float = 0.7, more: str = "", crew: str = "", discipline: str = "fifo") -> str:
    return ONE.format(every=f"exponential({1 / rate})", more=more, crew=crew, discipline=discipline)


@pytest.mark.parametrize("discipline", ["lifo", "earliest_due"])
def test_m8_an_order_that_does_not_look_at_the_work_leaves_the_mean_as_it_is(engine: str, discipline: str) -> None:
    text = one(0.6, discipline=discipline).replace("every:", "due: exponential(5), every:")
    settles(engine, text, {"wip": 1.5, "lead_time.mean": 2.5}, days=14_000, warmup=100)


def test_m8_waiting_is_conserved_between_priorities(engine: str) -> None:
    text = """
    demand: {low: {every: exponential(2.5)}, high: {every: exponential(5), priority: 1}}
    steps: {serve: {work: 1}}
    teams: {crew: {people: 1, does: serve}}
    """
    work = {"low": 0.4, "high": 0.2}
    total = sum(work.values())
    exact = total * (total / 2) / (1 - total)  # Σ ρ·Wq = ρ·W0/(1 − ρ), with W0 = λE[S²]/2
    settles(
        engine,
        text,
        {},
        days=16_000,
        warmup=100,
        also={
            "Σ ρ·Wq": (
                lambda run: sum(share * (metric(f"lead_time.mean@{name}")(run) - 1) for name, share in work.items()),
                exact,
            )
        },
    )


@pytest.mark.parametrize(
    "text",
    [
        one(0.6, discipline="lifo"),
        one(0.6, more=", wip_limit: 2"),
        one(0.6, more=", gate: {every: 3}"),
        one(0.6, crew=", multitasking: 3"),
        one(0.48, more=", returns: {to: serve, chance: 20%}"),
    ],
    ids=["lifo", "limit", "gate", "multitasking", "returns"],
)
def test_m9_utilisation_is_work_over_people_whatever_else(engine: str, text: str) -> None:
    settles(engine, text, {"utilisation.crew": 0.6}, days=6_000, warmup=100)


def test_m10_two_classes_that_are_alike_are_as_good_as_one(engine: str) -> None:
    text = """
    demand: {x: {every: exponential(3)}, y: {every: exponential(3.75)}}
    steps: {serve: {work: exponential(1)}}
    teams: {crew: {people: 1, does: serve}}
    """
    settles(engine, text, {"lead_time.mean": 2.5, "wip": 1.5, "throughput": 0.6}, days=14_000, warmup=100)


@pytest.mark.slow
def test_m12_intervals_cover_the_exact_value_as_often_as_they_say(engine: str) -> None:
    studies, size = (60 if engine == "reference" else 400), 10
    found = samples(engine, one(0.7), {"lead": metric("lead_time.mean")}, horizon=700, warmup=150, replications=studies * size)[
        "lead"
    ]
    covered = 0
    for study in range(studies):
        interval = estimate(found[study * size : (study + 1) * size])
        assert interval.low is not None
        assert interval.high is not None
        covered += interval.low <= 10 / 3 <= interval.high
    spread = 4 * (0.95 * 0.05 / studies) ** 0.5
    assert 0.95 - max(0.03, spread) <= covered / studies <= 1


def test_m13_a_saturated_line_gains_from_every_card(engine: str) -> None:
    text = """
    demand: {{item: {{backlog: 450}}}}
    steps:
      a: {{work: exponential(1), wip_limit: {0}}}
      b: {{work: exponential(0.8), wip_limit: {1}}}
      c: {{work: exponential(1), wip_limit: 1}}
    teams: {{A: {{people: 1, does: a}}, B: {{people: 1, does: b}}, C: {{people: 1, does: c}}}}
    """
    measured = {"throughput": metric("throughput")}
    chain = [(1, 1), (2, 1), (2, 2), (4, 2), (4, 5)]
    found = [
        samples(engine, text.format(*cards), measured, horizon=400, warmup=20, replications=5)["throughput"] for cards in chain
    ]
    for fewer, more in pairwise(found):  # the same luck: gains are paired
        assert np.mean(np.subtract(more, fewer)) > 0
    assert np.mean(found[-1]) < 1


def test_m14_a_stable_stream_is_the_same_however_long_it_runs(engine: str) -> None:
    measured = {name: metric(name) for name in ("lead_time.mean", "lead_time.p85", "wip")}
    short, long = (
        samples(engine, one(0.6), measured, horizon=horizon, warmup=150, replications=12, seed=seed)
        for seed, horizon in ((1, 600), (2, 1300))
    )
    exact = {"lead_time.mean": 2.5, "lead_time.p85": 2.5 * np.log(1 / 0.15), "wip": 1.5}
    for values in (short, long):
        agree(values, exact, dict.fromkeys(exact, 0.12))


def test_m14_an_unstable_stream_is_reported_as_such() -> None:
    text = one(1.2) + "changes: {more people: [{set: {teams.crew.people: 2}}]}\nrun: {horizon: 300, replications: 3}\n"
    comparison = vssim.compare(vssim.loads(text))
    document = comparison.document()["variants"]
    assert document["baseline"]["load"]["crew"] == pytest.approx(1.2)
    assert document["more people"]["load"]["crew"] == pytest.approx(0.6)
    assert any("steady state" in warning for warning in document["baseline"]["warnings"])
    assert any("grow" in warning for warning in document["baseline"]["warnings"])
    assert not any("steady state" in warning or "grow" in warning for warning in document["more people"]["warnings"])

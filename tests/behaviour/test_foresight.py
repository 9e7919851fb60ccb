"""Foresight: of many ways to come those are drawn that a run needs, and the run is the one in which all are drawn."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vssim
from tests.behaviour.test_blueprints import assert_equal
from tests.behaviour.test_plans import plans_of
from tests.support.models import TIMES, Taste, documents, maybe, runnable
from vssim.engines import Engine, assemble, trace
from vssim.play.experiment import Experiment
from vssim.play.settings import adjusted
from vssim.workload import Blueprint, Program, Shelf, blueprint

DAYS = 30

TEXT = """
run: {{horizon: 35, warmup: 0, seed: 4, replications: 4}}
demand:
  feature: {{every: exponential(0.5), size: "lognormal(mean=1, cv=0.5)"{feature}}}
steps:
  make: {{work: exponential(1), wip_limit: {limit}}}
  check: {{work: exponential(0.3), wip_limit: 5, returns: {{to: check, chance: 20%}}}}
teams: {{crew: {{people: 3, does: [make, check]}}}}
changes:
{days}  daily: {{includes: {{{every}}}}}
"""

SETTINGS = {
    "work": "steps.make.work: 'lognormal(mean=1.{day:02}, cv=0.9)'",
    "a chance to come back": "steps.check.returns.0.chance: 0.3{day:02}",
    "where they begin": "demand.feature.skips: {{make: 0.3{day:02}}}",
    "work and people": "steps.make.work: 1.{day:02}, teams.crew.people: {people}",
    "batches": "steps.make.work: 'exponential(1.{day:02})', handoffs.into.check.batch: {people}",
}


def text(what: str = "work", *, limit: int = 4, feature: str = "") -> str:
    stages = (SETTINGS[what].format(day=day, people=2 + day % 2) for day in range(1, DAYS + 1))
    days = "".join(f"  d{day}: [{{set: {{{setting}}}}}]\n" for day, setting in enumerate(stages, start=1))
    every = ", ".join(f"d{day}: {day}" for day in range(1, DAYS + 1))
    return TEXT.format(days=days, every=every, feature=feature, limit=limit)


def stream(what: str = "work", *, limit: int = 4, feature: str = "") -> vssim.Scenario:
    return vssim.loads(text(what, limit=limit, feature=feature))


def ready(scenario: vssim.Scenario, change: str | None = "daily") -> Blueprint:
    return Blueprint(scenario.plan(change), scenario.run.horizon, scenario.unit)


def assert_same_log(program: Program, complete: Program, engine: Engine = "compiled") -> None:
    assert_equal(assemble(program, trace(program, engine)), assemble(complete, trace(complete, engine)))


@pytest.mark.parametrize("what", SETTINGS)
@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_run_whose_ways_are_foreseen_is_the_one_in_which_all_are_drawn(what: str, engine: Engine) -> None:
    scenario = stream(what)
    program, complete = ready(scenario).draw(4, 0, play=partial(trace, engine=engine)), ready(scenario).draw(4, 0)
    assert len(program.items.first) < len(complete.items.first) / 2
    assert program.trace is not None
    assert_equal(program.trace, trace(program, engine))
    assert_same_log(program, complete, engine)


def test_an_item_has_hardly_more_than_the_one_way_that_it_goes() -> None:
    number, _ = plans_of(ready(stream()).draw(4, 0, play=trace), "feature")
    assert number.mean() < 1.5


def test_the_ways_that_are_drawn_are_counted_before_they_are() -> None:
    blueprint_of_days = ready(stream())
    expected, drawn = blueprint_of_days._size, blueprint_of_days.draw(4, 0)
    assert expected.planned == pytest.approx(len(drawn.visits.item), rel=0.15)
    foreseen = blueprint_of_days.draw(4, 0, play=trace)
    assert len(foreseen.visits.item) < 2 * expected.visits
    assert blueprint_of_days.memory < expected.memory / 3


def test_ways_that_would_take_too_much_memory_are_no_hindrance_where_they_are_foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = stream()
    monkeypatch.setattr(blueprint, "SMALL", 0)
    monkeypatch.setattr(blueprint, "free_memory", lambda: ready(scenario)._size.memory)
    monkeypatch.setenv("VSSIM_ANYWAY", "")
    with pytest.raises(vssim.RunError, match=r"drawn for 1\d ways to come"):
        ready(scenario).draw(4, 0)
    ready(scenario).draw(4, 0, play=trace)


@pytest.mark.parametrize("what", ["work", "where they begin"])
def test_replications_that_are_foreseen_at_once_are_those_of_all_ways(what: str) -> None:
    scenario = stream(what, feature=", defects: {chance: 30%, after: 2, as: feature}")
    study = Experiment.of(adjusted(scenario, replications=4), ["daily"], "compiled").study
    study.expect((0, replication) for replication in range(4))
    programs = [study.program(0, replication) for replication in range(4)]
    assert all(program.trace is not None for program in programs)
    for replication, program in enumerate(programs):
        complete = study.blueprint(0, replication).draw(study.seed, replication)
        assert_same_log(program, complete)
        assert_equal(study.log(0, replication), assemble(complete, trace(complete, "compiled")))


def test_what_is_foreseen_for_one_limit_is_not_taken_for_another() -> None:
    shelf = Shelf()
    for limit in (2, 4, 9):
        scenario = stream(limit=limit)
        ready(scenario).draw(4, 0, shelf, play=trace)
        assert_same_log(ready(scenario).draw(4, 0, shelf, play=trace), ready(scenario).draw(4, 0))


def test_few_ways_are_all_drawn_since_other_variants_may_take_them_from_the_shelf() -> None:
    scenario, shelf = stream(), Shelf()
    assert ready(scenario, "d1").draw(4, 0, shelf, play=trace).trace is None
    assert ready(scenario, None).draw(4, 0, shelf, play=trace).trace is None


def test_an_organisation_that_sorts_by_work_needs_all_ways() -> None:
    sorted_by_work = vssim.loads(f"{text()}\ndiscipline: shortest_first\n")
    program, complete = ready(sorted_by_work).draw(4, 0, play=trace), ready(sorted_by_work).draw(4, 0)
    assert_equal(program, complete)


def test_what_is_not_seen_soon_is_drawn_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "MOST_ROUNDS", 1)
    scenario = stream(limit=2)
    program, complete = ready(scenario).draw(4, 0, play=trace), ready(scenario).draw(4, 0)
    assert program.trace is None
    assert_equal(program, complete)


GATHERING = """
run: {horizon: 60, warmup: 0, seed: 1}
demand: {feature: {every: exponential(0.5), count: 40}}
steps: {make: {work: exponential(0.6), wip_limit: 3}, check: 0.2, ship: 0.1}
teams: {makers: {people: 2, does: make}, checkers: {people: 2, does: check}, shippers: {people: 2, does: ship}}
handoffs: {into: {check: {batch: 4}}}
changes:
"""


def test_where_items_gather_it_is_seen_too_what_those_in_the_backlog_would_come_to_meanwhile() -> None:
    days = "".join(f"  d{day}: [{{set: {{demand.feature.skips: {{check: 0.{day * 37 % 90 + 5:02}}}}}}}]\n" for day in range(1, 31))
    every = ", ".join(f"d{day}: {day}" for day in range(1, 31))
    gathering = ready(vssim.loads(f"{GATHERING}{days}  daily: {{includes: {{{every}}}}}\n"))
    for seed in range(12):
        foreseen = gathering.draw(seed, 0, play=partial(trace, engine="compiled"))
        assert foreseen.trace is not None
        assert_same_log(foreseen, gathering.draw(seed, 0))


MOMENTS = [0.5, 1, 1.5, 2, 3, 4, 5.25, 6, 8, 10, 15]


@st.composite
def staged(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario that changes again and again what items travel by, and who works."""
    document = draw(documents(Taste(tight=True)))
    steps = list(document["steps"])
    stages = {}
    for number in range(draw(st.integers(1, 5))):
        step, limit = draw(st.sampled_from(steps)), draw(st.integers(1, 3))
        paths: list[dict[str, Any]] = [
            {f"steps.{step}.work" if "work" in document["steps"][step] else f"steps.{step}.wait": draw(TIMES)},
            {"demand.x.size": draw(st.sampled_from([0.5, 1, 2]))},
            {"demand.x.skips": {step: draw(st.sampled_from([0.3, 0.6, 1]))}},
            {"handoffs.setup": draw(TIMES), "handoffs.delay": draw(TIMES)},
            {f"steps.{step}.returns": [{"to": steps[0], "chance": draw(st.sampled_from([0.2, 0.5]))}]},
            {f"steps.{step}.stops": {"wrong": 0.5, "right": 0.2}},
            {"demand.x.value": number},
            {
                "demand.x.every": draw(st.sampled_from(["exponential(0.5)", 0.75, "never"])),
                "demand.x.batch": draw(st.integers(1, 2)),
            },
        ]
        if maybe(draw):
            others = [kind for kind in document["demand"] if kind not in ("whole", "programme")]
            defects = {"chance": 0.4, "after": draw(TIMES), "as": draw(st.sampled_from(others))}
            paths.append({"demand.x.defects": defects})
        if maybe(draw):
            paths.append({"demand.x.outcome": {"right": 0.6, "after": draw(TIMES), "work": draw(st.sampled_from([0.5, 1]))}})
        chosen: dict[str, Any] = {}
        for setting in draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3)):
            chosen |= setting
        if maybe(draw):
            chosen |= {f"steps.{step}.wip_limit": limit}
        stages[f"s{number}"] = chosen
    moments = sorted(draw(st.lists(st.sampled_from(MOMENTS), min_size=5, max_size=5, unique=True)))
    document["changes"] = {name: {"levers": [{"set": chosen}]} for name, chosen in stages.items()}
    document["changes"]["new"] = {"includes": dict(zip(stages, moments, strict=False))}
    return document


@settings(max_examples=120, deadline=None)
@given(staged())
def test_ways_that_are_not_foreseen_are_missed_by_nobody(document: dict[str, Any]) -> None:
    scenario = runnable(document)
    if scenario is None:
        return
    foreseeing, complete, shelf = ready(scenario, "new"), ready(scenario, "new"), Shelf()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blueprint, "MANY_WAYS", 0)
        play, ahead = partial(trace, engine="compiled"), [(other, foreseeing) for other in (1, 2)]
        programs = [foreseeing.draw(1, of, shelf, ahead=ahead, play=play) for of in range(3)]
    for replication, program in enumerate(programs):
        assert_same_log(program, complete.draw(1, replication))

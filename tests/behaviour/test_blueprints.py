"""Blueprints and shelves: what is worked out or drawn once is what would have been worked out or drawn each time."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import vssim
from tests.support.models import Taste, documents, runnable
from vssim.model.distributions import DistributionFault, parse
from vssim.workload import Blueprint, Luck, Program, Shelf, build
from vssim.workload import blueprint as plans

TEXT = """
run: {horizon: 60}
demand:
  feature: {every: exponential(1), outcome: {right: 70%, after: 3}}
  initiative: {every: 20, parts: {feature: 2}}
steps:
  make:
    work: exponential(1)
    needs: {from: expert, chance: 40%, work: exponential(0.5), parks: true}
    wip_limit: 4
  check: {work: exponential(1), returns: {to: make, chance: 30%, work: 40%, on_the_way: 20%}, gate: {every: 5}}
teams:
  crew: {people: 3, does: [make, check]}
  expert: 1
changes:
  fewer at once: [{set: {steps.make.wip_limit: 2, demand.feature.wip_limit: 6}}]
  more people: [{set: {teams.crew.people: 5}}]
  trains: [{set: {steps.check.gate.every: 2}}]
  urgent: [{set: {discipline: shortest_first}}]
  better: [{set: {steps.check.returns.0.chance: 10%}}]
  later: {includes: better, from: 20}
"""


def blueprint(change: str | None, horizon: float = 60) -> Blueprint:
    return Blueprint(vssim.loads(TEXT).plan(change), horizon, "day")


def assert_equal(one: Any, other: Any) -> None:
    """Every number of two programs is the same."""
    assert type(one) is type(other)
    if is_dataclass(one):
        for field in fields(one):
            assert_equal(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple | list):
        assert len(one) == len(other)
        for mine, yours in zip(one, other, strict=True):
            assert_equal(mine, yours)
    elif isinstance(one, np.ndarray):
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64)
    else:
        assert one == other


def program(change: str | None, replication: int) -> Program:
    return build(vssim.loads(TEXT).plan(change), horizon=60, seed=3, replication=replication, unit="day")


@settings(max_examples=40, deadline=None)
@given(documents(Taste(changes=True)))
def test_a_blueprint_draws_what_is_built_anew_each_time(document: dict[str, Any]) -> None:
    scenario = runnable(document)
    if scenario is None:
        return
    for change in (None, *scenario.changes):
        plan, shelf = scenario.plan(change), Shelf()
        ready = Blueprint(plan, 60, "day")
        for replication in (1, 0, 1):
            built = build(plan, horizon=60, seed=5, replication=replication, unit="day")
            assert_equal(ready.draw(5, replication), built)
            assert_equal(ready.draw(5, replication, shelf), built)


@settings(max_examples=40, deadline=None)
@given(documents(Taste(changes=True)))
def test_replications_that_are_drawn_at_once_are_those_drawn_one_by_one(document: dict[str, Any]) -> None:
    scenario = runnable(document)
    if scenario is None:
        return
    for change in (None, *scenario.changes):
        plan, shelf = scenario.plan(change), Shelf()
        ready = Blueprint(plan, 60, "day")
        ready.draw(5, 0, shelf, ahead=[(other, ready) for other in (1, 2, 4)])
        for replication in (4, 2, 1, 0):
            assert_equal(ready.draw(5, replication, shelf), build(plan, horizon=60, seed=5, replication=replication, unit="day"))


FIGURES = {"chance": 0.7, "right": 0.9, "on_the_way": 0.5, "work": 1.5, "wait": 0.75, "delay": 1.25, "setup": 0.5, "every": 1.5,
           "after": 0.5, "effort": 2.0, "size": 1.25}  # fmt: skip
"""What other worlds may have more or less of."""


def other_world(part: Any, factor: float | None = None) -> Any:
    """A document with other figures in the same organisation; `factor` on those that stand under one name."""
    if isinstance(part, dict):
        return {
            name: other_world(value, FIGURES.get(name, factor if name not in CHOICES else None)) for name, value in part.items()
        }
    if isinstance(part, list):
        return [other_world(value, factor) for value in part]
    if factor is None or isinstance(part, bool):
        return part
    if isinstance(part, str) and part.endswith("%"):
        return f"{float(part[:-1]) * min(factor, 1 / factor):g}%"
    try:
        return parse(part).scaled(factor).document()
    except DistributionFault:  # a word
        return part


def valid(document: dict[str, Any]) -> vssim.Scenario | None:
    """A scenario that can be run, where it is one still."""
    try:
        return runnable(document)
    except vssim.ScenarioError:
        return None


CHOICES = ("to", "from", "outside", "for", "gate", "at", "as", "unless", "parts", "route", "share")
"""What is no figure, or would make other families of it."""


@settings(max_examples=60, deadline=None)
@given(documents(Taste(changes=True)))
def test_worlds_that_are_drawn_at_once_are_those_drawn_one_by_one(document: dict[str, Any]) -> None:
    scenarios = list(map(valid, (document, other_world(document), other_world(other_world(document)))))
    worlds = [Blueprint(known.plan(change), 60, "day") for known in scenarios if known is not None for change in (None, "new")]
    coming = [(replication, world) for replication in (0, 2, 3) for world in worlds]
    for number, (replication, world) in enumerate(coming[: len(worlds)]):
        shelf = Shelf()
        world.draw(5, replication, shelf, ahead=coming[number + 1 :])
        for after, other in coming[number:]:
            assert_equal(other.draw(5, after, shelf), other.draw(5, after))


def test_worlds_are_drawn_as_one_whatever_figures_they_differ_in() -> None:
    walks: list[int] = []

    class Watched(Luck):
        def __init__(self, seed: int, *replications: int) -> None:
            super().__init__(seed, *replications)
            walks.append(0)

        def uniforms(self, items: Any, *name: str | int) -> Any:
            walks[-1] += name == ("feature", "make", "work", 0)
            return super().uniforms(items, *name)

    document = vssim.loads(TEXT).document()
    worlds = [Blueprint(vssim.loads(text).plan("later"), 60, "day") for text in (document, other_world(document))]
    alone = [world.draw(3, 0, luck=Watched) for world in worlds]
    shelf = Shelf()
    worlds[0].draw(3, 0, shelf, Watched, ahead=[(0, worlds[1])])
    assert_equal([world.draw(3, 0, shelf, Watched) for world in worlds], alone)
    first, second, both = walks
    assert first == second == both == 2


def test_what_is_to_come_is_drawn_together_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, ...]] = []

    class Watched(Luck):
        def __init__(self, seed: int, *replications: int) -> None:
            super().__init__(seed, *replications)
            drawn.append(replications)

    ready, shelf = blueprint(None), Shelf()
    ready.draw(3, 0, shelf, Watched, ahead=[(other, ready) for other in (1, 2, 3)])
    ready.draw(3, 2, shelf, Watched, ahead=[(other, ready) for other in (3, 4)])
    assert drawn == [(0, 1, 2, 3)]
    monkeypatch.setattr(plans, "AT_ONCE", 2.5 * ready._size.memory)
    for replication in range(4, 8):
        ready.draw(3, replication, shelf, Watched, ahead=[(other, ready) for other in range(replication + 1, 8)])
    assert drawn[1:] == [(4, 5), (6, 7)]


@pytest.mark.parametrize("change", ["fewer at once", "more people", "trains", "urgent", "better", "later"])
def test_from_a_shelf_comes_what_would_have_been_drawn(change: str) -> None:
    shelf = Shelf()
    for replication in (0, 1):
        blueprint(None).draw(3, replication, shelf)
        assert_equal(blueprint(change).draw(3, replication, shelf), program(change, replication))


@pytest.mark.parametrize("change", ["fewer at once", "more people", "trains"])
def test_organisations_that_differ_in_people_limits_or_trains_share_what_is_drawn(change: str) -> None:
    shelf = Shelf()
    assert blueprint(change).draw(3, 0, shelf).visits is blueprint(None).draw(3, 0, shelf).visits


@pytest.mark.parametrize("change", ["urgent", "better", "later"])
def test_organisations_whose_items_travel_otherwise_share_nothing(change: str) -> None:
    assert blueprint(change).fingerprint != blueprint(None).fingerprint


STAGES = {
    "people": ({"teams.crew.people": 4}, 0),
    "a limit": ({"steps.make.wip_limit": 1}, 0),
    "when a train leaves": ({"steps.check.gate.every": 3}, 0),
    "pull": ({"teams.crew.pull": "finish_first"}, 0),
    "work": ({"steps.make.work": "exponential(0.9)"}, 1),
    "a need": ({"steps.make.needs.0.chance": "50%"}, 1),
    "returns": ({"steps.check.returns.0.chance": "20%"}, 1),
    "demand": ({"demand.feature.every": 2}, 1),
    "discipline": ({"discipline": "shortest_first"}, 1),
}


@pytest.mark.parametrize("what", STAGES)
def test_only_a_change_of_what_items_travel_by_has_itineraries_of_its_own(what: str) -> None:
    setting, others = STAGES[what]
    levers = f"{{levers: [{{set: {json.dumps(setting)}}}], from: 20}}"
    program = Blueprint(vssim.loads(f"{TEXT}  staged: {levers}\n").plan("staged"), 60, "day").draw(1, 0)
    assert [phase.routing for phase in program.phases] == [0, others]
    assert len(program.items.tracks[0]) == len(program.items.last_arrival) == 1 + others


def test_what_comes_back_after_something_else_is_a_routing_again() -> None:
    stages = ["steps.make.work: 2", "teams.crew.people: 4", "steps.make.work: exponential(1)", "teams.crew.people: 3"]
    changes = "".join(f"  c{number}: [{{set: {{{stage}}}}}]\n" for number, stage in enumerate(stages))
    staged = f"{TEXT}{changes}  staged: {{includes: [c0, c1, c2, c3], from: 10, every: 10}}\n"
    program = Blueprint(vssim.loads(staged).plan("staged"), 60, "day").draw(1, 0)
    assert [phase.routing for phase in program.phases] == [0, 1, 1, 2, 2]


def test_people_who_change_every_day_take_no_more_memory_than_people_who_do_not() -> None:
    changes = "".join(f"  d{day}: [{{set: {{teams.crew.people: {3 + day % 2}}}}}]\n" for day in range(1, 51))
    daily = f"{TEXT}{changes}  daily: {{includes: {{{', '.join(f'd{day}: {day}' for day in range(1, 51))}}}}}\n"
    scenario = vssim.loads(daily)
    still, moving = (Blueprint(scenario.plan(change), 60, "day").draw(1, 0) for change in (None, "daily"))
    assert len(moving.phases) == 51
    assert_equal(moving.items, still.items)
    assert_equal(moving.visits, still.visits)


def test_another_horizon_seed_or_replication_is_another_place_on_the_shelf() -> None:
    shelf = Shelf()
    first = blueprint(None).draw(3, 0, shelf)
    others = [blueprint(None, 50).draw(3, 0, shelf), blueprint(None).draw(4, 0, shelf), blueprint(None).draw(3, 1, shelf)]
    assert all(other.visits is not first.visits for other in others)
    assert blueprint(None).draw(3, 0, shelf).visits is first.visits


def test_nobody_can_write_in_what_is_shared() -> None:
    shared = blueprint(None).draw(3, 0, Shelf())
    with pytest.raises(ValueError, match="read-only"):
        shared.visits.work[0] = 1


def test_a_full_shelf_makes_room_for_what_comes() -> None:
    size = build_size()
    shelf = Shelf(room=int(2.5 * size))
    first = blueprint(None).draw(3, 0, shelf)
    for replication in (1, 2):
        blueprint(None).draw(3, replication, shelf)
    assert blueprint(None).draw(3, 0, shelf).visits is not first.visits


def test_what_is_larger_than_the_shelf_is_drawn_each_time() -> None:
    shelf = Shelf(room=10)
    assert_equal(blueprint(None).draw(3, 0, shelf), program(None, 0))
    assert blueprint(None).draw(3, 0, shelf).visits is not blueprint(None).draw(3, 0, shelf).visits


def build_size() -> int:
    """What one replication takes on a shelf [bytes]."""
    drawn = blueprint(None).draw(3, 0)
    tables = (drawn.items, drawn.visits)
    return sum(getattr(table, field.name).nbytes for table in tables for field in fields(table))


def test_more_places_than_the_engines_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_PLACES", 2)
    with pytest.raises(vssim.errors.RunError, match="3 skills in one run; at most 2 can be played"):
        blueprint(None)

"""Plans: of all itineraries that organisations to come may have for an item, those are drawn that it may still follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import vssim
from tests.behaviour.test_blueprints import assert_equal
from tests.support.models import Taste, documents, runnable
from vssim.engines import assemble, trace
from vssim.workload import Blueprint, Program, together
from vssim.workload.blends import blends
from vssim.workload.routes import Route
from vssim.workload.ways import Ways

DAYS = 12

TEXT = """
run: {{horizon: 15, warmup: 0, seed: 4}}
demand:
  feature: {{every: exponential(0.4){feature}}}
  bug: {{every: exponential(1), route: [check]}}
steps:
  make: {{work: exponential(1){make}}}
  check: {{work: exponential(0.3), wip_limit: 5, returns: {{to: check, chance: 20%}}}}
teams: {{crew: {{people: 4, does: [make, check]}}}}
changes:
{days}  daily: {{includes: {{{every}}}}}
"""


def blueprint_of(setting: str = "steps.make.work: {day}.5", feature: str = "", make: str = "") -> Blueprint:
    days = "".join(f"  d{day}: [{{set: {{{setting.format(day=day)}}}}}]\n" for day in range(1, DAYS + 1))
    every = ", ".join(f"d{day}: {day}" for day in range(1, DAYS + 1))
    scenario = vssim.loads(TEXT.format(days=days, every=every, feature=feature, make=make))
    return Blueprint(scenario.plan("daily"), scenario.run.horizon, scenario.unit)


def drawn(setting: str = "steps.make.work: {day}.5", feature: str = "", make: str = "") -> Program:
    return blueprint_of(setting, feature, make).draw(4, 0)


def plans_of(program: Program, kind: str) -> tuple[Any, Any]:
    """Of each item of a type: how many plans it has, and the routing in force as it arrives."""
    items = program.items
    number = np.diff(np.searchsorted(program.visits.item[items.first], np.arange(len(items.type) + 1)))
    starts = [phase.start for phase in program.phases]
    mine = items.type == program.types.index(kind)
    return number[mine], np.searchsorted(starts, items.arrival[mine], side="right") - 1


def test_who_leaves_the_backlog_at_once_has_a_plan_for_the_day_of_its_arrival_only() -> None:
    program = drawn()
    number, since = plans_of(program, "feature")
    assert (number == 1).all()
    assert len(np.unique(since)) > DAYS / 2
    make = program.visits.step == 0
    later = since[: int(make.sum())] > 0
    assert (program.visits.work[make][later] == since[later] * 1_000_000 + 500_000).all()


KEEPS = {
    "a limit of the first step": {"make": ", wip_limit: 3"},
    "a limit of the type": {"feature": ", wip_limit: 6"},
    "a limit of a step where those begin who skip the first": {"feature": ", skips: {make: 30%}"},
}


@pytest.mark.parametrize("what", KEEPS)
def test_who_may_be_kept_in_the_backlog_has_a_plan_for_every_day_from_its_arrival_on(what: str) -> None:
    number, since = plans_of(drawn(**KEEPS[what]), "feature")
    assert number.tolist() == (DAYS + 1 - since).tolist()


def test_the_expedited_are_kept_by_no_limit() -> None:
    number, _ = plans_of(drawn(feature=", expedite: true", make=", wip_limit: 3"), "feature")
    assert (number == 1).all()


def test_organisations_that_sort_by_work_need_every_plan() -> None:
    number, since = plans_of(drawn("discipline: shortest_first, steps.make.work: {day}.5"), "feature")
    assert number.tolist() == (DAYS + 1 - since).tolist()


def test_a_type_that_the_changes_do_not_concern_has_one_plan() -> None:
    number, _ = plans_of(drawn(make=", wip_limit: 3"), "bug")
    assert len(number) > 5
    assert (number == 1).all()


@pytest.mark.parametrize("setting", ["demand.feature.every: exponential(0.{day}5)", "demand.feature.promise: {day}"])
def test_how_much_arrives_or_is_promised_is_nothing_that_items_travel_by(setting: str) -> None:
    number, _ = plans_of(drawn(setting, make=", wip_limit: 3"), "feature")
    assert len(number) > 5
    assert (number == 1).all()


FIGURES = {
    "work": "steps.make.work: 'lognormal(mean=1.{day}, cv=0.5)'",
    "work that is sometimes always the same": "steps.make.work: 'gamma(mean=1, cv=0.{day})', steps.check.work: {day}",
    "a chance to come back": "steps.check.returns.0.chance: 0.2{day}",
    "sizes": "demand.feature.size: 'lognormal(mean=1.{day}, cv=0.5)'",
    "delays and setup": "handoffs.delay: 0.{day}, handoffs.setup: 'exponential(0.{day}1)'",
}


@pytest.mark.parametrize("what", FIGURES)
def test_ways_that_are_walked_at_once_are_as_if_walked_one_by_one(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, walks = drawn(FIGURES[what]), []

    def one_by_one(routes: tuple[Route, ...]) -> list[tuple[int, ...]]:
        walks.append(len(blends(routes)))
        return [(way,) for way in range(len(routes))]

    monkeypatch.setattr(together, "blends", one_by_one)
    assert_equal(at_once, drawn(FIGURES[what]))
    assert set(walks) == {1}


MORE_OR_LESS = {
    "interval": "demand.feature.every: exponential(0.{day}5)",
    "interval, and work": "demand.feature.every: exponential(0.{day}5), steps.make.work: {day}.5",
    "batches": "demand.feature.batch: {day}",
    "how many": "demand.feature.count: {day}",
}


@pytest.mark.parametrize("what", MORE_OR_LESS)
def test_what_comes_in_larger_or_smaller_numbers_is_drawn_together_as_if_stretch_by_stretch(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"make": ", wip_limit: 3", "feature": ", defects: {chance: 40%, after: 1, as: bug}"}
    together, stretches = drawn(MORE_OR_LESS[what], **more), vars(Ways)["stretches"].func
    monkeypatch.setattr(Ways, "stretches", property(lambda ways: [[piece] for stretch in stretches(ways) for piece in stretch]))
    assert_equal(together, drawn(MORE_OR_LESS[what], **more))
    (pieces,) = stretches(blueprint_of(MORE_OR_LESS[what]).ways)
    assert len(pieces) >= DAYS


@settings(max_examples=60, deadline=None)
@given(documents(Taste(changes=True)))
def test_plans_that_are_left_out_are_missed_by_nobody(document: dict[str, Any]) -> None:
    scenario = runnable(document)
    if scenario is None:
        return
    for change in scenario.changes:
        blueprint, complete = (Blueprint(scenario.plan(change), 40, "day") for _ in range(2))
        complete.ways.open_doors[:] = False
        programs = blueprint.draw(1, 0), complete.draw(1, 0)
        logs = [assemble(program, trace(program, "compiled")) for program in programs]
        assert_equal(logs[0], logs[1])

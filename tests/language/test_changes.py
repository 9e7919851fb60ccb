"""Changes: which organisation is in force when, whom a dip hurts, and what is told about it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from pydantic import TypeAdapter, ValidationError

from tests.language.organisations import organisation, organisations
from vssim.model.changes import Change, DipInForce, Plan, plan, touched
from vssim.model.faults import ModelError
from vssim.model.model import Model
from vssim.model.shorthand import expand

READER = TypeAdapter(dict[str, Change])
LIMIT = {"limit_wip": {"steps": {"test": 3}}}
MORE = {"set": {"teams.test.people": 4}}


def changes(**written: Any) -> dict[str, Change]:
    return READER.validate_python(expand({"changes": written})["changes"])


def planned(name: str | None, model: Model | None = None, **written: Any) -> Plan:
    return plan(model or organisation(), changes(**written), name)


def limits_and_people(made: Plan) -> list[tuple[float, int | None, Any]]:
    """Of each phase its start, the limit of the step test and the people of the team test."""
    return [(phase.start, phase.model.steps["test"].wip_limit, phase.model.teams["test"].people) for phase in made.phases]


@pytest.mark.parametrize("name", [None, "baseline"])
def test_the_baseline_is_the_organisation_as_it_is(name: str | None) -> None:
    model = organisation()
    (phase,) = planned(name, model).phases
    assert (phase.start, phase.model, phase.dips) == (0, model, ())


def test_a_change_without_a_date_is_there_from_the_start() -> None:
    assert limits_and_people(planned("it", it=[LIMIT, MORE])) == [(0, 3, 4)]
    assert limits_and_people(planned("it", it={"levers": [LIMIT], "from": 0})) == [(0, 3, 1)]


def test_a_change_from_a_date_comes_after_the_organisation_as_it_was() -> None:
    assert limits_and_people(planned("it", it={"levers": [LIMIT, MORE], "from": 200})) == [(0, None, 1), (200, 3, 4)]


def test_one_by_one_every_included_change_and_lever_is_a_stage_and_they_add_up() -> None:
    made = planned("it", it={"includes": ["first"], "levers": [MORE, "finish_first"], "from": 200, "every": 60}, first=[LIMIT])
    assert limits_and_people(made) == [(0, None, 1), (200, 3, 1), (260, 3, 4), (320, 3, 4)]
    assert [phase.model.teams["test"].pull for phase in made.phases] == ["fifo", "fifo", "fifo", "finish_first"]


def test_one_by_one_from_the_start_the_first_stage_is_there_at_once() -> None:
    assert limits_and_people(planned("it", it={"levers": [LIMIT, MORE], "every": 60})) == [(0, 3, 1), (60, 3, 4)]


def test_levers_apply_in_the_order_listed_with_what_is_included_first() -> None:
    other = {"set": {"teams.test.people": 9}}
    assert limits_and_people(planned("it", it=[MORE, other])) == [(0, None, 9)]
    assert limits_and_people(planned("it", it={"includes": "first", "levers": [MORE]}, first=[other])) == [(0, None, 4)]


def test_an_included_change_brings_what_it_includes_itself() -> None:
    made = planned("it", it={"includes": "second"}, second={"includes": ["first"], "levers": [MORE]}, first=[LIMIT])
    assert limits_and_people(made) == [(0, 3, 4)]


def test_an_included_change_leaves_its_date_and_dip_behind_and_this_is_told() -> None:
    dip = {"depth": "30%", "recover": 10}
    made = planned("it", it={"includes": ["first"]}, first={"levers": [LIMIT], "from": 100, "dip": dip})
    assert limits_and_people(made) == [(0, 3, 1)]
    assert made.phases[0].dips == ()
    assert made.notes == ("first is included without its from and dip",)


def test_a_dip_hurts_the_teams_that_the_change_touches_from_its_date_on() -> None:
    made = planned("it", it={"levers": [LIMIT], "from": 100, "dip": {"depth": "30%", "recover": 40}})
    assert [phase.dips for phase in made.phases] == [(), (DipInForce(100, 0.3, 40, frozenset({"test"})),)]


def test_a_dip_without_a_date_starts_at_the_start() -> None:
    (phase,) = planned("it", it={"levers": [LIMIT], "dip": {"depth": 0.3, "recover": 40}}).phases
    assert phase.dips == (DipInForce(0, 0.3, 40, frozenset({"test"})),)


def test_one_by_one_each_stage_has_its_own_dip_and_earlier_ones_go_on() -> None:
    develop = {"set": {"teams.develop.people": 4}}
    made = planned("it", it={"levers": [LIMIT, develop], "from": 20, "every": 10, "dip": {"depth": 0.1, "recover": 40}})
    first, second = DipInForce(20, 0.1, 40, frozenset({"test"})), DipInForce(30, 0.1, 40, frozenset({"develop"}))
    assert [phase.dips for phase in made.phases] == [(), (first,), (first, second)]


def test_a_dip_that_touches_nobody_is_told() -> None:
    made = planned("it", it={"levers": ["finish_first"], "from": 20, "dip": {"depth": 0.1, "recover": 40}})
    assert made.phases[1].dips == ()
    assert made.notes == ("the dip has no effect where no team's people, crafts, steps, limits or needs differ",)


def test_time_kept_for_improvement_counts_from_when_a_team_began_to_keep_it() -> None:
    begin = {"set": {"teams.test.improvement": {"share": 0.1}}}
    more = {"set": {"teams.test.improvement.share": 0.2}}
    made = planned("it", it={"levers": [begin, more], "from": 50, "every": 10})
    assert [phase.improving_since for phase in made.phases] == [{}, {"test": 50}, {"test": 50}]


def test_a_lever_without_its_target_is_neutral_and_told() -> None:
    made = planned("it", it=[{"limit_wip": {"steps": {"tset": 3}}}])
    assert made.phases[0].model == organisation()
    assert made.notes == (
        "limit_wip: there is no step 'tset' (did you mean 'test'?)",
        "limit_wip changes nothing in this model",
    )


def test_of_a_lever_that_an_included_change_brings_the_notes_tell_which() -> None:
    made = planned("all", it=["limit_wip"], all={"includes": ["it"], "levers": ["say_no"]})
    assert "it: limit_wip changes nothing in this model" in made.notes
    assert not any(note.startswith("all: ") for note in made.notes)


# --- faults ---


def faults_of(name: str, **written: Any) -> list[tuple[Any, ...]]:
    with pytest.raises(ModelError) as caught:
        planned(name, **written)
    return [fault.path for fault in caught.value.faults]


def test_a_fault_of_a_lever_has_its_place_in_the_file() -> None:
    bad = {"set": {"teams.test.people": 0, "steps.test.wip": 3}}
    place = ("changes", "bad", "levers", 1, "set")
    assert sorted(faults_of("it", it={"includes": ["bad"]}, bad=["finish_first", bad])) == [
        (*place, "steps.test.wip"),
        (*place, "teams.test.people"),
    ]


def test_an_unknown_included_change_is_named() -> None:
    assert faults_of("it", it={"includes": ["frist"]}, first=[LIMIT]) == [("changes", "it", "includes", 0)]


def test_changes_that_include_each_other_are_refused() -> None:
    assert faults_of("a", a={"includes": ["b"]}, b={"includes": ["a"]}) == [("changes", "b", "includes")]
    assert faults_of("a", a={"includes": ["a"]}) == [("changes", "a", "includes")]


def test_steps_that_are_there_before_and_after_keep_their_order() -> None:
    turned = {"set": {"steps": {"test": {"work": 2}, "develop": {"work": 1}}}}
    assert faults_of("it", it={"levers": [turned], "from": 20}) == [("changes", "it")]
    assert list(planned("it", it=[turned]).phases[0].model.steps) == ["test", "develop"]


@pytest.mark.parametrize(
    "written",
    [{"from": -1}, {"every": 0}, {"dip": {"depth": 2, "recover": 1}}, {"dip": {"depth": 0.5, "recover": 0}}, {"form": 3}],
)
def test_impossible_dates_and_dips_are_refused(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        changes(it={"levers": [LIMIT], **written})


# --- whom a change touches ---


@given(organisations())
def test_a_change_that_changes_nothing_touches_nobody(model: Model) -> None:
    assert touched(model, model) == frozenset()
    assert touched(model, Model.model_validate(model.document())) == frozenset()


FOUR = organisation(
    steps={"develop": {"work": 1, "needs": {"from": "desk", "work": 1}}, "test": 2, "release": 1},
    teams={
        "developers": {"people": 2, "does": "develop"},
        "testers": {"people": 2, "does": "test"},
        "ops": {"people": 1, "does": "release"},
    }
    | {"desk": 1},
    demand={"feature": {"every": 2}, "fix": {"every": 9, "route": ["test", "release"]}},
)


@pytest.mark.parametrize(
    ("settings", "teams"),
    [
        ({"teams.testers.people": 3}, {"testers"}),
        ({"teams.testers.helps.develop": 0.5}, {"testers"}),
        ({"teams.testers.wip_limit": 3}, {"testers"}),
        ({"teams.testers.multitasking": 3}, {"testers"}),
        ({"teams.testers.pull": "finish_first"}, set()),
        ({"steps.test.wip_limit": 3}, {"testers"}),
        ({"steps.test.work": 3}, {"testers"}),
        ({"steps.develop.needs.0.chance": 0.1}, {"developers", "desk"}),
        ({"wip_limit": 9}, {"developers", "testers", "ops"}),
        ({"demand.fix.wip_limit": 9}, {"testers", "ops"}),
        ({"demand.fix.every": 8}, set()),
        ({"handoffs.delay": 8}, set()),
        ({"teams.crew": {"people": 1, "does": "test"}}, {"crew"}),
        ({"teams.testers": "none", "teams.developers.does": ["develop", "test"]}, {"developers"}),
        ({"steps.release": "none", "demand.fix.route": "none"}, {"ops"}),
    ],
)
def test_a_team_is_touched_when_its_people_crafts_steps_limits_or_needs_differ(settings: dict[str, Any], teams: set[str]) -> None:
    after = planned("it", FOUR, it=[{"set": settings}]).phases[0].model
    assert touched(FOUR, after) == teams


def test_teams_made_by_a_change_are_touched() -> None:
    after = planned("it", FOUR, it=[{"cross_functional_teams": {"count": 2}}]).phases[0].model
    assert touched(FOUR, after) == {"team 1", "team 2"}


def test_a_change_is_written_as_it_was_read() -> None:
    written = {"includes": ["b"], "levers": ["finish_first", LIMIT], "from": 20, "every": 5, "dip": {"depth": 0.1, "recover": 40}}
    assert changes(it=written)["it"].document() == written

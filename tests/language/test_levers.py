"""What every lever promises, and what each of them does to a model and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests.language.organisations import organisation, organisations
from vssim.model.faults import ModelError
from vssim.model.levers import LEVERS, Lever, LeverField
from vssim.model.model import Model

READER: TypeAdapter[Lever] = TypeAdapter(LeverField)


def lever(written: Any) -> Lever:
    return READER.validate_python(written)


NEUTRAL = [
    "limit_wip",
    {"limit_wip": {"steps": {"no such step": 1}, "teams": {"nobody": 2}, "types": {"nothing": "none"}}},
    {"stop_multitasking": {"open": 1000}},
    {"stop_multitasking": {"teams": []}},
    {"single_piece_flow": {"teams": [], "batch": 1000}},
    {"finish_first": {"teams": []}},
    {"finish_first": {"teams": "nobody"}},
    {"cross_functional_teams": {"teams": []}},
    {"cross_functional_teams": {"teams": "nobody", "count": 3}},
    {"soften_handoffs": {"delay": "100%", "relearning": "100%"}},
    {"soften_handoffs": {"delay": 1, "relearning": 1, "batch": 1000}},
    {"set": {"steps.no such step.wip_limit": 3, "teams.nobody.people": 1}},
    {"say_no": {"share": 0}},
    {"say_no": {"types": "nothing"}},
    {"level_demand": {"variation": "100%", "batch": 1_000_000, "types": []}},
    {"slice": {"into": 1, "overhead": "50%"}},
    {"slice": {"types": "nothing"}},
    {"prioritise": {"discipline": "fifo"}},
    {"cross_train": {"teams": []}},
    {"cross_train": {"skills": []}},
    {"cross_train": {"skills": "no such skill", "teams": "nobody"}},
    {"self_serve": {"share": 0}},
    {"self_serve": {"from": "nobody"}},
    {"swarm_on_blockers": {"outside": []}},
    {"surface_problems": {"share": 0, "cost": 3}},
    {"surface_problems": {"at": "no such step"}},
    {"decide_locally": {"gates": []}},
    {"decide_locally": {"gates": "no such gate", "from": "nobody"}},
    {"shorten_cadence": {"factor": "100%"}},
    {"shorten_cadence": {"every": 1_000_000}},
    {"build_quality_in": {"cut": 0, "cost": 0}},
    {"build_quality_in": {"steps": "no such step"}},
    {"talk_to_customers": {"share": 0, "feedback": 1}},
    {"talk_to_customers": {"types": "nothing", "time": "10%"}},
    {"small_bets": {"work": 0, "stops": 0, "mistaken": 0}},
    {"small_bets": {"types": []}},
    {"cut_meetings": {"cut": 0}},
    "add_people",
    {"add_people": {"teams": {"nobody": 3}}},
    {"make_time_to_improve": {"share": 0, "gain": 0}},
    {"make_time_to_improve": {"teams": []}},
    {"automate": {"saved": 0}},
    {"automate": {"steps": "no such step", "upkeep": "10%", "demand": "10%"}},
    {"assist_with_ai": {"saved": 0, "returns": 0, "defects": 0}},
    "simplify",
    {"simplify": {"steps": "no such step"}},
    "rename",
    "stagger_holidays",
    {"stagger_holidays": {"teams": ["nobody"], "least": 3}},
    "reserve_capacity",
    {"reserve_capacity": {"type": "feature", "share": 0}},
    {"reserve_capacity": {"type": "nothing", "share": "50%"}},
    "swarm_urgent",
    {"swarm_urgent": {"types": "nothing", "resuming": 3}},
    {"ask_less": {"patience": None}},
    {"ask_less": {"types": [], "most": 1}},
    "sequence",
    {"sequence": {"types": "nothing"}},
]


@given(organisations(), st.sampled_from(NEUTRAL))
def test_a_neutral_lever_leaves_the_model_as_it_was_to_the_bit(model: Model, written: Any) -> None:
    pulled = lever(written)
    after = pulled.apply(model)
    assert after == model
    assert repr(after.document()) == repr(model.document())
    assert any("changes nothing in this model" in note for note in pulled.notes(model))


TOUCHES = [
    ({"limit_wip": {"steps": {"test": 2}, "stream": 9}}, {"steps.test.wip_limit", "wip_limit"}),
    ({"limit_wip": {"teams": {"crew 0": 3}, "types": {"feature": "none"}}}, {"teams.crew 0.wip_limit", "demand.feature.wip_limit"}),
    ("stop_multitasking", {"teams.*.multitasking"}),
    ("finish_first", {"teams.*.pull"}),
    (
        "single_piece_flow",
        {"handoffs.batch", "handoffs.into", *(f"teams.*.{key}" for key in ("people", "does", "helps", "multitasking", "swarming"))},
    ),
    ({"soften_handoffs": {"batch": 1}}, {"handoffs.batch", "handoffs.delay", "handoffs.relearning", "handoffs.into"}),
    ({"cross_functional_teams": {"count": 2}}, {"teams"}),
    ({"set": {"steps.test.wip_limit": 7, "wip_limit": "none"}}, {"steps.test.wip_limit", "wip_limit"}),
    ("say_no", {"demand.*.declined"}),
    ("level_demand", {"demand.*.every", "demand.*.batch"}),
    (
        {"slice": {"types": "feature"}},
        {"demand.feature.parts", "demand.feature.route", "demand.feature.wip_limit", "demand.feature slice"},
    ),
    ("prioritise", {"discipline"}),
    ("cross_train", {"teams.*.helps", "teams.*.people"}),
    ("self_serve", {"steps.*.needs"}),
    ("swarm_on_blockers", {"steps.*.needs"}),
    ("surface_problems", {"steps.*.returns"}),
    ({"decide_locally": {"from": "desk"}}, {"steps.*.gate", "steps.*.needs"}),
    ("shorten_cadence", {"steps.*.gate", "steps.*.needs"}),
    ("build_quality_in", {"steps.*.work", "steps.*.returns", "demand.*.work", "demand.*.defects"}),
    ({"talk_to_customers": {"time": "10%"}}, {"demand.*.outcome", "teams.*.meetings"}),
    ("small_bets", {"steps.experiment", *(f"demand.*.{key}" for key in ("route", "work")), "teams.*.people", "teams.*.does"}),
    ("cut_meetings", {"teams.*.meetings"}),
    ({"add_people": {"teams": {"crew 0": 2}}}, {"teams.crew 0.people", "teams.crew 0.onboarding"}),
    ("make_time_to_improve", {"teams.*.improvement"}),
    (
        {"automate": {"upkeep": "10%", "demand": "10%", "returns": "10%"}},
        {"steps.*.work", "steps.*.returns", "demand.*.work", "demand.*.every", "teams.*.meetings"},
    ),
    ("assist_with_ai", {"steps.*.work", "steps.*.returns", "demand.*.work", "demand.*.defects"}),
    ({"simplify": {"steps": "develop"}}, {"steps.develop", "demand.*.route", "handoffs.into"}),
    ({"reserve_capacity": {"type": "feature"}}, {"limits"}),
    ({"swarm_urgent": {"types": "feature", "resuming": 0.5}}, {"demand.feature.interrupts", "teams.*.resuming"}),
    ({"ask_less": {"patience": 5, "most": 2}}, {"demand.*.gives_up", "demand.*.wip_limit"}),
    ({"rename": {"teams": {"crew 0": "Tribe Phoenix"}}}, {"teams.crew 0.title"}),
]


@given(organisations(), st.sampled_from(TOUCHES))
def test_a_lever_touches_its_own_fields_and_no_others(model: Model, case: tuple[Any, set[str]]) -> None:
    written, own = case
    names = [*model.demand, *model.steps, *model.teams]
    allowed = own | {path.replace("*", name) for path in own for name in names}
    for path in differences(model, lever(written).apply(model)):
        assert path in allowed or path.split(".")[0] in own, path


def differences(before: Model, after: Model) -> set[str]:
    """Paths at which two models differ, three keys deep where there are names, else two."""
    found = set()
    for section in Model.model_fields:
        old, new = getattr(before, section), getattr(after, section)
        if section == "handoffs":
            found |= {f"handoffs.{key}" for key in type(old).model_fields if getattr(old, key) != getattr(new, key)}
        elif isinstance(old, dict):
            found |= {f"{section}.{name}" for name in {*old} ^ {*new}}
            for name in {*old} & {*new}:
                keys = type(old[name]).model_fields
                found |= {f"{section}.{name}.{key}" for key in keys if getattr(old[name], key) != getattr(new[name], key)}
        elif old != new:
            found.add(section)
    return found


@given(organisations(), st.sampled_from([written for written, _ in TOUCHES]))
def test_pulling_a_lever_leaves_the_model_it_was_given_alone(model: Model, written: Any) -> None:
    before = repr(model.document())
    lever(written).apply(model)
    assert repr(model.document()) == before


@given(organisations(), st.sampled_from([written for written, _ in TOUCHES]))
def test_what_a_lever_makes_can_be_written_and_read_again(model: Model, written: Any) -> None:
    after = lever(written).apply(model)
    again = Model.model_validate(after.document())
    assert again.document() == after.document()


@given(organisations())
def test_any_model_can_be_written_and_read_again(model: Model) -> None:
    assert Model.model_validate(model.document()).document() == model.document()


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_says_what_it_does_what_it_does_not_and_shows_an_example(name: str) -> None:
    kind = LEVERS[name]
    text = kind.__doc__ or ""
    assert len(text.splitlines()[0]) > 20
    assert any(word in text for word in (" no ", "not ", "nothing", "nobody"))
    assert f"Example: {name}" in text or f"Example: {{{name}" in text
    assert kind.name == name
    assert kind.theme
    assert all(field.description for field in kind.model_fields.values())


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_has_a_default_for_each_parameter(name: str) -> None:
    parameters: Any = None if name == "set" else {}
    assert lever({name: parameters} if name != "set" else {"set": {}}).name == name


# --- reading ---


@pytest.mark.parametrize(
    "written", ["finish_first", {"limit_wip": {"steps": {"develop": 7}, "stream": "none"}}, {"set": {"wip_limit": 3}}]
)
def test_a_lever_is_written_as_it_was_read(written: Any) -> None:
    assert READER.dump_python(lever(written)) == written
    assert lever(lever(written)) == lever(written)


@pytest.mark.parametrize(
    ("written", "place", "expected", "near"),
    [
        ("finish_frist", (), "a lever", "finish_first"),
        ({"limit_wpi": {}}, (), "a lever", "limit_wip"),
        ({"zzz": {}}, (), "a lever: say_no, ", ""),
        ({"limit_wip": {}, "set": {}}, (), "one lever", ""),
        ({}, (), "one lever", ""),
        (3, (), "one lever", ""),
        ({"limit_wip": {"steps": {"develop": 0}}}, ("limit_wip", "steps", "develop"), "a limit of at least 1, or none", ""),
        ({"cross_functional_teams": {"proficiency": 0}}, ("cross_functional_teams", "proficiency"), "a proficiency above 0%", ""),
        ({"set": ["wip_limit"]}, ("set",), "paths of the file with their new values", ""),
    ],
)
def test_a_fault_in_a_lever_has_its_place_and_what_was_expected(written: Any, place: Any, expected: str, near: str) -> None:
    with pytest.raises(ValidationError) as caught:
        lever(written)
    (fault,) = caught.value.errors()
    assert fault["loc"] == place
    assert expected in fault["msg"]
    assert fault["ctx"]["near"] == near


def test_a_lever_whose_target_is_missing_says_so_with_the_nearest_name() -> None:
    model = organisation()
    assert lever({"limit_wip": {"steps": {"develp": 3, "test": 2}}}).notes(model) == [
        "limit_wip: there is no step 'develp' (did you mean 'develop'?)"
    ]
    assert lever({"finish_first": {"teams": ["tset", "test"]}}).missing(model) == ["there is no team 'tset' (did you mean 'test'?)"]


# --- one by one ---


def test_limit_wip_puts_limits_in_place_of_those_there_are() -> None:
    model = organisation(wip_limit=30, steps={"develop": {"work": 1, "wip_limit": 5}, "test": 2})
    after = lever({"limit_wip": {"steps": {"develop": "none", "test": 4}, "stream": 9}}).apply(model)
    assert (after.steps["develop"].wip_limit, after.steps["test"].wip_limit, after.wip_limit) == (None, 4, 9)
    assert lever({"limit_wip": {"stream": "none"}}).apply(model).wip_limit is None
    assert lever({"limit_wip": {"stream": None}}).apply(model).wip_limit is None


def test_stop_multitasking_leaves_at_most_one_open_item_a_person() -> None:
    model = organisation(
        teams={"a": {"people": 2, "does": "develop", "multitasking": 3}, "b": {"people": 1, "does": "test", "multitasking": 0.5}}
    )
    after = lever("stop_multitasking").apply(model)
    assert [team.multitasking for team in after.teams.values()] == [1, 0.5]
    assert lever({"stop_multitasking": {"open": 2}}).apply(model).teams["a"].multitasking == 2


def test_single_piece_flow_makes_one_group_at_mean_proficiency_that_swarms_on_one_item() -> None:
    people = [{"count": 2, "does": "develop", "helps": {"test": 0.5}}, {"count": 3, "does": {"develop": 0.8, "test": 1}}]
    model = organisation(teams={"crew": {"people": people}}, handoffs={"batch": 4, "into": {"test": {"batch": 6, "delay": 1}}})
    after = lever("single_piece_flow").apply(model)
    (group,) = after.teams["crew"].groups
    assert group.count == 5
    assert group.does == pytest.approx({"develop": (2 + 3 * 0.8) / 5, "test": (2 * 0.5 + 3) / 5})
    assert group.helps == {}
    assert after.teams["crew"].swarming is not None
    assert after.teams["crew"].swarming.help == 0.5
    assert int(5 * after.teams["crew"].multitasking + 1e-9) == 1
    assert (after.handoffs.batch, after.handoffs.into["test"].batch) == (1, 1)
    assert after.handoffs.into["test"].delay == model.handoffs.into["test"].delay


def test_single_piece_flow_conjures_up_no_hands() -> None:
    people = [{"count": 1, "does": "develop"}, {"count": 3, "does": "test"}]
    after = lever("single_piece_flow").apply(organisation(teams={"crew": {"people": people}}))
    assert after.teams["crew"].groups[0].does == {"develop": 0.25, "test": 0.75}


@given(st.integers(1, 60), st.integers(1, 60))
def test_single_piece_flow_opens_just_so_many_items_in_a_team_of_any_size(people: int, items: int) -> None:
    model = organisation(teams={"crew": {"people": people, "does": ["develop", "test"], "multitasking": 100}})
    team = lever({"single_piece_flow": {"open": items}}).apply(model).teams["crew"]
    assert max(1, int(people * team.multitasking + 1e-9)) == items


def test_single_piece_flow_leaves_unlimited_people_and_teams_without_steps_alone() -> None:
    model = organisation(
        steps={"develop": {"work": 1, "needs": {"from": "desk", "work": 1}}, "test": 2},
        teams={"all": {"people": "unlimited", "does": ["develop", "test"]}, "desk": 3},
    )
    assert lever("single_piece_flow").apply(model) == model
    assert "all has unlimited people" in lever({"single_piece_flow": {"teams": "all"}}).missing(model)[0]


def test_finish_first_changes_the_pull_order_of_the_named_teams() -> None:
    after = lever({"finish_first": {"teams": "test"}}).apply(organisation())
    assert [team.pull for team in after.teams.values()] == ["fifo", "finish_first"]


def test_soften_handoffs_leaves_shares_of_delay_and_relearning_everywhere() -> None:
    into = {"test": {"delay": 4, "relearning": 0.6, "batch": 5}, "develop": {"batch": 2}}
    model = organisation(handoffs={"delay": "exponential(2)", "relearning": 0.2, "into": into})
    after = lever({"soften_handoffs": {"delay": "25%", "batch": 3}}).apply(model).handoffs
    assert str(after.delay) == "exponential(mean=0.5)"
    assert after.relearning == 0.1
    assert (after.into["test"].delay, after.into["test"].relearning, after.into["test"].batch) == (
        model.handoffs.into["test"].delay.scaled(0.25) if model.handoffs.into["test"].delay else None,
        0.3,
        3,
    )
    assert (after.into["develop"].delay, after.into["develop"].relearning, after.into["develop"].batch) == (None, None, 2)
    assert lever({"soften_handoffs": {"delay": 0}}).apply(model).handoffs.delay.mean == 0


# --- set ---


def test_set_gives_the_model_that_the_file_would_describe() -> None:
    settings = {"steps.test.wip_limit": 3, "teams.test.people": 4, "discipline": "lifo", "demand.feature.every": "exponential(1)"}
    after = lever({"set": settings}).apply(organisation())
    assert (after.steps["test"].wip_limit, after.teams["test"].people, after.discipline) == (3, 4, "lifo")
    assert str(after.demand["feature"].every) == "exponential(mean=1)"


def test_set_puts_all_its_values_in_place_together() -> None:
    settings = {"demand.feature.every": "none", "demand.feature.backlog": 200}
    after = lever({"set": settings}).apply(organisation())
    assert (after.demand["feature"].every, after.demand["feature"].backlog) == (None, 200)


def test_set_can_add_and_remove_a_team() -> None:
    model = organisation()
    more = lever({"set": {"teams.crew": {"people": 2, "does": ["develop", "test"]}}}).apply(model)
    assert list(more.teams) == ["develop", "test", "crew"]
    assert list(lever({"set": {"teams.develop": "none"}}).apply(more).teams) == ["test", "crew"]


@pytest.mark.parametrize(
    ("path", "value", "expected", "near"),
    [
        ("steps.test.wip_limt", 3, "a key that the file knows", "wip_limit"),
        ("step.test.wip_limit", 3, "a path within demand, steps", "steps"),
        ("run.horizon", 3, "a path within demand, steps", ""),
        ("teams.test.people", 0, "a whole number of people of at least 1", ""),
        ("steps.test.work", "exponental(3)", "one of constant", "exponential"),
        ("steps.test.work.mean", 3, "a path that ends before 'mean'", ""),
        ("discipline", "filo", "Input should be 'fifo'", ""),
        ("steps..wip_limit", 3, "keys of the file with dots between them", ""),
    ],
)
def test_set_refuses_what_the_file_would_not_take(path: str, value: Any, expected: str, near: str) -> None:
    with pytest.raises(ModelError) as caught:
        lever({"set": {path: value, "wip_limit": 3}}).apply(organisation())
    (fault,) = caught.value.faults
    assert fault.path == (path,)
    assert fault.value == value
    assert expected in fault.expected
    assert fault.near == near


def test_set_reports_every_wrong_value_at_once() -> None:
    with pytest.raises(ModelError) as caught:
        lever({"set": {"run.horizon": 3, "teams.test.people": 0, "steps.test.gate": {"every": 0}}}).apply(organisation())
    assert [fault.path for fault in caught.value.faults] == [("run.horizon",), ("steps.test.gate",), ("teams.test.people",)]


def test_set_on_a_step_that_is_not_there_is_neutral_and_reported() -> None:
    (missing, nothing) = lever({"set": {"steps.tset.wip_limit": 3}}).notes(organisation())
    assert "did you mean 'test'" in missing
    assert "changes nothing" in nothing

"""The stage: what a room makes of a scenario is a change like any other, and is refused where it makes no sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

import vssim
from vssim.analysis.interactive.sliders import sliders
from vssim.analysis.interactive.stage import MOST_VISITS, Arrangement, Lucks, Scene, Stage, arranged, levers_of
from vssim.errors import RunError, ScenarioError, UsageError
from vssim.scenario import Scenario
from vssim.scenario.library import all_names

GATE = "steps.release.gate.every"


@pytest.fixture(scope="module")
def silos() -> Scenario:
    return vssim.load("silos")


def staged(scenario: Scenario, arrangement: Arrangement) -> Scene:
    return Stage(scenario).scene(arrangement)


def lead_time(scenario: Scenario, arrangement: Arrangement) -> float | None:
    scene = staged(scenario, arrangement)
    return Stage(scenario).run(scene.right, scene.since).metrics()["lead_time.p50"]


def test_an_untouched_change_is_the_change_of_the_file(silos: Scenario) -> None:
    scenario, change = arranged(silos, Arrangement("both"))
    assert change == "both"
    assert scenario.changes == silos.changes
    assert lead_time(silos, Arrangement("both")) == vssim.simulate(silos, "both").metrics()["lead_time.p50"]


def test_nothing_chosen_is_the_organisation_as_it_is_on_both_sides(silos: Scenario) -> None:
    scene = staged(silos, Arrangement())
    assert scene.left.key == scene.right.key


def test_what_is_moved_by_hand_comes_on_top_of_the_change(silos: Scenario) -> None:
    scenario, change = arranged(silos, Arrangement("both", moved=((GATE, 5),)))
    assert change is not None
    assert scenario.plan(change).phases[-1].model.steps["release"].gate.every == 5  # type: ignore[union-attr]
    assert set(scenario.plan(change).phases[-1].model.teams) == set(scenario.plan("both").phases[-1].model.teams)


def test_a_levers_own_parameter_is_moved_where_the_change_has_it(silos: Scenario) -> None:
    path = "changes.cross-functional teams.levers.0.cross_functional_teams.count"
    two, three = (arranged(silos, Arrangement("both", moved=((path, count),)))[0].plan("both") for count in (2, 3))
    assert len(two.phases[-1].model.teams) == len(three.phases[-1].model.teams) - 1


@pytest.mark.parametrize("name", [name for name in all_names() if "/" not in name])
def test_every_slider_of_the_library_can_be_moved_with_every_change(name: str) -> None:
    stage = Stage(vssim.load(name))
    for change in (None, *stage.scenario.changes):
        for slider in sliders(stage.scenario, change):
            other = next(value for value in slider.values if value != slider.value)
            assert stage.scene(Arrangement(change, moved=((slider.path, other),)))


def test_a_lever_that_is_off_is_not_pulled_and_the_others_are(silos: Scenario) -> None:
    names = [lever.name for _, lever in levers_of(silos, "both")]
    off = names.index("cross_functional_teams")
    without = staged(silos, Arrangement("both", off=frozenset({off})))
    assert set(without.right.plan.phases[-1].model.teams) == set(silos.teams)
    assert lead_time(silos, Arrangement("both", off=frozenset({off}))) == lead_time(silos, Arrangement("limit WIP"))


def test_from_today_the_rule_counts_from_that_day_and_is_measured_from_then(silos: Scenario) -> None:
    scene = staged(silos, Arrangement("both", since=200.0))
    assert [phase.start for phase in scene.right.plan.phases] == [0.0, 200.0]
    run = Stage(silos).run(scene.right, scene.since)
    assert run.warmup == 200.0


def test_a_change_that_has_a_date_of_its_own_keeps_it_with_its_dip() -> None:
    reorg = vssim.load("reorg")
    dated = next(name for name, change in reorg.changes.items() if change.from_ and change.dip)
    scene = staged(reorg, Arrangement(dated, moved=((GATE, 5),)))
    phases = scene.right.plan.phases
    assert phases[-1].start == reorg.changes[dated].from_
    assert phases[-1].dips


def test_another_seed_is_another_luck_on_both_sides(silos: Scenario) -> None:
    one, other = (staged(silos, Arrangement("both", seed=seed)) for seed in (1, 2))
    assert {one.left.key, one.right.key}.isdisjoint({other.left.key, other.right.key})


def test_both_sides_may_be_changes(silos: Scenario) -> None:
    scene = staged(silos, Arrangement("both", against="limit WIP"))
    assert scene.left.key == staged(silos, Arrangement("limit WIP")).right.key


def test_the_rooms_change_gets_a_name_that_is_free(silos: Scenario) -> None:
    taken = silos.model_copy(update={"changes": {**silos.changes, "in the room": silos.changes["both"]}})
    scenario, change = arranged(taken, Arrangement(moved=((GATE, 5),)))
    assert change == "in the room again"
    assert scenario.changes["in the room"] == silos.changes["both"]


@pytest.mark.parametrize(
    ("arrangement", "error", "words"),
    [
        (Arrangement("boths"), UsageError, "did you mean 'both'"),
        (Arrangement(moved=(("steps.test.wip_limit", -3),)), ScenarioError, "steps.test.wip_limit"),
        (Arrangement(moved=(("steps.tset.wip_limit", 3), ("steps.test.wip_limt", 3))), ScenarioError, "wip_limit"),
        (Arrangement(moved=(("changes.both.from", -1),)), ScenarioError, "changes.both.from"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_place(
    silos: Scenario, arrangement: Arrangement, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        staged(silos, arrangement)


def test_what_would_take_too_long_is_refused_with_the_arithmetic(silos: Scenario) -> None:
    long = silos.model_copy(update={"run": silos.run.model_copy(update={"horizon": 60_000.0})})
    with pytest.raises(
        RunError, match=r"about 54,545 items × \d\.\d visits = [\d,]+ in 60000 days.*at most 60,000 visits; it takes a horizon of"
    ):
        staged(long, Arrangement())
    crowd = vssim.loads("{demand: {item: {backlog: 70000}}, steps: {work: 1}, teams: {team: {people: 1, does: work}}}")
    with pytest.raises(RunError, match="about 70,000 items in 250 days"):
        staged(crowd, Arrangement())


def test_returns_upon_returns_are_refused_before_they_are_drawn() -> None:
    stage, often = Stage(vssim.load("hidden")), tuple((f"steps.accept.returns.{number}.chance", "100%") for number in range(2))
    with pytest.raises(RunError, match=r"about 462 items × [\d.]+ visits = [\d,]+ in 600 days.*at most 60,000 visits"):
        stage.scene(Arrangement(moved=often))


def test_the_arithmetic_of_returns_is_about_right() -> None:
    stage = Stage(vssim.load("hidden"))
    drawn = [
        len(stage.scene(Arrangement(moved=(("steps.accept.returns.0.chance", chance),))).right.blueprint.draw(1, 0).visits.item)
        for chance in ("90%", "94%")
    ]
    assert drawn[0] < drawn[1] < 1.1 * MOST_VISITS
    with pytest.raises(RunError, match="too large"):
        stage.scene(Arrangement(moved=(("steps.accept.returns.0.chance", "97%"),)))


def test_the_arithmetic_counts_what_defects_bring_back() -> None:
    stage = Stage(vssim.load("corners"))
    with pytest.raises(RunError, match=r"about 7\d\d items × [\d.]+ visits = 8\d,\d{3} in 650 days"):
        stage.scene(Arrangement("cut more corners", moved=(("steps.test.returns.chance", "100%"),)))


def test_of_what_is_too_large_the_longest_horizon_is_told_in_digits_and_fewer_items_where_no_horizon_helps(silos: Scenario) -> None:
    long = silos.model_copy(update={"run": silos.run.model_copy(update={"horizon": 600_000.0})})
    with pytest.raises(RunError, match=r"about 545,455 items in 600000 days.*it takes a horizon of at most 66000 \("):
        staged(long, Arrangement())
    heap = vssim.loads(
        "name: Heap\nrun: {horizon: 100, replications: 2}\ndemand: {feature: {backlog: 100000}}\n"
        "steps: {make: {work: 1}}\nteams: {makers: {people: 1, does: make}}\n"
    )
    with pytest.raises(RunError, match=r"about 100,000 items in 100 days.*it takes fewer items$"):
        staged(heap, Arrangement())


def test_the_arithmetic_is_about_right(silos: Scenario) -> None:
    large = silos.model_copy(update={"run": silos.run.model_copy(update={"horizon": 12_000.0})})
    staged(large, Arrangement())
    visits = len(vssim.simulate(large, engine="compiled").visits)
    assert 0.8 * MOST_VISITS < visits * 14_500 / 12_000 < 1.2 * MOST_VISITS


def test_many_lucks_are_those_of_compare(silos: Scenario) -> None:
    scene = staged(silos, Arrangement("both"))
    stage = Stage(silos)
    lucks = Lucks(stage, scene, "lead_time.p50", stage.warmup)
    for _ in range(4):
        lucks.play()
    compared = vssim.compare(silos, only="both", replications=4, jobs=1)["both"]["lead_time.p50"]
    assert lucks.answer.difference == compared


def test_a_luck_that_others_may_interrupt_is_the_same_luck(silos: Scenario) -> None:
    stage, scene = Stage(silos), staged(silos, Arrangement("both"))
    at_once, with_pauses = (Lucks(stage, scene, "lead_time.p50", 150.0) for stage in (stage, Stage(silos)))
    pauses: list[int] = []
    at_once.play()
    assert not pauses
    with_pauses.play(lambda: pauses.append(1))
    assert with_pauses.pairs == at_once.pairs
    assert len(pauses) > 5


def test_a_warmup_that_is_found_is_found_for_the_room_too(silos: Scenario) -> None:
    auto = silos.model_copy(update={"run": silos.run.model_copy(update={"warmup": "auto", "horizon": 300.0})})
    found = vssim.compare(auto, only="both", replications=5, jobs=1).warmup
    assert 0 <= Stage(auto).warmup <= 300
    assert Stage(auto).warmup == pytest.approx(found, abs=150)


def test_a_slider_that_goes_back_leaves_nothing_behind() -> None:
    arrangement = Arrangement("both").with_moved(GATE, 5).with_moved("wip_limit", 3).with_moved(GATE, None)
    assert arrangement == replace(Arrangement("both"), moved=(("wip_limit", 3),))


def test_a_side_that_a_slider_does_not_touch_is_not_worked_out_again(silos: Scenario) -> None:
    stage = Stage(silos)
    first, moved = (stage.scene(one) for one in (Arrangement("both"), Arrangement("both", moved=((GATE, 5),))))
    assert moved.left is first.left
    assert moved.right is not first.right
    assert stage.scene(Arrangement("both")).right is first.right


def test_another_luck_is_another_side_on_both_boards(silos: Scenario) -> None:
    stage = Stage(silos)
    one, other = (stage.scene(Arrangement("both", seed=seed)) for seed in (1, 2))
    assert (one.left.seed, other.left.seed) == (1, 2)
    assert {one.left.key, one.right.key}.isdisjoint({other.left.key, other.right.key})

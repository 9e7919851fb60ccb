"""Worlds being read and played: the same in baseline and changes, the same whoever plays them, refused where they cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest

import vssim
from tests.support.running import text_of
from vssim.errors import ScenarioError
from vssim.model import worlds
from vssim.play.worlds import means, worlds_of
from vssim.scenario import Scenario

BASE: dict[str, Any] = {
    "name": "unknowns",
    "run": {"horizon": 120, "warmup": 20, "replications": 8},
    "demand": {"feature": {"every": "exponential(2.5)"}},
    "steps": {
        "develop": {"work": "lognormal(mean=between(3, 5), cv=0.9)"},
        "test": {
            "work": 1.5,
            "returns": {"to": "develop", "chance": "between(10%, 30%)", "work": "40%"},
            "wip_limit": "between(3, 6)",
        },
    },
    "teams": {
        "developers": {"people": "between(2, 4)", "does": "develop", "meetings": "10%"},
        "testers": {"people": 2, "does": "test"},
    },
    "changes": {"cut": [{"cut_meetings": {}}], "set": [{"set": {"teams.developers.meetings": "0%"}}]},
    "uncertain": {
        "teams.developers.meetings": "between(5%, 10%, 30%)",
        "changes.cut.levers.0.cut_meetings.cut": "between(20%, 80%)",
        "correlated": [{"figures": ["steps.test.returns.chance", "teams.developers.meetings"], "rank": 0.6}],
    },
}


def scenario(**more: Any) -> Scenario:
    return vssim.loads(text_of({**BASE, **more}))


def faults(**more: Any) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        scenario(**more)
    return [
        f"{fault.path}: {fault.value}: {fault.expected}" + (f" ({fault.nearest}?)" if fault.nearest else "")
        for fault in error.value.faults
    ]


def in_worlds(count: int, change: str | None = None) -> list[Scenario]:
    known = worlds_of(scenario(), (change,))
    assert known is not None
    return [known.world(number) for number in range(count)]


def test_a_figure_stands_for_each_belief_and_the_file_is_written_as_it_was_meant() -> None:
    read = scenario()
    assert (read.steps["test"].wip_limit, read.teams["developers"].people) == (4, 3)
    assert read.steps["test"].returns[0].chance == pytest.approx(0.2)
    assert read.teams["developers"].meetings == pytest.approx(0.1), "the file's own figure"
    assert Scenario.of(read.document()).uncertain == read.uncertain


def test_every_world_has_values_of_its_own_within_what_is_thought_possible() -> None:
    people = [world.teams["developers"].people for world in in_worlds(25)]
    chances = [world.steps["test"].returns[0].chance for world in in_worlds(25)]
    assert {people.count(number) >= 5 for number in (2, 3, 4)} == {True}
    assert len(set(chances)) == 25
    assert all(0.1 <= chance <= 0.3 for chance in chances)
    assert all(world.uncertain is None for world in in_worlds(3))


def test_a_world_is_the_same_as_a_file_with_its_figures() -> None:
    known = worlds_of(scenario(), (None,))
    assert known is not None
    written = {**scenario().document()}
    written.pop("uncertain")
    expected = Scenario.of(written).with_(known.settings(7))
    assert known.world(7).model == expected.model


def test_two_replications_are_in_one_world_and_every_change_is_in_it_too() -> None:
    read = scenario()
    known = worlds_of(read, (None, "cut"))
    assert known is not None
    for replication in range(4):
        world = known.world(replication // 2)
        for number, change in enumerate((None, "cut")):
            alone = vssim.simulate(world, change=change, replication=replication)
            assert vssim.simulate(read, change=change, replication=replication).visits.equals(alone.visits), number


def test_what_a_change_sets_is_known_under_it() -> None:
    known = worlds_of(scenario(), ("set",))
    assert known is not None
    assert {known.plan(0, replication).phases[-1].model.teams["developers"].meetings for replication in range(0, 20, 2)} == {0.0}


def test_what_is_set_from_outside_is_known_from_then_on() -> None:
    fixed = vssim.loads(
        text_of(BASE), {"teams.developers.meetings": "20%", "steps.test.wip_limit": 5, "uncertain.correlated": None}
    )
    assert fixed.uncertain is not None
    assert {"teams.developers.meetings", "steps.test.wip_limit"}.isdisjoint(fixed.uncertain.facts)


def test_a_file_that_does_not_say_how_often_is_run_in_a_hundred_worlds_twice() -> None:
    assert scenario(run={"horizon": 120}).run.replications == 200


def test_the_answer_does_not_depend_on_who_plays() -> None:
    read = scenario()
    alone, together = (vssim.compare(read, jobs=jobs).document() for jobs in (1, 2))
    assert alone == together


def test_both_engines_play_the_same_worlds() -> None:
    read = scenario()
    one, other = (vssim.simulate(read, change="cut", replication=5, engine=engine) for engine in ("reference", "compiled"))
    assert one.visits.equals(other.visits)


def test_a_sweep_keeps_worlds_apart_in_its_store(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    first = vssim.sweep(scenario(), {"teams.testers.people": [1, 2]}, store=store, jobs=1).table()
    again = vssim.sweep(scenario(), {"teams.testers.people": [1, 2]}, store=store, jobs=1).table()
    known = {key: value for key, value in BASE.items() if key != "uncertain"}
    other = vssim.sweep(vssim.loads(text_of(known)), {"teams.testers.people": [1, 2]}, store=store, jobs=1).table()
    assert first.equals(again)
    assert not first.equals(other)


def test_members_of_a_file_are_worlds_each_once_before_any_twice(tmp_path: Path) -> None:
    rows = {"steps.develop.work": [3, 4, 5], "teams.developers.people": [2, 3, 4], "steps.test.returns.chance": [0.1, 0.2, 0.3]}
    polars.DataFrame(rows).write_parquet(tmp_path / "mine.parquet")
    plain = {**BASE, "uncertain": "mine.parquet"}
    plain["steps"] = {"develop": {"work": 4}, "test": {"work": 1.5, "returns": {"to": "develop", "chance": 0.2}}}
    plain["teams"] = {"developers": {"people": 3, "does": "develop"}, "testers": {"people": 2, "does": "test"}}
    (tmp_path / "mine.yaml").write_text(text_of(plain), encoding="utf-8")
    read = vssim.load(tmp_path / "mine.yaml")
    known = worlds_of(read, (None,))
    assert known is not None
    assert known.uncertain.facts == tuple(rows)
    people = [known.world(number).teams["developers"].people for number in range(9)]
    swept = vssim.sweep(read, {"teams.testers.people": [1, 2]}, replications=4, jobs=1)
    assert len(swept.points) == 2
    fixed = read.with_({"teams.developers.people": 3}).uncertain
    assert fixed is not None
    assert fixed.facts == ("steps.develop.work", "steps.test.returns.chance")
    assert [sorted(people[first : first + 3], key=str) for first in (0, 3, 6)] == [[2, 3, 4]] * 3
    polars.DataFrame({"steps.develop.wrk": [1], "teams.developers.people": [0]}).write_parquet(tmp_path / "mine.parquet")
    with pytest.raises(ScenarioError, match=r"column 'steps.develop.wrk'|row 1 of mine.parquet"):
        vssim.load(tmp_path / "mine.yaml")


def test_values_of_worlds_are_numbers_by_fact() -> None:
    known = worlds_of(scenario(), (None,))
    assert known is not None
    table = known.values(50)
    assert table.shape == (50, len(known.uncertain.facts))
    assert np.array_equal(worlds.values(known.uncertain, known.places(200))[:50], table)
    assert table[:, 3].min() == 2


def test_means_are_of_whole_worlds() -> None:
    assert means([1, 3, 5, None, 7]).tolist()[:1] == [2]
    assert np.isnan(means([1, 3, 5, None, 7])[1])


# --- bad input ---


def test_a_belief_that_would_allow_an_impossible_value_is_refused_with_the_part_that_is() -> None:
    teams = {**BASE["teams"], "developers": {"people": "between(0, 4)", "does": "develop", "meetings": "10%"}}
    (fault,) = faults(teams=teams)
    assert fault.startswith("teams.developers.people: between(0, 4): only what may stand there: 0 may not, expected")
    (share,) = faults(uncertain={"teams.developers.meetings": "between(50%, 120%)"})
    assert "120% may not" in share


def test_all_faults_of_beliefs_are_named_at_once_with_the_nearest_right_name() -> None:
    told = faults(
        uncertain={
            "teams.develpers.meetings": "between(5%, 30%)",
            "step.test.work": "between(1, 2)",
            "teams.testers.meetings": "between(30%, 5%)",
            "steps.test.wip_limit": "between(2, 3)",
            "teams.testers.people": 3,
            "correlated": [{"figures": ["steps.test.returns.chanc", "teams.developers.people"], "rank": 2}],
        }
    )
    text = "\n".join(told)
    assert "(developers?)" in text
    assert "a path within demand, steps" in text
    assert "the lower number first" in text
    assert "stated as unknown once" in text
    assert "what is not known of it: two numbers" in text
    assert "a figure that is not known (steps.test.returns.chance?)" in text
    assert "a rank correlation above -1 and below 1" in text


def test_correlations_that_cannot_all_be_true_are_refused() -> None:
    figures = ["steps.test.returns.chance", "teams.developers.people", "steps.test.wip_limit"]
    pairs = [(0, 1, 0.95), (1, 2, 0.95), (0, 2, -0.95)]
    together = [{"figures": [figures[one], figures[two]], "rank": rank} for one, two, rank in pairs]
    (fault,) = faults(uncertain={"correlated": together})
    assert "can all be true together" in fault


def test_only_figures_of_the_organisation_and_its_changes_may_be_unknown() -> None:
    (fault,) = faults(run={"horizon": "between(100, 200)", "replications": 4})
    assert fault.startswith("run.horizon: 'between(100, 200)': a known value; what may be unknown is a figure of demand")

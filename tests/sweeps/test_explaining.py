"""Explaining: each lever's share of the effect, what depends on what, and the order of introduction."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interface.commands import vssim
from tests.sweeps.sweeping import TEXT, small
from vssim.analysis.compare.compare import compare
from vssim.analysis.explain import explain as explaining
from vssim.analysis.explain import shapley
from vssim.analysis.explain.explain import explain
from vssim.errors import UsageError
from vssim.model.changes import pieces, plan, with_pieces
from vssim.views.schema import schema

ALL = TEXT.replace("changes:", "changes:\n  all: {includes: [no walls, fewer at once], levers: [{set: {steps.make.work: 0.5}}]}")


def worth(function: dict[int, float]) -> dict[int, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return {one: np.array([value, value]) for one, value in function.items()}


def test_the_glove_game_has_its_known_shares() -> None:
    """One left glove, two right ones: a pair is worth 1. The left one's share is 2/3 (Shapley, 1953)."""
    pairs = worth(
        {one: float(one & 1 and one >> 1) for one in range(8)} | {one: float(bool(one & 1 and one & 6)) for one in range(8)}
    )
    shares = [shapley.shapley(pairs, 3, part)[0] for part in range(3)]
    assert shares == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_what_does_not_depend_on_anything_gets_what_it_adds() -> None:
    values = worth({one: 5.0 * (one & 1) + 3.0 * (one >> 1 & 1) - 2.0 * (one >> 2 & 1) for one in range(8)})
    assert [shapley.shapley(values, 3, part)[0] for part in range(3)] == pytest.approx([5, 3, -2])


def test_the_order_gains_most_soonest() -> None:
    assert shapley.soonest(3, lambda one: 5.0 * (one & 1) + 9.0 * (one >> 1 & 1) + 1.0 * (one >> 2)) == (1, 0, 2)
    assert shapley.soonest(2, lambda one: {0: 0, 1: 1, 2: 0, 3: 9}[one]) == (0, 1)


def test_reversed_orders_go_with_random_ones() -> None:
    found = shapley.orders(9, 3, seed=1)
    assert all(tuple(reversed(one)) == other for one, other in zip(found[::2], found[1::2], strict=True))
    assert found == shapley.orders(9, 3, seed=1)


def test_the_contributions_add_up_to_what_comparing_says() -> None:
    found = explain(small(ALL), "all", jobs=1)
    expected = compare(small(ALL), only=["all"], jobs=1)["all"]["lead_time.p85"]
    assert found.effect == expected
    assert sum(one.change.mean or 0 for one in found.contributions) == pytest.approx(expected.difference.mean)
    assert [one.lever for one in found.contributions] == ["cross_functional_teams", "limit_wip", "set steps.make.work"]
    assert found.order[-1].metric.mean == pytest.approx(found.after.mean)


STAGED = (
    TEXT
    + """
  both: [{cross_functional_teams: {count: 1}}, {limit_wip: {stream: 2}}]
  quick: [{set: {steps.make.work: 0.5}}]
  as before: [{set: {steps.check.work: exponential(1)}}]
  staged: {includes: [both, quick], levers: [finish_first], from: 15, every: 10}
  without quick: {includes: [both, as before, as before], from: 15, every: 10}
  quick alone: {includes: [as before, quick], from: 15, every: 10}
"""
)


def test_of_what_is_brought_in_one_by_one_the_parts_are_explained_and_the_whole_is_what_compare_plays() -> None:
    found = explain(small(STAGED), "staged", jobs=1)
    assert [one.lever for one in found.contributions] == ["both", "quick", "finish_first"]
    assert found.effect == compare(small(STAGED), only=["staged"], jobs=1)["staged"]["lead_time.p85"]
    assert any("each on its own day" in note for note in found.notes)


@pytest.mark.parametrize(("part", "change"), [("both", "without quick"), ("quick", "quick alone")])
def test_a_part_alone_comes_on_the_day_on_which_it_comes_anyway(part: str, change: str) -> None:
    alone = {one.lever: one.alone for one in explain(small(STAGED), "staged", jobs=1).contributions}
    assert alone[part].mean == pytest.approx(compare(small(STAGED), only=[change], jobs=1)[change]["lead_time.p85"].difference.mean)


def test_what_is_brought_in_at_once_is_explained_by_levers_as_ever() -> None:
    at_once = STAGED.replace("levers: [finish_first], from: 15, every: 10", "levers: [finish_first], from: 15")
    found = explain(small(at_once), "staged", jobs=1)
    names = ["cross_functional_teams", "limit_wip", "set steps.make.work", "finish_first"]
    assert [one.lever for one in found.contributions] == names


LEVERS = (
    *("finish_first", "stop_multitasking"),
    {"cross_functional_teams": {"count": 1}},
    *({"limit_wip": {"stream": limit}} for limit in (2, 4)),
    *({"set": {"steps.make.work": work}} for work in (0.5, 1)),
    {"set": {"teams.makers.people": 2}},
    {"set": {"handoffs.delay": 0.5}},
    {"set": {"demand.feature.size": 0.9}},
)


@st.composite
def changes(draw: st.DrawFn) -> dict[str, object]:
    """Changes that include others that include others, some with a day, some one by one, some with a dip; the last is the whole."""
    levers = st.lists(st.sampled_from(LEVERS), min_size=1, max_size=2)
    found: dict[str, object] = {"a": {"levers": draw(levers)}, "b": {"levers": draw(levers), "from": 5}}
    found["nested"] = {"includes": ["a"], "levers": draw(levers), **draw(st.sampled_from([{}, {"from": 3, "every": 7}]))}
    whole: dict[str, object] = {
        "includes": draw(st.lists(st.sampled_from(["a", "b", "nested"]), min_size=1, max_size=3, unique=True))
    }
    whole["levers"] = draw(st.lists(st.sampled_from(LEVERS), min_size=1, max_size=2))
    whole |= draw(st.sampled_from([{}, {"from": 20}, {"from": 15, "every": 8}, {"every": 12}, {"from": 40, "every": 30}]))
    whole |= draw(st.sampled_from([{}, {"dip": {"depth": "40%", "recover": 15}}]))
    return {**found, "whole": whole}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes(), st.sampled_from(["lead_time.mean", "throughput", "wip"]))
def test_the_whole_that_is_explained_is_the_change_that_is_compared_to_the_bit(found: dict[str, object], metric: str) -> None:
    head = TEXT.split("changes:")[0].replace("replications: 4", "replications: 2")
    scenario = small(head + "changes: " + json.dumps(found))
    expected = compare(scenario, only=["whole"], jobs=1)["whole"]
    told = explain(scenario, "whole", metric=metric, jobs=1)
    assert told.effect == expected[metric]
    assert sum(one.change.mean or 0 for one in told.contributions) == pytest.approx(expected[metric].difference.mean)


@given(changes())
def test_a_change_with_all_its_pieces_brings_the_same_organisations_on_the_same_days(found: dict[str, object]) -> None:
    scenario = small(TEXT.split("changes:")[0] + "changes: " + json.dumps(found))
    taken_apart = with_pieces(scenario.changes, "whole", range(len(pieces(scenario.changes, "whole"))))
    assert plan(scenario.model, taken_apart, "whole").phases == scenario.plan("whole").phases


def test_a_lever_that_needs_another_is_told_in_words() -> None:
    found = explain(small(ALL.replace("exponential(3)", "exponential(2)")), "all", replications=8, horizon=160, jobs=1)
    assert found.interaction is not None
    assert found.interaction.words == "limit_wip does harm without cross_functional_teams"


@pytest.mark.parametrize(
    ("without", "together", "depends", "said"),
    [
        (-1, 1, 1, "a does harm without b, and helps with it"),
        (-1, 0, 1, "a does harm without b"),
        (-1, -1, 1, "a does less harm with b"),
        (0, 1, 1, "a gives nothing without b"),
        (0, 0, 1, "a gives more with b"),
        (1, 1, 1, "a gives more with b"),
        (1, -1, -1, "a does harm where b is in force, and helps where it is not"),
        (0, -1, -1, "a does harm where b is in force"),
        (-1, -1, -1, "a does more harm with b"),
        (1, 0, -1, "a gives nothing more where b is in force"),
        (0, 0, -1, "a gives less with b"),
        (1, 1, -1, "a gives less with b"),
    ],
)
def test_words_say_of_a_dependence_no_more_than_its_two_sides_do(without: int, together: int, depends: float, said: str) -> None:
    assert explaining._words("a", "b", without, together, depends) == said


@pytest.mark.parametrize(
    ("metric", "near"), [("utilisation.makrs", "utilisation.makers"), ("lead_time.p85@featur", "feature"), ("wpi", "wip")]
)
def test_a_metric_that_is_not_there_is_refused_with_the_nearest(metric: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"{metric}.*did you mean '{near}'"):
        explain(
            small(ALL.replace("no walls: [{cross_functional_teams: {count: 1}}]", "no walls: [finish_first]")), "all", metric=metric
        )


def test_a_metric_of_a_team_that_the_change_dissolves_is_refused() -> None:
    with pytest.raises(UsageError, match=r"a metric of all variants it speaks of \(teams: none\)"):
        explain(small(ALL), "all", metric="utilisation.makers")


def table_of(*arguments: str, folder: Path) -> str:
    """What the command prints, on one line."""
    file = folder / "all.yaml"
    file.write_text(ALL)
    answer = vssim("explain", str(file), "--change", "all", "--jobs", "1", "--quiet", *arguments)
    assert answer.code == 0, answer.err
    return " ".join(answer.out.split())


def test_the_figures_of_an_explanation_have_the_same_decimals_and_add_up(tmp_path: Path) -> None:
    out = table_of("--replications", "6", folder=tmp_path)  # fewer than five have no interval of a percentile
    shares = [
        float(found.replace("−", "-")) for found in re.findall(r"(?:teams|limit_wip|make\.work|together) ([+−]?\d+\.\d\d) \(", out)
    ]
    assert len(shares) >= 4
    assert sum(shares[:3]) == pytest.approx(shares[3], abs=0.02)
    assert re.search(r"lead_time.p85: \d\.\d\d → \d\.\d\d days, −\d+ % \(95 % interval", out)


def test_shares_are_explained_in_points_of_a_hundred(tmp_path: Path) -> None:
    out = table_of("--metric", "flow_efficiency", folder=tmp_path)
    assert re.search(r"flow_efficiency: \d+\.\d → \d+\.\d %, \+\d+ %", out)
    assert "[points]" in out


def test_one_replication_is_said_to_prove_nothing(tmp_path: Path) -> None:
    out = table_of("--replications", "1", folder=tmp_path)
    assert "1 replication of each combination, the same luck; with one there are no intervals" in out
    assert "by more than chance" not in out


def test_many_levers_are_sampled_and_still_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "MOST_EXACT", 2)
    monkeypatch.setattr(explaining, "PAIRS_OF_ORDERS", 3)
    found = explain(small(ALL), "all", jobs=1)
    assert found.sampled
    assert sum(one.change.mean or 0 for one in found.contributions) == pytest.approx(found.effect.difference.mean)
    assert any("random orders" in text for text in found.notes)


def test_of_many_levers_it_is_said_that_their_dependence_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "MOST_EXACT", 2)
    assert "Of so many levers it is not told which depend on each other" in table_of("--replications", "2", folder=tmp_path)


def test_a_change_from_a_date_is_explained_over_the_time_it_is_in_force() -> None:
    text = ALL.replace("  later:", "  then: {includes: all, from: 30}\n  later:")
    assert explain(small(text), "then", jobs=1).effect == compare(small(text), only=["then"], jobs=1)["then"]["lead_time.p85"]


def test_a_single_lever_is_nothing_to_attribute() -> None:
    with pytest.raises(UsageError, match="one lever"):
        explain(small(), "no walls")


def test_the_command_explains_draws_and_tells_programs(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(ALL)
    picture = tmp_path / "waterfall.png"
    answer = vssim(
        "explain", str(file), "--change", "all", "--jobs", "1", "--figure", f"waterfall={picture}", "-o", str(tmp_path / "x.csv")
    )
    assert answer.code == 0
    assert "limit_wip" in answer.out
    assert answer.err.startswith("every combination of 3 levers and as it is, 4 replications each: 32 runs, kept in")
    assert f"wrote {picture}" in answer.err.replace("\n", "")
    assert picture.stat().st_size > 1000
    again = vssim("explain", str(file), "--change", "all", "--json")
    jsonschema.validate(json.loads(again.out), schema())

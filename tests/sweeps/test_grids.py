"""Grids: what VALUES mean, and settings that make no sense."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.sweeps.sweeping import small
from vssim.analysis.sweep.grid import Grid, axes_of, grid, values_of
from vssim.analysis.sweep.points import front
from vssim.analysis.sweep.run import Sweeper, sweep
from vssim.errors import ScenarioError, UsageError, VssimError


def test_a_range_includes_both_ends() -> None:
    assert values_of("1:4") == (1, 2, 3, 4)
    assert values_of("1:10:3") == (1, 4, 7, 10)
    assert values_of("0.1:0.4:0.1") == (0.1, 0.2, 0.3, 0.4)


def test_a_range_of_shares_is_written_with_its_per_cent_signs() -> None:
    assert values_of("10%:40%:10%") == ("10%", "20%", "30%", "40%")
    assert values_of("1%:3%") == ("1%", "2%", "3%")
    assert values_of("0%:1%:0.5%,5%") == ("0%", "0.5%", "1%", "5%")
    with pytest.raises(UsageError, match=r"as in 1:10, 1:10:2 or 10%:40%:10%"):
        values_of("10%:40%:10")


def test_a_single_value_is_an_axis_of_one() -> None:
    assert [grid(small(), {"wip_limit": one}, None).axes[0].values for one in (3, None, "3")] == [(3,), ("none",), ("3",)]


def test_values_that_no_file_could_write_on_one_line_are_refused() -> None:
    with pytest.raises(UsageError, match=r"^over steps.make.returns: got \{'to': 'make'\}, expected a number, None, or a text"):
        sweep(small(), {"steps.make.returns": [{"to": "make"}]})
    sweep(small(), {"steps.check.returns": ["{to: make, chance: 10%}"]}, replications=1, jobs=1)


def test_a_value_that_is_given_twice_is_one_setting_however_it_is_written() -> None:
    assert grid(small(), axes_of(["wip_limit=1:3,2,3.0"]), None).axes[0].values == (1, 2, 3)
    assert len(grid(small(), {"steps.make.work": [0.5, "0.5", "50%"]}, None)) == 2, "a share is no quantity"


@pytest.mark.parametrize("path", ["run.seed", "run.horizon", "run.warmup", "run"])
def test_what_must_be_the_same_for_all_settings_is_no_axis(path: str) -> None:
    with pytest.raises(UsageError, match=f"^over {path}: is the same in every setting"):
        sweep(small(), {path: [1, 2]})


@pytest.mark.parametrize("path", ["name", "unit", "claims.0.metric", "start", "question"])
def test_what_no_run_depends_on_is_no_axis(path: str) -> None:
    with pytest.raises(UsageError, match=f"^over {path}: changes nothing in any run; expected a path within demand, steps,"):
        sweep(small(), {path: ["a", "b"]})


def test_two_paths_to_one_place_are_refused() -> None:
    over = {"teams.makers.people": [1, 2], "teams.makers.people.0.count": [3, 4]}
    with pytest.raises(UsageError, match=r"teams.makers.people.0.count: is the same place as teams.makers.people;"):
        sweep(small(), over)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "teams.makrs.people",
            r"over: teams.makrs.people: expected a team of the file \(makers, checkers\) \(did you mean 'makers'\?\)",
        ),
        (
            "changes.fewer at once.levers.3.limit_wip.stream",
            "over: changes.fewer at once.levers.3.limit_wip.stream: expected position 0, the only one there is, for '3'",
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_told_once_whatever_the_values(path: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=f"^{said}$"):
        sweep(small(), {path: range(1, 6)}, change="fewer at once")


def test_a_list_is_cut_at_its_commas_but_not_inside_brackets() -> None:
    assert values_of("none,2, 4") == ("none", "2", "4")
    assert values_of("exponential(2),lognormal(mean=1, cv=2)") == ("exponential(2)", "lognormal(mean=1, cv=2)")
    assert values_of("10%") == ("10%",)


def test_names_of_changes_may_hold_anything_but_commas() -> None:
    assert axes_of(["change=baseline,no walls"]) == {"change": ("baseline", "no walls")}


@pytest.mark.parametrize(
    "text", ["wip_limit", "=1:3", "wip_limit=", "wip_limit=3:1", "wip_limit=1:3:0", "wip_limit=a:b", "x=1:9e9"]
)
def test_what_is_no_axis_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        axes_of([text])


def test_a_path_that_is_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="given twice"):
        axes_of(["wip_limit=1", "wip_limit=2"])


def test_a_grid_has_every_combination_the_last_axis_fastest() -> None:
    found = grid(small(), {"wip_limit": [1, 2], "change": ["baseline", "no walls"]}, None)
    assert found.settings() == [(1, "baseline"), (1, "no walls"), (2, "baseline"), (2, "no walls")]
    assert len(found) == 4


def test_every_setting_that_makes_no_sense_is_named_at_once() -> None:
    with pytest.raises(ScenarioError) as refused:
        sweep(small(), {"steps.make.wip_limit": [0, 1, -1]})
    assert [(fault.file, fault.value) for fault in refused.value.faults] == [("over", "0"), ("over", "-1")]


@pytest.mark.parametrize(
    ("over", "change"),
    [
        ({}, None),
        ({"wip_limit": []}, None),
        ({"change": ["no walls"]}, "later"),
        ({"wip_limit": [0]}, None),
        ({"wip_limt": [1]}, None),
        ("wip_limit=1:3", None),
        ({"steps.make.returns": [{"to": "make"}]}, None),
        ({"wip_limit": range(2_000), "handoffs.delay": range(2_000)}, None),
    ],
)
def test_what_python_is_told_does_not_speak_of_options(over: dict[str, Sequence[object]], change: str | None) -> None:
    with pytest.raises(VssimError) as refused:
        sweep(small(), over, change=change)
    assert "--" not in str(refused.value)


def test_an_unknown_change_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no walls"):
        sweep(small(), {"change": ["no wals"]})


def test_a_parameter_of_a_change_that_is_not_in_force_is_refused() -> None:
    over = {"changes.fewer at once.levers.0.limit_wip.stream": [1, 2]}
    with pytest.raises(UsageError, match="add change='fewer at once'"):
        sweep(small(), over)
    with pytest.raises(UsageError, match="add --change 'fewer at once'"):
        grid(small(), over, None)
    found = sweep(small(), over, change="fewer at once", jobs=1)
    assert found.points[0]["wip"].mean != found.points[1]["wip"].mean


def test_settings_know_only_what_their_runs_need() -> None:
    (place,) = Sweeper.of(small(), grid(small(), {"change": ["later"]}, None), "auto").places
    assert list(place.scenario.changes) == ["no walls", "later"]
    assert place.since == 30


def test_a_setting_of_what_the_file_says_is_the_organisation_as_it_is() -> None:
    found = sweep(small(), {"handoffs.delay": [2, 3]}, jobs=1)
    same, other = found.points
    assert same.difference("lead_time.p85").difference.mean == 0
    assert other.difference("lead_time.p85").difference.mean > 0  # type: ignore[operator]


def test_a_change_is_compared_over_the_window_in_which_it_is_in_force() -> None:
    from vssim.analysis.compare.compare import compare

    (point,) = sweep(small(), {"change": ["later"]}, jobs=1).points
    expected = compare(small(), only=["later"], jobs=1)["later"]
    for metric in ("lead_time.p85", "throughput", "wip"):
        assert point.difference(metric) == expected[metric]


def test_sweeping_changes_gives_what_comparing_them_gives() -> None:
    from vssim.analysis.compare.compare import compare

    expected = compare(small(), jobs=1)
    found = sweep(small(), {"change": ["baseline", *expected]}, jobs=1)
    for point, variant in zip(found.points, expected.variants.values(), strict=True):
        assert {name: point[name] for name in point} == dict(variant)


def test_the_front_holds_what_no_other_setting_beats() -> None:
    found = sweep(small(), {"wip_limit": ["none", 1, 2, 3]}, jobs=1)
    lead, through = "lead_time.p85", "throughput"
    for point in found.points:
        beaten = any(
            other[lead].mean <= point[lead].mean  # type: ignore[operator]
            and other[through].mean >= point[through].mean  # type: ignore[operator]
            and (other[lead].mean, other[through].mean) != (point[lead].mean, point[through].mean)
            for other in found.points
        )
        assert beaten == (point not in front(found.points))


def test_the_automatic_warm_up_is_one_for_the_whole_grid() -> None:
    found = sweep(small(), {"wip_limit": [2, 3]}, warmup="auto", jobs=1)
    assert {point.sampled.windows for point in found.points} == {(found.warmup,)}


def test_corners_have_the_first_or_last_value_of_each_axis() -> None:
    axes = grid(small(), {"wip_limit": [1, 2, 3], "handoffs.delay": [0, 1]}, None).axes
    assert Grid(axes).corners() == [(1, 0), (1, 1), (3, 0), (3, 1)]

"""The closed loop of learning, in a size for CI: what is learned is near the truth, and the figures add up."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ranks
from benchmarks.learning import (
    Loop,
    Result,
    Size,
    Stranger,
    Told,
    report,
    report_strangers,
    results,
    told,
)
from benchmarks.truths import CHANGES, exported, truth
from vssim.analysis.uncertain.effects import effect
from vssim.learning.baseline import DRIFT, HANDOFF
from vssim.learning.effort import Effort


def test_intervals_hold_a_truth_that_is_one_of_the_worlds() -> None:
    luck = np.random.default_rng(1)
    table = np.log(luck.uniform(0.6, 0.9, 200))[:, None] + 0.02 * luck.standard_normal((200, 2))
    believed = effect(table)
    assert believed is not None
    found = told(0.75, believed)
    assert found.low90 < found.low80 < found.median < found.high80 < found.high90
    assert found.rank == pytest.approx(0.5, abs=0.1)
    assert told(0.95, believed).high90 < 0.95


def test_truths_are_teams_and_remembered_items_are_finished_ones(tmp_path_factory: pytest.TempPathFactory) -> None:
    file, remembered = exported(truth(np.random.default_rng([1, 8])), 1, tmp_path_factory.mktemp("truth"))
    assert file.stat().st_size > 10_000
    assert len(remembered) == 5
    assert all(days > 0 for _, days in remembered)


def test_a_truth_of_another_kind_does_no_harm_where_it_is_caught_or_its_effects_lie_inside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    inside, outside = Told(0.7, 0.75, 0.66, 0.85, 0.6, 0.9, 0.3), Told(0.7, 0.85, 0.82, 0.9, 0.8, 0.95, 0.0)
    still = Told(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5)
    effects = {"a": inside, "b": outside, "c": still}
    assert Stranger("roughly", effects).harmless == [True, False], "what does not move says nothing"
    assert Stranger("not", effects).harmless == [True, True]
    assert Stranger("refused", {}).harmless == [True] * len(CHANGES)
    report_strangers("batches", [Stranger("roughly", effects), Stranger("not", effects)])
    said = capsys.readouterr().out
    assert "1 of 2 caught" in said
    assert "effects inside: 2 of 4" in said
    assert "caught or inside: 3 of 4 (75%)" in said


def test_a_truth_that_stands_in_the_file_is_not_played_again(tmp_path: Path) -> None:
    before = Result(7, "roughly", 12.5, 0.9, {"half the meetings": Told(0.7, 0.75, 0.66, 0.85, 0.6, 0.9, 0.3)})
    refused = Result(8, "refused")
    file = tmp_path / "truths.jsonl"
    file.write_text("".join(json.dumps(asdict(result)) + "\n" for result in (before, refused)))
    loop = Loop()
    for result in results((7, 8), Size(), CHANGES, file):
        loop.add(result)
    assert (loop.verdicts, loop.hands_on, loop.refused) == (["roughly"], [0.9], 1)
    assert loop.effects == before.effects | {"half the meetings": [before.effects["half the meetings"]]}


def test_truths_lie_within_the_priors_of_the_fit() -> None:
    drawn = [truth(np.random.default_rng([seed, 8])) for seed in range(200)]
    drift = np.array([float(document["teams"]["testers"]["drift"]["cv"][:-1]) / 100 for document in drawn])
    delay = np.array([float(document["handoffs"]["delay"][12:-1]) for document in drawn])
    assert all(team["drift"] == document["teams"]["testers"]["drift"] for document in drawn for team in document["teams"].values())
    assert (DRIFT[0] <= drift.min(), drift.max() <= DRIFT[1], drift.mean()) == (True, True, pytest.approx(np.mean(DRIFT), abs=0.03))
    assert (HANDOFF[0] * 0.99 <= delay.min(), delay.max() <= HANDOFF[1] * 1.01) == (True, True)
    assert np.log(delay).mean() == pytest.approx(np.log(HANDOFF).mean(), abs=0.4)


def test_ranks_are_even_or_not_by_truths_and_not_by_effects(tmp_path: Path) -> None:
    luck = np.random.default_rng(2)
    even = [luck.random(1).repeat(5) for _ in range(40)]
    assert ranks.chi_square(np.concatenate(even)) > 21.7, "as 200 ranks these would be uneven: 1 % of chi-square with 9 degrees"
    assert ranks.p_value(even) > 0.05
    assert ranks.p_value([luck.beta(0.3, 0.3, 5) for _ in range(40)]) < 0.01
    assert ranks.p_value([]) == 1.0
    assert ranks.counts(np.array([0.0, 0.05, 0.95, 1.0])).tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    ranks.picture(even, tmp_path / "ranks.png")
    assert (tmp_path / "ranks.png").stat().st_size > 5_000


SMALL = Size(Effort(runs=200, waves=4, histories=20, held_out=0, structures=0), members=100, runs=30, turns=1)
"""Fewer runs of each fit, nothing of what its checks take, and members that play once."""

ASKED = ("half the meetings", "right the first time")


@pytest.mark.slow
def test_the_loop_closes(capsys: pytest.CaptureFixture[str]) -> None:
    """Forty truths: medians are near them, and intervals hold them about as often as they say."""
    loop = Loop()
    for result in results(range(1, 41), SMALL, ASKED, None):
        loop.add(result)
    report(loop)
    assert "all" in capsys.readouterr().out
    moved = [what_if for what_ifs in loop.effects.values() for what_if in what_ifs if what_if.moves]
    ranges = [what_if for what_if in moved if what_if.is_told]
    assert np.mean([abs(what_if.median - what_if.truth) <= 0.10 for what_if in moved]) >= 0.8
    assert 0.70 <= np.mean([what_if.in80 for what_if in ranges]) <= 0.90
    assert 0.82 <= np.mean([what_if.in90 for what_if in ranges]) <= 0.97
    assert np.median(np.abs(np.array(loop.hands_on) - 1)) <= 0.15

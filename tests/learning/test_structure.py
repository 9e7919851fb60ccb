"""Structures are compared by what was held back: what is surely better is taken, and the file says by how much."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.support import teams
from vssim.clock import Reals
from vssim.learning.compared import COMPARED, Difference, check, decided, differences, of_blocks, scores
from vssim.learning.direct import Cadence
from vssim.learning.door import draft, prepared
from vssim.learning.early import Early
from vssim.learning.effort import Effort
from vssim.learning.learned import Learned
from vssim.learning.replay import Replay
from vssim.learning.structure import AS_READ, Alternative, Structure, alternatives, as_read
from vssim.learning.told import Told
from vssim.learning.written import text
from vssim.play.executors import Staff
from vssim.tracker.board import Board, read

LIFO = Alternative("the newest item first", "order", "discipline", "Which item is taken next?", discipline="lifo")
SHORTEST = Alternative("the shortest item first", "order", "discipline", "Which one?", discipline="shortest_first")
NO_DRIFT = Alternative("no better and worse times", "drift", "teams", drift=())


def of_fits(*means: float, luck: float = 0.0, blocks: int = 10) -> Reals:
    """Scores of structures with these means, each fitted twice; `luck` is what two fits differ by."""
    noise = np.random.default_rng(3).standard_normal((len(means), 1, blocks)) * 0.01
    found: Reals = np.array(means)[:, None, None] + noise + np.array([luck / 2, -luck / 2])[None, :, None]
    return found


def test_an_alternative_is_better_where_its_score_is_lower_in_block_after_block() -> None:
    lifo, shortest = differences(of_fits(1.0, 0.7, 1.2), [LIFO, SHORTEST])
    assert lifo.is_better
    assert lifo.share == pytest.approx(-0.3, abs=0.02)
    assert not shortest.is_better
    assert "% better" in lifo.said
    assert "% worse" in shortest.said


def test_what_two_fits_of_one_structure_differ_by_counts_against_every_difference() -> None:
    (sure,) = differences(of_fits(1.0, 0.9), [LIFO])
    (unsure,) = differences(of_fits(1.0, 0.9, luck=0.2), [LIFO])
    assert sure.is_better
    assert not unsure.is_better
    assert abs(unsure.errors) < 1


def test_what_is_fitted_once_counts_the_luck_of_one_fit() -> None:
    twice = of_fits(1.0, 1.1, luck=0.1)
    (sure,), (once,) = differences(twice, [LIFO]), differences([twice[0], twice[1, :1]], [LIFO])
    luck = np.mean(twice.mean(axis=2).var(axis=1, ddof=1)) / 2
    assert (once.share - sure.share) == pytest.approx(0.05, abs=1e-3)
    assert (once.share / once.errors) ** 2 > (sure.share / sure.errors) ** 2 + 0.9 * luck / twice[0].mean() ** 2


def test_blocks_that_hang_together_are_less_sure_than_blocks_that_do_not() -> None:
    apart = np.array([-1.0, -1, -1, 1, 1, 1, -1, -1, -1, 1, 1, 1])
    together, mixed = (np.stack([np.ones((2, 12)), 0.5 + np.tile(rows, (2, 1))]) for rows in (apart, np.tile([1.0, -1.0], 6)))
    assert abs(differences(together, [LIFO])[0].errors) < abs(differences(mixed, [LIFO])[0].errors)


def test_of_one_kind_only_the_best_is_taken_and_everything_is_said() -> None:
    found = [Difference(LIFO, -0.2, -3.0), Difference(SHORTEST, -0.3, -4.0), Difference(NO_DRIFT, 0.05, 0.4)]
    structure = decided(AS_READ, found)
    assert structure.discipline == "shortest_first"
    assert structure.drift is None
    assert structure.questions == ("Which one?",)
    assert [": taken" in said for said in structure.said["discipline"]] == [False, True]
    assert structure.said["teams"] == ("held out, no better and worse times: score 5% worse (0.4 standard errors)",)
    told = check(found, 10)
    assert told.verdict == "rough"
    assert told.found == "the shortest item first: score 30% better (4.0 standard errors)"
    assert "the newest item first: score 20% better" in told.why


def test_what_was_read_stays_and_its_nearest_rival_is_named() -> None:
    found = [Difference(LIFO, 0.2, 3.0), Difference(NO_DRIFT, -0.02, -1.0)]
    assert decided(AS_READ, found).discipline == "fifo"
    told = check(found, 10)
    assert told.verdict == "passes"
    assert told.found == "as it was read, and nearest to it no better and worse times: score 2% better (1.0 standard errors)"
    few = check((), 5)
    assert (few.name, few.verdict) == (COMPARED, "cannot be told")
    assert "too short" in few.why


def test_alternatives_are_what_nobody_told(learned: Learned, board: Board) -> None:
    history, form = learned.baseline.history, learned.baseline.shape
    _, told = prepared(board, teams.ANSWERS)
    names = [each.name for each in alternatives(board, history, form, told)]
    assert "the newest item first" in names
    assert "no better and worse times" in names
    assert not any("queue" in name or "gate" in name for name in names), "all columns have people, and none is left together"
    unanswered = [each.name for each in alternatives(board, history, form, Told())]
    assert "analyse is a queue" in unanswered
    assert "develop is a queue" in unanswered


def test_every_alternative_is_an_organisation_that_counts_items_at_the_same_places(board: Board) -> None:
    read_so = draft(board, Told(), "mine")
    tried = alternatives(board, read_so.history, read_so.shape, Told())
    for each in tried:
        structure = each.put_into(AS_READ)
        found = draft(board, Told(), "mine", replace(structure, said={each.path: ("held out, so",)}))
        assert found.replay.document()["discipline"] == structure.discipline
        assert found.shape.place_names == read_so.shape.place_names
        assert found.document() != read_so.document(), each.name
        assert each.path.split(".")[0] in found.document()


@pytest.mark.parametrize(("share", "name", "gates"), [(0.9, "no gate at test", True), (0.5, "a gate at test every 10 days", False)])
def test_a_gate_that_records_show_is_tried_both_ways(
    learned: Learned, board: Board, monkeypatch: pytest.MonkeyPatch, share: float, name: str, gates: bool
) -> None:
    def cadence(_history: object, _form: object, stage: object, least: float = 0.7) -> Cadence | None:
        return Cadence(10.0, 0.0, share) if getattr(stage, "name", "") == "test" and share >= least else None

    monkeypatch.setattr("vssim.learning.direct.cadence", cadence)
    history, form, told = learned.baseline.history, learned.baseline.shape, Told()
    offered = next(each for each in alternatives(board, history, form, told) if "gate" in each.name)
    assert offered.name == name
    read_as = as_read(history, form, told)
    assert read_as.gates["test"] is gates
    for structure in (read_as, offered.put_into(read_as)):
        steps = draft(board, told, "mine", structure).steps
        assert ("gate" in steps["test"]) is structure.gates["test"]


def test_the_file_says_how_structures_compare(learned: Learned, board: Board) -> None:
    _, told = prepared(board, teams.ANSWERS)
    structure = Structure("lifo", drift=("developers",), said={"discipline": ("held out, X: taken",), "teams": ("held out, Y",)})
    found = text(replace(learned, baseline=draft(board, told, "mine", structure)), "mine.members.parquet")
    assert "# held out, X: taken\ndiscipline: lifo\n" in found
    assert "# held out, Y\nteams:\n" in found


def test_records_score_best_against_themselves(learned: Learned) -> None:
    replay = Replay(learned.baseline, 1)
    recorded = of_blocks(replay, learned.baseline.history.flow)
    assert np.isfinite(recorded).all()
    assert recorded.shape[0] >= 2
    same, other = scores(recorded, [np.array([recorded] * 4), np.array([recorded * 1.2 + 0.1] * 4)])
    assert same.max() == 0
    assert other.min() > 0


@pytest.mark.slow
def test_a_team_that_takes_the_newest_item_first_is_foretold_better_so(tmp_path: Path) -> None:
    truth = {**teams.TEAM, "discipline": "lifo"}
    board, told = prepared(read(teams.exported(teams.played(truth), tmp_path, truth)), teams.ANSWERS)
    how = Effort(held_out=150, structures=150)
    with Staff(1) as staff:
        structure, comparison = Early(board, told, partial(draft, board, told, "mine"), 1, how, staff).structure()
    said = next(words for words in structure.said["discipline"] if "newest" in words)
    assert "better" in said
    assert "newest" in comparison.found + comparison.why

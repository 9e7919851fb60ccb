"""The fit finds what is known of problems whose answer is known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from vssim.clock import Reals
from vssim.learning.figures import Figure, middle, values_at
from vssim.learning.fit import MEMBERS, Wave, drawn, first_box, fit, values_of, wave
from vssim.learning.priors import Chance, Deviation, Even, EvenFactor, Rate, Whole

NOISE = 0.3
FIGURES = tuple(Figure(name, (f"steps.{name}.work",), Even(-3.0, 3.0), "fitted", "") for name in ("a", "b"))
UNHEARD = Figure("c", ("steps.c.work",), Even(0.0, 1.0), "fitted", "")


def played(values: Reals, first: int) -> Reals:
    """Two figures seen through noise, and a sum of both; nothing of the third."""
    luck = np.random.default_rng(first)
    seen = np.column_stack([values[:, 0], values[:, 1], values[:, 0] + values[:, 1]])
    return seen + NOISE * luck.standard_normal(seen.shape)


def test_means_and_spreads_of_a_linear_problem_are_those_of_its_posterior() -> None:
    observed = np.array([1.0, -0.5, 0.6])
    found = fit((*FIGURES, UNHEARD), played, observed, 1, runs=800)
    precision = np.array([[2.0, 1.0], [1.0, 2.0]]) / NOISE**2
    mean = np.linalg.solve(precision, np.array([1.6, 0.1]) / NOISE**2)
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))
    assert found.values[:, :2].mean(axis=0) == pytest.approx(mean, abs=0.07)
    assert found.values[:, :2].std(axis=0) == pytest.approx(sd, rel=0.3)
    assert len(found.values) == MEMBERS


def test_a_figure_of_which_nothing_is_heard_stays_what_was_thought_possible() -> None:
    found = fit((*FIGURES, UNHEARD), played, np.array([1.0, -0.5, 0.6]), 1, runs=800)
    assert found.contraction[0] > 0.9
    assert found.contraction[2] < 0.2
    assert found.values[:, 2].std() == pytest.approx(np.sqrt(1 / 12), rel=0.2)


def test_an_interrupted_fit_that_is_taken_up_again_ends_the_same() -> None:
    observed, kept = np.array([1.0, -0.5, 0.6]), list[Wave]()
    fit(FIGURES, played, observed, 3, runs=200, waves=2, after=lambda waves: kept.__setitem__(slice(None), waves))
    whole, rest = (fit(FIGURES, played, observed, 3, runs=200, waves=3, kept=before) for before in ((), kept))
    assert np.array_equal(whole.scores, rest.scores)


def test_runs_of_earlier_waves_that_lie_in_the_box_count_again() -> None:
    waves = fit((*FIGURES, UNHEARD), played, np.array([1.0, -0.5, 0.6]), 2, runs=200).waves
    assert [len(each.drawn) for each in waves[:2]] != [200, 200]
    for before, now in itertools.pairwise(waves):
        inside = ((now.drawn >= before.low) & (now.drawn <= before.high)).all(axis=1)
        assert inside.all()
        again = {
            tuple(row) for row in before.drawn[((before.drawn >= before.low) & (before.drawn <= before.high)).all(axis=1)].tolist()
        }
        assert len(now.drawn) == 200 + len(again)
        assert again <= {tuple(row) for row in now.drawn.tolist()}


def test_what_is_left_beside_meetings_is_as_likely_with_many_as_with_few() -> None:
    figures = (
        Figure("meetings", ("teams.a.meetings",), Even(0.0, 0.5), "fitted", ""),
        Figure("work", ("steps.a.work",), Even(1.0, 3.0), "fitted", "", beside="meetings"),
        Figure("other", ("steps.b.work",), Even(1.0, 3.0), "fitted", "", beside="of which nothing is known"),
    )
    uniform = np.random.default_rng(1).random((2000, 3))
    meetings, work, other = values_at(figures, uniform).T
    assert np.array_equal(work, other * 0 + (1 + 2 * uniform[:, 1]) * (1 - meetings))
    assert other == pytest.approx(1 + 2 * uniform[:, 2])
    assert middle(figures) == pytest.approx([0.25, 1.5, 2.0])


def test_members_stay_where_they_were_drawn_however_far_the_records_lie() -> None:
    """Records that no figures leave: runs are moved towards them, to the end of what is possible and no further."""
    waves = fit((*FIGURES, UNHEARD), played, np.array([9.0, -9.0, 0.0]), 4, runs=200).waves
    boxes = [first_box((*FIGURES, UNHEARD)), *((before.low, before.high) for before in waves[:-1])]
    for (low, high), each in zip(boxes, waves, strict=True):
        assert ((each.scores >= low) & (each.scores <= high)).all()
    assert np.abs(waves[-1].scores[:, :2]).max() < 5, "where the prior has nothing"
    assert waves[-1].typical == 0
    assert waves[-1].beyond > 2
    among = fit((*FIGURES, UNHEARD), played, np.array([1.0, -0.5, 0.6]), 4, runs=200).waves[-1]
    assert among.typical > 0.01
    assert among.beyond < 1


def test_one_moment_far_out_does_not_outweigh_the_others() -> None:
    """A third moment of mere luck, which in the records is twenty times as large as it is in any run."""

    def with_luck(values: Reals, first: int) -> Reals:
        return np.column_stack([played(values, first), np.random.default_rng(first + 1).standard_normal(len(values))])

    plain = fit(FIGURES, with_luck, np.array([1.0, -0.5, 0.6, 0.0]), 1, runs=400)
    far = fit(FIGURES, with_luck, np.array([1.0, -0.5, 0.6, 80.0]), 1, runs=400)
    assert far.values.mean(axis=0) == pytest.approx(plain.values.mean(axis=0), abs=0.15)
    assert far.values.std(axis=0) == pytest.approx(plain.values.std(axis=0), rel=0.5)


def test_members_hold_the_truth_as_often_as_they_should_though_most_moments_tell_nothing() -> None:
    """Few runs and many moments of mere luck: what each run says of itself is not what a new one is told by."""
    figures, silent = (*FIGURES, UNHEARD), 36
    luck = np.random.default_rng(8)
    scores = drawn(*first_box(figures), 300, luck)
    told = np.hstack([played(values_of(figures, scores), 1), luck.standard_normal((len(scores), silent))])
    held = []
    for truth in range(100):  # each of these runs is taken for the records, the others for what was played
        others = np.arange(len(scores)) != truth
        members = wave(figures, scores[others], told[others], told[truth], first_box(figures)).scores
        below = (members < scores[truth]).mean(axis=0)
        held.append((below >= 0.1) & (below <= 0.9))
    assert 0.75 <= np.mean(held) <= 0.86


def test_the_spread_of_few_values_is_as_unsure_as_those_of_many_samples_are() -> None:
    """The truth lies below each quantile of its law as often as it should, over samples of nine normal values."""
    samples = np.random.default_rng(5).standard_normal((4000, 9)).std(axis=1, ddof=1)
    for share in (0.1, 0.5, 0.9):
        below = np.array([float(Deviation(sd, 9).at(np.array([share]))[0]) for sd in samples]) > 1.0
        assert below.mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(
    ("prior", "mean"),
    [(Even(2, 4), 3.0), (Whole(1, 3), 2.0), (Chance(20, 60), 20.5 / 81), (Rate(400, 200.0), 0.5), (EvenFactor(1, np.e), np.e - 1)],
)
def test_priors_have_the_means_that_they_should(prior: Even, mean: float) -> None:
    assert prior.at((np.arange(4000) + 0.5) / 4000).mean() == pytest.approx(mean, rel=0.01)

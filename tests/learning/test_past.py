"""The past is judged by a joint rank: nine of ten true pasts pass, and one of another organisation does not."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.learning.past import Kept as History
from vssim.learning.past import Metric, beside, further_out, metrics_of, near, noise, reasons

METRICS = metrics_of(("build",))


def history(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> History:
    return History(values, np.ones(3, np.int64), np.ones(3), np.ones(99))


def test_the_joint_rank_is_even_when_nothing_is_wrong() -> None:
    luck = np.random.default_rng(1)
    ranks = np.array([further_out(luck.standard_normal((100, 6)))[0] for _ in range(400)])
    assert (ranks < 0.1).mean() == pytest.approx(0.1, abs=0.04)
    assert ranks.mean() == pytest.approx(0.5, abs=0.05)


def test_one_metric_far_out_is_enough_to_be_outside_and_is_named() -> None:
    luck = np.random.default_rng(2)
    table = 10 + luck.standard_normal((300, len(METRICS)))
    recorded = table[0].copy()
    recorded[1] = 25
    found = beside(history(recorded), [history(row) for row in table[1:]], METRICS, 100)
    assert not found.inside
    assert found.off[0].metric.name == "lead time p70"
    assert reasons(found, returns_hidden=False)[0].startswith("lead time p70 60% too short")
    assert beside(history(np.full(len(METRICS), 10.0)), [history(row) for row in table[1:]], METRICS, 100).inside


def test_times_in_column_are_put_down_to_hidden_returns_where_the_export_hides_them() -> None:
    luck = np.random.default_rng(3)
    table = 10 + luck.standard_normal((200, len(METRICS)))
    recorded = table[0].copy()
    recorded[4] = 30
    found = beside(history(recorded), [history(row) for row in table[1:]], METRICS, 100)
    assert "returns hidden" in reasons(found, returns_hidden=True)[0]
    assert "returns hidden" not in reasons(found, returns_hidden=False)[0]


@pytest.mark.parametrize(
    ("kind", "recorded", "played", "close"),
    [("time", 10, 11.4, True), ("time", 10, 12, False), ("time", 0.1, 0.3, True), ("rate", 10, 10.4, True), ("rate", 10, 11, False),
     ("clumps", 1, 1.9, True), ("clumps", 1, 2.1, False), ("lag", 0.1, 0.3, True), ("lag", 0.1, 0.4, False),
     ("items", 20, 22, True)],
)  # fmt: skip
def test_roughly_has_its_limits(kind: str, recorded: float, played: float, close: bool) -> None:
    assert near(Metric("metric", kind), recorded, played, 0.0) is close


def busy(members: int, rounds: int, luck: np.random.Generator) -> list[History]:
    """Histories that differ by luck (sd 5 of 20) and by member (sd 5 as well), members in turn."""
    own = 20 + 5 * luck.standard_normal((members, len(METRICS)))
    return [history(own[k % members] + 5 * luck.standard_normal(len(METRICS))) for k in range(members * rounds)]


def test_what_luck_alone_does_is_near_and_what_lies_beyond_it_is_not() -> None:
    histories = busy(100, 5, np.random.default_rng(4))
    four = {1, 5, 8, 9}  # the lag among them, far beyond any fixed limit

    def records(apart: float) -> History:
        return history(np.array([20 + apart * (n in four) for n in range(len(METRICS))]))

    within = beside(records(9), histories, METRICS, 100)
    assert within.rough
    assert all(line.near for line in within.lines)
    assert not beside(records(9), histories, METRICS, len(histories)).rough  # without pairs the fixed limits stand alone
    beyond = beside(records(16), histories, METRICS, 100)
    assert not beyond.rough
    assert {n for n, line in enumerate(beyond.lines) if not line.near} == four


def test_the_noise_is_that_of_one_member_however_unsure_the_figures_are() -> None:
    luck = np.random.default_rng(5)
    histories = busy(200, 5, luck)
    expected = 1.645 * np.sqrt(2) * 5  # nine tenths of the differences of two normal figures of one member
    assert noise(np.array([each.metrics for each in histories]), 200) == pytest.approx(np.full(len(METRICS), expected), rel=0.1)

"""The past is judged by a joint rank: nine of ten true pasts pass, and one of another organisation does not."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.learning.past import Kept as History
from vssim.learning.past import Metric, beside, further_out, metrics_of, near, reasons

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
    found = beside(history(recorded), [history(row) for row in table[1:]], METRICS)
    assert not found.inside
    assert found.off[0].metric.name == "lead time p70"
    assert reasons(found, returns_hidden=False)[0].startswith("lead time p70 60% too short")
    assert beside(history(np.full(len(METRICS), 10.0)), [history(row) for row in table[1:]], METRICS).inside


def test_times_in_column_are_put_down_to_hidden_returns_where_the_export_hides_them() -> None:
    luck = np.random.default_rng(3)
    table = 10 + luck.standard_normal((200, len(METRICS)))
    recorded = table[0].copy()
    recorded[4] = 30
    found = beside(history(recorded), [history(row) for row in table[1:]], METRICS)
    assert "returns hidden" in reasons(found, returns_hidden=True)[0]
    assert "returns hidden" not in reasons(found, returns_hidden=False)[0]


@pytest.mark.parametrize(
    ("kind", "recorded", "played", "close"),
    [("time", 10, 11.4, True), ("time", 10, 12, False), ("time", 0.1, 0.3, True), ("rate", 10, 10.4, True), ("rate", 10, 11, False),
     ("clumps", 1, 1.9, True), ("clumps", 1, 2.1, False), ("lag", 0.1, 0.3, True), ("lag", 0.1, 0.4, False),
     ("items", 20, 22, True)],
)  # fmt: skip
def test_roughly_has_its_limits(kind: str, recorded: float, played: float, close: bool) -> None:
    assert near(Metric("metric", kind), recorded, played) is close

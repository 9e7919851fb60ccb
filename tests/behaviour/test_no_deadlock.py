"""No organisation gets stuck: a finite backlog drains, however tight the limits are."""

from __future__ import annotations

from hypothesis import assume, given

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.running import ENGINES, text_of
from vssim.analysis.run import Run
from vssim.model.batches import gathering_warnings

LONG = 5000
"""Far longer than any of the generated backlogs needs [units]."""


def stuck(run: Run) -> list[int]:
    """Items that have arrived and neither been delivered nor stopped."""
    items = run.log.items
    return [number for number in range(len(items.left)) if items.arrived[number] >= 0 and items.left[number] < 0]


def drains(scenario: vssim.Scenario, change: str | None = None) -> None:
    for name in ENGINES:
        run = vssim.simulate(scenario, change, engine=name, horizon=LONG)  # type: ignore[arg-type]
        assert stuck(run) == []
        assert (run.log.items.left[run.log.items.parent < 0] >= 0).sum() >= 1


@given(documents())
def test_a_finite_backlog_drains_where_limits_leave_room_for_every_batch(document: Document) -> None:
    drains(vssim.loads(text_of(document)))


@given(documents(Taste(tight=True)))
def test_a_finite_backlog_drains_unless_the_reader_warns_of_batches_that_cannot_gather(document: Document) -> None:
    scenario = vssim.loads(text_of(document))
    assume(not gathering_warnings(scenario.model))
    drains(scenario)


@given(documents(Taste(changes=True)))
def test_a_finite_backlog_drains_through_a_change(document: Document) -> None:
    scenario = runnable(document)
    assume(scenario is not None)
    assert scenario is not None
    drains(scenario, "new")

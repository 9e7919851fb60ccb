"""No organisation gets stuck: a finite backlog drains, however tight the limits are."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.running import ENGINES, text_of
from vssim.engines.reference.decisions import Decisions
from vssim.model.batches import gathering_warnings
from vssim.play.run import Run

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


@given(st.booleans().flatmap(lambda tight: documents(Taste(tight=tight))))
def test_the_last_resort_is_needed_only_where_the_reader_warns(document: Document) -> None:
    scenario = vssim.loads(text_of(document))
    assume(not gathering_warnings(scenario.model))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Decisions, "release_last_resort", lambda decisions: False)
        assert stuck(vssim.simulate(scenario, engine="reference", horizon=LONG)) == []


@given(documents(Taste(changes=True)))
def test_a_finite_backlog_drains_through_a_change(document: Document) -> None:
    drain_through_a_change(document)


def drain_through_a_change(document: Document) -> bool:
    """True when the document makes organisations that can be run; then everything has to come out."""
    scenario = runnable(document)
    if scenario is None:
        return False
    drains(scenario, "new")
    return True


@st.composite
def many_phases_and_batches(draw: st.DrawFn) -> Document:
    """Batches into most steps, some that wait only so long, and a change in several phases, at whose limits batches gather."""
    document = draw(documents(Taste(changes=True, tight=draw(st.booleans()))))
    sizes, waits = st.sampled_from([2, 3, 4]), st.sampled_from([None, None, 0, 1, 5])
    into = {step: {"batch": draw(sizes), "wait_at_most": draw(waits)} for step in document["steps"]}
    document["handoffs"]["into"] = {
        step: {key: value for key, value in one.items() if value is not None} for step, one in into.items()
    }
    more = st.sampled_from(
        [
            {"set": {"handoffs.batch": 3}},
            {"set": {f"handoffs.into.{draw(st.sampled_from(list(into)))}.batch": draw(st.sampled_from([1, 2, 5]))}},
            {"set": {f"handoffs.into.{draw(st.sampled_from(list(into)))}.wait_at_most": draw(st.sampled_from([0, 2]))}},
            {"set": {"wip_limit": draw(st.integers(1, 9))}},
            "single_piece_flow",
        ]
    )
    document["changes"]["new"]["levers"] += draw(st.lists(more, min_size=1, max_size=3))
    document["changes"]["new"] |= {"from": draw(st.sampled_from([1, 2, 4])), "every": draw(st.sampled_from([0.5, 1, 3]))}
    return document


@given(many_phases_and_batches())
def test_a_finite_backlog_drains_through_several_phases_with_batches_in_all_of_them(document: Document) -> None:
    drain_through_a_change(document)


@pytest.mark.slow
def test_very_many_finite_backlogs_drain_through_several_phases_with_batches() -> None:
    drained = 0

    @settings(max_examples=2000)
    @given(many_phases_and_batches())
    def play(document: Document) -> None:
        nonlocal drained
        drained += drain_through_a_change(document)

    play()
    assert drained >= 1000

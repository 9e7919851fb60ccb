"""Rounds for any scenario: one question a change, where the file has no rounds of its own."""

from __future__ import annotations

from dataclasses import replace

from vssim.analysis.interactive.answer import headline_of
from vssim.analysis.interactive.stage import levers_of
from vssim.language import t
from vssim.model.changes import BASELINE
from vssim.scenario import Scenario
from vssim.scenario.workshop import Leg, Workshop, asked_in_order
from vssim.views.live.room.wording import label_of, question_about

MOST_LEVERS = 3
"""Levers that a question describes, at most."""


def leg_of(scenario: Scenario, source: str, change: str, against: str = BASELINE) -> Leg:
    """The round in which a room is asked about one change."""
    metric = headline_of(scenario)
    return Leg(
        scenario=scenario,
        source=source,
        title=change[:1].upper() + change[1:],
        change=change,
        against=against,
        question=f"{_described(scenario, change)}{question_about(metric)}",
        reveal=(metric,),
        chart="progress",
        discuss=(),
        minutes=None,
        notes="",
    )


def _described(scenario: Scenario, change: str) -> str:
    """What a change does: the file's own sentence, else its levers; a combination is told by the names of what it includes."""
    if own := scenario.room.about.get(change, "").strip():
        return f"{own} "
    names = list(scenario.changes[change].includes)
    if names:
        said = (
            t("{changes}: all at once.", changes=", ".join(names))
            if len(names) > 2
            else t("{one} and {other} at once.", one=names[0], other=names[-1])
        )
        said += " "
        return said[:1].upper() + said[1:]
    levers = [label_of(lever) for _, lever in levers_of(scenario, change)]
    shown = "; ".join(levers[:MOST_LEVERS]) + ("; …" if len(levers) > MOST_LEVERS else "")
    return f"{shown[:1].upper()}{shown[1:]}. " if shown else ""


def with_rounds(workshop: Workshop) -> Workshop:
    """The same with a round for each change, where it has none of its own."""
    if workshop.rounds:
        return workshop
    legs = [leg_of(workshop.scenario, workshop.source, change) for change in asked_in_order(workshop.scenario)]
    return replace(workshop, rounds=tuple(legs))

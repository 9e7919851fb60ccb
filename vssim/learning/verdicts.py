"""The verdict: whether a learned organisation plays its own past, roughly, or not, from all checks together."""

from __future__ import annotations

from collections.abc import Sequence

from vssim.language import said
from vssim.learning.diagnostics import silent
from vssim.learning.fit import Ensemble
from vssim.learning.held_out import HELD_OUT
from vssim.learning.past import ENVELOPE, Past
from vssim.scenario.origins import Verdict
from vssim.tracker.checks import Check

NEEDED = ("finished items", "whole weeks")
"""Checks of the records without which nothing can be said to be reproduced, not even roughly."""

PAST, ALIKE = said("the past is reproduced"), said("histories alike enough")
AMONG = said("records among what was played")

LONG = 52
"""Whole weeks without which nothing is more than roughly reproduced."""


def past_checks(past: Past) -> list[Check]:
    """G3 as checks."""
    names = ", ".join(line.metric.name for line in past.off[:3])
    further = said("{share} of {count} histories lie further in", share=f"{past.further_in:.0%}", count=len(past.histories))
    state = "passes" if past.inside else "rough" if past.rough else "fails"
    outside = said("outside in {names}", names=names) if names else ""
    checks = [Check(PAST, further, f"≤ {ENVELOPE:.0%}", state, outside)]  # type: ignore[arg-type]
    wide = ", ".join(
        said("{metric} from {low} to {high}", metric=line.metric.name, low=f"{line.low:.3g}", high=f"{line.high:.3g}")
        for line in past.wide
    )
    why = said("too little data to say much: {wide}", wide=wide) if wide else ""
    checks.append(Check(ALIKE, wide or said("yes"), said("ends within × 1.5"), "rough" if wide else "passes", why))
    return checks


def fit_check(ensemble: Ensemble) -> Check:
    """What the records say nothing about."""
    names = ", ".join(figure.name for figure, _ in silent(ensemble))
    spoken = said("all but: {names}", names=names) if names else said("all")
    return Check(said("figures that the records speak of"), spoken, said("all"), "rough" if names else "passes")


def verdict(checks: Sequence[Check], past: Past, days: float, week: int) -> Verdict:
    """The verdict of all checks together, of records of so many working days in weeks of so many."""
    state = {check.name: check.verdict for check in checks}
    if any(state.get(name) == "fails" for name in (*NEEDED, PAST, HELD_OUT)):
        return "not"
    if state.get(HELD_OUT) != "passes" or past.wide or not past.inside or days < LONG * week:
        return "roughly"
    broken = [check for check in checks if check.verdict == "fails" or (check.verdict != "passes" and check.name in NEEDED)]
    return "roughly" if broken or state.get(AMONG) == "rough" else "reproduced"


def short_of(checks: Sequence[Check], days: float, week: int) -> tuple[str, ...]:
    """What else keeps a verdict from being better, where all of the past is played as it was; in the checks' own words."""
    asked = (*NEEDED, HELD_OUT, ALIKE, AMONG)
    missed = [c for c in checks if c.name != PAST and (c.verdict == "fails" or (c.verdict != "passes" and c.name in asked))]
    sentences = [
        said("{check}: {why}", check=check.name, why=check.why)
        if check.why
        else said("{check}: {found}, asked for is {limit}", check=check.name, found=check.found, limit=check.limit)
        for check in missed
    ]
    if days < LONG * week:
        sentences.append(
            said("{weeks} weeks of one and the same team: {asked} are asked for", weeks=f"{days / week:.0f}", asked=LONG)
        )
    return tuple(sentences)

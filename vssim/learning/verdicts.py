"""The verdict on a learned organisation: whether it reproduces its own past, roughly, or not, from all checks together."""

from __future__ import annotations

from collections.abc import Sequence

from vssim.language import said
from vssim.learning.diagnostics import AMONG, silent
from vssim.learning.fit import Ensemble
from vssim.learning.held_out import HELD_OUT
from vssim.learning.past import ENVELOPE, Past
from vssim.scenario.origins import Verdict
from vssim.tracker.checks import Check

NEEDED = ("finished items", "whole weeks")
"""Checks of the records that must pass before anything counts as reproduced, even roughly."""

PAST, ALIKE = said("the past is reproduced"), said("histories alike enough")

LONG = 52
"""With fewer whole weeks the past is reproduced roughly at best [weeks]."""


def past_checks(past: Past) -> list[Check]:
    """The checks of the replayed past (G3)."""
    names = ", ".join(line.metric.name for line in past.off[:3])
    further = said("{share} of {count} histories lie further in", share=f"{past.further_in:.1%}", count=len(past.histories))
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
    """The check that names the figures about which the records say nothing."""
    names = ", ".join(figure.name for figure, _ in silent(ensemble))
    spoken = said("all but: {names}", names=names) if names else said("all")
    return Check(said("figures that the records speak of"), spoken, said("all"), "rough" if names else "passes")


def verdict(checks: Sequence[Check], past: Past, days: float, week: int) -> Verdict:
    """The verdict of all checks, for records of `days` working days in weeks of `week` working days."""
    state = {check.name: check.verdict for check in checks}
    if any(state.get(name) == "fails" for name in (*NEEDED, PAST, HELD_OUT, AMONG)):
        return "not"
    if state.get(HELD_OUT) != "passes" or past.wide or not past.inside or days < LONG * week:
        return "roughly"
    broken = [check for check in checks if check.verdict == "fails" or (check.verdict != "passes" and check.name in NEEDED)]
    return "roughly" if broken or state.get(AMONG) == "rough" else "reproduced"


def of_another_kind(checks: Sequence[Check]) -> tuple[str, ...]:
    """A sentence where no organisation of this shape leaves such records; nothing where some do."""
    return tuple(said("{check}: {why}", check=c.name, why=c.why) for c in checks if c.name == AMONG and c.verdict == "fails")


def short_of(checks: Sequence[Check], days: float, week: int) -> tuple[str, ...]:
    """Where all metrics are reproduced, the reasons in the words of the checks why the verdict is not better."""
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

"""Checks of the fit, each with its limit, and the figures about which the records say nothing."""

from __future__ import annotations

import numpy as np

from vssim.language import said
from vssim.learning.figures import Figure
from vssim.learning.fit import EDGE, MEMBERS, Ensemble
from vssim.tracker.checks import Check, Verdict

DISTINCT, AT_EDGE, SILENT, TYPICAL = 0.75, 0.05, 0.20, 0.01
"""Least share of distinct members; most at the edge; least contraction; least share of runs further out than the records."""

BEYOND = 1.5
"""Records that lie so many times as far out as 99 % of what was played are of another kind of organisation. Of nine made-up teams
of the kind that is fitted the farthest lay at 1.06, three whose work is handed over in batches of eight lay beyond 2.5."""

MEANS, SPREADS = 0.5, 0.30
"""The most by which the last two waves may differ: means in standard deviations, standard deviations as a share."""


AMONG = said("records among what was played")
"""The name of the check whether any organisation of this shape could have left the records."""


def diagnostics(ensemble: Ensemble) -> list[Check]:
    """The checks of the fit."""
    return [_distinct(ensemble), _edge(ensemble), _cloud(ensemble), _settled(ensemble)]


def _check(name: str, state: str, limit: str, why: str = "", *, passes: bool) -> Check:
    verdict: Verdict = "passes" if passes else "rough"
    return Check(name, state, limit, verdict, "" if passes else why)


def _distinct(ensemble: Ensemble) -> Check:
    count, all_of_them = ensemble.distinct(), len(ensemble.scores)
    least = int(np.ceil(DISTINCT * min(MEMBERS, all_of_them)))
    return _check(
        said("distinct members"), said("{count} of {all}", count=count, all=all_of_them), f"≥ {least}", passes=count >= least
    )


def _asked(ensemble: Ensemble) -> list[tuple[int, Figure]]:
    return [(number, figure) for number, figure in enumerate(ensemble.figures) if figure.source == "fitted"]


def _edge(ensemble: Ensemble) -> Check:
    """The share of members beyond a score of 2.6, which is small even for a figure that the records say nothing about."""
    shares = [(figure.name, float((np.abs(ensemble.scores[:, number]) > EDGE).mean())) for number, figure in _asked(ensemble)]
    over = [f"{name}: {share:.0%}" for name, share in shares if share > AT_EDGE]
    worst = max((share for _, share in shares), default=0.0)
    why = said("at the edge of what was thought possible: {names}", names=", ".join(over))
    return _check(
        said("at the prior's edge"), f"{worst:.0%}", said("≤ {share} a figure", share=f"{AT_EDGE:.0%}"), why, passes=not over
    )


def _cloud(ensemble: Ensemble) -> Check:
    """Whether the records lie among what was played: roughly where few runs lie further out, not where they are far beyond all."""
    last = ensemble.waves[-1]
    why = said("no organisation of this shape leaves such records: something is missing in it")
    further = said("{share} lie further out", share=f"{last.typical:.0%}")
    if last.beyond > BEYOND:
        out = said("{times} times as far out as 99 % of what was played", times=f"{last.beyond:.1f}")
        return Check(AMONG, out, f"≤ {BEYOND:g}", "fails", why)
    return _check(AMONG, further, f"≥ {TYPICAL:.0%}", why, passes=last.typical >= TYPICAL)


def _settled(ensemble: Ensemble) -> Check:
    """Whether the last two waves agree."""
    if len(ensemble.waves) < 2:
        return Check(said("last two waves agree"), said("one wave"), said("two"), "cannot be told")
    before, last = ensemble.waves[-2:]
    asked = [number for number, _ in _asked(ensemble)]
    apart = np.abs(last.mean - before.mean)[asked] / np.maximum(before.sd[asked], 1e-9)
    wider = np.abs(last.sd[asked] / np.maximum(before.sd[asked], 1e-9) - 1)
    passes = bool((apart <= MEANS).all() and (wider <= SPREADS).all())
    agreement = said(
        "means within {means} sd, sds within {spreads}",
        means=f"{apart.max(initial=0.0):.2f}",
        spreads=f"{wider.max(initial=0.0):.0%}",
    )
    why = said("the fit is still moving: more runs a wave would narrow it")
    return _check(said("last two waves agree"), agreement, f"{MEANS:g} sd, {SPREADS:.0%}", why, passes=passes)


def silent(ensemble: Ensemble) -> list[tuple[Figure, float]]:
    """Fitted figures about which the records say next to nothing, with how much they say [1]."""
    contraction = ensemble.contraction
    return [(figure, float(contraction[number])) for number, figure in _asked(ensemble) if contraction[number] < SILENT]

"""Teams whose truth is known: what a tracker would export of them, and what they would answer.

Truths are drawn from the priors of the fit; strange ones have a feature that the fit does not know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from vssim.learning.baseline import AGAIN, BUSIEST, DRIFT, DRIFT_OVER, HANDOFF, OTHER, VARIES, WIDEST
from vssim.learning.priors import Even, EvenFactor, Prior
from vssim.play.run import simulate
from vssim.scenario import loads
from vssim.views.exports import table

DAYS = 520
REMEMBERED = 5

CHANGES: dict[str, Any] = {
    "half the meetings": [{"cut_meetings": {"cut": "50%"}}],
    "right the first time": [{"build_quality_in": {"cut": "50%", "cost": "10%"}}],
    "cross-functional teams": [{"cross_functional_teams": {"count": 2}}],
    "limit develop": [{"limit_wip": {"steps": {"develop": 10}}}],
    "one more at develop": [{"add_people": {"teams": {"developers": 1}}}],
}
"""Five what-ifs, from nearly nothing to a lot."""

STRANGE = ("batches at sprint ends", "favourites", "a hidden second team")
"""What a truth may have that the fit knows nothing of."""


BUSY = (BUSIEST / WIDEST, BUSIEST)
"""What work at each step asks for of people's time beside meetings: lowest and highest share, as the fit thinks possible [1]."""


def drawn(prior: Prior, luck: np.random.Generator) -> float:
    """A figure, drawn from a prior."""
    return float(prior.at(np.array([luck.random()]))[0])


def truth(luck: np.random.Generator, busy: tuple[float, float] = BUSY) -> dict[str, Any]:
    """A team of twelve in three silos, drawn from the priors of the fit, but for arrivals, which records tell."""
    meetings = drawn(Even(*OTHER), luck)
    every = float(luck.uniform(0.7, 1.2))
    back, work = float(luck.uniform(0.02, 0.3)), drawn(Even(*AGAIN), luck)
    again = 1 / (1 - back)

    def mean(people: int, visits: float) -> float:
        return drawn(EvenFactor(*busy), luck) * people * (1 - meetings) * every / visits

    def lognormal(value: float) -> str:
        return f"lognormal(mean={value:.4g}, cv={drawn(EvenFactor(*VARIES), luck):.3g})"

    analyse, develop, test = mean(2, 1.0), mean(8, 1 + back * again * work), mean(2, again)
    everywhere = {
        "meetings": f"{meetings * 100:.3g}%",
        "drift": {"cv": f"{drawn(Even(*DRIFT), luck) * 100:.3g}%", "over": DRIFT_OVER},
    }
    return {
        "name": "truth",
        "unit": "day",
        "start": "2023-01-02",
        "demand": {"item": {"every": f"gamma(mean={every:.4g}, cv={luck.uniform(0.8, 1.4):.3g})"}},
        "steps": {
            "analyse": {"work": lognormal(analyse)},
            "develop": {"work": lognormal(develop)},
            "test": {
                "work": lognormal(test),
                "returns": {"to": "develop", "chance": f"{back * 100:.3g}%", "work": f"{work * 100:.3g}%"},
            },
        },
        "handoffs": {"delay": f"exponential({drawn(EvenFactor(*HANDOFF), luck):.3g})"},
        "teams": {
            "analysts": {"people": 2, "does": "analyse", **everywhere},
            "developers": {"people": 8, "does": "develop", **everywhere},
            "testers": {"people": 2, "does": "test", **everywhere},
        },
        "changes": CHANGES,
    }


def strange(document: dict[str, Any], feature: str) -> dict[str, Any]:
    """The truth with a feature that the fit does not know."""
    changed = {**document, "steps": dict(document["steps"]), "demand": dict(document["demand"]), "teams": dict(document["teams"])}
    if feature == STRANGE[0]:
        changed["handoffs"] = {**changed["handoffs"], "into": {"test": {"batch": 8}}}
    elif feature == STRANGE[1]:
        item = changed["demand"]["item"]
        changed["demand"]["favourite"] = {**item, "every": "exponential(5)", "priority": 1, "size": 2.5}
    else:
        changed["demand"]["other"] = {"every": "exponential(4)", "route": ["develop"], "size": 2}
    return changed


def exported(document: dict[str, Any], seed: int, folder: Path) -> tuple[Path, list[tuple[str, float]]]:
    """What a tracker exports of the truth, and what five finished items took in hands-on days."""
    scenario = loads({**document, "run": {"horizon": DAYS, "warmup": 0}, "changes": {}})
    log = simulate(scenario, seed=seed).log
    file = folder / "moves.csv"
    table(log, "moves", scenario.dates).write_csv(file)
    hands = np.bincount(log.visits.item, weights=log.visits.touch, minlength=len(log.items.type)) / 1e6
    done = np.flatnonzero(log.items.ended == 0)[-60:]
    chosen = np.random.default_rng(seed).choice(done, REMEMBERED, replace=False)
    return file, [(str(item), float(hands[item])) for item in chosen]


def answers_of(remembered: list[tuple[str, float]]) -> dict[str, Any]:
    """What the team tells: who is where, and five items; not how much time meetings take."""
    teams = {"analysts": (2, "analyse"), "developers": (8, "develop"), "testers": (2, "test")}
    return {
        "teams": {name: {"people": people, "columns": [column]} for name, (people, column) in teams.items()},
        "open_items_a_person": 1,
        "remembered": [{"item": item, "hands_on": round(days, 2)} for item, days in remembered],
    }

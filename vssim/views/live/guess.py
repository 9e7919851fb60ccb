"""Guesses: a question before the answer, everybody's one vote, and how many were right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from vssim.analysis.statistics import NO_REAL_DIFFERENCE, Difference
from vssim.catalogue import unit_of
from vssim.views.live.messages import ANSWERS, Answer

TYPICAL = "lead_time.p50"
"""What a guess is about, unless a workshop says otherwise."""

NAMES = {
    "lead_time.p50": "typical lead time",
    "lead_time.p85": "lead time of 85 %",
    "lead_time.mean": "mean lead time",
    "cycle_time.p50": "typical cycle time",
    "cycle_time.p85": "cycle time of 85 %",
    "throughput": "number delivered",
    "wip": "number in progress",
    "flow_efficiency": "flow efficiency",
    "outcomes": "number that works for the customer",
}

MOST_VOTES = 1000
"""Different voters, at most."""


def name_of(metric: str) -> str:
    """A metric as a room calls it."""
    return NAMES.get(metric, metric.replace("_", " ").replace(".", ", "))


def is_time(metric: str) -> bool:
    """True for what is long or short, rather than much or little."""
    return unit_of(metric, "day").startswith("day")


def labels(metric: str) -> dict[Answer, str]:
    """The answers in words."""
    return {"up": "longer", "same": "about the same", "down": "shorter"} if is_time(metric) else _AMOUNT


_AMOUNT: dict[Answer, str] = {"up": "more", "same": "about the same", "down": "less"}


@dataclass
class Guess:
    """One question to the room."""

    question: str
    metric: str
    """what it is about"""
    votes: dict[str, Answer] = field(default_factory=dict)
    """by voter"""
    hands: Counter[Answer] = field(default_factory=Counter)
    """a show of hands, beside the votes"""
    right: Answer | None = None
    """once revealed"""

    @property
    def revealed(self) -> bool:
        """True when the answer is on the board."""
        return self.right is not None

    def vote(self, voter: str, answer: Answer) -> bool:
        """Take a vote, or another one of the same voter; False when it is too late, or too many vote."""
        if self.revealed or (voter not in self.votes and len(self.votes) >= MOST_VOTES):
            return False
        self.votes[voter] = answer
        return True

    @property
    def counts(self) -> dict[Answer, int]:
        """Votes and hands by answer."""
        voted = Counter(self.votes.values())
        return {answer: voted[answer] + self.hands[answer] for answer in ANSWERS}

    @property
    def of(self) -> int:
        """How many have answered."""
        return sum(self.counts.values())


def answer(found: Difference) -> Answer:
    """What is right: up or down, when the mean of the ratios is clearly so."""
    ratio, difference = found.ratio.mean, found.difference.mean
    if ratio is None:
        return "same" if not difference else "up" if difference > 0 else "down"
    if abs(ratio - 1) <= NO_REAL_DIFFERENCE:
        return "same"
    return "up" if ratio > 1 else "down"

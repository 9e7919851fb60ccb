"""Guesses: a question before the answer, everybody's one vote, and how many were right."""

from __future__ import annotations

import secrets
import unicodedata
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

LONGEST_NAME = 40
"""Letters of a participant's name, at most."""

MOST_NAMES = 60
"""Names of those who guessed right that are told, at most."""

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
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    """its own, so that a phone which slept knows that it was asked anew"""
    votes: dict[str, Answer] = field(default_factory=dict)
    """by voter"""
    hands: Counter[Answer] = field(default_factory=Counter)
    """a show of hands, beside the votes"""
    right: Answer | None = None
    """once revealed"""
    names: dict[str, str] = field(default_factory=dict)
    """what voters want to be called, by voter"""

    @property
    def revealed(self) -> bool:
        """True when the answer is on the board."""
        return self.right is not None

    def vote(self, voter: str, answer: Answer, name: str = "") -> bool:
        """Take a vote, or another one of the same voter; False when it is too late, or too many vote."""
        if self.revealed or (voter not in self.votes and len(self.votes) >= MOST_VOTES):
            return False
        self.votes[voter] = answer
        self.call(voter, name)
        return True

    def call(self, voter: str, name: str) -> None:
        """Know a voter by a name; by none if it is empty."""
        if voter in self.votes:
            self.names[voter] = name

    @property
    def named(self) -> list[str]:
        """Who guessed right and gave a name, once revealed; those who guessed wrong are never named."""
        right = [name for voter, name in self.names.items() if name and self.votes[voter] == self.right]
        return sorted(right, key=str.casefold)[:MOST_NAMES]

    @property
    def counts(self) -> dict[Answer, int]:
        """Votes and hands by answer."""
        voted = Counter(self.votes.values())
        return {answer: voted[answer] + self.hands[answer] for answer in ANSWERS}

    @property
    def of(self) -> int:
        """How many have answered."""
        return sum(self.counts.values())


def called(name: str) -> str:
    """A participant's name as it goes on the wall: one line, not too long, without marks that are not seen or turn what follows."""
    seen = "".join(" " if one.isspace() else one for one in name if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join(seen.split())[:LONGEST_NAME].rstrip()


def answer(found: Difference) -> Answer:
    """What is right: up or down, when the mean of the ratios is clearly so."""
    ratio, difference = found.ratio.mean, found.difference.mean
    if ratio is None:
        return "same" if not difference else "up" if difference > 0 else "down"
    if abs(ratio - 1) <= NO_REAL_DIFFERENCE:
        return "same"
    return "up" if ratio > 1 else "down"

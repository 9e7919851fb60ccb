"""Guesses: a question before the answer, everybody's one vote, and how many were right."""

from __future__ import annotations

import secrets
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from vssim.analysis.interactive.answer import Answer
from vssim.catalogue import unit_of
from vssim.language import t
from vssim.views import answers
from vssim.views.live.room.messages import ANSWERS
from vssim.views.live.room.messages import Answer as Answers

LONGEST_NAME = 40
"""Letters of a participant's name, at most."""

MOST_NAMES = 60
"""Names of those who guessed right that are told, at most."""

MOST_VOTES = 1000
"""Different voters, at most."""


def is_time(metric: str) -> bool:
    """True for what is long or short, rather than much or little."""
    return unit_of(metric, "day").startswith("day")


def labels(metric: str) -> dict[Answers, str]:
    """The answers in words."""
    if is_time(metric):
        return {"up": t("longer"), "same": t("about the same"), "down": t("shorter")}
    return {"up": t("more"), "same": t("about the same"), "down": t("less")}


@dataclass
class Guess:
    """One question to the room."""

    question: str
    metric: str
    """what it is about"""
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    """its own, so that a phone which slept knows that it was asked anew"""
    votes: dict[str, Answers] = field(default_factory=dict)
    """by voter"""
    hands: Counter[Answers] = field(default_factory=Counter)
    """a show of hands, beside the votes"""
    change: str | None = None
    """the change that it is about"""
    right: Answers | None = None
    """once revealed; None then too where it is too close to tell"""
    told: dict[str, Any] | None = None
    """the answer in words, once it is revealed"""
    bars: str = ""
    """where the time goes, as SVG, once it is revealed"""
    version: int | None = None
    """of the picture that the answer is about, once it is revealed"""
    names: dict[str, str] = field(default_factory=dict)
    """what voters want to be called, by voter"""

    @property
    def revealed(self) -> bool:
        """True when the answer is on the board."""
        return self.told is not None

    def tell(self, answer: Answer, bars: str, version: int) -> None:
        """The answer is on the board: in words, with where the time goes, of a picture."""
        self.right, self.told, self.bars, self.version = right_of(answer), answers.told(answer), bars, version

    def vote(self, voter: str, answer: Answers, name: str = "") -> bool:
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
        if self.right is None:
            return []
        right = [name for voter, name in self.names.items() if name and self.votes[voter] == self.right]
        return sorted(right, key=str.casefold)[:MOST_NAMES]

    @property
    def counts(self) -> dict[Answers, int]:
        """Votes and hands by answer."""
        voted = Counter(self.votes.values())
        return {answer: voted[answer] + self.hands[answer] for answer in ANSWERS}

    @property
    def of(self) -> int:
        """How many have answered."""
        return sum(self.counts.values())


def called(name: str) -> str:
    """A participant's name for the wall: one line, not too long, without invisible marks or marks that turn what follows."""
    seen = "".join(
        " " if letter.isspace() else letter for letter in name if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    return " ".join(seen.split())[:LONGEST_NAME].rstrip()


def right_of(answer: Answer) -> Answers | None:
    """Which guess is right; None where it is too close to tell: then nobody is right, and nobody is wrong."""
    if answer.is_close:
        return None
    return "same" if answer.rises is None else "up" if answer.rises else "down"

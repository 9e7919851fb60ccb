"""Decisions on how to read an export: those that a reading states, and proposals for what it leaves open.

Nothing is guessed silently: every decision is recorded with its reason, and what cannot be decided from the file is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vssim.errors import UsageError, nearest
from vssim.language import said


class Refused(UsageError):
    """Raised for a file without any moves; the message says what the file is and what to export instead."""


class Question(UsageError):
    """Raised where only the team knows the answer; `key` is the key of the reading under which it belongs."""

    def __init__(self, key: str, text: str, answers: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.key, self.text, self.answers = key, text, tuple(answers)

    def __str__(self) -> str:
        choice = f" ({' or '.join(self.answers)})" if self.answers else ""
        example = self.answers[0] if self.answers else "…"
        return f"{self.text}{choice} Say it in a reading, {self.key}: {example}, and give that as --reading."


@dataclass(frozen=True)
class Decision:
    """One decision: its key in the reading, its value, and why."""

    key: str
    value: Any
    why: str


class Decisions:
    """The decisions made so far while a file is read."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.given: dict[str, Any] = dict(given or {})
        self.made: dict[str, Decision] = {}

    def settle(self, key: str, proposed: Any, why: str) -> Any:
        """The value that the reading states for `key`, otherwise the proposed one; recorded with its reason."""
        if self.given.get(key) is not None:
            self.made[key] = Decision(key, self.given[key], said("as the reading says"))
        elif key not in self.made:
            self.made[key] = Decision(key, proposed, why)
        return self.made[key].value

    def choose(self, key: str, proposed: str | None, why: str, among: Sequence[str], question: str) -> str:
        """One of `among`: as the reading states, otherwise as proposed. Raises Question where neither says anything."""
        given = self.given.get(key)
        if given is not None and given not in among:
            near = nearest(str(given), among)
            hint = f" (did you mean {near!r}?)" if near else ""
            raise UsageError(f"reading: {key}: got {given!r}, expected {' or '.join(among)}{hint}")
        if given is None and proposed is None:
            raise Question(key, question, among)
        return str(self.settle(key, proposed, why))

    def names(self, key: str, proposed: Iterable[str], why: str) -> tuple[str, ...]:
        """A list of names; a single name counts as a list of one. Raises UsageError for anything else."""
        names = self.settle(key, list(proposed), why)
        if isinstance(names, str):
            return (names,)
        if not isinstance(names, list | tuple):
            raise UsageError(f"reading: {key}: got {names!r}, expected a list of names")
        return tuple(str(name) for name in names)

"""Everything that can go wrong through no fault of vssim's own.

VssimError
 ├── ScenarioError    a scenario that cannot be read or makes no sense; carries every fault at once
 ├── UsageError       a call or an option that makes no sense (a jobs of 0, an unknown file ending)
 │    └── UnknownName  a name that is not known: of a change, a metric; a KeyError too
 ├── RunError         a run that is refused: its numbers would not fit the engines
 └── MissingExtra     an optional part that is not installed; says the exact line that installs it
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a scenario: where it is, what stands there, what was expected.

    `line` and `column` count from 1; 0 means the fault has no place in the file (something is missing as a whole,
    or it came from an option).
    """

    file: str
    line: int
    column: int
    path: str
    value: str
    expected: str
    nearest: str = ""

    def __str__(self) -> str:
        place = self.file if not self.line else f"{self.file}:{self.line}:{self.column}"
        path = f" {self.path}:" if self.path else ""
        value = f" got {self.value}," if self.value else ""
        hint = f" (did you mean {self.nearest!r}?)" if self.nearest else ""
        return f"{place}:{path}{value} expected {self.expected}{hint}"


class VssimError(Exception):
    """The root of all errors that a user can cause."""


class ScenarioError(VssimError):
    """A scenario that cannot be used; `faults` holds every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class UsageError(VssimError):
    """A call or an option that makes no sense."""


class UnknownName(UsageError, KeyError):
    """A name that is not known; the message names the nearest one, or all of them when they are few."""

    def __init__(self, sort: str, name: str, known: Iterable[str]) -> None:
        super().__init__(sort, name, tuple(known))

    def __str__(self) -> str:
        sort, name, known = self.args
        near = nearest(name, known)
        few = f" (there are: {', '.join(known)})" if 0 < len(known) <= 30 else ""
        return f"there is no {sort} {name!r}" + (f" (did you mean {near!r}?)" if near else few)


class RunError(VssimError):
    """A run that is refused before it starts, because its numbers would not fit the engines."""


class MissingExtra(VssimError):
    """An optional part that is not installed."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name closest to `name`, or '' when none is as close as `cutoff` (1: the same); first those with its letters."""
    known = list(known)
    same = next((candidate for candidate in known if _letters(candidate) == _letters(name) and _letters(name)), None)
    if same is not None:
        return same
    close = difflib.get_close_matches(name, known, n=5, cutoff=cutoff)
    return next((match for match in close if sorted(match) == sorted(name)), close[0] if close else "")


def _letters(name: str) -> str:
    """A name without what people write in different ways: capitals, and the characters between words."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def nearest_file(name: str, known: Iterable[str]) -> str:
    """The known file, or scenario of the library, whose name is really close to that of a file, endings aside; else ''."""
    stems = {PurePath(path).with_suffix("").as_posix(): path for path in known if path}
    return stems.get(nearest(PurePath(name).with_suffix("").as_posix() if name else "", stems, 0.75), "")

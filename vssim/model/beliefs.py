"""Beliefs: what is not known of a figure, as a range or a distribution over worlds, not over items.

`between` is the only word for *not known*; every other distribution says *varies from item to item*. Two numbers are a uniform
belief with those ends; three are low, likely and high of a PERT distribution (Malcolm et al. 1959), whose mean is
(low + 4·likely + high) / 6. The ends are hard: nothing beyond them is thought possible. Where a date may stand, ends may be dates:
each day from the first to the last is one, and counts as its ordinal number.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vssim.calendar import instant
from vssim.model.distributions import DistributionFault, parse
from vssim.model.values import percent, plain

WORD = "between"

_RANGE = re.compile(rf"\b{WORD}\(([^()]*)\)")

EXPECTED = "two numbers, or three: low, likely, high, as in between(10%, 30%) or between(2, 3, 6)"

A_RANGE_OF_DATES = "two dates, or three: earliest, likely, latest, as in between(2026-03-01, 2026-04-15)"


@dataclass(frozen=True)
class Range:
    """The values that a figure may have in a world."""

    low: float
    high: float
    likely: float | None = None
    """None: all values between the ends are alike"""
    share: bool = False
    """whether the file writes it as a percentage"""
    whole: bool = False
    """whether the figure is a whole number: then each value from low to high is one"""
    dates: bool = False
    """whether the file writes it as a date, of which the figure is the ordinal number"""

    def at(self, uniform: float) -> float:
        """The value below which a share `uniform`, in [0, 1), of all worlds lies."""
        if self.low == self.high:
            return self.low
        low, high = (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)
        if self.likely is None:
            value = low + uniform * (high - low)
        else:
            law = (
                parse(f"pert({low!r}, {self.likely!r}, {high!r})")
                if low > 0
                else parse(f"pert(0, {self.likely - low!r}, {high - low!r})")
            )
            value = float(law.quantile(_uniforms_of_one(uniform))[0]) + (0.0 if low > 0 else low)
        return float(min(max(round(value), self.low), self.high)) if self.whole else value

    @property
    def middle(self) -> float:
        """The value that stands for the belief where one is needed: the likely one, else the middle."""
        value = (self.low + self.high) / 2 if self.likely is None else self.likely
        return float(round(value)) if self.whole else value

    def written(self, value: float) -> Any:
        """A value as the file would write it."""
        if self.dates:
            return written_date(value)
        return f"{plain(round(value * 100, 10))}%" if self.share else plain(value)

    def __str__(self) -> str:
        numbers = [self.low, *([] if self.likely is None else [self.likely]), self.high]
        return f"{WORD}({', '.join(str(self.written(number)) for number in numbers)})"


def written_date(number: float) -> str:
    """The date of an ordinal number, the nearest day."""
    return dt.date.fromordinal(round(number)).isoformat()


def _uniforms_of_one(uniform: float) -> Any:
    import numpy as np

    return np.array([uniform])


@dataclass(frozen=True)
class Belief:
    """What is not known of the value at one path of a file: the value itself, or parameters of a distribution there."""

    path: str
    text: str
    """as the file writes it, with every `between` in it"""
    ranges: tuple[Range, ...]
    """in the order in which they stand in the text"""

    @property
    def facts(self) -> tuple[str, ...]:
        """A name for each range: the path, or the path and the parameter."""
        if len(self.ranges) == 1 and _RANGE.fullmatch(self.text.strip()):
            return (self.path,)
        return tuple(f"{self.path}.{name}" for name in _parameters(self.text))

    def value(self, uniforms: tuple[float, ...]) -> Any:
        """What stands at the path in a world, as a file would write it. `uniforms`: one a range."""
        return self.put([each.at(uniform) for each, uniform in zip(self.ranges, uniforms, strict=True)])

    def put(self, values: list[float]) -> Any:
        """What stands at the path where its ranges have those values, as a file would write it."""
        written = [each.written(value) for each, value in zip(self.ranges, values, strict=True)]
        if len(written) == 1 and _RANGE.fullmatch(self.text.strip()):
            return written[0]
        parts = iter(written)
        return _RANGE.sub(lambda _: str(next(parts)), self.text)

    @property
    def middle(self) -> Any:
        """A representative value for where one value is needed."""
        return self.put([each.middle for each in self.ranges])


def is_belief(value: Any) -> bool:
    """Whether a text of a file says that something in it is not known."""
    return isinstance(value, str) and WORD in value and re.search(rf"\b{WORD}\s*\(", value) is not None


def read(path: str, text: str) -> Belief:
    """The belief that a text of a file states about the value at `path`. DistributionFault tells what was expected instead."""
    tidy = re.sub(rf"\b{WORD}\s+\(", f"{WORD}(", text)
    ranges = tuple(_range(inside) for inside in _RANGE.findall(tidy))
    if not ranges or re.search(rf"\b{WORD}\b", _RANGE.sub("", tidy)):
        raise DistributionFault(EXPECTED)
    belief = Belief(path, tidy, ranges)
    if not _RANGE.fullmatch(tidy.strip()):
        parse(belief.middle)  # refuses what is no distribution
    return belief


def _range(inside: str) -> Range:
    if any(instant(part) is not None for part in inside.split(",")):
        return _dates([instant(part) for part in inside.split(",")])
    numbers, shares = [], []
    for part in inside.split(","):
        share = percent(part)
        shares.append(share is not None)
        try:
            numbers.append(float(part) if share is None else share)
        except ValueError:
            raise DistributionFault(EXPECTED) from None
    if len(numbers) not in (2, 3):
        raise DistributionFault(EXPECTED)
    if len(set(shares)) > 1 and any(number != 0 for number, share in zip(numbers, shares, strict=True) if not share):
        raise DistributionFault("either percentages or numbers, not both")
    if numbers != sorted(numbers):
        raise DistributionFault("numbers that rise: low, likely, high" if len(numbers) == 3 else "the lower number first")
    return Range(numbers[0], numbers[-1], numbers[1] if len(numbers) == 3 else None, any(shares))


def _dates(days: Sequence[dt.date | None]) -> Range:
    known = [day for day in days if day is not None]
    if any(isinstance(day, dt.datetime) for day in known):
        raise DistributionFault(f"{A_RANGE_OF_DATES}: days without a time")
    if len(known) < len(days) or len(days) not in (2, 3):
        raise DistributionFault(A_RANGE_OF_DATES)
    if known != sorted(known):
        raise DistributionFault("dates that rise: earliest, likely, latest" if len(known) == 3 else "the earlier date first")
    numbers = [float(day.toordinal()) for day in known]
    return Range(numbers[0], numbers[-1], numbers[1] if len(numbers) == 3 else None, whole=True, dates=True)


def _parameters(text: str) -> Iterator[str]:
    """For each range in a text, the name of the parameter that it stands for: `mean`, or its number among all parameters."""
    inside = text[text.index("(") + 1 :]
    for number, part in enumerate(_outer(inside)):
        name = part.partition("=")[0].strip() if "=" in part else str(number)
        yield from (name for _ in _RANGE.findall(part))


def _outer(inside: str) -> Iterator[str]:
    """A text cut at the commas that stand in no brackets of its own."""
    depth = start = 0
    for position, character in enumerate(inside):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            yield inside[start:position]
            start = position + 1
    yield inside[start:]


@dataclass(frozen=True)
class Together:
    """Facts that go together: the rank correlation of each two of them."""

    figures: tuple[str, ...]
    """facts, or paths of beliefs with one fact"""
    rank: float


@dataclass(frozen=True)
class Members:
    """Joint members: worlds given as rows of a table, one world a row, in place of separate beliefs."""

    file: str
    """as the scenario's file names it"""
    paths: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """values as a file would write them, one a path"""

    @property
    def facts(self) -> tuple[str, ...]:
        """A name for each number in a row: the path, or of a distribution the path and each of its parameters."""
        first = self.rows[0] if self.rows else ()
        return tuple(
            f"{path}.{name}" if name else path
            for path, value in zip(self.paths, first, strict=False)
            for name, _ in numbers_of(value)
        )

    def numbers(self) -> tuple[tuple[float, ...], ...]:
        """The numbers of all rows, one a fact; NaN for what is none, and where a row is of another form than the first."""
        forms = [[name for name, _ in numbers_of(value)] for value in self.rows[0]]
        rows = []
        for row in self.rows:
            numbers: list[float] = []
            for form, value in zip(forms, row, strict=True):
                of_value = numbers_of(value)
                same = [name for name, _ in of_value] == form
                numbers += [number for _, number in of_value] if same else [math.nan] * len(form)
            rows.append(tuple(numbers))
        return tuple(rows)


def numbers_of(value: Any) -> list[tuple[str, float]]:
    """The numbers that a value of a file holds: of a distribution one a parameter, with its name; else one without."""
    if isinstance(value, str) and value.strip().endswith(")") and "(" in value:
        inside = value.strip()[value.strip().index("(") + 1 : -1]
        parts = [part.rpartition("=") for part in _outer(inside)]
        return [(name.strip() or str(place), _number(text)) for place, (name, _, text) in enumerate(parts)]
    return [("", _number(value))]


def _number(value: Any) -> float:
    day = instant(value)
    if day is not None:
        return float(day.toordinal())
    share = percent(value)
    if share is not None:
        return share
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return math.nan


@dataclass(frozen=True)
class Uncertain:
    """All that is not known of a scenario."""

    beliefs: tuple[Belief, ...] = ()
    correlated: tuple[Together, ...] = ()
    members: Members | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of what is not known, one a column of `values`."""
        if self.members is not None:
            return self.members.facts
        return tuple(fact for belief in self.beliefs for fact in belief.facts)

    def of_fact(self, name: str) -> tuple[str, Range | None]:
        """The path at which the figure of a fact stands, and the belief about it (None for a joint member's)."""
        for belief in self.beliefs:
            if name in belief.facts:
                return belief.path, belief.ranges[belief.facts.index(name)]
        paths = self.members.paths if self.members is not None else ()
        return next((path for path in paths if name == path or name.startswith(f"{path}.")), name), None

    def is_date(self, name: str) -> bool:
        """Whether a fact is a date; its number is then that of a day."""
        path, believed = self.of_fact(name)
        if believed is not None or self.members is None or path not in self.members.paths:
            return believed is not None and believed.dates
        column = self.members.paths.index(path)
        return all(instant(row[column]) is not None for row in self.members.rows)

    def without(self, paths: Collection[str]) -> Uncertain:
        """What is not known besides the figures at these paths."""
        if self.members is None:
            return replace(self, beliefs=tuple(belief for belief in self.beliefs if belief.path not in paths))
        kept = [number for number, path in enumerate(self.members.paths) if path not in paths]
        rows = tuple(tuple(row[number] for number in kept) for row in self.members.rows)
        return Uncertain(members=replace(self.members, paths=tuple(self.members.paths[number] for number in kept), rows=rows))

    def document(self) -> Any:
        """As a file writes it: everything by its path."""
        if self.members is not None:
            return self.members.file
        together: list[Any] = [{"figures": list(each.figures), "rank": plain(each.rank)} for each in self.correlated]
        return {belief.path: belief.text for belief in self.beliefs} | ({"correlated": together} if together else {})

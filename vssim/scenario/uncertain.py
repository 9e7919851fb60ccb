"""What a file says that is not known: found, taken out of the document, and checked that every world can be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vssim.calendar import instant, written
from vssim.errors import Fault, nearest, nearest_file
from vssim.model import checks, paths
from vssim.model.beliefs import EXPECTED, Belief, Members, Range, Together, Uncertain, is_belief, read
from vssim.model.distributions import DistributionFault
from vssim.model.faults import ModelError
from vssim.model.worlds import Tie, correlation
from vssim.scenario.calendars import calendar_of
from vssim.scenario.documents import Document
from vssim.scenario.moments import NoMoment, dated, in_effect, is_moment
from vssim.scenario.schema import CHECKED, Scenario, with_parts
from vssim.scenario.world import replaced
from vssim.yaml import dotted, show

Path_ = tuple[Any, ...]

KEY = "uncertain"

SECTIONS = ("demand", "steps", "teams", "handoffs", "wip_limit", "limits", "changes")
"""Where a figure may be unknown."""

MOST_FACTS = 100
"""The most unknown figures; of more, the influence of single ones cannot be told apart."""


class Reading:
    """A document whose unknown figures are being found; faults are named at their places."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.content = dict(document.content)
        self.calendar = calendar_of(document.content)
        self.faults: list[Fault] = []
        self.inline: dict[Path_, Belief] = {}

    def read(self) -> Uncertain | None:
        """What is not known, None where everything is known; `content` then holds a representative figure for each."""
        stated = self.content.pop(KEY, None)
        self.content = {key: self._figures_of(value, (key,)) for key, value in self.content.items()}
        if isinstance(stated, str):
            return self._members(stated)
        if isinstance(stated, Uncertain):
            return stated  # members that were read before
        beliefs, together = list(self.inline.values()), []
        if isinstance(stated, Mapping):
            beliefs += self._by_path({key: value for key, value in stated.items() if key != "correlated"})
            together = list(self._together(stated.get("correlated"), beliefs))
        elif stated is not None:
            self._fault((KEY,), show(stated), "paths with what is not known of them, or a file of members")
        if sum(len(belief.ranges) for belief in beliefs) > MOST_FACTS:
            self._fault((KEY,), f"{len(beliefs)} unknown figures", f"at most {MOST_FACTS}")
            return None
        return Uncertain(tuple(beliefs), tuple(together)) if beliefs else None

    def _fault(self, path: Path_, value: str, expected: str, near: str = "") -> None:
        self.faults.append(self.document.fault(path, value, expected, near))

    def _figures_of(self, value: Any, path: Path_) -> Any:
        """The value with a representative figure in place of every belief in it."""
        if type(value) is dict:
            return {key: self._figures_of(entry, (*path, key)) for key, entry in value.items()}
        if type(value) is list:  # what derives from it knows more than its entries
            return [self._figures_of(entry, (*path, number)) for number, entry in enumerate(value)]
        if not is_belief(value) or path[0] in ("name", "question", "lesson", "notes", "sources", "rounds"):
            return value
        belief = self._belief(path, dotted(path), value)
        if belief is not None and path[0] not in SECTIONS:
            self._fault(path, show(value), f"a known value; what may be unknown is a figure of {', '.join(SECTIONS)}")
            return self._middle(belief)
        if belief is None:  # it has been told; any number in it keeps the place from being told of a second time
            numbers = re.findall(r"\d+(?:\.\d+)?%?", value)
            return (numbers[0] if numbers[0].endswith("%") else float(numbers[0])) if numbers else value
        self.inline[path] = belief
        return self._middle(belief)

    def _middle(self, belief: Belief) -> Any:
        return dated(belief.middle, belief.path, self.calendar)

    def with_whole_numbers(self) -> dict[str, Any]:
        """The document in which the representative figure is a whole number where only those are allowed."""
        halves = {path: belief for path, belief in self.inline.items() if isinstance(belief.middle, float)}
        if not halves:
            return self.content
        try:
            Scenario.model_validate(self.content, by_alias=True, by_name=False, context=CHECKED)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                for path, belief in halves.items():
                    if details["loc"][: len(path)] == path:
                        self.content = paths.put(self.content, belief.path, round(belief.middle))
        return self.content

    def _belief(self, path: Path_, name: str, text: Any) -> Belief | None:
        try:
            if is_belief(text):
                belief = read(name, text)
                self._on_calendar(belief)
                return belief
            self._fault(path, show(text), f"what is not known of it: {EXPECTED}")
        except DistributionFault as fault:
            self._fault(path, show(text), fault.expected, fault.near)
        except NoMoment as fault:
            self._fault(path, show(text), fault.expected)
        return None

    def _on_calendar(self, belief: Belief) -> None:
        """Whether dates may stand where the belief has some. Raises NoMoment."""
        for each in belief.ranges:
            if each.dates and not is_moment(in_effect((belief.path,))):
                raise NoMoment("numbers: no date may stand here")
            if each.dates:
                dated(each.written(each.low), belief.path, self.calendar)

    def _by_path(self, stated: Mapping[Any, Any]) -> Iterator[Belief]:
        known = {belief.path for belief in self.inline.values()}
        for key, text in stated.items():
            name, place = str(key), (KEY, key)
            astray = _astray(self.content, name)
            if astray is not None:
                self._fault(place, name, astray.expected, astray.near)
                continue
            if name in known:
                self._fault(place, show(text), "a figure that is stated as unknown once; the file has a `between` there too")
                continue
            belief = self._belief(place, name, text)
            if belief is not None:
                yield belief

    def _together(self, stated: Any, beliefs: Sequence[Belief]) -> Iterator[Together]:
        """The correlations that are stated between beliefs that there are."""
        if stated is None:
            return
        form = "a list such as [{figures: [PATH, PATH], rank: 0.6}]"
        if not isinstance(stated, list):
            self._fault((KEY, "correlated"), show(stated), form)
            return
        facts = [fact for belief in beliefs for fact in belief.facts]
        ties: list[Together] = []
        for number, entry in enumerate(stated):
            path = (KEY, "correlated", number)
            if not isinstance(entry, Mapping) or set(entry) != {"figures", "rank"} or not isinstance(entry["figures"], list):
                self._fault(path, show(entry), form)
                continue
            unknown = [figure for figure in entry["figures"] if figure not in facts]
            for figure in unknown:
                self._fault((*path, "figures"), show(figure), "a figure that is not known", nearest(str(figure), facts))
            rank = entry["rank"]
            if isinstance(rank, bool) or not isinstance(rank, int | float) or not -1 < rank < 1:
                self._fault((*path, "rank"), show(rank), "a rank correlation above -1 and below 1")
            elif len(set(entry["figures"])) < 2:
                self._fault((*path, "figures"), show(entry["figures"]), "at least two figures")
            elif not unknown:
                ties.append(Together(tuple(entry["figures"]), float(rank)))
        if ties and not self.faults and not _possible(ties, facts):
            self._fault((KEY, "correlated"), show(stated), "correlations that can all be true together")
            return
        yield from ties

    def _members(self, name: str) -> Uncertain | None:
        """The joint members in a file beside the scenario."""
        if self.inline:
            first = next(iter(self.inline))
            self._fault(first, self.inline[first].text, f"known figures beside a file of members ({name})")
        file = self.document.folder / name
        if not file.is_file():
            near = nearest_file(file.name, [other.name for other in sorted(file.parent.glob("*.parquet"))])
            self._fault((KEY,), show(name), "paths with what is not known of them, or a Parquet file of members beside this", near)
            return None
        try:
            columns, rows = _table(file)
        except (OSError, ValueError) as error:
            self._fault((KEY,), show(name), f"a Parquet file that can be read ({error})")
            return None
        wrong = [(column, _astray(self.content, column)) for column in columns]
        for column, fault in wrong:
            if fault is not None:
                self._fault((KEY,), f"column {column!r} of {name}", fault.expected, fault.near)
        if not rows:
            self._fault((KEY,), show(name), "at least one member")
        return Uncertain(members=Members(name, columns, rows)) if rows and not any(fault for _, fault in wrong) else None


def _possible(together: Sequence[Together], facts: Sequence[str]) -> bool:
    """Whether all correlations can be true at once."""
    import numpy as np

    ties = [
        Tie(facts.index(first), facts.index(second), each.rank)
        for each in together
        for place, first in enumerate(each.figures)
        for second in each.figures[place + 1 :]
    ]
    return bool(np.linalg.eigvalsh(correlation(ties, len(facts))).min() > 1e-9)


def _astray(content: Mapping[str, Any], path: str) -> paths.PathFault | None:
    section = path.split(".", maxsplit=1)[0]
    if section not in SECTIONS:
        return paths.PathFault(path, f"a path within {', '.join(SECTIONS)}", nearest(section, SECTIONS))
    try:
        paths.get(content, path)
    except paths.PathFault as fault:
        return fault
    return None


def _table(file: Path) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    import polars

    try:
        table = polars.read_parquet(file)
    except polars.exceptions.PolarsError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    return tuple(table.columns), tuple(tuple(_as_text(value) for value in row) for row in table.rows())


def _as_text(value: Any) -> Any:
    """A value of a table as a file would write it: a date is a text."""
    date = instant(value) if isinstance(value, dt.date) else None
    return value if date is None else written(date)


WORLDS, EACH = 100, 2
"""Worlds of a scenario that does not say how often it is run, and replications of each: two tell luck from what is not known."""


def with_worlds(scenario: Scenario, uncertain: Uncertain, document: Document) -> tuple[Scenario, list[Fault]]:
    """The scenario with what is not known of it, whole numbers known as such; a fault for each belief that cannot be.

    Where the file does not say how often it is run, it is run often enough to tell luck from what is not known.
    """
    known, faults = _with_whole_numbers(scenario, uncertain, document)
    stated = scenario.run.model_fields_set if "run" in scenario.model_fields_set else set()
    often = {} if "replications" in stated else {"replications": WORLDS * EACH}
    return with_parts(scenario, uncertain=known, run=scenario.run.model_copy(update=often)), faults


def _with_whole_numbers(scenario: Scenario, uncertain: Uncertain, document: Document) -> tuple[Uncertain, list[Fault]]:
    if uncertain.members is not None:
        return uncertain, list(_members_that_cannot_be(scenario, uncertain.members, document))
    faults: list[Fault] = []
    beliefs = []
    for belief in uncertain.beliefs:
        ranges = tuple(_range(scenario, belief, number) for number in range(len(belief.ranges)))
        beliefs.append(replace(belief, ranges=ranges))
        faults += _ends_that_cannot_be(scenario, beliefs[-1], document)
    return replace(uncertain, beliefs=tuple(beliefs)), faults


def _range(scenario: Scenario, belief: Belief, number: int) -> Range:
    """A range of a belief; of whole numbers, where its ends can be and what lies between two of them cannot."""
    stated = belief.ranges[number]
    ends = (stated.low, stated.high)
    if stated.share or stated.dates or stated.low == stated.high or any(end != round(end) for end in ends):
        return stated
    between = _why_not(scenario, belief, number, stated.low + 0.5)
    return replace(stated, whole=between is not None and not any(_why_not(scenario, belief, number, end) for end in ends))


def _ends_that_cannot_be(scenario: Scenario, belief: Belief, document: Document) -> Iterator[Fault]:
    place = tuple(int(key) if key.isdigit() else key for key in belief.path.split("."))
    where = place if belief.path not in (document.content.get(KEY) or {}) else (KEY, belief.path)
    for number, stated in enumerate(belief.ranges):
        for end in dict.fromkeys((stated.low, stated.high)):
            why = _why_not(scenario, belief, number, end)
            if why is not None:
                yield document.fault(
                    where, str(stated), f"only what may stand there: {stated.written(end)} may not, expected {why}"
                )


def _members_that_cannot_be(scenario: Scenario, members: Members, document: Document) -> Iterator[Fault]:
    for number, row in enumerate(members.rows):
        why = _fault_of(scenario, dict(zip(members.paths, row, strict=True)))
        if why is not None:
            yield document.fault((KEY,), f"row {number + 1} of {members.file}", why)
            return


def _why_not(scenario: Scenario, belief: Belief, number: int, value: float) -> str | None:
    """What was expected where one range of a belief has a value that cannot be; None where it can."""
    numbers = [each.middle for each in belief.ranges]
    numbers[number] = value
    return _fault_of(scenario, {belief.path: belief.put(numbers)})


def _fault_of(scenario: Scenario, settings: Mapping[str, Any]) -> str | None:
    try:
        world = replaced(scenario, settings)
        for name in (None, *world.changes):
            for phase in world.plan(name).phases:
                for fault in checks.faults(phase.model, idle_teams=False):
                    return fault.expected
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        return str(details.get("ctx", {}).get("text", details["msg"]))
    except ModelError as error:
        return error.faults[0].expected
    except paths.PathFault as fault:
        return fault.expected
    return None

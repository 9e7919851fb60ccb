"""Grids: axes of a sweep, each a path of the file (or `change`) with the values it takes, and the settings they span."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from math import prod
from types import MappingProxyType
from typing import Any

from vssim.errors import UsageError
from vssim.model import paths
from vssim.model.changes import BASELINE, reached
from vssim.model.model import Model
from vssim.model.values import number_of, plain
from vssim.play.settings import change_named
from vssim.scenario import Scenario, varied

CHANGE = "change"
"""The axis whose values are names of changes."""

OPTION = "--over"
"""What faults of a setting are put down to on the command line."""

ASSUME = "--assume"
"""Likewise of what is moved on both sides."""

ORGANISATION = (*Model.model_fields, "changes")
"""Sections of a scenario file that axes may lead into."""

AS_IN_PYTHON = '{"wip_limit": range(1, 11)}'

MOST_SETTINGS = 1_000_000
"""A grid of more than so many settings is refused unless it is searched."""

_RANGE = re.compile(r"([^:\s{[(]+)\s*:\s*([^:\s]+)\s*(?::\s*([^:\s]+))?")

Setting = tuple[Any, ...]
"""One value an axis, as they are written: numbers, texts of the file, names of changes."""


@dataclass(frozen=True)
class Axis:
    """A path of the scenario file, or `change`, and the values it takes, in order."""

    path: str
    values: Setting
    assumed: bool = False
    """whether the organisation as it is has these values too: what is assumed, not what is decided"""

    @property
    def numbers(self) -> tuple[float, ...] | None:
        """The values as numbers, where all of them are (`none`, no limit, is left out); None for an axis of names."""
        numbers = [number_of(value) for value in self.values if not is_none(value)]
        return tuple(number for number in numbers if number is not None) if numbers and None not in numbers else None


@dataclass(frozen=True)
class Grid:
    """Axes and the settings that they span, the last axis fastest."""

    axes: tuple[Axis, ...]
    change: str | None = None
    """the change in force in every setting, where `change` is no axis; None: as it is"""
    option: str = OPTION
    """what the caller gave the axes with, which faults of a setting are put down to"""

    def __len__(self) -> int:
        return prod(len(axis.values) for axis in self.axes)

    @property
    def sides(self) -> int:
        """How often the organisation as it is is played: once, and under each assumption."""
        assumed = prod(len(axis.values) for axis in self.axes if axis.assumed)
        return 1 if not any(axis.assumed for axis in self.axes) else 1 + assumed

    @property
    def paths(self) -> tuple[str, ...]:
        """What is varied."""
        return tuple(axis.path for axis in self.axes)

    def settings(self) -> list[Setting]:
        """Every setting of the grid."""
        return list(itertools.product(*(axis.values for axis in self.axes)))

    def corners(self) -> list[Setting]:
        """The settings with the first or the last value on every axis."""
        return list(dict.fromkeys(itertools.product(*((axis.values[0], axis.values[-1]) for axis in self.axes))))

    def assumed(self, setting: Setting) -> Setting:
        """What of a setting the organisation as it is has too."""
        return tuple(value for axis, value in zip(self.axes, setting, strict=True) if axis.assumed)

    def as_it_is(self, scenario: Scenario, assumed: Setting) -> Scenario:
        """The organisation as it is under assumptions. Raises ScenarioError for assumptions that make no sense."""
        paths = [axis.path for axis in self.axes if axis.assumed]
        return varied(scenario, list(zip(paths, assumed, strict=True)), None, ASSUME if self.option == OPTION else "assume")

    def named(self, setting: Setting) -> dict[str, Any]:
        """A setting by path."""
        return dict(zip(self.paths, setting, strict=True))

    def put(self, scenario: Scenario, setting: Setting) -> tuple[Scenario, str | None]:
        """The scenario with a setting in place, and the change that is in force. Raises ScenarioError for a senseless setting."""
        values = self.named(setting)
        change = change_named(scenario, values.pop(CHANGE, self.change))
        return varied(scenario, list(values.items()), change, self.option), change


def grid(
    scenario: Scenario,
    over: Mapping[str, Any],
    change: str | None,
    option: str = OPTION,
    assume: Mapping[str, Any] = MappingProxyType({}),
) -> Grid:
    """The grid over the values of each path; UsageError for what would make no sense as a grid.

    Of a path, several values in their order, or a single one. `option` is what the axes were given with: an option, or an
    argument in Python. What is to `assume` is so in the organisation as it is, too.
    """
    assuming = ASSUME if option == OPTION else "assume"
    for name, given in ((option, over), (assuming, assume)):
        if not isinstance(given, Mapping):
            raise UsageError(f"{name}: got {given!r}, expected values by path, as in {AS_IN_PYTHON}")
    assumed = tuple(replace(_axis(path, values, assuming), assumed=True) for path, values in assume.items())
    for path in assume:
        if path == CHANGE or path.startswith("changes."):
            raise UsageError(f"{assuming} {path}: is no part of the organisation as it is; --over moves what a change does")
    axes = (*assumed, *(_axis(path, values, option) for path, values in over.items()))
    if not axes:
        raise UsageError(f"{option}: expected at least one axis, as in {'wip_limit=1:10' if option == OPTION else AS_IN_PYTHON}")
    if change is not None and CHANGE in over:
        raise UsageError(f"{_beside(option)}: got {change!r}, expected none where change is an axis")
    _apart(scenario, axes, option)
    made = Grid(axes, change_named(scenario, change), option)
    _changes_in_force(scenario, made)
    return made


def on_one_side(scenario: Scenario, over: Grid) -> list[str]:
    """The paths of axes which say what is assumed, not what is decided, and which only move the settings: a word of warning."""
    unknown = [] if scenario.uncertain is None else [belief.path for belief in scenario.uncertain.beliefs]
    return [
        axis.path
        for axis in over.axes
        if not axis.assumed and (axis.path.startswith("demand.") or (axis.path in unknown and not axis.path.startswith("changes.")))
    ]


def axes_of(texts: Sequence[str], option: str = OPTION) -> dict[str, Setting]:
    """The axes that options such as steps.develop.wip_limit=1:10 mean, by path."""
    settings: dict[str, Setting] = {}
    for text in texts:
        path, equals, values = (part.strip() for part in text.partition("="))
        if not equals or not path or not values:
            raise UsageError(f"{option}: got {text!r}, expected PATH=VALUES, as in wip_limit=1:10 or wip_limit=none,2,4")
        if path in settings:
            raise UsageError(f"{option}: {path} is given twice; its values belong in one list")
        settings[path] = values_of(values, names=path == CHANGE)
    return settings


def values_of(text: str, *, names: bool = False) -> Setting:
    """What VALUES mean: 1:10 (both ends), 1:10:2, single values, and lists of these with commas between; or names alone."""
    parts = [part for part in map(str.strip, _cut(text)) if part]
    values: list[Any] = []
    for part in parts:
        match = None if names else _RANGE.fullmatch(part)
        values += _range(part, *match.groups()) if match else [part.strip("\"'") if names else part]
    return tuple(values)


def _range(text: str, low: str, high: str, step: str | None) -> Setting:
    ends = [low, high] if step is None else [low, high, step]
    share = all(end.endswith("%") for end in ends)
    try:
        first, last, by, *_ = (Decimal(end.removesuffix("%") if share else end) for end in (*ends, "1%" if share else "1"))
    except InvalidOperation:
        raise UsageError(f"{OPTION}: got {text!r}, expected numbers in a range, as in 1:10, 1:10:2 or 10%:40%:10%") from None
    if not (first.is_finite() and last.is_finite() and by.is_finite()) or by <= 0 or first > last:
        raise UsageError(f"{OPTION}: got {text!r}, expected a range from the lower to the higher end by a step above 0")
    count = int((last - first) / by) + 1
    if count > MOST_SETTINGS:
        raise UsageError(f"{OPTION}: got {text!r}, {count:,} values, expected at most {MOST_SETTINGS:,}")
    values = tuple(plain(float(first + number * by)) for number in range(count))
    return tuple(f"{value}%" for value in values) if share else values


def _cut(text: str) -> list[str]:
    """A list cut at its commas, but not inside brackets or quotes: exponential(2), lognormal(mean=1, cv=2), "first, slowly"."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if letter in "\"'" and quote in ("", letter) and (quote or not parts[-1].strip()):
            quote = "" if quote else letter
        elif not quote:
            depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _beside(option: str) -> str:
    """What a change is given with, where axes are given with `option`."""
    return "--change" if option == OPTION else CHANGE


def _axis(path: str, values: Any, option: str) -> Axis:
    """The axis of some values, or of a single one."""
    _varies(path, option)
    several = isinstance(values, Iterable) and not isinstance(values, str | Mapping)
    written = [_written(value) for value in (values if several else [values])]
    if not written:
        raise UsageError(f"{option} {path}: expected at least one value")
    odd = [value for value in written if not isinstance(value, str | int | float)]
    if odd:
        raise UsageError(f"{option} {path}: got {odd[0]!r}, expected a number, None, or a text as the file would write it")
    once: dict[Any, Any] = {}
    for value in written:
        once.setdefault(_meant(value), value)
    return Axis(path, tuple(once.values()))


def _meant(value: Any) -> Any:
    """A form that values share which mean the same, such as 2 and the text 2."""
    number = None if isinstance(value, str) and "%" in value else number_of(value)
    return str(value) if number is None else number


def _apart(scenario: Scenario, axes: Sequence[Axis], option: str) -> None:
    """Refuse two paths that lead to the same place, because only one of the two values would count."""
    document, places = scenario.document(), dict[str, str]()
    for axis in axes:
        try:
            place = repr(paths.put(document, axis.path, "here")) if axis.path != CHANGE else CHANGE
        except paths.PathFault:
            continue  # told with its settings
        if place in places:
            raise UsageError(f"{option} {axis.path}: is the same place as {places[place]}; its values belong in one list")
        places[place] = axis.path


def _varies(path: str, option: str) -> None:
    """Refuse a path whose value must be the same in all settings, or that no run depends on."""
    section = path.partition(".")[0]
    if section == "run":
        same = "is the same in every setting, so that all are compared over the same time, with the same luck"
        raise UsageError(f"{option} {path}: {same}; say it for the whole sweep")
    if section not in ORGANISATION and section in {field.alias or name for name, field in Scenario.model_fields.items()}:
        raise UsageError(f"{option} {path}: changes nothing in any run; expected a path within {', '.join(ORGANISATION)}")


def _written(value: Any) -> Any:
    """A value as the file would write it: `none` for None, plain numbers for those of arrays."""
    if value is None:
        return "none"
    value = value.item() if hasattr(value, "item") else value
    return plain(value) if isinstance(value, float) else value


def _changes_in_force(scenario: Scenario, grid: Grid) -> None:
    """Refuse an axis that would change nothing: one inside a change that is never in force."""
    by_axis = next((axis.values for axis in grid.axes if axis.path == CHANGE), (grid.change,))
    in_force = {change for name in by_axis for change in reached(scenario.changes, change_named(scenario, name))}
    for path in grid.paths:
        section, _, rest = path.partition(".")
        inside = next((name for name in scenario.changes if rest == name or rest.startswith(f"{name}.")), None)
        if section == "changes" and inside is not None and inside not in in_force:
            add = f"{_beside(grid.option)}{' ' if grid.option == OPTION else '='}{inside!r}"
            raise UsageError(f"{grid.option} {path}: changes nothing while {inside!r} is not in force; add {add}")


def is_none(value: Any) -> bool:
    """Whether a value means no limit."""
    return value is None or value == "none"


def shown(value: Any) -> str:
    """A value of a setting as people read it."""
    return BASELINE if value is None else str(value)

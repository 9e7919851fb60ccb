"""A scenario that comes as a mapping, not as a text: from a notebook, from JSON, from a program.

What stands in it means what it would mean in a file. Numbers of numpy are numbers, arrays and ranges are lists, dates are dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from vssim.calendar import instant, written
from vssim.errors import Fault, ScenarioError, UsageError
from vssim.model.values import Part
from vssim.yaml import DEEPEST, MOST_VALUES, dotted, show

Path_ = tuple[Any, ...]
Settings = Mapping[str, Any]


class Fixed(dict[Any, Any]):
    """A mapping that cannot be changed, so that what was checked cannot become something unchecked."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise UsageError('a scenario stays as it is; scenario.with_({"wip_limit": 8}) gives another one')

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> Any:
        return type(self), (dict(self),)


def fix(part: Any) -> Any:
    """`part` with every mapping in it made unchangeable; for parts that the caller has just made."""
    if isinstance(part, Part):
        for name in type(part).model_fields:
            part.__dict__[name] = fix(part.__dict__[name])
        return part
    if type(part) is dict:  # what derives from it knows more than its entries
        return Fixed({key: fix(value) for key, value in part.items()})
    return tuple(fix(entry) for entry in part) if type(part) is tuple else part


def plain(value: Any) -> Any:
    """`value` as a file would have it: dictionaries, lists and scalars; what no file could have stays, for the checks to refuse."""
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(entry) for entry in value]
    if isinstance(value, str):
        return str(value)  # also what derives from it
    if isinstance(value, np.datetime64 | dt.date):
        date = instant(value)
        return value if date is None else written(date)
    for unpack in ("document", "tolist", "to_list", "__fspath__"):
        if hasattr(value, unpack) and not isinstance(value, type):
            return plain(getattr(value, unpack)())
    return value


_KEYS = (str, int, float, bool, type(None), dt.date, np.generic)
"""What a key may be: a text, or what a file would have as one, such as the moments of a timetable."""


def content_of(mapping: Any, name: str) -> dict[str, Any]:
    """The document in a mapping, within the limits of a file. Raises ScenarioError; `name` stands for the file."""
    if not isinstance(mapping, Mapping):
        raise ScenarioError([Fault(name, 0, 0, "", show(mapping), "a mapping with demand, steps and teams")])
    faults: list[Fault] = []
    _look(mapping, (), name, faults, [0])
    if faults:
        raise ScenarioError(faults)
    content: dict[str, Any] = plain(mapping)
    return content


def _look(value: Any, path: Path_, name: str, faults: list[Fault], count: list[int]) -> None:
    """Refuse what would block the reader or cannot be shown: depth, size, keys that are no texts, lone surrogates."""
    count[0] += 1
    if len(path) > DEEPEST:
        raise ScenarioError([*faults, Fault(name, 0, 0, dotted(path), "", f"at most {DEEPEST} levels of nesting")])
    if count[0] > MOST_VALUES:
        raise ScenarioError([*faults, Fault(name, 0, 0, dotted(path), "more", f"at most {MOST_VALUES:,} keys and values")])
    if isinstance(value, str) and not is_text(value):
        faults.append(Fault(name, 0, 0, dotted(path), ascii(value)[:60], "printable text"))
    if isinstance(value, Mapping):
        for key, entry in value.items():
            if not isinstance(key, _KEYS) or (isinstance(key, str) and not is_text(key)):
                faults.append(Fault(name, 0, 0, dotted(path), ascii(key)[:60], "a text as the key"))
            else:
                _look(entry, (*path, key), name, faults, count)
    elif isinstance(value, list | tuple | range):
        for index, entry in enumerate(value):
            _look(entry, (*path, index), name, faults, count)


def is_text(text: str) -> bool:
    """Whether a text can be written anywhere: it has no halves of letters (lone surrogates)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def pairs(settings: Any) -> list[tuple[str, Any]]:
    """Settings as (path, value), from a mapping or from pairs. Raises UsageError for anything else."""
    entries = settings.items() if isinstance(settings, Mapping) else settings
    try:
        entries_given = [(path, value) for path, value in entries]
    except (TypeError, ValueError):
        raise UsageError(f'settings: got {settings!r}, expected paths with values, as in {{"wip_limit": 8}}') from None
    for path, _ in entries_given:
        if not isinstance(path, str):
            raise UsageError(f'settings: got the path {path!r}, expected a text such as "teams.testers.people"')
    return [(path, value if isinstance(value, str) else plain(value)) for path, value in entries_given]

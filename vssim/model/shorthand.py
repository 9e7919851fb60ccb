"""Short forms of the scenario file, written out: what a workshop table writes, and what everything after it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vssim.model.distributions import KINDS
from vssim.model.faults import Path


def expand(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with its short forms written out; what is not in short form stays as it is, faults included.

    `steps: {ux: 1}` means `{ux: {work: 1}}`; `teams: {qa+dev: 2}` means `{qa+dev: {people: 2, does: [qa, dev]}}`; a change
    that is a list means `{levers: […]}`.
    """
    expanded = dict(document)
    for section, write_out in (("steps", _step), ("teams", _team), ("changes", _change)):
        inside = document.get(section)
        if isinstance(inside, Mapping):
            expanded[section] = {name: write_out(name, value) for name, value in inside.items()}
    return expanded


def as_written(document: Mapping[str, Any], path: Path) -> Path:
    """Where the value at `path` of the written-out form stands in `document`, the form the file has.

    `document` is the file's own; the answer is a path of it, the whole entry where a short form has no place for less.
    """
    if len(path) < 3 or not isinstance(document.get(str(path[0])), Mapping):
        return path
    section, name = str(path[0]), path[1]
    value = document[section].get(name)
    if section == "steps" and _is_work(value):
        return (section, name, *path[3:]) if path[2] == "work" else path[:2]
    if section == "teams" and _is_headcount(value):
        return path[:2]
    if section == "changes" and isinstance(value, list | tuple):
        return (section, name, *path[3:]) if path[2] == "levers" else path[:2]
    return path


def _is_work(value: Any) -> bool:
    if isinstance(value, Mapping):
        return len(value) == 1 and next(iter(value)) in KINDS
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _is_headcount(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _step(_: Any, value: Any) -> Any:
    return {"work": value} if _is_work(value) else value


def _team(name: Any, value: Any) -> Any:
    return {"people": value, "does": str(name).split("+")} if _is_headcount(value) else value


def _change(_: Any, value: Any) -> Any:
    return {"levers": list(value)} if isinstance(value, list | tuple) else value

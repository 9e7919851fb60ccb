"""Dotted paths into a scenario document: steps.test.wip_limit, teams.testers.people, changes.by hand.levers.0.limit_wip.stream.

A path goes by the keys of the file, with short forms written out, and into a list by index. A list of one is its element,
both ways: `steps.test.returns.chance` and `steps.test.returns.0.chance` are the same, whichever way the file has it; likewise
`teams.testers.people` and `teams.testers.people.0.count`. `none` takes a key out, so that its default counts (no limit, for
limits); inside levers, where "no limit" and "leave it" differ, it is a value like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vssim.errors import nearest

NAMED = ("demand", "steps", "teams", "limits", "changes")
"""Sections whose entries bear names of the author's own; a path may not invent one by mistake."""

_GONE: Any = object()
"""Takes the place of a value that is taken out."""

Keys = tuple[str, ...]


class PathFault(ValueError):
    """A path that leads nowhere. `missing` is true when it names a step, team, type or change that does not exist."""

    def __init__(self, path: str, expected: str, near: str = "", *, missing: bool = False) -> None:
        super().__init__(f"{path}: expected {expected}")
        self.path = path
        self.expected = expected
        self.near = near
        self.missing = missing


def put(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A new document with `value` at `path`; `document` (written out) stays as it is. Raises PathFault."""
    keys = _keys(document, path, value)
    in_lever = keys[0] == "changes" and "levers" in keys[2:3]
    taken_out = (value is None or value == "none") and not in_lever
    changed: dict[str, Any] = _put(dict(document), keys, _GONE if taken_out else value, path)
    return changed


def get(document: Mapping[str, Any], path: str) -> Any:
    """The value at `path`, None where its default counts. Raises PathFault where the path leads nowhere."""
    node: Any = document
    for key in _keys(document, path, _GONE):
        node = _child(node, key, path)
    return node


def _keys(document: Mapping[str, Any], path: str, value: Any) -> Keys:
    """`path` cut at its dots and led to where the document has its value."""
    keys = tuple(str(path).split("."))
    if not all(key.strip() for key in keys):
        raise PathFault(path, "keys of the file with dots between them, as in steps.develop.wip_limit")
    if keys[0] in NAMED and len(keys) > 1:
        names = document.get(keys[0])
        known = [str(name) for name in names] if isinstance(names, Mapping) else []
        if keys[1] not in known and not (len(keys) == 2 and isinstance(value, Mapping)):
            sort = {"demand": "an item type", "steps": "a step", "teams": "a team", "limits": "a limit", "changes": "a change"}[
                keys[0]
            ]
            listed = f" ({', '.join(known)})" if known else ""
            raise PathFault(path, f"{sort} of the file{listed}", nearest(keys[1], known), missing=True)
    if keys[0] == "teams" and len(keys) > 2:
        team = document["teams"][keys[1]]
        return (*keys[:2], *_people_keys(team, keys[2:], path, value)) if isinstance(team, Mapping) else keys
    if keys[0] == "changes" and "set" in keys:
        cut = keys.index("set") + 1
        return (*keys[:cut], ".".join(keys[cut:])) if keys[cut:] else keys
    return keys


def _people_keys(team: Mapping[str, Any], keys: Keys, path: str, value: Any) -> Keys:
    """Where `people`, `does` and `helps` of a team stand: beside each other for one craft, in a list for several."""
    people = team.get("people")
    if isinstance(people, list | tuple):
        if keys == ("people",) and not isinstance(value, list | tuple) and value is not None:
            if len(people) != 1:
                raise PathFault(path, f"one of its {len(people)} crafts, as in {path}.0.count")
            return ("people", "0", "count")
        return ("people", "0", *keys) if keys[0] in ("does", "helps") and len(people) == 1 else keys
    if keys[0] == "people" and len(keys) > 1:
        inside = keys[2:] if keys[1] == "0" else keys[1:]
        return ("people",) if inside == ("count",) else inside or keys
    return keys


def _put(node: Any, keys: Keys, value: Any, path: str) -> Any:
    """`node` with `value` at `keys` below it."""
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(node, list | tuple) and not _are_skills(node, key, path):
        return _put_in_list(node, keys, value, path)
    inside = _as_mapping(node, key, path)
    if key == "0" and "0" not in inside:
        return _put(inside, rest, value, path)
    if key not in inside and value is _GONE:
        return inside
    return _without_gone({**inside, key: _put(inside.get(key), rest, value, path)})


def _put_in_list(node: list[Any] | tuple[Any, ...], keys: Keys, value: Any, path: str) -> list[Any]:
    position = _position(node, keys[0])
    if position is None:
        return [_put(_only(node, keys[0], path), keys, value, path)]
    changed = _put(node[position], keys[1:], value, path)
    return [*node[:position], *([] if changed is _GONE else [changed]), *node[position + 1 :]]


def _without_gone(inside: dict[Any, Any]) -> dict[Any, Any]:
    return {key: entry for key, entry in inside.items() if entry is not _GONE}


def _child(node: Any, key: str, path: str) -> Any:
    if isinstance(node, list | tuple) and not _are_skills(node, key, path):
        position = _position(node, key)
        return _child(_only(node, key, path), key, path) if position is None else node[position]
    inside = _as_mapping(node, key, path)
    return inside if key == "0" and "0" not in inside else inside.get(key)


def _position(node: list[Any] | tuple[Any, ...], key: str) -> int | None:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 10 and int(key) < len(node) else None


def _only(node: list[Any] | tuple[Any, ...], key: str, path: str) -> Any:
    """The one entry of a list that a path goes through without saying so."""
    if len(node) != 1:
        raise PathFault(path, f"a position from 0 to {len(node) - 1} for {key!r}" if node else "a list with entries")
    if key.isascii() and key.isdigit():
        raise PathFault(path, f"position 0, the only one there is, for {key!r}")
    return node[0]


def _are_skills(node: list[Any] | tuple[Any, ...], key: str, path: str) -> bool:
    return _holds_skills(path) and _position(node, key) is None and all(isinstance(entry, str) for entry in node)


def _as_mapping(node: Any, key: str, path: str) -> dict[Any, Any]:
    """A place that further keys can stand in: a mapping, nothing yet, or a short form of a mapping (names of skills, a lever)."""
    if node is None:
        return {}
    if isinstance(node, Mapping):
        return dict(node)
    if isinstance(node, list | tuple):
        return dict.fromkeys(node, 1)
    if isinstance(node, str) and _holds_skills(path):
        return {node: 1}
    if node == key:
        return {node: {}}
    raise PathFault(path, f"a path that ends before {key!r}: there is a value, {node!r}")


def _holds_skills(path: str) -> bool:
    return ".does." in path or ".helps." in path

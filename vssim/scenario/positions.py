"""Positions: which line and column of which file each path of a scenario was written at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vssim.yaml import Node

Path_ = tuple[Any, ...]


@dataclass(frozen=True)
class Place:
    """Where something stands: file, and line and column of its key and of its value, counted from 1."""

    file: str
    key: tuple[int, int]
    value: tuple[int, int]


Places = Mapping[Path_, Place]


def places(document: Any, node: Node, file: str) -> dict[Path_, Place]:
    """The place of every path of a document with its short forms written out.

    Where the file has no such path (a short form was written out), the nearest value around it counts.
    """
    by_path: dict[Path_, Place] = {}
    _collect(document, (), node, Place(file, (node.line, node.column), (node.line, node.column)), by_path)
    return by_path


def place_of(places: Places, path: Path_) -> Place | None:
    """The place of `path`, or of the nearest thing around it that has one."""
    for length in range(len(path), -1, -1):
        if path[:length] in places:
            return places[path[:length]]
    return None


def child(content: Any, key: Any) -> Any:
    """The entry of a mapping or list, None where it has no such entry."""
    if isinstance(content, Mapping):
        return content.get(key)
    if isinstance(content, list | tuple) and isinstance(key, int) and 0 <= key < len(content):
        return content[key]
    return None


def settled(content: Any, path: Path_) -> Path_:
    """`path` as `content` has it: without the position where a list of one is written without its list, names in lists by index."""
    elements: list[Any] = []
    for element in path:
        if isinstance(content, Mapping) and isinstance(element, int) and element not in content:
            continue
        if isinstance(content, str | int | float):
            continue  # a name that stands for a list of one
        if isinstance(content, list) and isinstance(element, str) and element in content:
            elements.append(content.index(element))
        else:
            elements.append(element)
        content = child(content, elements[-1])
    return tuple(elements)


def _collect(document: Any, path: Path_, node: Node, place: Place, by_path: dict[Path_, Place]) -> None:
    by_path[path] = place
    if isinstance(document, Mapping):
        entries: Any = document.items()
    elif isinstance(document, list | tuple):
        entries = enumerate(document)
    else:
        return
    for element, value in entries:
        inner = _inside(node, element)
        if inner is None:
            _collect(value, (*path, element), node, place, by_path)
        else:
            below, key = inner
            _collect(value, (*path, element), below, Place(place.file, key, (below.line, below.column)), by_path)


def _inside(node: Node, element: Any) -> tuple[Node, tuple[int, int]] | None:
    """The node and key place of one element of a node; None when the file has no such element there."""
    if isinstance(node.value, dict) and element in node.value:
        return node.value[element], node.keys[element]
    if isinstance(node.value, list):
        if isinstance(element, int) and not isinstance(element, bool) and 0 <= element < len(node.value):
            below = node.value[element]
            return below, (below.line, below.column)
        for below in node.value:
            if below.value == element:
                return below, (below.line, below.column)
    return None

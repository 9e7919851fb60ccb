"""Faults: what pydantic finds in a document, said as errors.Fault says it: place, path, value, expectation, nearest name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from vssim.errors import Fault, nearest
from vssim.scenario.documents import Document
from vssim.scenario.fields import description, known_keys
from vssim.yaml import show

Path_ = tuple[Any, ...]

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
"""A number as people group its digits."""

UNKNOWN, MISSING, WRONG = "unknown", "missing", "wrong"
"""Kinds of findings: a key that the schema does not have, one that it demands, a value that cannot be."""


@dataclass(frozen=True)
class Finding:
    """One finding: the path in the document, its kind, and what a fault says about it."""

    path: Path_
    kind: str
    value: str
    expected: str
    near: str = ""

    def at(self, path: Path_) -> Finding:
        """The same finding at another path."""
        return replace(self, path=path)

    def fault(self, document: Document) -> Fault:
        """The finding as a fault with its place in the file."""
        written = self.value.strip("'")
        without = f"; written without commas: {written.replace(',', '')}" if _GROUPED.fullmatch(written) else ""
        return document.fault(self.path, self.value, self.expected + without, self.near, at_key=self.kind == UNKNOWN)


def findings(root: type[BaseModel], error: ValidationError, content: Any) -> list[Finding]:
    """What an error of the schema says about `content`, each thing once."""
    every = [_finding(root, detail, content) for detail in error.errors(include_url=False)]
    said = [finding for finding, in_union in every if not (in_union and _has_below(finding.path, every))]
    typos = {(*finding.path[:-1], finding.near) for finding in said if finding.kind == UNKNOWN and finding.near}
    best: dict[Path_, Finding] = {}
    for finding in said:
        if finding.kind == MISSING and finding.path in typos:
            continue  # it is there, misspelt
        known = best.get(finding.path)
        if known is None or (known.near == "" and finding.near != "") or known.expected in _VAGUE:
            best[finding.path] = finding
    return list(best.values())


def _has_below(path: Path_, every: list[tuple[Finding, bool]]) -> bool:
    """True when another finding names a fault inside the value at `path`, and so says it more exactly."""
    return any(len(other.path) > len(path) and other.path[: len(path)] == path for other, _ in every)


def _finding(root: type[BaseModel], detail: Any, content: Any) -> tuple[Finding, bool]:
    kind = {"extra_forbidden": UNKNOWN, "missing": MISSING}.get(detail["type"], WRONG)
    path, tagged = _path(detail["loc"], content, kind)
    if kind == UNKNOWN:
        known = known_keys(root, path[:-1])
        taken = _keys_at(content, path[:-1])
        near = nearest(str(path[-1]), [key for key in known if key not in taken]) or nearest(str(path[-1]), known)
        return Finding(path, kind, "an unknown key", f"one of {', '.join(known)}", near), False
    if kind == MISSING:
        about = description(root, path)
        return Finding(path, kind, "", f"{about or 'a value'}; it is missing"), False
    context = detail.get("ctx", {})
    if detail["type"] == "expected":
        return Finding(path, kind, show(context.get("got", detail["input"])), context["text"], context.get("near", "")), tagged
    expected = _KEY if detail["loc"][-1:] == ("[key]",) else _expectation(detail, known_keys(root, path))
    near = nearest(detail["input"], _choices(detail)) if isinstance(detail["input"], str) else ""
    return Finding(path, kind, show(detail["input"]), expected, near), tagged


def _path(loc: Sequence[Any], content: Any, kind: str) -> tuple[Path_, bool]:
    """The elements of pydantic's location that the document has, and whether others stood between them."""
    path: list[Any] = []
    skipped = False
    for position, element in enumerate(loc):
        key = _match(content, element)
        if key is not _NOTHING:
            path.append(key)
            content = content[key]
        elif kind == MISSING and position == len(loc) - 1:
            path.append(element)
        elif element != "[key]":
            skipped = skipped or not isinstance(element, int)
    return tuple(path), skipped


_NOTHING: Any = object()


def _match(content: Any, element: Any) -> Any:
    """The key or index by which `content` has `element`."""
    if isinstance(content, Mapping):
        if isinstance(element, str) and element in content:
            return element
        # a key `true` is told as 1, which it equals
        return next((key for key in content if not isinstance(key, str) and (key == element or str(key) == str(element))), _NOTHING)
    if isinstance(content, list | tuple) and isinstance(element, int) and 0 <= element < len(content):
        return element
    return _NOTHING


def _keys_at(content: Any, path: Path_) -> list[str]:
    for element in path:
        content = content[element]
    return [str(key) for key in content]


_VAGUE = ("a list", "a mapping")

_KEY = "a text as the key; put it in quotes"

_EXPECTATIONS = {
    "string_type": "a text; put it in quotes",
    "invalid_key": _KEY,
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "too_short": "at least one entry",
}


def _expectation(detail: Any, keys: list[str]) -> str:
    kind = detail["type"]
    if kind in ("model_type", "model_attributes_type") and keys:
        return f"a mapping with some of {', '.join(keys)}"
    if kind in ("literal_error", "enum"):
        return f"one of {', '.join(_choices(detail))}"
    return _EXPECTATIONS.get(kind) or str(detail["msg"])


def _choices(detail: Any) -> list[str]:
    """The names that a choice allows, which pydantic lists as text."""
    text = str(detail.get("ctx", {}).get("expected", ""))
    return [name.strip().strip("'") for name in text.replace(" or ", ", ").split(",") if name.strip()]

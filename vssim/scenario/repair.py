"""Repair: a faulty document is made readable, so that all its faults can be named at once.

Nothing repaired is ever run. An impossible value is replaced by a harmless one of its kind, a misspelt key by the right one, so
that later checks see what the author most likely meant, and do not complain about the repair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vssim.model.changes import BASELINE
from vssim.model.history import Past
from vssim.scenario.faults import MISSING, UNKNOWN, Finding
from vssim.scenario.lost import SECTIONS, substitute
from vssim.scenario.positions import child

Path_ = tuple[Any, ...]

_REMOVED: Any = object()
"""Takes the place of entries of lists, so that the entries after them keep their numbers until the list is read."""


class Repair:
    """A document under repair."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content: Any = _copy(content)
        self._attempts: dict[Path_, int] = {}
        self._removed: set[Path_] = set()
        self._thinned: set[Path_] = set()
        """lists from which entries were removed"""
        self.hopeless = False
        """true when so much is missing that nothing more can be said"""
        self.lost: set[str] = set()
        """sections of which nothing can be read"""

    @property
    def content(self) -> dict[str, Any]:
        """The document as it is now."""
        cleaned: dict[str, Any] = _cleaned(self._content)
        return cleaned

    def original(self, path: Path_) -> Path_:
        """The path in the file of what is at `path` in the repaired document."""
        content = self._content
        elements: list[Any] = []
        for element in path:
            key = element
            if tuple(elements) in self._thinned and isinstance(element, int):
                left = [index for index, entry in enumerate(content) if entry is not _REMOVED]
                key = left[element] if element < len(left) else element
            elements.append(key)
            content = child(content, key)
        return tuple(elements)

    def explains(self, path: Path_) -> bool:
        """True when what is wrong at `path` (of the file) may come from the repair alone."""
        return any(path[: len(done)] == done for done in self._attempts) or any(gone[:-1] == path for gone in self._removed)

    def touched(self, path: Path_) -> bool:
        """True when something at or below `path` (of the file) is not what the file says."""
        return any(done[: len(path)] == path for done in self._attempts)

    def mend(self, finding: Finding) -> None:
        """Make the place of a finding (a path of the file) readable, with a rougher repair at every attempt."""
        path = finding.path
        attempt = self._attempts.get(path, 0)
        self._attempts[path] = attempt + 1
        if not path:
            self.hopeless = True
        elif len(path) == 1 and path[0] in SECTIONS:
            self.hopeless = attempt > 0
            self.lost.add(path[0])
            steps = self._content.get("steps")
            self._put(path, substitute(path[0], self._skills(), map(str, steps) if isinstance(steps, Mapping) else ()))
        elif finding.kind == UNKNOWN and attempt == 0:
            self._rename(path, finding.near)
        elif path[0] in ("claims", "sources", "sliders", "rounds") and len(path) < 3:
            self._remove(path)
        elif attempt == 0 or (finding.kind == MISSING and attempt == 1):
            self._put(path, self._harmless(path))
        elif attempt == 1:
            self._remove(path)
        elif len(path) > 1:
            above = path[:-1]
            self._attempts[above] = self._attempts.get(above, 0) + 1
            self._put(above, self._harmless(above)) if len(above) == 2 else self._remove(above)

    def _harmless(self, path: Path_) -> Any:
        """A value that hardly any place refuses and that causes no other fault."""
        if len(path) == 2 and path[0] in ("demand", "steps", "teams", "limits", "changes"):
            team = {"people": 1, "does": self._skills()}
            return {"demand": {"every": 1}, "steps": {"work": 1}, "teams": team, "limits": _REMOVED, "changes": {}}[path[0]]
        if path[0] == "changes" and len(path) == 4:
            return _REMOVED
        if path[0] == "claims":
            return {"metric": "throughput", "change": BASELINE, "against": BASELINE}.get(str(path[-1]), 1)
        if path[0] == "rounds":
            return {"minutes": 1, "chart": "progress", "change": BASELINE, "against": BASELINE}.get(str(path[2]), "throughput")
        special = {"wip_limit": "none", "most": "none", "does": self._skills(), "to": path[1] if len(path) > 1 else "", "chance": 0}
        return special.get(path[-1], 0 if len(path) > 1 and path[-2] in ("skips", "stops") else 1)

    def _skills(self) -> list[str]:
        """Every step, and whatever is needed from somebody: what a team does whose skills cannot be read."""
        steps = self._content.get("steps")
        skills: dict[str, None] = {}
        for name, step in steps.items() if isinstance(steps, Mapping) else ():
            skills[str(name)] = None
            needs = step.get("needs") if isinstance(step, Mapping) else None
            for need in needs if isinstance(needs, list) else [needs]:
                if isinstance(need, Mapping) and isinstance(need.get("from"), str):
                    skills[need["from"]] = None
        return list(skills)

    def _rename(self, path: Path_, near: str) -> None:
        holder = self._holder(path)
        if not isinstance(holder, dict) or path[-1] not in holder:
            return
        value = holder.pop(path[-1])
        if near and near not in holder:
            holder[near] = value
            self._attempts[*path[:-1], near] = 0

    def _put(self, path: Path_, value: Any) -> None:
        if value is _REMOVED:
            self._thinned.add(path[:-1])
        holder = self._holder(path)
        if isinstance(holder, dict) or (isinstance(holder, list) and isinstance(path[-1], int) and path[-1] < len(holder)):
            holder[path[-1]] = value

    def _remove(self, path: Path_) -> None:
        self._removed.add(path)
        holder = self._holder(path)
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
        else:
            self._put(path, _REMOVED)

    def _holder(self, path: Path_) -> Any:
        content = self._content
        for element in path[:-1]:
            content = child(content, element)
        return content


def _copy(content: Any) -> Any:
    if isinstance(content, Past):
        return content
    if isinstance(content, Mapping):
        return {key: _copy(value) for key, value in content.items()}
    if type(content) in (list, tuple):  # what derives from them knows more than its entries
        return [_copy(value) for value in content]
    return content


def _cleaned(content: Any) -> Any:
    if type(content) is dict:
        return {key: _cleaned(value) for key, value in content.items() if value is not _REMOVED}
    if type(content) is list:
        return [_cleaned(value) for value in content if value is not _REMOVED]
    return content

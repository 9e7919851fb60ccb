"""Sections of a document that are missing or cannot be read at all, and what can be said of the others nevertheless.

A lost section is replaced by the least that a scenario needs, so that the rest can be checked. What the rest says about a lost
section cannot be judged: such faults are left out, whichever way they would speak.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from vssim.model.faults import ModelFault, Path

SECTIONS = ("demand", "steps", "teams")
"""The sections without which there is no scenario."""


def substitute(section: str, skills: Iterable[str], steps: Iterable[str]) -> dict[str, Any]:
    """The least content of a lost section: one item type with work at all `steps`, one step, or one team with all `skills`."""
    if section == "demand":
        return {"item": {"every": 1, "work": dict.fromkeys(steps, 1)}}
    return {"step": {"work": 1}} if section == "steps" else {"team": {"people": 1, "does": list(skills) or ["step"]}}


_DECIDED_BY: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("demand", "*", "parts"), ("demand",)),
    (("demand", "*", "defects"), ("demand",)),
    (("demand",), ("demand", "steps")),
    (("steps", "*", "returns", "*", "to"), ("steps",)),
    (("steps", "*", "needs", "*", "from"), ("steps", "teams")),
    (("steps",), SECTIONS),
    (("teams",), ("steps", "teams")),
    (("limits", "*", "for"), ("demand",)),
    (("limits",), ("steps",)),
    (("handoffs",), ("steps",)),
    (("clocks",), ("steps",)),
    (("committed",), ("steps",)),
    (("headline",), SECTIONS),
    (("claims", "*", "metric"), SECTIONS),
    (("rounds", "*", "reveal"), SECTIONS),
)
"""By the beginning of a fault's path, * for anything, the sections that decide whether there is this fault; the first counts."""


def can_be_judged(fault: ModelFault, lost: Collection[str]) -> bool:
    """Whether a fault speaks of nothing that is lost."""
    if not lost:
        return True
    if fault.path[0] == "sliders":
        return str(fault.value).partition(".")[0] not in lost
    decided_by = next((sections for begin, sections in _DECIDED_BY if _begins(fault.path, begin)), ())
    return not set(lost) & set(decided_by)


def _begins(path: Path, begin: tuple[str, ...]) -> bool:
    return len(path) >= len(begin) and all(key in ("*", part) for key, part in zip(begin, path, strict=False))

"""The reading: all decisions on how an export is read, as a small YAML file that people can edit and use for the next import."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vssim import yaml
from vssim.errors import Fault, ScenarioError, nearest
from vssim.tracker.decisions import Decision

KEYS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "kind": (str, "which reader"),
    "zone": (str, "the zone of stamps without one, and in which days begin"),
    "dates": (str, "d/m/y or m/d/y, where the file alone does not tell"),
    "heads": (dict, "which column of the file says what: id, created, started, closed"),
    "start": (str, "what starts an item of GitHub: label:NAME, column:NAME, ready for review, created"),
    "convention": (str, "whether a board's dates are those of the first or the last entry"),
    "same": (dict, "statuses that are one step: {status: column}"),
    "columns": (list, "the columns in the order in which work passes them"),
    "started": (str, "the column from which on an item is started"),
    "queues": (list, "columns in which work waits"),
    "queue_of": (dict, "which column takes from a queue: {queue: column}"),
    "done": (list, "columns in which work is done"),
    "dropped": (list, "statuses and resolutions that mean: will not be done"),
    "calendar": (dict, "working_days, holidays, hours, zone, as in a scenario"),
}
"""The keys of a reading: type, meaning."""

READING = yaml.Sort("a reading", "the decisions by which an export is read")


def load(path: Path) -> dict[str, Any]:
    """The decisions of a reading file. Raises an error with every fault at once."""
    node, faults = yaml.parse(yaml.read_text(path, READING), str(path), READING)
    content, known = node.plain(), list(KEYS)
    for key, value in content.items():
        line, column = node.keys.get(key, (0, 0))
        if key not in KEYS:
            faults.append(Fault(str(path), line, column, str(key), "", f"one of {', '.join(known)}", nearest(str(key), known)))
        elif value is not None and not isinstance(value, KEYS[key][0]) and not (KEYS[key][0] is list and isinstance(value, str)):
            kind = {str: "a text", list: "a list", dict: "a mapping"}[KEYS[key][0]]  # type: ignore[index]
            faults.append(Fault(str(path), line, column, str(key), repr(value)[:60], f"{kind}: {KEYS[key][1]}"))
    if faults:
        raise ScenarioError(faults)
    return {key: value for key, value in content.items() if value is not None}


def checked(content: Mapping[str, Any]) -> dict[str, Any]:
    """Decisions given as a mapping, checked; raises UsageError with every unknown key at once."""
    faults = [
        Fault("reading", 0, 0, str(key), "", f"one of {', '.join(KEYS)}", nearest(str(key), KEYS))
        for key in content
        if key not in KEYS
    ]
    if faults:
        raise ScenarioError(faults)
    return dict(content)


def written(decisions: Mapping[str, Decision], calendar: Mapping[str, Any]) -> str:
    """The reading as YAML: each decision with its reason as a comment."""
    lines = [
        "# How this board's exports are read. Edit what is not so; next month: vssim import NEW-FILE --reading THIS-FILE",
    ]
    for key, (_, meaning) in KEYS.items():
        if key == "calendar":
            continue
        decision = decisions.get(key)
        if decision is not None and decision.value not in (None, {}):
            lines += ["", f"# {key}: {meaning}", f"# why: {decision.why}", yaml.write({key: _plain(decision.value)}).rstrip()]
    lines += ["", f"# calendar: {KEYS['calendar'][1]}", yaml.write({"calendar": dict(calendar)}).rstrip()]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value

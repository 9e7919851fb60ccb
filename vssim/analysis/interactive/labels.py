"""Titles: what a setting is called in a room, and the unit of its values."""

from __future__ import annotations

from collections.abc import Mapping

from vssim.language import t
from vssim.scenario import Scenario
from vssim.scenario.settable import Setting

TITLES: Mapping[str, str] = {
    "wip_limit": "Whole stream: WIP limit",
    "limits.*.most": "{name}: most items",
    "discipline": "What comes first",
    "steps.*.wip_limit": "{name}: WIP limit",
    "steps.*.work": "{name}: work on an item",
    "steps.*.wait": "{name}: how long it takes",
    "steps.*.gate.every": "{name}: open every",
    "steps.*.gate.most": "{name}: most at a time",
    "steps.*.returns.chance": "{name}: sent back",
    "steps.*.returns.work": "{name}: work on what was sent back",
    "steps.*.needs.chance": "{name}: how often it needs {other}",
    "steps.*.needs.work": "{name}: work for {other}",
    "steps.*.needs.wait": "{name}: wait for {other}",
    "steps.*.needs.delay": "{name}: time until {other} can begin",
    "steps.*.needs.parks": "{name}: shelved while it waits for {other}",
    "steps.*.needs.gate.every": "{name}: {other} meets every",
    "teams.*.people": "{name}: people",
    "teams.*.people.count": "{name}: people who do {other}",
    "teams.*.wip_limit": "{name}: WIP limit of the team",
    "teams.*.multitasking": "{name}: open items a person",
    "teams.*.switching_cost": "{name}: time lost by switching",
    "teams.*.meetings": "{name}: time in meetings",
    "teams.*.coordination": "{name}: pace lost per colleague",
    "teams.*.pull": "{name}: what is started first",
    "teams.*.drift.cv": "{name}: better and worse times",
    "handoffs.batch": "Handoffs: batch",
    "handoffs.wait_at_most": "Handoffs: a batch waits at most",
    "handoffs.delay": "Handoffs: delay",
    "handoffs.relearning": "Handoffs: work to learn it again",
    "handoffs.setup": "Handoffs: setup of a batch",
    "handoffs.into.*.batch": "Handoffs to {name}: batch",
    "handoffs.into.*.wait_at_most": "Handoffs to {name}: a batch waits at most",
    "handoffs.into.*.delay": "Handoffs to {name}: delay",
    "handoffs.into.*.setup": "Handoffs to {name}: setup of a batch",
    "demand.*.every": "{name}: a new one every",
    "demand.*.batch": "{name}: how many come at a time",
    "demand.*.backlog": "{name}: how many there are",
    "demand.*.due": "{name}: due after",
    "demand.*.size": "{name}: size",
    "demand.*.priority": "{name}: priority, 1 first",
    "demand.*.wip_limit": "{name}: WIP limit of the type",
    "demand.*.outcome.right": "{name}: right for the customer",
    "demand.*.defects.chance": "{name}: comes back as a defect",
}
"""By path, with `*` for a name and without positions in lists: how the setting is called. What is not here, the schema says."""

UNITS: Mapping[str, str] = {"limit": "items", "people": "people", "time": "{unit}s"}
"""By kind of setting."""

TIMES = ("every", "work", "wait", "delay", "setup", "after", "due")
"""Keys whose distributions are times."""


def title(scenario: Scenario, setting: Setting) -> str:
    """What a setting is called, in words that a room understands."""
    path = of_file(setting.path)
    if path is None:
        return _said(setting)
    pattern, name = _pattern(path)
    text = TITLES.get(pattern)
    if text is None:
        return f"{_upper(name)}: {t(setting.description)}" if name else _said(setting)
    return t(text).format(name=_upper(name), other=_other(scenario, path))


def place(path: str) -> str:
    """What is called so at a path that no setting is at, for nobody would move it; '' for what has no words."""
    pattern, name = _pattern(path)
    text = TITLES.get(pattern, "")
    return "" if "{other}" in text else t(text).format(name=_upper(name))


def unit(scenario: Scenario, setting: Setting) -> str:
    """The unit of a setting's values, in the plural; '' for shares, words and plain numbers."""
    key = setting.path.rpartition(".")[2]
    if setting.kind in ("distribution", "duration"):
        return f"{scenario.unit}s" if key in TIMES else ""
    if setting.kind == "number" and key in ("multitasking", "open"):
        return "items a person"
    if setting.kind == "count" and "batch" in key:
        return "items"
    return UNITS.get(setting.kind, "").format(unit=scenario.unit)


def of_file(path: str) -> str | None:
    """The path of the organisation that a setting is about, also where a lever sets it; None for other parameters."""
    if not path.startswith("changes."):
        return path
    _, _, inside = path.partition(".set.")
    if inside:
        return inside
    _, lever, limited = path.partition(".limit_wip.")
    if not lever:
        return None
    section, _, name = limited.partition(".")
    return "wip_limit" if section == "stream" else f"{'demand' if section == 'types' else section}.{name}.wip_limit"


def _pattern(path: str) -> tuple[str, str]:
    """The path with `*` in the place of a name, and the name."""
    keys = [key for key in path.split(".") if not key.isdigit()]
    place = 2 if keys[:2] == ["handoffs", "into"] else 1 if keys[0] in ("demand", "steps", "teams") else None
    if place is None or len(keys) <= place:
        return ".".join(keys), ""
    name, keys[place] = keys[place], "*"
    return ".".join(keys), name


def _other(scenario: Scenario, path: str) -> str:
    """Who else a setting is about: whom a need asks, or the craft of some people of a team."""
    section, name, *keys = path.split(".") if "." in path else (path, "", "")
    position = int(keys[1]) if len(keys) > 1 and keys[1].isdigit() else 0
    if section == "steps" and keys[:1] == ["needs"]:
        need = scenario.steps[name].needs[position]
        return need.outside or need.from_ or ""
    if section == "teams" and keys[:1] == ["people"]:
        return ", ".join(scenario.teams[name].groups[position].does)
    return ""


def _said(setting: Setting) -> str:
    """The schema's description of a setting, in the language that is spoken."""
    return t(short(setting.description)) or setting.path.rpartition(".")[2].replace("_", " ")


def short(description: str) -> str:
    """What the schema says of a parameter, without its default, its unit, and explanations."""
    return _upper(description.partition(";")[0].partition(" [")[0].partition(": ")[0].strip())


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

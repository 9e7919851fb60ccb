"""How long, how often, with which luck: the settings of a scenario, with what a caller gives instead; and which changes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from vssim.errors import UnknownName, UsageError
from vssim.model.changes import BASELINE
from vssim.scenario import Scenario, with_parts
from vssim.scenario.mappings import plain
from vssim.workload.blueprint import ANYWAY


def adjusted(scenario: Scenario, **given: Any) -> Scenario:
    """The scenario with other settings: horizon, warmup, replications, seed; None keeps what it says."""
    _is_scenario(scenario)
    # A number that was read from a date would be written as that date again, which a setting by itself cannot understand.
    changed = {
        name: float(value) if isinstance(value, float) else plain(value) for name, value in given.items() if value is not None
    }
    if not changed:
        return scenario
    try:
        settings = type(scenario.run).model_validate({**scenario.run.model_dump(), **changed})
    except ValidationError as error:
        raise UsageError("\n".join(_sentence(fault, changed) for fault in error.errors())) from None
    if settings.warmup != "auto" and settings.warmup >= settings.horizon:
        raise UsageError(f"warmup: got {settings.warmup:g}, expected less than the horizon of {settings.horizon:g}")
    return with_parts(scenario, run=settings)


def _is_scenario(scenario: Any) -> None:
    if not isinstance(scenario, Scenario):
        raise UsageError(f"got {scenario!r}, expected a scenario; vssim.load reads one")


def _sentence(fault: Any, changed: dict[str, Any]) -> str:
    where = [str(part) for part in fault["loc"]] or list(changed)
    context = fault.get("ctx", {})
    return f"{', '.join(where)}: got {fault['input']!r}, expected {context.get('text', fault['msg'])}"


def change_named(scenario: Scenario, name: str | None) -> str | None:
    """The name of a change of the scenario; None for the baseline. UsageError with the nearest name for any other."""
    _is_scenario(scenario)
    if name is None or name == BASELINE:
        return None
    if name not in scenario.changes and name[:1] in "\"'" and name[:1] == name[-1:] and name[1:-1] in scenario.changes:
        return name[1:-1]  # a name with a comma that was quoted once more than the shell takes away
    if name not in scenario.changes:
        raise UnknownName("change", name, [BASELINE, *scenario.changes])
    return name


def is_withheld(scenario: Scenario) -> bool:
    """Whether what it says of changes is withheld: it was learned, and does not play its own past; unless it is wanted anyway."""
    return scenario.learned is not None and scenario.learned.verdict == "not" and not os.environ.get(ANYWAY)


def believed(scenario: Scenario, changes: Sequence[str | None]) -> None:
    """Withhold what-ifs of a scenario that was learned and does not play its own past; UsageError, unless it is wanted anyway."""
    told = scenario.learned
    if told is None or not is_withheld(scenario) or not any(name is not None for name in changes):
        return
    raise UsageError(f"{scenario.name}: {told.sentence}; so what it says of changes is withheld; --anyway shows it with that word")


def changes_named(scenario: Scenario, only: Sequence[str]) -> list[str]:
    """The changes to compare, in the order of the file: all, or only those named (the baseline is always there)."""
    wanted = {change_named(scenario, name) for name in only}
    return [name for name in scenario.changes if not only or name in wanted]

"""How long, how often, with which luck: the settings of a scenario, with what a caller gives instead; and which changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from vssim.errors import UnknownName, UsageError
from vssim.model.changes import BASELINE
from vssim.scenario import Scenario


def adjusted(scenario: Scenario, **given: Any) -> Scenario:
    """The scenario with other settings: horizon, warmup, replications, seed; None keeps what it says."""
    _is_scenario(scenario)
    changed = {name: value for name, value in given.items() if value is not None}
    if not changed:
        return scenario
    try:
        settings = type(scenario.run).model_validate({**scenario.run.model_dump(), **changed})
    except ValidationError as error:
        raise UsageError("\n".join(_sentence(fault, changed) for fault in error.errors())) from None
    if settings.warmup != "auto" and settings.warmup >= settings.horizon:
        raise UsageError(f"warmup: got {settings.warmup:g}, expected less than the horizon of {settings.horizon:g}")
    return scenario.model_copy(update={"run": settings})


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
    if name not in scenario.changes:
        raise UnknownName("change", name, [BASELINE, *scenario.changes])
    return name


def changes_named(scenario: Scenario, only: Sequence[str]) -> list[str]:
    """The changes to compare, in the order of the file: all, or only those named (the baseline is always there)."""
    wanted = {change_named(scenario, name) for name in only}
    return [name for name in scenario.changes if not only or name in wanted]

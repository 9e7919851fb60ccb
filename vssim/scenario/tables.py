"""Tables that a file names in place of a list of items, of absences, of what arrived: by our words and its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vssim.errors import Fault
from vssim.scenario.absence_tables import Absences
from vssim.scenario.history_tables import History
from vssim.scenario.item_tables import Items
from vssim.scenario.positions import Place
from vssim.scenario.table_reader import Path_


def with_tables(content: dict[str, Any], folder: Path, place: Callable[[Path_], Place], faults: list[Fault]) -> dict[str, Any]:
    """The document with every table of items, of the past or of absences in place of its file; files are relative to `folder`."""
    content = _with_absences(content, folder, place, faults)
    demand = content.get("demand")
    if not isinstance(demand, Mapping):
        return content
    read = {}
    for name, kind in demand.items():
        read[name] = kind
        if isinstance(kind, Mapping):
            for key, reader in (("items", Items), ("history", History)):
                if is_table(kind.get(key)):
                    table = reader(content, folder, faults, place, ("demand", name, key)).read(kind[key])
                    read[name] = {**read[name], key: table}
    return {**content, "demand": read}


def _with_absences(content: dict[str, Any], folder: Path, place: Callable[[Path_], Place], faults: list[Fault]) -> dict[str, Any]:
    """The document with every table of absences, of a team or of one of its groups, in place of its file."""

    def read(part: Any, path: Path_) -> Any:
        if not isinstance(part, Mapping):
            return part
        if is_table(part.get("absences")):
            reader = Absences(content, folder, faults, place, (*path, "absences"))
            part = {**part, "absences": reader.read(part["absences"])}
        groups = part.get("people")
        if isinstance(groups, list):
            part = {**part, "people": [read(group, (*path, "people", number)) for number, group in enumerate(groups)]}
        return part

    teams = content.get("teams")
    if not isinstance(teams, Mapping):
        return content
    return {**content, "teams": {name: read(team, ("teams", name)) for name, team in teams.items()}}


def is_table(value: Any) -> bool:
    """Whether a table stands where a list may: the name of a file, or a mapping with one."""
    return isinstance(value, str) or (isinstance(value, Mapping) and "file" in value)

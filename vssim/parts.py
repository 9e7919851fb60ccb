"""Parts of other packages: levers, distributions, metrics and readers that are found by their entry points, without a fork.

    [project.entry-points."vssim.levers"]
    hire_juggler = "circus:HireJuggler"

Each is held to the same checks as what comes with vssim; one that does not keep them is refused by name, with its package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, get_args

from vssim.errors import UsageError

Group = Literal["levers", "distributions", "metrics", "readers"]


@dataclass(frozen=True)
class Origin:
    """Where a part comes from."""

    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}".strip()


@cache
def _announced() -> dict[str, list[EntryPoint]]:
    announced = entry_points()
    return {group: list(announced.select(group=f"vssim.{group}")) for group in get_args(Group)}


def origins(group: Group) -> dict[str, Origin]:
    """The parts of a kind that other packages announce, by name, with their packages; nothing is loaded."""
    return {point.name: _origin(point) for point in _announced()[group]}


def _origin(point: EntryPoint) -> Origin:
    return Origin(point.dist.name, point.dist.version) if point.dist is not None else Origin("unknown package", "")


def load(group: Group, fault: Callable[[str, Any], str | None], taken: Iterable[str] = ()) -> dict[str, Any]:
    """The parts of a kind by name. UsageError for one that cannot be imported, takes a name that is there, or has a `fault`.

    `fault` says what was expected of the part of that name, None where nothing is wrong with it.
    """
    loaded: dict[str, Any] = {}
    for point in _announced()[group]:
        where = f"{point.name} (entry point vssim.{group} of {_origin(point)})"
        if point.name in loaded or point.name in set(taken):
            raise UsageError(f"{where}: expected a name that is not taken")
        if not point.name.isidentifier():
            raise UsageError(f"{where}: expected a name of letters, digits and _")
        try:
            part = point.load()
        except Exception as error:
            raise UsageError(f"{where}: cannot be imported ({type(error).__name__}: {error})") from error
        wrong = fault(point.name, part)
        if wrong:
            raise UsageError(f"{where}: got {_show(part)}, expected {wrong}")
        loaded[point.name] = part
    return loaded


def _show(part: Any) -> str:
    text = getattr(part, "__qualname__", None) or repr(part)
    return text if len(text) <= 60 else f"{text[:57]}…"

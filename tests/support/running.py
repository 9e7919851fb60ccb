"""Playing a scenario text in a test, and reading its log by column."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import polars

import vssim

if TYPE_CHECKING:
    from vssim.engines import Engine
    from vssim.play.run import Run

ENGINES = tuple(name for name in ("reference", "compiled") if find_spec(f"vssim.engines.{name}"))
"""The engines there are; every test of meaning runs on each of them."""


def text_of(document: dict[str, Any]) -> str:
    """A scenario document as text that `vssim.loads` reads (JSON is YAML)."""
    return json.dumps(document)


def play(scenario: str | dict[str, Any], engine: str, change: str | None = None, **options: Any) -> Run:
    """One run of a scenario given as text or document."""
    text = scenario if isinstance(scenario, str) else text_of(scenario)
    return vssim.simulate(vssim.loads(text), change=change, engine=cast("Engine", engine), **options)


def visits(run: Run, **only: Any) -> polars.DataFrame:
    """The visits of which every named column has the given value."""
    table = run.visits
    for column, value in only.items():
        table = table.filter(polars.col(column) == value)
    return table


def times(run: Run, column: str, **only: Any) -> list[Any]:
    """One column of the visits of which every named column has the given value, in the order of the log."""
    return visits(run, **only)[column].to_list()


def of_items(run: Run, column: str, **only: Any) -> list[Any]:
    """One column of the items of which every named column has the given value, in the order of the log."""
    table = run.items
    for name, value in only.items():
        table = table.filter(polars.col(name) == value)
    return table[column].to_list()

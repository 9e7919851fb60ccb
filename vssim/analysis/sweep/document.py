"""What programs are told of a sweep: its document, and the same as a table. These forms may grow, they do not change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vssim.analysis.compare.document import (
    FIGURES,
    DifferenceEntry,
    Entry,
    MetricEntry,
    baseline_check,
    compared_entry,
    difference_columns,
    difference_entry,
    metric_entry,
)
from vssim.analysis.sweep.choosing import Choice
from vssim.analysis.sweep.grid import Grid, is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import Sweep
from vssim.analysis.sweep.search import Search
from vssim.metrics import measure
from vssim.model.values import plain
from vssim.scenario.origins import Verdict as Check
from vssim.version import __version__

if TYPE_CHECKING:
    import polars


class AxisEntry(Entry):
    """An axis of the grid."""

    path: str = Field(description="path of the scenario file, or change")
    assumed: bool = Field(default=False, description="true where the organisation as it is has these values, too")
    values: list[Any] = Field(description="the values it takes, in order; null where there is no limit")


class SettingEntry(Entry):
    """A setting after its runs."""

    setting: dict[str, Any] = Field(description="value by path; null where there is no limit")
    replications: int = Field(ge=1, description="how often it was played")
    front: bool = Field(description="whether no other setting beats it in both the headline and throughput")
    unbeaten: bool | None = Field(
        default=None, description="whether no other surely beats it in one without being surely worse in the other (95 %)"
    )
    may_be_best: bool | None = Field(
        default=None,
        description="whether no other setting, nor as it is, surely beats it by the headline; null: fewer than 20 runs",
    )
    costs_at_most: float | None = Field(default=None, description="what choosing it costs at most against the best, as a share")
    metrics: dict[str, MetricEntry] = Field(description="by name, over (warmup, horizon]")
    differences: dict[str, DifferenceEntry] = Field(description="by metric: against the organisation as it is, pair by pair")


class SearchEntry(Entry):
    """How settings were searched for the best."""

    best: str = Field(description="the metric that is to be best")
    keep: list[str] = Field(description="what has to hold")
    setting: dict[str, Any] | None = Field(description="the best that was found; null where none keeps what has to hold")
    evaluated: int = Field(ge=0, description="settings that were played")
    grid: int = Field(ge=1, description="settings of the whole grid")
    unbeaten: list[dict[str, Any]] = Field(
        default=[], description="settings that cannot be told apart, the best mean first (paired Bonferroni, 95 %)"
    )
    costs_at_most: float | None = Field(
        default=None,
        description="how much worse than the best the first of them is at most, as a share (signed metrics: in the unit)",
    )
    replications: int | None = Field(default=None, description="of the settings that cannot be told apart")
    best_in: list[float] = Field(default=[], description="by setting in unbeaten: share of worlds in which it is the best of them")


class SweepDocument(Entry):
    """The result of `vssim sweep`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    unit: Literal["hour", "day", "week"] = Field(description="unit of every time")
    seed: int = Field(description="of all luck")
    horizon: int | float = Field(description="when a run ends")
    warmup: int | float = Field(description="from when on is measured, as resolved; the same for all settings")
    axes: list[AxisEntry] = Field(description="of the grid, in order")
    change: str | None = Field(default=None, description="the change in force in every setting")
    baseline: dict[str, MetricEntry] = Field(description="metrics of the organisation as it is")
    settings: list[SettingEntry] = Field(description="in the order of the grid, the last axis fastest")
    knee: dict[str, Any] | None = Field(
        default=None, description="on one axis of numbers: the first setting with 97 % of the highest throughput"
    )
    headline: str = Field(description="the metric that the verdict is about")
    baseline_check: Check | None = Field(default=None, description="of a learned scenario: whether it plays its own past")
    looked_at: int | None = Field(
        default=None, description="how many were looked at together, as it is among them; one statement, right 95 times in 100"
    )
    search: SearchEntry | None = Field(default=None, description="with --best")
    warnings: list[str] = Field(default=[], description="about the sweep as a whole")


def document(result: Sweep | Search) -> dict[str, Any]:
    """The document of a sweep, or of a search for the best setting."""
    if isinstance(result, Search):
        return _document(result.swept, _search(result))
    return _document(result, None)


def _search(search: Search) -> SearchEntry:
    return SearchEntry(
        best=search.metric,
        keep=[bound.text for bound in search.keep],
        setting=None if search.best is None else setting_of(search.best),
        evaluated=len(search.swept.points),
        grid=len(search.swept.grid),
        **_told_apart(search.choice),
    )


def _told_apart(choice: Choice | None) -> dict[str, Any]:
    if choice is None:
        return {}
    return {
        "unbeaten": [setting_of(point) for point in choice.unbeaten],
        "costs_at_most": choice.costs_at_most,
        "replications": choice.replications,
        "best_in": list(choice.best_in),
    }


def _document(swept: Sweep, search: SearchEntry | None) -> dict[str, Any]:
    scenario, on_front, knee = swept.scenario, set(map(id, swept.front)), swept.knee
    unbeaten = None if swept.unbeaten is None else set(map(id, swept.unbeaten))
    told = swept.family
    return SweepDocument(
        vssim=__version__,
        scenario=scenario.name,
        unit=scenario.unit,
        seed=scenario.run.seed,
        horizon=plain(scenario.run.horizon),
        warmup=plain(swept.warmup),
        axes=[
            AxisEntry(path=axis.path, assumed=axis.assumed, values=[written(value) for value in axis.values])
            for axis in swept.grid.axes
        ],
        change=swept.grid.change,
        baseline={name: metric_entry(swept.baseline[name]) for name in swept.baseline},
        headline=swept.headline,
        baseline_check=baseline_check(scenario),
        looked_at=None if told is None else len(told.names),
        settings=[
            _setting(point, id(point) in on_front, None if unbeaten is None else id(point) in unbeaten).model_copy(
                update=_together(swept, str(number))
            )
            for number, point in enumerate(swept.points)
        ],
        knee=None if knee is None else setting_of(knee),
        search=search,
        warnings=list(swept.notes),
    ).model_dump(exclude_defaults=True)


def _setting(point: Point, on_front: bool, unbeaten: bool | None) -> SettingEntry:
    return SettingEntry(
        setting=setting_of(point),
        replications=point.replications,
        front=on_front,
        unbeaten=unbeaten,
        metrics={name: metric_entry(point[name]) for name in point},
        differences={name: compared_entry(point.compared, name) for name in point if point.differs(name)},
    )


def _together(swept: Sweep, name: str) -> dict[str, Any]:
    """What is said of a setting when all are looked at together."""
    told = swept.family
    if told is None or name not in told.costs_at_most:
        return {}
    cost = told.costs_at_most[name]
    return {"may_be_best": name in told.unbeaten, "costs_at_most": cost if told.relative and math.isfinite(cost) else None}


def setting_of(point: Point) -> dict[str, Any]:
    """A setting as documents write it."""
    return {path: written(value) for path, value in point.setting.items()}


def written(value: Any) -> Any:
    """A value of an axis as documents write it: numbers as numbers, null for no limit."""
    if is_none(value):
        return None
    if isinstance(value, str):
        try:
            return plain(float(value))
        except ValueError:
            return value
    return value


def table(swept: Sweep) -> polars.DataFrame:
    """One row a setting and metric, with a column an axis."""
    import polars

    on_front = set(map(id, swept.front))
    rows = [row for point in swept.points for row in _rows(point, swept, id(point) in on_front)]
    return polars.DataFrame(rows, schema={**_axis_columns(swept.grid), **COLUMNS}, orient="row")


COLUMNS: dict[str, Any] = {"replications": int, "front": bool, **FIGURES}
"""The columns of the table after those of the axes, with their types."""


def _axis_columns(over: Grid) -> dict[str, Any]:
    """A column of numbers for an axis of numbers; null means no limit."""
    columns: dict[str, Any] = {}
    for axis in over.axes:
        values = [written(value) for value in axis.values]
        numbers = all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)
        columns[axis.path] = (
            (int if all(value is None or isinstance(value, int) for value in values) else float) if numbers else str
        )
    return columns


def _rows(point: Point, swept: Sweep, on_front: bool) -> Iterator[dict[str, Any]]:
    kinds = _axis_columns(swept.grid)
    own = {path: _as(kinds[path], value) for path, value in setting_of(point).items()}
    for name in point:
        difference = point[name]
        row = {**own, "replications": point.replications, "front": on_front, "metric": name}
        row |= {
            "unit": measure.unit_of(name, swept.scenario.unit),
            "mean": difference.mean,
            "low": difference.low,
            "high": difference.high,
            "n": difference.n,
        }
        if point.differs(name):
            row |= difference_columns(difference_entry(point.difference(name)))
        yield row


def _as(kind: type, value: Any) -> Any:
    return None if value is None else kind(value)

"""What programs are told of a sweep: its document, and the same as a table. These forms may grow, they do not change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vssim import __version__
from vssim.analysis import metrics
from vssim.analysis.results import DifferenceEntry, Entry, MetricEntry, difference_columns, difference_entry, metric_entry
from vssim.analysis.sweep.grid import Grid, is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import Sweep
from vssim.model.values import plain

if TYPE_CHECKING:
    import polars


class AxisEntry(Entry):
    """An axis of the grid."""

    path: str = Field(description="path of the scenario file, or change")
    values: list[Any] = Field(description="the values it takes, in order; null where there is no limit")


class SettingEntry(Entry):
    """A setting after its runs."""

    setting: dict[str, Any] = Field(description="value by path; null where there is no limit")
    replications: int = Field(ge=1, description="how often it was played")
    front: bool = Field(description="whether no other setting beats it in both lead time (85 %) and throughput")
    metrics: dict[str, MetricEntry] = Field(description="by name, over [warmup, horizon)")
    differences: dict[str, DifferenceEntry] = Field(description="by metric: against the organisation as it is, pair by pair")


class SearchEntry(Entry):
    """How settings were searched for the best."""

    best: str = Field(description="the metric that is to be best")
    keep: list[str] = Field(description="what has to hold")
    setting: dict[str, Any] | None = Field(description="the best that was found; null where none keeps what has to hold")
    evaluated: int = Field(ge=0, description="settings that were played")
    grid: int = Field(ge=1, description="settings of the whole grid")


class SweepDocument(Entry):
    """The result of `vssim sweep`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    unit: Literal["hour", "day", "week"] = Field(description="unit of every time")
    seed: int
    horizon: int | float = Field(description="when a run ends")
    warmup: int | float = Field(description="from when on is measured, as resolved; the same for all settings")
    axes: list[AxisEntry]
    change: str | None = Field(default=None, description="the change in force in every setting")
    baseline: dict[str, MetricEntry] = Field(description="metrics of the organisation as it is")
    settings: list[SettingEntry] = Field(description="in the order of the grid, the last axis fastest")
    knee: dict[str, Any] | None = Field(
        default=None, description="on one axis of numbers: the first setting with 97 % of the highest throughput"
    )
    search: SearchEntry | None = Field(default=None, description="with --best")
    warnings: list[str] = Field(default=[], description="about the sweep as a whole")


def document(found: Sweep, search: SearchEntry | None = None) -> dict[str, Any]:
    """The document of a sweep."""
    scenario, on_front, knee = found.scenario, set(map(id, found.front)), found.knee
    return SweepDocument(
        vssim=__version__,
        scenario=scenario.name,
        unit=scenario.unit,
        seed=scenario.run.seed,
        horizon=plain(scenario.run.horizon),
        warmup=plain(found.warmup),
        axes=[AxisEntry(path=axis.path, values=[written(value) for value in axis.values]) for axis in found.grid.axes],
        change=found.grid.change,
        baseline={name: metric_entry(found.baseline[name]) for name in found.baseline},
        settings=[_setting(point, id(point) in on_front) for point in found.points],
        knee=None if knee is None else setting_of(knee),
        search=search,
        warnings=list(found.notes),
    ).model_dump(exclude_defaults=True)


def _setting(point: Point, on_front: bool) -> SettingEntry:
    return SettingEntry(
        setting=setting_of(point),
        replications=point.replications,
        front=on_front,
        metrics={name: metric_entry(point[name]) for name in point},
        differences={name: difference_entry(point.difference(name)) for name in point if point.differs(name)},
    )


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


def table(found: Sweep) -> polars.DataFrame:
    """One row a setting and metric, with a column an axis."""
    import polars

    on_front = set(map(id, found.front))
    rows = [row for point in found.points for row in _rows(point, found, id(point) in on_front)]
    return polars.DataFrame(rows, schema={**_axis_columns(found.grid), **COLUMNS}, orient="row")


COLUMNS: dict[str, Any] = {
    "replications": int,
    "front": bool,
    "metric": str,
    "unit": str,
    "mean": float,
    "low": float,
    "high": float,
    "n": int,
    "difference": float,
    "difference_low": float,
    "difference_high": float,
    "ratio": float,
    "ratio_low": float,
    "ratio_high": float,
    "better_in": int,
    "verdict": str,
}
"""The columns of the table after those of the axes, with their types."""


def _axis_columns(over: Grid) -> dict[str, Any]:
    """A column of numbers for an axis of numbers; null means no limit."""
    found: dict[str, Any] = {}
    for axis in over.axes:
        values = [written(value) for value in axis.values]
        numbers = all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)
        found[axis.path] = (int if all(value is None or isinstance(value, int) for value in values) else float) if numbers else str
    return found


def _rows(point: Point, found: Sweep, on_front: bool) -> Iterator[dict[str, Any]]:
    kinds = _axis_columns(found.grid)
    own = {path: _as(kinds[path], value) for path, value in setting_of(point).items()}
    for name in point:
        one = point[name]
        row = {**own, "replications": point.replications, "front": on_front, "metric": name}
        row |= {"unit": metrics.unit_of(name, found.scenario.unit), "mean": one.mean, "low": one.low, "high": one.high, "n": one.n}
        if point.differs(name):
            row |= difference_columns(difference_entry(point.difference(name)))
        yield row


def _as(kind: type, value: Any) -> Any:
    return None if value is None else kind(value)

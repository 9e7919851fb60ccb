"""One run: a scenario, perhaps with a change, played once with one luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vssim import markup
from vssim.calendar import Calendar
from vssim.engines import Engine
from vssim.errors import UsageError
from vssim.log import Log
from vssim.metrics import measure
from vssim.metrics.story import Story, story
from vssim.play.experiment import Experiment
from vssim.play.named import as_pandas
from vssim.play.replications import Study
from vssim.play.settings import adjusted, change_named
from vssim.play.worlds import worlds_of
from vssim.scenario import Scenario, measured_from

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, eq=False)
class Run:
    """A run, with the scenario, change, seed and replication that it belongs to."""

    scenario: str
    """name of the scenario"""
    change: str | None
    """None: the organisation as it is"""
    seed: int
    replication: int
    warmup: float
    """what came before is not measured [units of time]"""
    log: Log
    dates: Calendar | None = None
    """where its times fall in the calendar; None without a start"""

    @cached_property
    def visits(self) -> polars.DataFrame:
        """One row a visit, in units of time; null for not yet."""
        return self.log.visits_table()

    @cached_property
    def items(self) -> polars.DataFrame:
        """One row an item, in units of time; null for not yet."""
        return self.log.items_table()

    def metrics(self, **options: Any) -> dict[str, float | None]:
        """Every metric by name; None where it is undefined. `options` as `vssim.metrics.measure.measure` takes them."""
        return measure.measure(self.log, **{"warmup": self.warmup, **options})

    def to_pandas(self) -> Any:
        """The visits as a pandas DataFrame; needs the notebook extra."""
        return as_pandas(self.visits)

    def _repr_html_(self) -> str:
        """The run in a notebook: its main figures."""
        rows = [(name, f"{value:.4g}") for name, value in self.metrics().items() if value is not None and "@" not in name]
        return markup.title(repr(self)[1:-1]) + markup.table(("metric", "value"), rows)

    def story(self, item: int) -> Story:
        """One item's way, stretch by stretch, by its row in `items`; UsageError for one that there is not, or that never came."""
        return story(self.log, item)

    def __repr__(self) -> str:
        variant = "as it is" if self.change is None else f"with {self.change!r}"
        counts = f"{len(self.log.items.type)} items, {len(self.log.visits.item)} visits"
        return f"<Run of {self.scenario!r} {variant}, seed {self.seed}, replication {self.replication}: {counts}>"


def simulate(
    scenario: Scenario,
    change: str | None = None,
    *,
    seed: int | None = None,
    replication: int = 0,
    engine: Engine = "auto",
    horizon: float | None = None,
    warmup: float | str | None = None,
) -> Run:
    """One run of `scenario`, with a change or (None) as it is. What is not given is as the scenario says.

    The same seed and replication mean the same luck, whatever the change.
    """
    name = change_named(scenario, change)
    if not hasattr(replication, "__index__") or replication < 0:
        raise UsageError(f"replication: got {replication!r}, expected a whole number of at least 0")
    scenario = adjusted(scenario, seed=seed, horizon=horizon, warmup=warmup)
    settings = scenario.run
    study = Study((scenario.plan(name),), settings.horizon, settings.seed, scenario.unit, engine, worlds_of(scenario, (name,)))
    return Run(scenario.name, name, settings.seed, replication, measured_from(scenario), study.log(0, replication), scenario.dates)


def runs_of(experiment: Experiment, warmup: float, *, replication: int = 0, count: int | None = None) -> list[Run]:
    """One run of each variant of an experiment (of the first `count`), all with the same luck."""
    scenario = experiment.scenario
    return [
        Run(scenario.name, variant.change, scenario.run.seed, replication, warmup, log, scenario.dates)
        for number, variant in enumerate(experiment.variants[:count])
        for log in (experiment.study.log(number, replication),)
    ]

"""One run: a scenario, perhaps with a change, played once with one luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vssim.analysis import metrics
from vssim.analysis.experiment import Experiment
from vssim.analysis.replications import Study
from vssim.analysis.settings import adjusted, change_named
from vssim.engines import Engine
from vssim.errors import UsageError
from vssim.log import Log
from vssim.scenario import Scenario

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, eq=False)
class Run:
    """One run and what it was a run of."""

    scenario: str
    """name of the scenario"""
    change: str | None
    """None: the organisation as it is"""
    seed: int
    replication: int
    warmup: float
    """what came before is not measured [units of time]"""
    log: Log

    @cached_property
    def visits(self) -> polars.DataFrame:
        """One row a visit, in units of time; null for not yet."""
        return self.log.visits_table()

    @cached_property
    def items(self) -> polars.DataFrame:
        """One row an item, in units of time; null for not yet."""
        return self.log.items_table()

    def metrics(self, **options: Any) -> dict[str, float | None]:
        """Every metric by name; None where it is undefined. `options` as `vssim.analysis.metrics.measure` takes them."""
        return metrics.measure(self.log, **{"warmup": self.warmup, **options})

    def __repr__(self) -> str:
        what = "as it is" if self.change is None else f"with {self.change!r}"
        counts = f"{len(self.log.items.type)} items, {len(self.log.visits.item)} visits"
        return f"<Run of {self.scenario!r} {what}, seed {self.seed}, replication {self.replication}: {counts}>"


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

    The same seed and replication mean the same luck, whatever the change. A warm-up of `auto` counts as 0 here: it takes
    several runs to find.
    """
    name = change_named(scenario, change)
    if not hasattr(replication, "__index__") or replication < 0:
        raise UsageError(f"replication: got {replication!r}, expected a whole number of at least 0")
    settings = adjusted(scenario, seed=seed, horizon=horizon, warmup=warmup).run
    study = Study((scenario.plan(name),), settings.horizon, settings.seed, scenario.unit, engine)
    measured_from = 0.0 if settings.warmup == "auto" else float(settings.warmup)
    return Run(scenario.name, name, settings.seed, replication, measured_from, study.log(0, replication))


def runs_of(experiment: Experiment, warmup: float, *, replication: int = 0, count: int | None = None) -> list[Run]:
    """One run of each variant of an experiment (of the first `count`), all with the same luck."""
    scenario = experiment.scenario
    return [
        Run(scenario.name, variant.change, scenario.run.seed, replication, warmup, experiment.study.log(number, replication))
        for number, variant in enumerate(experiment.variants[:count])
    ]

"""Options that several commands share, declared once: a command takes a bundle, and the command line each of its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from vssim.cli import options

if TYPE_CHECKING:
    from vssim.engines import Engine
    from vssim.play.experiment import Precision
    from vssim.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Runs:
    """How a scenario is run, in place of what its file says."""

    replications: options.Replications = None
    seed: options.Seed = None
    horizon: options.Horizon = None
    warmup: options.Warmup = None


@dataclass(frozen=True, kw_only=True)
class Luck:
    """As `Runs`, for commands that count replications in their own way."""

    seed: options.Seed = None
    horizon: options.Horizon = None
    warmup: options.Warmup = None

    @property
    def given(self) -> dict[str, Any]:
        """The settings that were given, by name; None: as the file says."""
        return {"seed": self.seed, "horizon": self.horizon, "warmup": options.warmup(self.warmup)}


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How sure the answer has to be."""

    precision: options.PrecisionOption = None
    most: options.Most = None

    @property
    def wanted(self) -> Precision | None:
        """What --precision asks for. UsageError for what is no share, or a --most without it."""
        return options.precise(self.precision, self.most)


@dataclass(frozen=True, kw_only=True)
class Playing:
    """Which engine plays, and which values are put into the scenario."""

    engine: options.EngineName = "auto"
    put: options.Set = None
    jobs: options.Jobs = None
    anyway: options.Anyway = False

    @property
    def chosen(self) -> Engine:
        """The engine; an unknown name is refused when it plays."""
        return cast("Engine", self.engine)

    def about(self, metric: str | None) -> Playing:
        """The same with the headline that a command asks for; None: the scenario's."""
        return self if metric is None else replace(self, put=[*(self.put or []), f"headline={metric}"])


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked of the runs, whatever the file says."""

    metric: options.Headline = None
    by: options.By = None


@dataclass(frozen=True, kw_only=True)
class Handing:
    """How the result is handed over."""

    output: options.Output = None
    figure: options.Figures = None
    as_json: options.Json = False
    quiet: options.Quiet = False


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How a page is told: in which language, with how much to move, and what is said beside it."""

    explore: options.Explore = 0
    language: options.Language = "en"
    quiet: options.Quiet = False


def scenario_of(source: str, playing: Playing, runs: Runs) -> Scenario:
    """The scenario that a command is about, with the settings that it was given."""
    from vssim.play.settings import adjusted
    from vssim.scenario import load

    scenario = load(source, options.settings(playing.put))
    return adjusted(
        scenario,
        replications=runs.replications,
        seed=runs.seed,
        horizon=runs.horizon,
        warmup=options.warmup(runs.warmup),
    )


def unfolded(command: Callable[..., None]) -> Callable[..., None]:
    """A command as the command line knows it: in the place of each bundle the options that are in it, in their order."""
    parameters: list[inspect.Parameter] = []
    bundles: dict[str, type[Any]] = {}
    for name, hint in _hints(command).items():
        if isinstance(hint, type) and is_dataclass(hint):
            bundles[name] = hint
            own = _hints(hint)
            parameters += [_option(field.name, own[field.name], field.default) for field in fields(hint)]
        else:
            parameters.append(_option(name, hint, inspect.signature(command).parameters[name].default))

    def told(**given: Any) -> None:
        taken = {
            name: bundle(**{field.name: given.pop(field.name) for field in fields(bundle)}) for name, bundle in bundles.items()
        }
        command(**taken, **given)

    told.__name__, told.__doc__, told.__module__ = command.__name__, command.__doc__, command.__module__
    told.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    told.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return told


def _hints(of: Any) -> dict[str, Any]:
    hints = get_type_hints(of, include_extras=True)
    hints.pop("return", None)
    return hints


def _option(name: str, hint: Any, default: Any) -> inspect.Parameter:
    required = inspect.Parameter.empty if default is MISSING else default
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=required, annotation=hint)

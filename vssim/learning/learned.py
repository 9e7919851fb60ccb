"""The result of learning: a scenario with all its members, the source of every figure, and how far it can be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from vssim import markup
from vssim.forecasts.deliveries import date_of
from vssim.forecasts.today import standing
from vssim.learning.baseline import Baseline
from vssim.learning.columns import columns_of
from vssim.learning.diagnostics import silent
from vssim.learning.figures import Figure, paths_of, settings
from vssim.learning.fit import Ensemble
from vssim.learning.past import Past, weekly
from vssim.learning.suggestions import suggestions
from vssim.model import paths
from vssim.model.beliefs import Members, Uncertain
from vssim.scenario import EACH, Scenario, loads, with_parts
from vssim.scenario.origins import Column, Foretold, Verdict
from vssim.scenario.origins import Learned as Origin
from vssim.tracker.board import Board
from vssim.tracker.checks import Check

if TYPE_CHECKING:
    import polars

LOW, HIGH = 0.05, 0.95
"""The quantiles of the range that is stated for a figure: nine tenths of the members lie between them."""

LONGEST = 260.0
"""The least time that a learned scenario plays after its start: a year [working days]."""


@dataclass(frozen=True)
class Estimate:
    """One figure with its range, for people."""

    figure: Figure
    low: float
    middle: float
    high: float
    contraction: float
    """by how much the records reduced its variance [1]"""

    @property
    def range(self) -> str:
        """The range as text."""
        shown = self.figure.shown
        if shown(self.low) == shown(self.high):
            return shown(self.middle)
        return f"{shown(self.middle)} ({shown(self.low)} … {shown(self.high)})"

    @property
    def source(self) -> str:
        """Its source, in words."""
        if self.is_silent:
            return f"not known, and the records say nothing of it: {self.range}; {self.figure.why}"
        return f"{self.figure.source}: {self.range}; {self.figure.why}"

    @property
    def is_silent(self) -> bool:
        """Whether the records say next to nothing about it."""
        return self.figure.source == "fitted" and self.contraction < 0.2


@dataclass(frozen=True, eq=False, repr=False)
class Learned:
    """A learned baseline."""

    baseline: Baseline
    ensemble: Ensemble
    files: tuple[str, ...]
    seed: int
    checks: tuple[Check, ...]
    """of the records, the fit and the replayed past, in this order"""
    verdict: Verdict
    off: tuple[str, ...] = ()
    """what is played differently from the records; where nothing is, what keeps the verdict from being better"""
    past: Past | None = None
    """the records compared with played histories; None where the past was not played"""
    record: tuple[Foretold, ...] = ()
    """how held-back windows were forecast by members that knew only what lay before them"""
    board: Board | None = None
    """what it was learned from; None where only the figures are at hand"""

    @cached_property
    def figures(self) -> tuple[Estimate, ...]:
        """Every figure that is not known for certain."""
        values = self.ensemble.values
        low, middle, high = np.quantile(values, [LOW, 0.5, HIGH], axis=0, method="nearest")
        contraction = self.ensemble.contraction
        return tuple(
            Estimate(figure, float(low[n]), float(middle[n]), float(high[n]), float(contraction[n]))
            for n, figure in enumerate(self.ensemble.figures)
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the members' figures, one for each column of the members."""
        return paths_of(self.ensemble.figures)

    @cached_property
    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """The members as a file has them: one row each, one value for each path."""
        values_by_path = [settings(self.ensemble.figures, row) for row in self.ensemble.values]
        return tuple(tuple(row[path] for path in self.paths) for row in values_by_path)

    @property
    def members(self) -> polars.DataFrame:
        """One row a member, one column a path."""
        import polars

        return polars.DataFrame(list(self.rows), schema=list(self.paths), orient="row")

    @property
    def questions(self) -> tuple[str, ...]:
        """Where records and answers disagree: questions to the team."""
        return self.baseline.questions

    def changes(self) -> dict[str, Any]:
        """Changes that are worth trying."""
        return suggestions(self.baseline, {each.figure.name: each.middle for each in self.figures})

    def content(self) -> dict[str, Any]:
        """The content of the file without its members; medians stand where one figure is needed."""
        document = self.baseline.document()
        middle = np.array([each.middle for each in self.figures])
        for path, value in settings(self.ensemble.figures, middle).items():
            document = paths.put(document, path, value)
        history = self.baseline.history
        length = round(max(history.days, LONGEST))
        silent_facts = {fact_of(figure): figure.name for figure, _ in silent(self.ensemble)}
        learned: dict[str, Any] = {
            "records": list(self.files),
            "first": history.begin.isoformat(),
            "until": history.until.isoformat(),
        }
        learned |= {"verdict": self.verdict}
        learned |= ({"off": list(self.off)} if self.off else {}) | ({"silent": silent_facts} if silent_facts else {})
        columns = columns_of(self.baseline, middle)
        told = Origin.model_validate(
            {
                **learned,
                "checks": {check.name: {"found": check.found, "verdict": check.verdict} for check in self.checks},
                "columns": columns,
                **self._today(columns),
                "record": self.record,
                "weekly": {} if self.past is None else weekly(self.past, history.week),
            }
        )
        head = {
            "name": document.pop("name"),
            "question": "Would work reach the customer sooner if it were organised differently?",
            "unit": document.pop("unit"),
            "calendar": document.pop("calendar"),
            "run": {"horizon": length + 60, "warmup": 60},
        }
        return {**head, **document, "changes": self.changes(), "learned": told.document()}

    def _today(self, columns: Mapping[str, Column]) -> dict[str, Any]:
        """The last day of the records, and the items open on its evening."""
        if self.board is None:
            return {}
        last = int(self.board.clock.days_of(self.board.moves["at"]).max())
        return {"today": date_of(last), "open": standing(self.board, columns)}

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario; each replication plays one member."""
        known = loads(self.content())
        members = Members("members.parquet", self.paths, self.rows)
        often = known.run.model_copy(update={"replications": EACH * len(self.rows)})
        return with_parts(known, uncertain=Uncertain(members=members), run=often)

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        return self.origin.sentence

    @cached_property
    def origin(self) -> Origin:
        """What its file says of where it comes from."""
        return Origin.model_validate(self.content()["learned"])

    def table(self) -> polars.DataFrame:
        """One row for each figure: name, low, middle, high, how much the records say about it, source, why."""
        import polars

        columns = ("figure", "low", "middle", "high", "told_by_records", "source", "why")
        rows = [
            (e.figure.name, e.low, e.middle, e.high, e.contraction, "not known" if e.is_silent else e.figure.source, e.figure.why)
            for e in self.figures
        ]
        return polars.DataFrame(rows, schema=list(columns), orient="row")

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        history = self.baseline.history
        return {
            "records": list(self.files),
            "first": history.begin.isoformat(),
            "until": history.until.isoformat(),
            "items": len(history.items),
            "verdict": self.verdict,
            "off": list(self.off),
            "figures": self.table().to_dicts(),
            "checks": [
                {"name": c.name, "found": c.found, "limit": c.limit, "verdict": c.verdict, "why": c.why} for c in self.checks
            ],
            "questions": list(self.questions),
            "changes": list(self.changes()),
        }

    def _repr_html_(self) -> str:
        figures = [(e.figure.name, e.range, "not known" if e.is_silent else e.figure.source, e.figure.why) for e in self.figures]
        checks = [(c.name, c.found, c.limit, c.verdict) for c in self.checks]
        return "".join(
            [
                markup.title(f"{self.baseline.name}: {self.verdict}"),
                markup.paragraph(self.sentence),
                markup.table(("figure", "value", "source", "why"), figures),
                markup.table(("check", "found", "asked", "verdict"), checks),
                markup.notes(self.questions),
            ]
        )

    def __repr__(self) -> str:
        lines = [f"  {e.figure.name}: {e.source}" for e in self.figures]
        return "\n".join([self.sentence, *lines, *(f"  ? {text}" for text in self.questions)])


def fact_of(figure: Figure) -> str:
    """The name of a figure among the facts of members: its path, with the parameter of a distribution."""
    parameters = {"lognormal": ("mean", "cv"), "gamma": ("mean", "cv"), "exponential": ("0",)}.get(figure.form)
    return figure.paths[0] if parameters is None else f"{figure.paths[0]}.{parameters[figure.position]}"

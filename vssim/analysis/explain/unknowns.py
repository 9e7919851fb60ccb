"""What would decide a change: the facts that are not known, the one that explains most of its effect first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from vssim.analysis.compare.compare import Comparison, compare
from vssim.analysis.compare.document import Entry, RangeEntry
from vssim.analysis.uncertain.answers import Believed
from vssim.analysis.uncertain.deciding import Deciding, Fact
from vssim.errors import UsageError
from vssim.play.settings import change_named
from vssim.scenario import Scenario, moment_of
from vssim.version import __version__

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, eq=False)
class WhatDecides:
    """What is believed of one change's effect, and on which facts it hangs."""

    scenario: Scenario
    change: str
    metric: str
    believed: Believed
    deciding: Deciding | None
    """None where there are too few worlds, or luck hides what is not known"""
    notes: tuple[str, ...]
    comparison: Comparison
    """that it was read off"""

    @property
    def worth_in_money(self) -> Mapping[str, float]:
        """By fact, how much more a unit of time one would earn by choosing with the fact known, where that is surely something."""
        over = self.comparison[self.change].over_worlds
        if not self.scenario.currency or over is None or "margin" not in over:
            return {}
        deciding = over.deciding("margin")
        return {} if deciding is None else {fact.name: fact.worth for fact in deciding.facts if fact.worth is not None}

    def table(self) -> polars.DataFrame:
        """One row a fact."""
        import polars

        return polars.DataFrame([fact.model_dump() for fact in self._facts()], schema=COLUMNS, orient="row")

    def document(self) -> dict[str, Any]:
        """The document that `vssim explain --uncertain --json` prints."""
        believed = self.believed.effect
        low, high = believed.in_your_world
        return DecidesDocument(
            vssim=__version__,
            scenario=self.scenario.name,
            change=self.change,
            metric=self.metric,
            worlds=len(believed.by_world),
            effect=believed.mean,
            in_your_world=RangeEntry(low=low, high=high, at_most=not believed.is_told),
            worlds_better=self.believed.better,
            decides=self._facts(),
            together=None if self.deciding is None else self.deciding.together,
            warnings=list(self.notes),
        ).model_dump()

    def _facts(self) -> list[DecidingFact]:
        facts, money = () if self.deciding is None else self.deciding.facts, self.worth_in_money
        return [self._fact(fact, money.get(fact.name)) for fact in facts]

    def _fact(self, fact: Fact, money: float | None) -> DecidingFact:
        turns = fact.threshold
        stated = {
            "low_value": fact.low_value,
            "high_value": fact.high_value,
            "turns_at": turns.value if turns else None,
            "turns_low": turns.low if turns else None,
            "turns_high": turns.high if turns else None,
        }
        same = {name: value for name, value in asdict(fact).items() if name in DecidingFact.model_fields}
        on_clock = {name: None if value is None else moment_of(self.scenario, fact.name, value) for name, value in stated.items()}
        return DecidingFact(**{**same, **on_clock}, worth_in_money=money)

    def __repr__(self) -> str:
        facts = self._facts()
        lines = [f"  {fact.name}: {100 * fact.share:.0f} % ({100 * fact.low:.0f} % … {100 * fact.high:.0f} %)" for fact in facts]
        head = f"{self.scenario.name}, {self.change}: what would decide {self.metric}"
        return "\n".join(
            [head, *(lines or ["  too few worlds, or nothing that is not luck"]), *(f"  ! {text}" for text in self.notes)]
        )


class DecidingFact(Entry):
    """A fact that is not known."""

    name: str = Field(description="path of the figure, with the parameter of a distribution")
    share: float = Field(description="of what is not known of the effect, explained by this fact alone")
    low: float = Field(description="lower end of the 95 % interval of the share")
    high: float = Field(description="upper end")
    low_value: float = Field(description="the fact at the lower end of nine tenths of its worlds; of a date its moment")
    high_value: float = Field(description="at the upper end")
    at_low: float = Field(description="the effect there, averaged over the other unknowns, in the metric's unit")
    at_high: float = Field(description="the effect at the upper end")
    turns_at: float | None = Field(description="value of the fact at which the effect turns round; null where it does not surely")
    turns_low: float | None = Field(description="lower end of its interval")
    turns_high: float | None = Field(description="upper end")
    worth_in_money: float | None = Field(
        default=None, description="the same in money a unit of time, where there is a currency; null: perhaps nothing"
    )
    worth: float | None = Field(
        description="how much better one would choose knowing it, in the metric's unit; null: perhaps nothing"
    )


COLUMNS: dict[str, type] = {name: str if name == "name" else float for name in DecidingFact.model_fields}
"""The columns of the table."""


class DecidesDocument(Entry):
    """The result of `vssim explain --uncertain`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    change: str = Field(description="the change that is to be decided on")
    metric: str = Field(description="what the effect is measured by")
    worlds: int = Field(description="worlds that were played")
    effect: float = Field(description="on average over what is thought possible, in the metric's unit")
    in_your_world: RangeEntry = Field(description="low and high: nine tenths of what is thought possible")
    worlds_better: float | None = Field(description="share of worlds in which the change is better")
    decides: list[DecidingFact] = Field(description="the fact that explains most first")
    together: float | None = Field(description="share of what is not known that no fact explains by itself")
    warnings: list[str] = Field(description="what to know before trusting the figures")


def what_decides(scenario: Scenario, change: str, metric: str | None = None, **options: Any) -> WhatDecides:
    """What would decide a change of a scenario of which something is not known; `options` are those of `compare`."""
    if scenario.uncertain is None:
        raise UsageError(f"{scenario.name}: nothing is said to be unknown; between(low, high) in place of a figure says so")
    name = change_named(scenario, change)
    if name is None:
        raise UsageError("change: expected a change, not the organisation as it is")
    comparison = compare(scenario, only=[name], **options)
    differences = comparison[name]
    over, asked = differences.over_worlds, metric or comparison.headline
    assert over is not None
    believed = over.believed(asked)
    if believed is None:
        raise UsageError(f"{asked}: expected at least two worlds in which it is defined")
    return WhatDecides(comparison.scenario, name, asked, believed, over.deciding(asked), comparison.warnings, comparison)

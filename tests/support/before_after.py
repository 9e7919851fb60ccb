"""The same small stream before and after a lever is pulled, for tests of what the lever does to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.running import of_items, play

if TYPE_CHECKING:
    from vssim.play.run import Run


@dataclass(frozen=True)
class Pulled:
    """One run without the lever, and one with it, of the same luck."""

    before: Run
    after: Run

    def metric(self, name: str) -> tuple[Any, Any]:
        """A metric before and after."""
        return self.before.metrics()[name], self.after.metrics()[name]

    def of_items(self, column: str, **only: Any) -> tuple[list[Any], list[Any]]:
        """A column of the items of which every named column has the given value, before and after."""
        return of_items(self.before, column, **only), of_items(self.after, column, **only)

    def of_visits(self, column: str, step: str | None = None) -> tuple[list[Any], list[Any]]:
        """A column of the visits (at one step) before and after."""
        tables = (
            run.visits if step is None else run.visits.filter(run.visits["step"] == step) for run in (self.before, self.after)
        )
        before, after = (table[column].to_list() for table in tables)
        return before, after


def pulled(engine: str, lever: Any, *, from_: float | None = None, horizon: float = 1000, **sections: Any) -> Pulled:
    """Play a stream, one step for one person unless said otherwise, without and with `lever`."""
    change: dict[str, Any] = {"levers": [lever]} | ({} if from_ is None else {"from": from_})
    document = {
        "run": {"horizon": horizon},
        "demand": {"feature": {"at": [0]}},
        "steps": {"do": 1},
        "teams": {"do": 1},
        **sections,
        "changes": {"it": change},
    }
    return Pulled(play(document, engine), play(document, engine, "it"))

"""A run as a metric of another package sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from vssim.log import Log

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, eq=False)
class Played:
    """A finished run, and from when on it is measured."""

    log: Log
    warmup: float
    """what came before is not measured [units of time]"""

    @cached_property
    def visits(self) -> polars.DataFrame:
        """One row a visit, in units of time; null for not yet."""
        return self.log.visits_table()

    @cached_property
    def items(self) -> polars.DataFrame:
        """One row an item, in units of time; null for not yet."""
        return self.log.items_table()

"""The data report: what was read and lost, how work flowed, whether it can be relied on, and what only the team knows."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from vssim.tracker import bounds, knee, times, told, weekly
from vssim.tracker.checks import Check, accounts_check, data_checks, stability_check
from vssim.tracker.frames import LOSSES
from vssim.tracker.stability import Stability, stability
from vssim.tracker.stock import Accounts, Daily, accounts, daily

if TYPE_CHECKING:
    from vssim.tracker.records import Records


@dataclass(frozen=True, eq=False, repr=False)
class DataReport:
    """The report of a board; every part is calculated when it is first needed."""

    board: Records

    @cached_property
    def weeks(self) -> weekly.Weeks:
        """Arrivals, starts, departures and work in progress by whole week."""
        return weekly.weeks_of(self.board.lives, self.board.clock)

    @cached_property
    def daily(self) -> Daily:
        """The board at the end of each working day."""
        return daily(self.board.stays, self.board.lives, self.board.stages, self.board.clock)

    @cached_property
    def stability(self) -> Stability:
        """Whether the team was the same all along."""
        return stability(self.weeks)

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of every column: what came in, what went out, what is there."""
        return accounts(self.board.moves, self.board.stays, self.board.stages)

    @cached_property
    def checks(self) -> list[Check]:
        """The checks of the records: G0, G1 and G2."""
        return [*data_checks(self.board, len(self.weeks)), stability_check(self.stability), accounts_check(self.accounts)]

    @cached_property
    def columns(self) -> list[times.ColumnTimes]:
        """Time in column, by column."""
        return times.by_column(self.board.stays, self.board.stages)

    @cached_property
    def types(self) -> list[times.TypeTimes]:
        """Times and counts by type of item."""
        return times.by_type(self.board.lives)

    @cached_property
    def totals(self) -> times.Totals:
        """Counts and times of all items."""
        return times.totals(self.board.lives)

    @cached_property
    def ageing(self) -> pl.DataFrame:
        """Open items: item, type, column, started, age, in_column, beyond."""
        return times.ageing(self.board.lives, self.board.stays, self.board.clock)

    @cached_property
    def blocked(self) -> times.Blocked:
        """Blocked time."""
        return times.blocked(self.board.moves, self.board.clock, self.board.facts.get("blocked days"))

    @cached_property
    def backwards(self) -> list[tuple[str, str, int]]:
        """Moves to an earlier column: from, to, how many; the most frequent first."""
        return times.returns(self.board.moves, self.board.stages)

    @cached_property
    def knees(self) -> list[knee.Knee]:
        """The knee of each column in which people work."""
        parts = ((name, self._of(name)) for name in self._worked())
        return [knee_there for name, part in parts if (knee_there := knee.knee(name, part, self.board.clock))]

    @cached_property
    def bounds(self) -> list[bounds.Bound]:
        """The limits on hands-on work and capacity of each column in which people work."""
        days = len(self.daily.days)
        parts = ((name, self._of(name)) for name in self._worked())
        return [bound_there for name, part in parts if (bound_there := bounds.bound(name, part, self.board.clock, days))]

    def _worked(self) -> list[str]:
        """Columns in which people work; none where records tell work from waiting, and so hands-on time, by themselves."""
        if "queue_of" in self.board.decisions:
            return []
        return [name for name in self.board.stages.work if name not in self.board.stages.queues]

    def _of(self, column: str) -> pl.DataFrame:
        return self.board.stays.filter(pl.col("column") == column)

    def sentences(self) -> list[str]:
        """Sentences to be read before relying on these records."""
        return told.sentences(self.board, self.checks, self.span())

    def can_tell(self) -> tuple[list[str], list[str]]:
        """Sentences on what these records can tell, and on what only the team knows."""
        return told.can_tell(self.board)

    def span(self) -> tuple[dt.date, dt.date]:
        """The local days of the first and the last move."""
        local = self.board.clock.local(self.board.moves["at"])
        return local.min().date(), local.max().date()  # type: ignore[union-attr]

    def document(self) -> dict[str, Any]:
        """The report as plain values, for the JSON document."""
        board, (first, last) = self.board, self.span()
        can, only = self.can_tell()
        return {
            "kind": board.kind,
            "files": list(board.files),
            "rows": board.rows,
            "items": board.items.height,
            "moves": board.moves.height,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "decisions": [{"key": d.key, "value": d.value, "why": d.why} for d in board.decisions.values()],
            "losses": list(board.losses),
            "dropped": [{"why": lost.why, "count": lost.count, "rows": list(lost.rows)} for lost in board.dropped],
            "notes": list(board.notes),
            "columns": list(board.stages.columns),
            "totals": self.totals.document(),
            "weeks": self._weeks(),
            "times": [entry.document() for entry in self.columns],
            "types": [entry.document() for entry in self.types],
            "returns": [{"from": origin, "to": target, "count": count} for origin, target, count in self.backwards],
            "open": [_plain(row) for row in self.ageing.iter_rows(named=True)],
            "blocked": self.blocked.document(),
            "checks": [{"name": c.name, "found": c.found, "limit": c.limit, "verdict": c.verdict} for c in self.checks],
            "stable_stretch": self._stretch(),
            "knees": [_plain({**entry.__dict__, "seen": entry.seen}) for entry in self.knees],
            "bounds": [_plain(entry.__dict__) for entry in self.bounds],
            "can_tell": can,
            "only_you": only,
            "warnings": self.sentences(),
        }

    def _weeks(self) -> dict[str, Any]:
        weeks: dict[str, Any] = {"begin": [day_of(monday).isoformat() for monday in self.weeks.mondays]}
        for name in ("arrivals", "starts", "departures", "wip"):
            weeks[name] = getattr(self.weeks, name).tolist()
        for name in ("arrivals", "departures"):
            limits = weekly.xmr(getattr(self.weeks, name))
            weeks[f"{name}_limits"] = None if limits is None else {"mean": limits.mean, "low": limits.low, "high": limits.high}
        weeks["fano"], weeks["lag_1"] = _real(weekly.fano(self.weeks.departures)), _real(weekly.lag_1(self.weeks.departures))
        return weeks

    def _stretch(self) -> dict[str, str] | None:
        if self.stability.stretch is None:
            return None
        first, last = self.stability.stretch
        return {"from": day_of(self.weeks.mondays[first]).isoformat(), "to": day_of(self.weeks.mondays[last - 1] + 6).isoformat()}

    def table(self) -> pl.DataFrame:
        """One row for each column, with the times that items spent there."""
        rows = [entry.document() for entry in self.columns]
        return pl.DataFrame([{**{k: v for k, v in row.items() if k != "days"}, **row["days"]} for row in rows])

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.sentences())
        return f"<p><b>{escape(repr(self.board))}</b></p><ul>{lines}</ul>{self.table()._repr_html_()}"

    def __repr__(self) -> str:
        return "\n".join([repr(self.board), *(f"- {line}" for line in self.sentences())])


def day_of(number: int | np.int64) -> dt.date:
    """The date of a day [days since 1970]."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(number))


def losses_in_words(board: Records) -> list[str]:
    """Each loss in a sentence."""
    return [f"{loss}: {LOSSES[loss]}" for loss in board.losses]


def _real(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, dt.datetime) else _real(value) if isinstance(value, float) else value
        for key, value in row.items()
    }

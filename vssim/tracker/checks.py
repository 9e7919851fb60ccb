"""Checks of records: enough of them in good order (G0), from one unchanged team (G1), with books that balance (G2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from vssim.language import joined, said
from vssim.tracker.stability import Stability
from vssim.tracker.stock import Accounts

if TYPE_CHECKING:
    from vssim.tracker.records import Records

Verdict = Literal["passes", "rough", "fails", "cannot be told"]

FINISHED, WEEKS, ROUGH_WEEKS = 60, 26, 13
UNMAPPED, OUT_OF_ORDER, IN_MINUTES, ON_ONE_DAY = 0.02, 0.05, 0.20, 0.10
MINUTES = 5
"""An item that took fewer minutes than this was moved after the fact [minutes]."""


@dataclass(frozen=True)
class Check:
    """One check: what was measured, and what would pass."""

    name: str
    found: str
    limit: str
    verdict: Verdict
    why: str = ""
    """further explanation; empty where none is needed"""


def data_checks(board: Records, weeks: int) -> list[Check]:
    """G0: numbers of finished items and weeks; shares of unmapped moves, disordered rows, items done in minutes or on one day."""
    lives = board.lives
    done = lives.filter(pl.col("done").is_not_null())
    checks = [
        Check(said("finished items"), f"{done.height:,}", f"≥ {FINISHED}", "passes" if done.height >= FINISHED else "fails"),
        Check(
            said("whole weeks"),
            f"{weeks:,}",
            f"≥ {WEEKS}",
            "passes" if weeks >= WEEKS else "rough" if weeks >= ROUGH_WEEKS else "fails",
        ),
    ]
    moved = max(board.moves.height, 1)
    checks.append(
        _share(said("moves to columns that the reading does not name"), sum(board.stages.unknown.values()) / moved, UNMAPPED)
    )
    backwards = board.facts.get("backwards", 0) + sum(lost.count for lost in board.dropped if lost.why.startswith("closed before"))
    checks.append(_share(said("rows out of order"), backwards / max(board.rows, 1), OUT_OF_ORDER))
    known = done.filter(pl.col("first") < pl.col("done"))
    if "days only" in board.losses or done.is_empty():
        checks.append(
            Check(
                said("through in less than {minutes} minutes", minutes=MINUTES),
                said("days only"),
                f"≤ {100 * IN_MINUTES:.0f} %",
                "cannot be told",
            )
        )
    else:
        short = (
            known.filter((pl.col("done") - pl.col("first")).dt.total_seconds() < MINUTES * 60).height + done.height - known.height
        )
        checks.append(_share(said("through in less than {minutes} minutes", minutes=MINUTES), short / done.height, IN_MINUTES))
    if not done.is_empty():
        most = int(np.unique(board.clock.days_of(done["done"]), return_counts=True)[1].max())
        checks.append(_share(said("done on one and the same day"), most / done.height, ON_ONE_DAY))
    return checks


def _share(name: str, share: float, limit: float) -> Check:
    return Check(name, f"{100 * share:.1f} %", f"≤ {100 * limit:.0f} %", "passes" if share <= limit else "fails")


def stability_check(stability: Stability) -> Check:
    """G1: whether the team was the same all along."""
    if stability.weeks < 16:
        return Check(said("stable"), said("{count} weeks", count=stability.weeks), said("≥ 16 weeks"), "cannot be told")
    reasons = joined("; ", stability.reasons())
    verdict: Verdict = "passes" if stability.stable else "fails"
    return Check(
        said("stable"), said("changed") if reasons else said("no change seen"), said("one team all along"), verdict, reasons
    )


def accounts_check(accounts: Accounts) -> Check:
    """G2: whether all that entered has left or is still there, and L = ΛW holds exactly along the path (Stidham 1974)."""
    off = [f"{account.column} {account.balance:+,}" for account in accounts.columns if account.balance]
    time = [] if accounts.in_stays == accounts.in_stock else [said("time in stays and ∫ of stock differ")]
    broken = [said("{count} moves leave another column than the item was in", count=accounts.broken)] if accounts.broken else []
    wrong = joined("; ", [*off, *time, *broken])
    return Check(said("accounts"), wrong or said("exact"), said("exact"), "passes" if not wrong else "fails")

"""Growth of scope: how many more items appear under a goal while it is worked on, as a stated assumption."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals
from vssim.errors import UsageError
from vssim.tracker.board import Board

FEWEST_CHILDREN = 3
"""Parents that had fewer items when their work started are left out."""

FEWEST_PARENTS = 3
"""Growth is not drawn from the history of fewer parents than this."""


@dataclass(frozen=True, eq=False)
class Growth:
    """How many more items there will be, as a share of those that are known today [1]."""

    words: str
    low: float
    high: float
    drawn: Reals | None = None
    """the growth of each parent in the past, where it is drawn from these"""

    def items(self, items: int, luck: np.random.Generator, count: int) -> Ints:
        """The items known today plus those that appear meanwhile, in each future; shape (count,)."""
        shares = luck.uniform(self.low, self.high, count) if self.drawn is None else luck.choice(self.drawn, count)
        grown: Ints = np.ceil(items * (1 + shares) - 1e-9).astype(np.int64)
        return grown


def growth_of(given: str | float, history: Reals) -> Growth:
    """The growth that `--growth` states: a share, two shares with `..` between them, or `history`. Raises UsageError."""
    if str(given).strip() == "history":
        if len(history) < FEWEST_PARENTS:
            raise UsageError(
                f"growth: history: {len(history)} parents of these records have {FEWEST_CHILDREN} items or more when their work "
                f"starts; {FEWEST_PARENTS} are needed: say a share, such as 20%"
            )
        return Growth(f"as that of {len(history)} parents of the past", float(history.min()), float(history.max()), history)
    ends = [_share(part, given) for part in str(given).split("..")]
    if len(ends) > 2 or ends[0] > ends[-1]:
        raise UsageError(f"growth: got {given}, expected a share such as 20%, two such as 10%..30%, or history")
    words = f"{ends[0]:.0%}" if len(ends) == 1 else f"{ends[0]:.0%} to {ends[1]:.0%}"
    return Growth(words, ends[0], ends[-1])


def _share(text: str, given: str | float) -> float:
    number = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%?)\s*", text)
    share = float(number[1]) / (100 if number[2] else 1) if number else -1.0
    if not 0 <= share <= 10:
        raise UsageError(f"growth: got {given}, expected a share such as 20%, two such as 10%..30%, or history")
    return share


def grown(board: Board) -> Reals:
    """For each parent, the items created after its first item was started, as a share of those before; shape (parents,)."""
    lives = board.lives.join(board.items.select("item", "parent"), on="item", how="left")
    lives = lives.filter(lives["parent"].is_not_null() & lives["created"].is_not_null())
    shares = []
    for _, under in lives.group_by("parent", maintain_order=True):
        started = under["started"].min()
        if started is None:
            continue
        before = int((under["created"] <= started).sum())
        if before >= FEWEST_CHILDREN:
            shares.append((under.height - before) / before)
    return np.array(shares, np.float64)


def told(history: Reals) -> str:
    """A sentence on the growth of the past; empty where there is none."""
    if not len(history):
        return ""
    low, middle, high = np.quantile(history, [0.1, 0.5, 0.9])
    parents = f"{len(history)} parent{'s' if len(history) != 1 else ''}"
    return f"under {parents} of the past the work grew after its start by {middle:.0%} (median; {low:.0%} to {high:.0%})"

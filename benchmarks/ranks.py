"""Whether truths lie evenly among the members: ranks in ten bins, how surely they are even, and the picture.

If members are what may be believed of the truth, its rank among them is even (Cook, Gelman & Rubin 2006). The effects of one truth
have much in common, so that a χ² test of all ranks would see unevenness where there is none. Truths are independent of each other:
the ranks of each are turned by an angle of its own, which leaves what they have in common and makes them even; the share of turned
tables whose χ² is as large is the p value.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vssim.clock import Ints, Reals

BINS, TURNS = 10, 9_999


def counts(ranks: Reals) -> Ints:
    """How many ranks [1] lie in each bin; (bins,)."""
    return np.bincount(np.minimum((ranks * BINS).astype(np.int64), BINS - 1), minlength=BINS)


def chi_square(ranks: Reals) -> float:
    """How uneven ranks are: Σ (count − mean)² / mean."""
    mean = len(ranks) / BINS
    return float(((counts(ranks) - mean) ** 2).sum() / mean)


def p_value(by_truth: Sequence[Reals], seed: int = 1) -> float:
    """How often ranks that are even would lie as unevenly. `by_truth`: the ranks of the effects of each truth, each (effects,)."""
    if not any(len(ranks) for ranks in by_truth):
        return 1.0
    luck = np.random.default_rng(seed)
    ranks, truth = np.concatenate(by_truth), np.repeat(np.arange(len(by_truth)), [len(ranks) for ranks in by_truth])
    seen = chi_square(ranks)
    turned = ((ranks + luck.random(len(by_truth))[truth]) % 1.0 for _ in range(TURNS))
    return (1 + sum(chi_square(each) >= seen for each in turned)) / (TURNS + 1)


def picture(by_truth: Sequence[Reals], file: Path) -> None:
    """The ranks as bars, beside what even ones would be with nine of ten of the tables that chance makes."""
    from matplotlib.figure import Figure

    ranks = np.concatenate(by_truth)
    luck = np.random.default_rng(1)
    truth = np.repeat(np.arange(len(by_truth)), [len(each) for each in by_truth])
    turned = np.array([counts((ranks + luck.random(len(by_truth))[truth]) % 1.0) for _ in range(999)])
    low, high = np.quantile(turned, [0.05, 0.95], axis=0)
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.add_subplot()
    edges = np.arange(BINS) / BINS
    axes.bar(edges, counts(ranks), 1 / BINS, align="edge", color="#4C78A8", edgecolor="white")
    axes.fill_between(
        np.append(edges, 1.0), np.append(low, low[-1]), np.append(high, high[-1]), step="post", color="#888", alpha=0.3
    )
    axes.axhline(len(ranks) / BINS, color="#444", linewidth=1)
    axes.set_xlabel("Share of members below the truth")
    axes.set_ylabel("Effects")
    axes.set_title(
        f"{len(ranks)} effects of {len(by_truth)} truths; gray: nine of ten tables of even ranks", loc="left", fontsize=10
    )
    figure.savefig(file, dpi=120)

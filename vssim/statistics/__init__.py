"""What many runs say together: figures of the pool of all runs, intervals, differences, verdicts, families.

Every figure is a `Statistic`: its value over all replications, and by replication an *influence value*, how far that
replication pulls it up or down (linearisation of ratios and quantiles: Asmussen & Glynn 2007, III.3-4; Nakayama 2014). Intervals
of levels, differences and ratios, variance ratios and families all come from these values alone, so that they fit together.
"""

from vssim.statistics.comparing import compare, compare_pairs, luck_in_words
from vssim.statistics.estimates import (
    CONFIDENCE,
    NO_REAL_DIFFERENCE,
    UNDEFINED,
    Difference,
    Estimate,
    Verdict,
)
from vssim.statistics.families import Family, family
from vssim.statistics.influence import Statistic, average, combined, deviation, pooled_mean, spread, variation
from vssim.statistics.intervals import estimate, half_width, interval, level, ratio, student
from vssim.statistics.percentiles import outcome, percentile, share_within
from vssim.statistics.pool import Pool, order_statistics, quantile_of, quantiles_of

__all__ = [
    "CONFIDENCE",
    "NO_REAL_DIFFERENCE",
    "UNDEFINED",
    "Difference",
    "Estimate",
    "Family",
    "Pool",
    "Statistic",
    "Verdict",
    "average",
    "combined",
    "compare",
    "compare_pairs",
    "deviation",
    "estimate",
    "family",
    "half_width",
    "interval",
    "level",
    "luck_in_words",
    "order_statistics",
    "outcome",
    "percentile",
    "pooled_mean",
    "quantile_of",
    "quantiles_of",
    "ratio",
    "share_within",
    "spread",
    "student",
    "variation",
]

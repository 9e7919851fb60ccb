"""Still pictures for slides and documents (matplotlib); each function returns a Figure.

Those of single runs take one run, or several that are drawn side by side on the same axes; `curve`, `heat` and `front` take a
sweep, `waterfall` takes an explanation, the others take a comparison.
"""

from vssim.views.figures.comparisons import changes, time_spent, utilisation
from vssim.views.figures.flow import ageing, cumulative_flow, in_progress, run_chart
from vssim.views.figures.sweeps import curve, front, heat, waterfall
from vssim.views.figures.times import lead_time_distribution, lead_times
from vssim.views.figures.way import transition

__all__ = [
    "ageing",
    "changes",
    "cumulative_flow",
    "curve",
    "front",
    "heat",
    "in_progress",
    "lead_time_distribution",
    "lead_times",
    "run_chart",
    "time_spent",
    "transition",
    "utilisation",
    "waterfall",
]

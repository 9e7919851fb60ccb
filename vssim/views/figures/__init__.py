"""Still pictures for slides and documents (matplotlib); each function returns a Figure.

Pictures of single runs take one run, or several, which are drawn side by side on the same axes; `curve`, `heat` and `front` take a
sweep, `waterfall` takes an explanation, `fan`, `burn_up`, `dates` and `calibration` take a forecast, `past` takes a learned
scenario or a backtest. All others take a comparison.
"""

from vssim.views.figures.comparisons import time_spent, utilisation
from vssim.views.figures.cumulative import cumulative_flow
from vssim.views.figures.flow import ageing, in_progress, run_chart
from vssim.views.figures.forecasts import burn_up, calibration, dates, fan
from vssim.views.figures.forest import changes
from vssim.views.figures.money import cash
from vssim.views.figures.past import past
from vssim.views.figures.sweeps import curve, front, heat, waterfall
from vssim.views.figures.times import lead_time_distribution, lead_times
from vssim.views.figures.unknowns import threshold, tornado
from vssim.views.figures.way import transition

__all__ = [
    "ageing",
    "burn_up",
    "calibration",
    "cash",
    "changes",
    "cumulative_flow",
    "curve",
    "dates",
    "fan",
    "front",
    "heat",
    "in_progress",
    "lead_time_distribution",
    "lead_times",
    "past",
    "run_chart",
    "threshold",
    "time_spent",
    "tornado",
    "transition",
    "utilisation",
    "waterfall",
]

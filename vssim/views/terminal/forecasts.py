"""Forecasts on the terminal: the promises, a band that shows the distribution of outcomes, and the record."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from vssim.clock import Ints
from vssim.forecasts.forecast import Forecast
from vssim.forecasts.foretold import Kept
from vssim.forecasts.item import ItemForecast
from vssim.forecasts.records import Records
from vssim.forecasts.simulation import ScenarioForecast
from vssim.forecasts.teams import TeamsForecast
from vssim.forecasts.told import warning

BARS = " ▁▂▃▄▅▆▇"
WIDTH = 40
"""The width of the band [characters]."""

Shown = Forecast | ItemForecast | TeamsForecast | ScenarioForecast | Records | Kept


def shown(result: Shown) -> RenderableType:
    """The lines of a forecast, its warning in colour, with the band of outcomes."""
    if not isinstance(result, Forecast):
        return Text(result.text)
    lines = result.text.splitlines()
    warned = 1 if warning(result) else 0
    promises = warned + 1 + len(result.promises)
    head = [Text(lines[0], "bold yellow")] if warned else []
    return Group(
        *head,
        Text(lines[warned], "bold"),
        *(Text(line) for line in lines[warned + 1 : promises]),
        Text(band(result.samples), "cyan"),
        *(Text(line) for line in lines[promises:]),
    )


def band(samples: Ints, width: int = WIDTH) -> str:
    """The distribution of outcomes between their 1 % and 99 % quantiles, one character a stretch, with both ends as text."""
    low, high = (int(value) for value in np.quantile(samples, [0.01, 0.99], method="inverted_cdf"))
    places = min(width, high - low + 1)
    counts, _ = np.histogram(samples, places, (low - 0.5, high + 0.5))
    heights = np.ceil(counts / max(1, counts.max()) * (len(BARS) - 1)).astype(int)
    return f"  {low:,} {''.join(BARS[height] for height in heights)} {high:,}"

"""When today's board is done: as it is and with each change, as outcomes and not as means."""

from __future__ import annotations

from vssim.forecasts.simulation import ScenarioForecast
from vssim.views.report.markup import bullets, section, table


def when_done(forecast: ScenarioForecast | None) -> str:
    """The section; nothing where the scenario names no items of today."""
    if forecast is None:
        return ""
    names = [side.name for side in forecast.sides]
    return section(
        "When is it done?",
        table(forecast.question, ["", *names], forecast.rows),
        bullets(forecast.basis),
        name="forecast",
    )

"""The whole page: one HTML file with everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vssim import files
from vssim.analysis.compare.compare import Comparison
from vssim.forecasts.simulation import ScenarioForecast
from vssim.language import chosen, told_to_pages
from vssim.play.run import Run
from vssim.scenario import Scenario
from vssim.views.report import bundle
from vssim.views.report.assumptions import assumptions, method
from vssim.views.report.explore import Explored, try_it
from vssim.views.report.first import first_page, headline_change, lanes
from vssim.views.report.forecast import when_done
from vssim.views.report.markup import element, paragraph, text
from vssim.views.report.money import money
from vssim.views.report.replayed import replayed
from vssim.views.report.theatre import theatre
from vssim.views.report.timebars import where_the_time_went
from vssim.views.report.unknowns import unknowns
from vssim.views.report.verdicts import numbers, verdicts


def page(
    comparison: Comparison, runs: Sequence[Run], explored: Explored | None = None, forecast: ScenarioForecast | None = None
) -> str:
    """The report of a comparison; `runs` are one run of each variant, with the same luck.

    `explored`: what a reader may move; `forecast`: when today's board is done, where the scenario names its items.
    """
    body = element(
        "main",
        first_page(comparison, runs),
        where_the_time_went(comparison),
        try_it(explored, lanes(comparison)),
        theatre(runs, best(comparison), lanes(comparison)),
        verdicts(comparison),
        numbers(comparison),
        when_done(forecast),
        money(comparison),
        past_of(comparison),
        unknowns(comparison),
        method(comparison),
        assumptions(comparison),
    )
    script = f'{told_to_pages()}<script type="module">{bundle.script()}</script>'
    return _whole(comparison.scenario.name, body + script)


def past_alone(scenario: Scenario) -> str:
    """A page with the replayed past of a scenario that was learned alone; '' for any other one."""
    if scenario.learned is None:
        return ""
    head = element("header", paragraph(scenario.name, "over"), kind="first")
    return _whole(scenario.name, element("main", head, replayed(scenario.learned)))


def _whole(title: str, body: str) -> str:
    top = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{bundle.policy()}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        element("title", text(title)),
        f"<style>{bundle.style()}</style>",
    ]
    return f'<!DOCTYPE html>\n<html lang="{chosen()}"><head>{"".join(top)}</head><body>{body}</body></html>\n'


def past_of(comparison: Comparison) -> str:
    """The past of a scenario that was learned, replayed; nothing of any other one."""
    return "" if comparison.scenario.learned is None else replayed(comparison.scenario.learned)


def best(comparison: Comparison) -> str | None:
    """The change that is shown beside the organisation as it is: the one that the report begins with."""
    headline = headline_change(comparison)
    return None if headline is None else headline.change


def checked(file: Path) -> Path:
    """The same file, if a report can be written there; asked before the work, not after it."""
    return files.checked(file, (".html", ".htm"))


def write(markup: str, file: Path) -> None:
    """Write the page, whole or not at all."""
    files.write(file, markup.encode())

"""A learned scenario on the terminal: the verdict, every figure with its source, the checks, questions, and changes to try."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.learning.backtest import Backtest
from vssim.learning.learned import Learned
from vssim.tracker.checks import Check
from vssim.views.terminal.records import MARKS
from vssim.views.terminal.sections import part

COLOURS = {"reproduced": "bold green", "roughly": "bold yellow", "not": "bold red"}


def learned(learned_scenario: Learned) -> RenderableType:
    """Everything about a learned scenario, the verdict first."""
    return Group(
        Text(learned_scenario.sentence, COLOURS[learned_scenario.verdict]),
        *part("Figures (nine of ten members lie in the range)", [_figures(learned_scenario)]),
        *part("Checks", [checks(learned_scenario.checks)]),
        *part("To be asked in the team", (Text(f"· {text}") for text in learned_scenario.questions)),
        *part("Worth trying", (Text(f"· {name}") for name in learned_scenario.changes())),
    )


def _figures(learned: Learned) -> Table:
    table = Table.grid(padding=(0, 2))
    for estimate in learned.figures:
        source = Text("not known", "yellow") if estimate.is_silent else Text(estimate.figure.source, "cyan")
        table.add_row(estimate.figure.name, Text(estimate.range, no_wrap=True), source, Text(estimate.figure.why, "dim"))
    return table


def checks(results: Iterable[Check]) -> Table:
    """The table of checks: result, requirement, and explanation."""
    table = Table.grid(padding=(0, 2))
    for check in results:
        mark, colour = MARKS[check.verdict]
        table.add_row(Text(mark, colour), check.name, check.found, Text(check.limit, "dim"), Text(check.verdict, colour))
        if check.why:
            table.add_row("", "", Text(check.why, "dim"), "", "")
    return table


def backtested(backtest: Backtest) -> RenderableType:
    """The records compared with what is played: the verdict, every metric, and what has drifted."""
    table = Table.grid(padding=(0, 2))
    for line in backtest.past.lines:
        mark = Text("outside", "yellow") if line.off else Text("")
        table.add_row(line.metric.name, f"{line.recorded:.3g}", Text(line.range, "dim"), mark)
    return Group(
        Text(backtest.sentence, COLOURS[backtest.verdict]),
        *part("Recorded, and played (nine of ten histories lie in the range)", [table]),
        *part("Checks", [checks(backtest.checks)]),
        *part("What has drifted", (Text(f"· {text}") for text in backtest.drifted)),
    )

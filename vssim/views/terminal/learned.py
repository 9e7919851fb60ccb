"""A learned scenario on the terminal: the verdict, every figure with its source, the checks, questions, and changes to try."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.language import numbers, recalled, said, t, told
from vssim.learning.backtest import Backtest
from vssim.learning.learned import Learned
from vssim.tracker.checks import Check
from vssim.views.terminal.records import MARKS
from vssim.views.terminal.sections import part

SOURCES = {"counted": said("counted"), "fitted": said("fitted"), "told": said("told"), "assumed": said("assumed")}
COLOURS = {"reproduced": "bold green", "roughly": "bold yellow", "not": "bold red"}


def learned(learned_scenario: Learned) -> RenderableType:
    """Everything about a learned scenario, the verdict first."""
    return Group(
        Text(_sentence(learned_scenario), COLOURS[learned_scenario.verdict]),
        *part(t("Figures (nine of ten members lie in the range)"), [_figures(learned_scenario)]),
        *part(t("Checks"), [checks(learned_scenario.checks)]),
        *part(t("To be asked in the team"), (Text(f"· {recalled(str(text))}") for text in learned_scenario.questions)),
        *part(t("Worth trying"), (Text(f"· {name}") for name in learned_scenario.changes())),
    )


def _sentence(learned: Learned) -> str:
    off = "; ".join(recalled(str(text)) for text in learned.off)
    return told(learned.origin.plays) + (f" ({off})" if off else "")


def _figures(learned: Learned) -> Table:
    table = Table.grid(padding=(0, 2))
    for estimate in learned.figures:
        source = Text(t("not known"), "yellow") if estimate.is_silent else Text(told(SOURCES[estimate.figure.source]), "cyan")
        why = recalled(str(estimate.figure.why))
        table.add_row(recalled(estimate.figure.name), Text(numbers(estimate.range), no_wrap=True), source, Text(why, "dim"))
    return table


def checks(results: Iterable[Check]) -> Table:
    """The table of checks: result, requirement, and explanation."""
    table = Table.grid(padding=(0, 2))
    for check in results:
        mark, colour = MARKS[check.verdict]
        name, state, limit, why = (recalled(str(text)) for text in (check.name, check.found, check.limit, check.why))
        table.add_row(Text(mark, colour), name, state, Text(limit, "dim"), Text(t(check.verdict), colour))
        if why:
            table.add_row("", "", Text(why, "dim"), "", "")
    return table


def backtested(backtest: Backtest) -> RenderableType:
    """The records compared with what is played: the verdict, every metric, and what has drifted."""
    table = Table.grid(padding=(0, 2))
    for line in backtest.past.lines:
        mark = Text(t("outside"), "yellow") if line.off else Text("")
        recorded, played = numbers(f"{line.recorded:.3g}"), numbers(line.range)
        table.add_row(recalled(str(line.metric.name)), recorded, Text(played, "dim"), mark)
    return Group(
        Text(told(backtest.sentence), COLOURS[backtest.verdict]),
        *part(t("Recorded, and played (nine of ten histories lie in the range)"), [table]),
        *part(t("Checks"), [checks(backtest.checks)]),
        *part(t("What has drifted"), (Text(f"· {recalled(str(text))}") for text in backtest.drifted)),
    )

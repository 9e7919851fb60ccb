"""The data report of an export, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.tracker import weekly
from vssim.tracker.report import DataReport, day_of
from vssim.views.records import shown, spread_cells, without_model
from vssim.views.terminal.sections import part
from vssim.views.words import figure, many, percent

BLOCKS = "▁▂▃▄▅▆▇█"
MOST_WEEKS, MOST_OPEN, MOST_TYPES = 52, 10, 12
MARKS = {"passes": ("✓", "green"), "rough": ("~", "yellow"), "fails": ("✗", "red"), "cannot be told": ("?", "dim")}


def records(report: DataReport) -> RenderableType:
    """The whole report, part by part."""
    return Group(
        *_head(report),
        *part("How it was read", _decisions(report)),
        *part("Mind", _bullets(report.sentences())),
        *part("Flow by week", _weeks(report)),
        *part("Time in column [working days]", _columns(report)),
        *part("By type [working days]", _types(report)),
        *part("Open, oldest first [working days]", _open(report)),
        *part("Checks", _checks(report)),
        *part("Without any model", _bullets(without_model(report))),
        *part("What these records can tell", _bullets(report.can_tell()[0])),
        *part("What only you can", _bullets(report.can_tell()[1])),
    )


def _head(report: DataReport) -> Iterator[RenderableType]:
    board, totals = report.board, report.totals
    first, last = report.span()
    yield Text(f"{', '.join(board.files)}: {board.kind}", "bold")
    yield Text(
        f"{board.rows:,} rows read: {many(board.items.height, 'item')}, {many(board.moves.height, 'move')}, {first} to {last}"
    )
    gone = f", {totals.gone:,} left without being done" if totals.gone else ""
    yield Text(f"{totals.done:,} done, {totals.in_progress:,} in progress, {totals.waiting:,} not started{gone}")
    for name, times in (("From creation to done", totals.lead), ("From start to done", totals.since_start)):
        if times.n:
            yield Text(f"{name}: half within {figure(times.p50)}, 85 % within {figure(times.p85)} working days ({times.n:,} items)")


def _decisions(report: DataReport) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2))
    for decision in report.board.decisions.values():
        table.add_row(Text(decision.key, "cyan"), Text(shown(decision.value)), Text(decision.why, "dim"))
    clock = report.board.clock.document()
    table.add_row(
        Text("calendar", "cyan"), Text(", ".join(clock["working_days"])), Text(", ".join(clock.get("hours", ["whole days"])), "dim")
    )
    yield table


def _bullets(lines: Sequence[str]) -> Iterator[RenderableType]:
    for line in lines:
        grid = Table.grid(padding=(0, 1))
        grid.add_row(Text("·"), Text(line))
        yield grid


def _weeks(report: DataReport) -> Iterator[RenderableType]:
    weeks = report.weeks
    if not len(weeks):
        yield Text("no whole week")
        return
    table = Table.grid(padding=(0, 2))
    shown = weeks.part(max(0, len(weeks) - MOST_WEEKS), len(weeks))
    for name in ("arrivals", "departures", "wip"):
        values = getattr(weeks, name)
        limits = weekly.xmr(values)
        said = figure(float(values.mean()))
        usual = f"usual {figure(limits.low)} … {figure(limits.high)}" if limits and name != "wip" else "at the end of each week"
        beyond = f"{len(limits.outside)} weeks beyond" if limits and limits.outside and name != "wip" else ""
        table.add_row(name, sparks(getattr(shown, name).tolist()), Text(said, "bold"), Text(usual, "dim"), Text(beyond, "yellow"))
    yield table
    yield Text(f"{many(len(weeks), 'whole week')} from {day_of(weeks.mondays[0])}, a character each (the last {len(shown)})", "dim")
    fano, lag = weekly.fano(weeks.departures), weekly.lag_1(weeks.departures)
    if fano is not None and lag is not None:
        vary = f"departures vary {figure(fano)} times as much as chance alone would let them"
        yield Text(f"{vary}; from week to week they hang together by {figure(lag)}", "dim")


def sparks(values: Sequence[float]) -> str:
    """Values as a line of blocks of different heights."""
    most = max(values, default=0) or 1
    return "".join(BLOCKS[min(len(BLOCKS) - 1, int(value / most * (len(BLOCKS) - 1) + 0.5))] for value in values)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for number, _ in enumerate(head):
        table.add_column(justify="left" if number == 0 else "right")
    table.add_row(*(Text(name, "dim") for name in head))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


SPREAD_HEAD = ("mean", "50 %", "85 %", "95 %")


def _columns(report: DataReport) -> Iterator[RenderableType]:
    rows = [
        (entry.column, f"{entry.visits:,}", f"{entry.again:,}", f"{entry.now:,}", *spread_cells(entry.days))
        for entry in report.columns
    ]
    if rows:
        yield _table(("", "visits", "again", "there now", *SPREAD_HEAD), rows)
    if report.backwards:
        yield Text("Back: " + "; ".join(f"{origin} → {target} {count:,}" for origin, target, count in report.backwards[:5]))
    blocked = report.blocked
    if blocked.times:
        times = f"Blocked {blocked.times:,} times ({blocked.items:,} items)"
        yield Text(f"{times}, {figure(blocked.days)} working days in all; {blocked.now:,} still")
    if blocked.from_column is not None:
        yield Text(f"Blocked days, as the export says: {figure(blocked.from_column)}")


def _types(report: DataReport) -> Iterator[RenderableType]:
    rows = [
        (entry.type, f"{entry.items:,}", f"{entry.done:,}", f"{entry.open:,}", *spread_cells(entry.lead))
        for entry in report.types[:MOST_TYPES]
    ]
    if rows:
        yield _table(("", "items", "done", "open", *SPREAD_HEAD), rows)


def _open(report: DataReport) -> Iterator[RenderableType]:
    rows = [
        (
            row["item"],
            row["column"] or "–",
            figure(row["age"]),
            figure(row["in_column"]) if row["in_column"] is not None else "–",
            f"older than {percent(row['beyond'])} of those done" if row["beyond"] is not None else "",
        )
        for row in report.ageing.head(MOST_OPEN).iter_rows(named=True)
    ]
    if rows:
        yield _table(("", "column", "age", "there for", ""), rows)
    if report.totals.in_progress > MOST_OPEN:
        yield Text(f"… and {report.totals.in_progress - MOST_OPEN:,} more", "dim")


def _checks(report: DataReport) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2))
    for check in report.checks:
        mark, colour = MARKS[check.verdict]
        table.add_row(Text(mark, colour), check.name, Text(check.found), Text(check.limit, "dim"), Text(check.verdict, colour))
    yield table
    stretch = report.stability.stretch
    if stretch is not None and not report.stability.stable:
        weeks = report.weeks
        first, last = day_of(weeks.mondays[stretch[0]]), day_of(weeks.mondays[stretch[1] - 1] + 6)
        yield Text(f"The longest stable stretch: {first} to {last}, {stretch[1] - stretch[0]} weeks.")
    elif stretch is None and len(report.weeks) >= 16:
        yield Text("There is no stable stretch of 16 weeks.")

"""The data report of a tracker's export as one self-contained page: no script, nothing from anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from vssim.tracker.report import DataReport, day_of
from vssim.views.records import shown, spread_cells, without_model
from vssim.views.report import bundle, curves
from vssim.views.report.markup import bullets, element, paragraph, section, table, text
from vssim.views.words import figure, many, percent

SPREAD = ("mean", "half within", "85 % within", "95 % within")


def page(report: DataReport) -> str:
    """The whole page."""
    title = f"What the records say: {', '.join(report.board.files)}"
    can, only = report.can_tell()
    body = element(
        "main",
        _head(report, title),
        section("Mind this first", bullets(report.sentences() or ["Nothing that stands in the way."]), name="mind"),
        section(
            "What can be told, and what only you can",
            element("h3", text("These records can tell")),
            bullets(can),
            element("h3", text("Only you can tell")),
            bullets(only),
            name="told",
        ),
        section("Checks", _checks(report), name="checks"),
        section("Flow", *_flow(report), name="flow"),
        section("Times", *_times(report), name="times"),
        section("Open", _open(report), name="open"),
        section("Without any model", bullets(without_model(report) or ["Too little left any column."]), name="bounds"),
        section("How it was read", _decisions(report), name="reading"),
    )
    policy = f"default-src 'none'; style-src '{bundle.hashed(bundle.style())}'; img-src data:; base-uri 'none'; form-action 'none'"
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        element("title", text(title)),
        f"<style>{bundle.style()}</style>",
    ]
    return f'<!DOCTYPE html>\n<html lang="en"><head>{"".join(head)}</head><body>{body}</body></html>\n'


def _head(report: DataReport, title: str) -> str:
    board, totals = report.board, report.totals
    first, last = report.span()
    counts = f"{board.rows:,} rows read, {many(board.items.height, 'item')}, {many(board.moves.height, 'move')}"
    open_ = f"{totals.in_progress:,} in progress, {totals.waiting:,} not started"
    lines = [
        f"{board.kind}: {counts}, {first} to {last}.",
        f"{totals.done:,} done, {open_}, {totals.gone:,} left without being done.",
    ]
    return element("header", element("h1", text(title)), *(paragraph(line) for line in lines))


def _checks(report: DataReport) -> str:
    rows = [(check.name, check.found, check.limit, check.verdict) for check in report.checks]
    stretch, said = report.stability.stretch, ""
    if stretch is not None and not report.stability.stable:
        first, last = (day_of(report.weeks.mondays[week]) for week in (stretch[0], stretch[1] - 1))
        said = paragraph(f"The longest stable stretch: the weeks of {first} to {last}.")
    return table("Whether one may build on these records", ("", "found", "asked", ""), rows) + said


def _flow(report: DataReport) -> Sequence[str]:
    weeks = report.weeks
    if not len(weeks):
        return [paragraph("No whole week.")]
    parts = []
    for name in ("arrivals", "departures"):
        parts += [element("h3", text(f"{name.title()} by week")), curves.by_week(weeks, name)]
    parts += [
        element("h3", text("Cumulative flow")),
        curves.cumulative_flow(report.daily, report.board.stages.done),
        curves.stock(report.daily),
    ]
    return parts


def _times(report: DataReport) -> Sequence[str]:
    totals = report.totals
    whole = [
        ("creation to done", f"{totals.lead.n:,}", *spread_cells(totals.lead)),
        ("start to done", f"{totals.since_start.n:,}", *spread_cells(totals.since_start)),
    ]
    parts = [table("All items [working days]", ("", "items", *SPREAD), whole)]
    columns = [
        (entry.column, f"{entry.visits:,}", f"{entry.again:,}", f"{entry.now:,}", *spread_cells(entry.days))
        for entry in report.columns
    ]
    parts.append(table("Time in column, a visit [working days]", ("", "visits", "again", "there now", *SPREAD), columns))
    types = [
        (entry.type, f"{entry.items:,}", f"{entry.done:,}", f"{entry.open:,}", *spread_cells(entry.lead)) for entry in report.types
    ]
    if types:
        parts.append(table("By type, from creation to done [working days]", ("", "items", "done", "open", *SPREAD), types))
    if report.backwards:
        parts.append(table("Moves back", ("from", "to", "times"), [(o, t, f"{count:,}") for o, t, count in report.backwards]))
    blocked = report.blocked
    if blocked.times:
        parts.append(
            paragraph(f"Blocked {blocked.times:,} times, {figure(blocked.days)} working days in all; {blocked.now:,} still.")
        )
    if blocked.from_column is not None:
        parts.append(paragraph(f"Blocked days, as the export says: {figure(blocked.from_column)}."))
    return parts


def _open(report: DataReport) -> str:
    rows = [
        (
            str(row["item"]),
            str(row["column"] or "–"),
            figure(row["age"]),
            figure(row["in_column"]) if row["in_column"] is not None else "–",
            percent(row["beyond"]) if row["beyond"] is not None else "–",
        )
        for row in report.ageing.iter_rows(named=True)
    ]
    if not rows:
        return paragraph("Nothing is in progress.")
    return table(
        "In progress, oldest first [working days]", ("", "column", "age", "there for", "older than so many of those done"), rows
    )


def _decisions(report: DataReport) -> str:
    rows = [(d.key, shown(d.value), d.why) for d in report.board.decisions.values()]
    clock = report.board.clock.document()
    rows.append(("calendar", ", ".join(clock["working_days"]), ", ".join(clock.get("hours", ["whole days"]))))
    return table("Decisions", ("", "", "why"), rows)

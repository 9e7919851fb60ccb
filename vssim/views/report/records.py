"""The data report of a tracker's export as one self-contained page: no script, nothing from anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from vssim.language import chosen, numbers, t, told
from vssim.tracker.report import DataReport, day_of
from vssim.views.records import shown, spread_cells, without_model
from vssim.views.report import bundle, curves
from vssim.views.report.markup import bullets, element, paragraph, section, table, text
from vssim.views.words import figure, many, percent

SPREAD = ("mean", "half within", "85 % within", "95 % within")
WEEKLY = {"arrivals": "Arrivals by week", "departures": "Departures by week"}


def page(report: DataReport) -> str:
    """The whole page."""
    title = t("What the records say: {files}", files=", ".join(report.board.files))
    can, only = report.can_tell()
    body = element(
        "main",
        _head(report, title),
        section(
            "Mind this first", bullets(list(map(told, report.sentences())) or [t("Nothing that stands in the way.")]), name="mind"
        ),
        section(
            "What can be told, and what only you can",
            element("h3", text(t("These records can tell"))),
            bullets(map(told, can)),
            element("h3", text(t("Only you can tell"))),
            bullets(map(told, only)),
            name="told",
        ),
        section("Checks", _checks(report), name="checks"),
        section("Flow", *_flow(report), name="flow"),
        section("Times", *_times(report), name="times"),
        section("Open", _open(report), name="open"),
        section("Without any model", bullets(without_model(report) or [t("Too little left any column.")]), name="bounds"),
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
    return f'<!DOCTYPE html>\n<html lang="{chosen()}"><head>{"".join(head)}</head><body>{body}</body></html>\n'


def _head(report: DataReport, title: str) -> str:
    board, totals = report.board, report.totals
    first, last = report.span()
    counts = t("{count} rows read", count=_whole(board.rows))
    read = ", ".join([counts, many(board.items.height, "item"), many(board.moves.height, "move")])
    lines = [
        t("{kind}: {read}, {first} to {last}.", kind=t(board.kind), read=read, first=first, last=last),
        t(
            "{done} done, {progress} in progress, {waiting} not started, {gone} left without being done.",
            done=_whole(totals.done),
            progress=_whole(totals.in_progress),
            waiting=_whole(totals.waiting),
            gone=_whole(totals.gone),
        ),
    ]
    return element("header", element("h1", text(title)), *(paragraph(line) for line in lines))


def _whole(count: int) -> str:
    """A count with its thousands: 1,234."""
    return numbers(f"{count:,}")


def _heads(*words: str) -> tuple[str, ...]:
    """Heads of a table in the page's language."""
    return tuple(t(word) if word else "" for word in words)


def _checks(report: DataReport) -> str:
    rows = [(told(check.name), told(check.found), told(check.limit), t(check.verdict)) for check in report.checks]
    stretch, said = report.stability.stretch, ""
    if stretch is not None and not report.stability.stable:
        first, last = (day_of(report.weeks.mondays[week]) for week in (stretch[0], stretch[1] - 1))
        said = paragraph(t("The longest stable stretch: the weeks of {first} to {last}.", first=first, last=last))
    return table(t("Whether one may build on these records"), _heads("", "found", "asked", ""), rows) + said


def _flow(report: DataReport) -> Sequence[str]:
    weeks = report.weeks
    if not len(weeks):
        return [paragraph(t("No whole week."))]
    parts = []
    for name, title in WEEKLY.items():
        parts += [element("h3", text(t(title))), curves.by_week(weeks, name)]
    parts += [
        element("h3", text(t("Cumulative flow"))),
        curves.cumulative_flow(report.daily, report.board.stages.done),
        curves.stock(report.daily),
    ]
    return parts


def _times(report: DataReport) -> Sequence[str]:
    totals = report.totals
    spread = _heads(*SPREAD)
    whole = [
        (t("creation to done"), _whole(totals.lead.n), *spread_cells(totals.lead)),
        (t("start to done"), _whole(totals.since_start.n), *spread_cells(totals.since_start)),
    ]
    parts = [table(t("All items [working days]"), (*_heads("", "items"), *spread), whole)]
    columns = [
        (entry.column, _whole(entry.visits), _whole(entry.again), _whole(entry.now), *spread_cells(entry.days))
        for entry in report.columns
    ]
    heads = (*_heads("", "visits", "again", "there now"), *spread)
    parts.append(table(t("Time in column, a visit [working days]"), heads, columns))
    types = [
        (entry.type, _whole(entry.items), _whole(entry.done), _whole(entry.open), *spread_cells(entry.lead))
        for entry in report.types
    ]
    if types:
        heads = (*_heads("", "items", "done", "open"), *spread)
        parts.append(table(t("By type, from creation to done [working days]"), heads, types))
    if report.backwards:
        rows = [(origin, target, _whole(count)) for origin, target, count in report.backwards]
        parts.append(table(t("Moves back"), _heads("from", "to", "times"), rows))
    return [*parts, *_blocked(report)]


def _blocked(report: DataReport) -> list[str]:
    parts = []
    blocked = report.blocked
    if blocked.times:
        parts.append(
            paragraph(
                t(
                    "Blocked {times} times, {days} working days in all; {now} still.",
                    times=_whole(blocked.times),
                    days=figure(blocked.days),
                    now=_whole(blocked.now),
                )
            )
        )
    if blocked.from_column is not None:
        parts.append(paragraph(t("Blocked days, as the export says: {days}.", days=figure(blocked.from_column))))
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
        return paragraph(t("Nothing is in progress."))
    heads = _heads("", "column", "age", "there for", "older than so many of those done")
    return table(t("In progress, oldest first [working days]"), heads, rows)


def _decisions(report: DataReport) -> str:
    rows = [(d.key, shown(d.value), told(d.why)) for d in report.board.decisions.values()]
    clock = report.board.clock.document()
    rows.append(("calendar", ", ".join(clock["working_days"]), ", ".join(clock.get("hours", [t("whole days")]))))
    return table(t("Decisions"), _heads("", "", "why"), rows)

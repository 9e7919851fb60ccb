"""A forecast in words: what may be promised, what it rests on, and its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from vssim import markup
from vssim.forecasts import growth
from vssim.forecasts.deliveries import Counts, Deliveries, date_of
from vssim.forecasts.promises import MOST, Told
from vssim.forecasts.record import SHOWN, Record
from vssim.forecasts.throughput import MOST_DAYS

SILENT = 10
"""From so many working days without a move before the forecast, it says so [working days]."""


def day(date: dt.date) -> str:
    """A date as people say it: Fri 14 March 2025."""
    return f"{date:%a} {date.day} {date:%B %Y}"


def many(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def span(days: int, week: int) -> str:
    """A length of working days in words: in weeks where it is a whole number of weeks."""
    return many(days // week, "week") if days % week == 0 else many(days, "working day")


def question(forecast: Any) -> str:
    """The question in words."""
    if forecast.kind == "when":
        more = f" (and {forecast.growth.words} more)" if forecast.growth else ""
        return f"When are {many(forecast.items or 0, 'item')}{more} done, from {day(forecast.begins)} on?"
    assert forecast.by is not None
    return f"How many are done from {day(forecast.begins)} to {day(forecast.by)} ({many(forecast.days or 0, 'working day')})?"


def promised(told: Told, kind: str) -> str:
    """The promise in words."""
    if kind == "by":
        return f"at least {told.promise.number:,}"
    return f"by {day(told.date)}" if told.date else f"not within {MOST_DAYS:,} working days"


def own(told: Told) -> str:
    """The promise's own probability where it exceeds the one asked for, in words."""
    if told.promise.probability > MOST + 0.005:
        return "95 % or more"
    return f"{told.probability:.0%}".replace("%", " %")


def record_cells(record: Record) -> tuple[str, ...]:
    """Cells of a record in a table: probability promised, kept, usual range, in the band of 80 %, mean score (CRPS)."""
    count = len(record.windows)
    fewest, most = record.usual
    return (
        f"{record.promised:.0%}",
        f"{record.kept} ({record.kept / count:.0%})",
        f"{fewest} to {most}",
        f"{record.in_band} ({record.in_band / count:.0%})",
        f"{record.score:.2f}",
    )


RECORD_HEADS = ("promised", "kept", "usual", "in 80 % band", "CRPS")
"""The heads over `record_cells`."""


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table in plain letters, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def warning(forecast: Any) -> str:
    """A warning that belongs before everything else; empty where there is none."""
    record = forecast.record if forecast.record.is_shown else forecast.near[1] if forecast.near else None
    said = []
    if record is not None and not record.holds:
        fewest, most = record.usual
        much = "too confident" if record.kept < fewest else "too careful"
        said.append(
            f"Its record fails: {record.kept} of {len(record.windows)} promises of 85 % were kept, {fewest} to {most} are usual: "
            f"the forecast has been {much}."
        )
    if forecast.method.by_days:
        said.append("By single days, as tools do it: over-confident, because good and bad times last.")
    if forecast.is_rough:
        said.append(f"Rough: {len(forecast.past.daily) / forecast.deliveries.week:.0f} weeks of deliveries are used.")
    return " ".join(said)


def record_sentence(record: Record, length: str, fewer: str = "") -> str:
    """The record in a sentence. `length`: the length of its windows, in words."""
    if not record.is_shown:
        return f"No record: the past holds {many(len(record.windows), 'window')} of {length}{fewer}; {SHOWN} are needed."
    last = record.windows[-1]
    said = f"at least {last.promise.number:,}" if record.kind == "counts" else f"within {many(last.promise.number, 'working day')}"
    fewest, most = record.usual
    return (
        f"In the last {len(record.windows)} windows of {length} we would have said {said} (85 %; the last time); "
        f"such promises were right {record.kept} times. Promised {record.promised:.0%} on average, "
        f"kept {record.kept / len(record.windows):.0%}; {fewest} to {most} times are usual."
    )


def records(forecast: Any) -> list[str]:
    """Sentences on the forecast's record; where its own windows are too few, on that of shorter ones."""
    week = forecast.deliveries.week
    length = span(forecast.days or 0, week) if forecast.kind == "by" else many(forecast.items or 0, "item")
    said = [record_sentence(forecast.record, length)]
    if forecast.near is not None:
        weeks, record = forecast.near
        said.append(f"Of shorter windows: {record_sentence(record, many(weeks, 'week'))}")
    elif not forecast.record.is_shown:
        said.append("There is no record of shorter windows either: nobody knows how often this forecast is right.")
    return said


def basis(forecast: Any) -> list[str]:
    """Sentences on what the forecast is based on."""
    past, used = forecast.deliveries, forecast.past
    first = past.days[len(past.days) - len(used.daily)]
    said = [
        f"From {many(int(used.daily.sum()), 'delivery').replace('deliverys', 'deliveries')} in {len(used.daily):,} working days "
        f"since {day(date_of(first))} ({used.mean * past.week:.1f} a week), drawn as {forecast.method.label}"
        + (f" (cadence of {span(used.block, past.week)})." if used.block > past.week else ".")
    ]
    if forecast.regime is not None:
        changed = forecast.regime
        since = day(date_of(past.days[changed.first]))
        said.append(f"Deliveries went from {changed.before:.1f} to {changed.after:.1f} a week about {since}: older is unused.")
    history = growth.told(forecast.history)
    if forecast.kind == "when" and (forecast.growth or history):
        stated = f"Assumed: the scope grows by {forecast.growth.words} meanwhile" if forecast.growth else "No growth is assumed"
        said.append(f"{stated}{'; ' + history if history else ''}.")
    return [*said, counted(past.counts), *_silent(past)]


def counted(counts: Counts) -> str:
    """A sentence on which items were counted, and which were not."""
    parts = [f"{counts.delivered:,} delivered", f"{counts.open:,} open ({counts.started:,} of them under way)"]
    if counts.dropped:
        parts.append(f"{counts.dropped:,} dropped and not counted")
    if counts.unstarted:
        parts.append(f"{counts.unstarted:,} delivered without a start")
    if counts.elsewhere:
        parts.append(f"{counts.elsewhere:,} delivered on days that are no working days (they count on the working day before)")
    if counts.later:
        parts.append(f"{counts.later:,} delivered later than the forecast begins: not used")
    return f"Records: {', '.join(parts)}."


def _silent(past: Deliveries) -> list[str]:
    if past.silent <= SILENT:
        return []
    return [f"Nothing moves in the {past.silent:,} working days before: they count as days without deliveries."]


def lines(forecast: Any) -> list[str]:
    """The forecast, line by line."""
    first = warning(forecast)
    body = [
        f"  {told.asked:.0%}".replace("%", " %") + f"  {promised(told, forecast.kind)}{_own(told)}" for told in forecast.promises
    ]
    return [*([first] if first else []), question(forecast), *body, *records(forecast), *basis(forecast)]


def _own(told: Told) -> str:
    return "" if abs(told.probability - told.asked) < 0.015 else f"  ({own(told)})"


def html(forecast: Any) -> str:
    """The forecast as HTML for a notebook."""
    rows = [(f"{told.asked:.0%}", promised(told, forecast.kind), own(told)) for told in forecast.promises]
    return "".join(
        (
            markup.title(question(forecast)),
            markup.paragraph(warning(forecast)),
            markup.table(("probability", "promise", "its own"), rows),
            markup.notes([*records(forecast), *basis(forecast)]),
        )
    )

"""Texts become instants. The form of dates is decided for all date columns of a file together, never cell by cell.

Whether day or month comes first is decided by the cells with a part above 12; where there is none, a question is raised. Stamps
without a zone belong to the zone that the reading names.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from vssim.errors import UsageError
from vssim.language import said
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import INSTANT

DAY_FIRST, MONTH_FIRST = "d/m/y", "m/d/y"

EARLIEST, LATEST = 1990, 2100
"""Dates before the first of these years, or from the second on, are taken for mistakes."""

_TIME = r"(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?"
_AFTER = r"\s*([AaPp]\.?[Mm]\.?)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
_YEAR_FIRST = rf"^(\d{{4,6}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_TIME}{_AFTER}"
_NUMBERS = rf"^(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){_TIME}{_AFTER}"
_NAMED = rf"^(?:\p{{L}}+\.?,? )?(\d{{1,2}})[-/. ]+(\p{{L}}{{3,}})\.?[-/. ]+(\d{{4}}|\d{{2}}){_TIME}{_AFTER}"
_NAME_FIRST = rf"^(?:\p{{L}}+\.?, )?(\p{{L}}{{3,}})\.? +(\d{{1,2}}),? +(\d{{4}}){_TIME}{_AFTER}"
_EPOCH = r"^(\d{9,18})(?:[.,]\d+)?$|^(\d(?:\.\d+)?[eE]\+?\d{1,2})$"

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan ene gen janv",
            "feb fév fev févr",
            "mar mär mrz mars mrt",
            "apr abr avr",
            "may mai maj mei mag",
            "jun juin giu",
            "jul juil lug",
            "aug ago août aoû",
            "sep set sept",
            "oct okt out ott",
            "nov",
            "dec dez dic déc",
        ),
        1,
    )
    for month in names.split()
}
"""How the names of months begin in the languages that trackers write."""


@dataclass(frozen=True)
class Dates:
    """The date columns of one file as instants, and how they were written."""

    columns: dict[str, pl.Series]
    """by head the instants; null where the cell is empty or holds no date"""
    forms: tuple[str, ...]
    """which forms of dates occur, in words"""
    days_only: bool
    """whether no cell of any column has a time of day"""
    zoned: bool
    """whether every cell with a time of day states its time zone"""
    unread: dict[str, pl.Series] = field(default_factory=dict)
    """by head a boolean for each row: the cell holds a text that is no date in any form"""
    strange: dict[str, pl.Series] = field(default_factory=dict)
    """by head a boolean for each row: the cell holds a date outside the accepted years"""


def zone_of(decisions: Decisions, bare: int = 0, timed: int = 0) -> str:
    """The time zone of dates without one. `timed`: how many cells have a time of day; `bare`: how many of these state no zone."""
    why = said("days begin and end there")
    if bare:
        why = (
            said("the file's stamps bear no zone, and the reading names none")
            if bare == timed
            else said("{bare} of {timed} stamps bear no zone, the others do, and the reading names none", bare=bare, timed=timed)
        )
    calendar = decisions.given.get("calendar")
    inside = calendar.get("zone") if isinstance(calendar, dict) else None
    name = str(decisions.settle("zone", inside or "UTC", said("as the calendar says") if inside else why))
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"reading: zone: got {name!r}, expected a zone such as Europe/Berlin or UTC") from None
    return name


def looks_like_dates(column: pl.Series) -> bool:
    """Whether at least 80 % of the filled cells hold dates, or numbers as large as those that stand for dates."""
    held = column.drop_nulls().head(200)
    if held.is_empty():
        return False
    return float(_is_date(held).mean()) >= 0.8  # type: ignore[arg-type]


def _is_date(held: pl.Series) -> pl.Series:
    return (
        held.str.contains(_YEAR_FIRST) | held.str.contains(_NUMBERS) | held.str.contains(_NAMED) | held.str.contains(_NAME_FIRST)
    ) | held.str.contains(r"^1\d{9}(?:\d{3}|\d{6})?(?:[.,]\d+)?$|^1\.\d+[eE]\+?(?:9|12|15)$")


def read_dates(table: pl.DataFrame, heads: Iterable[str], decisions: Decisions) -> Dates:
    """The date columns of a table of texts as instants (UTC)."""
    chosen = list(dict.fromkeys(heads))
    cells = (
        pl.concat([table[head].cast(pl.String).rename("text") for head in chosen]) if chosen else pl.Series("text", [], pl.String)
    )
    fast = _padded(cells)
    parsed = fast if fast is not None else _general(cells, decisions)
    bare = int(parsed.select((pl.col("timed") & pl.col("zoned").not_()).sum()).item() or 0)
    zone = zone_of(decisions, bare, int(parsed["timed"].sum() or 0))
    local = pl.col("local").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    # A clock time that summer time skips did not exist: the same time an hour later is meant.
    later = (pl.col("local") + pl.duration(hours=1)).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    shifted = pl.col("local").dt.replace_time_zone("UTC") - pl.col("offset")
    parsed = parsed.with_columns(
        at=pl.when(pl.col("zoned")).then(shifted).otherwise(pl.coalesce(local, later).dt.convert_time_zone("UTC")).cast(INSTANT)
    )
    odd = pl.col("local").dt.year().is_between(EARLIEST, LATEST - 1).not_().fill_null(value=False) | pl.col("odd")
    parsed = parsed.with_columns(odd=odd).with_columns(at=pl.when(pl.col("odd").not_()).then(pl.col("at")))
    length, by_head, unread, strange = table.height, {}, {}, {}
    for place, head in enumerate(chosen):
        part = parsed.slice(place * length, length)
        by_head[head] = part["at"].rename(head)
        held = table[head].cast(pl.String).is_not_null()
        strange[head] = part["odd"]
        unread[head] = held & part["at"].is_null() & ~part["odd"]
    timed = parsed["timed"]
    forms = tuple(parsed["form"].drop_nulls().unique(maintain_order=True).to_list())
    zoned = bool(timed.any()) and bool(parsed.select((pl.col("zoned") | ~pl.col("timed")).all()).item())
    return Dates(by_head, forms, not timed.any(), zoned, unread, strange)


def _padded(cells: pl.Series) -> pl.DataFrame | None:
    """Dates in the most frequent form, ISO dates or stamps throughout, read fast; None where any cell has another form."""
    held = cells.is_not_null()
    count = int(held.sum())
    if count == 0:
        return None
    for form, timed, zoned in (
        ("%Y-%m-%d", False, False),
        ("%Y-%m-%dT%H:%M:%S%.f%:z", True, True),
        ("%Y-%m-%dT%H:%M:%S%.f%#z", True, True),
        ("%Y-%m-%dT%H:%M:%S%.f", True, False),
        ("%Y-%m-%d %H:%M:%S%.f", True, False),
        ("%Y-%m-%d %H:%M:%S%.f%:z", True, True),
    ):
        probe = cells.drop_nulls().head(20)
        if _strptime(probe, form, zoned=zoned).null_count():
            continue
        local = _strptime(cells, form, zoned=zoned)
        if int(local.is_not_null().sum()) != count:
            continue
        none = pl.Series("odd", [False]).new_from_index(0, len(cells))
        return pl.DataFrame(
            {
                "local": local,
                "offset": pl.Series([None], dtype=pl.Duration("us")).new_from_index(0, len(cells))
                if not zoned
                else pl.Series([0], dtype=pl.Duration("us")).new_from_index(0, len(cells)),
                "timed": held & timed,
                "zoned": held & zoned,
                "odd": none,
                "form": pl.Series(["year-month-day"]).new_from_index(0, len(cells)),
            }
        )
    return None


def _strptime(cells: pl.Series, form: str, *, zoned: bool) -> pl.Series:
    if form == "%Y-%m-%d":
        return cells.str.to_date(form, strict=False).cast(pl.Datetime("us"))
    times = cells.str.to_datetime(form, time_unit="us", strict=False)
    return times.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zoned else times


def _general(cells: pl.Series, decisions: Decisions) -> pl.DataFrame:
    """Dates in any form: patterns take the cells apart, then all cells together decide the order of day and month."""
    frame = pl.DataFrame({"text": cells})
    frame = frame.with_columns(
        iso=pl.col("text").str.extract_groups(_YEAR_FIRST),
        numbers=pl.col("text").str.extract_groups(_NUMBERS),
        named=pl.col("text").str.extract_groups(_NAMED),
        name_first=pl.col("text").str.extract_groups(_NAME_FIRST),
        epoch=pl.col("text").str.extract(_EPOCH, 0).str.replace(",", "."),
        separator=pl.col("text").str.extract(r"^\d{1,2}([-/.])", 1),
    )
    order = _order(frame, decisions)
    day, month = ("1", "2") if order == DAY_FIRST else ("2", "1")
    part = _part
    sources = ("iso", "numbers", "named", "name_first")
    year = pl.coalesce(part("iso", "1"), part("numbers", "3"), part("named", "3"), part("name_first", "3")).cast(
        pl.Int64, strict=False
    )
    months = pl.coalesce(
        part("iso", "2").cast(pl.Int64),
        part("numbers", month).cast(pl.Int64),
        _month(part("named", "2")),
        _month(part("name_first", "1")),
    )
    days = pl.coalesce(part("iso", "3"), part("numbers", day), part("named", "1"), part("name_first", "2")).cast(pl.Int64)

    def common(group: str) -> pl.Expr:
        return pl.coalesce(*(part(source, group) for source in sources))

    frame = frame.with_columns(
        year=pl.when(year < 100).then(year + 2000).otherwise(year),
        month=months,
        day=days,
        hour=common("4").cast(pl.Int64),
        minute=common("5").cast(pl.Int64),
        second=common("6").cast(pl.Int64).fill_null(0),
        micro=common("7").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0),
        half=common("8").str.to_lowercase().str.slice(0, 1),
        zone=common("9"),
        seconds=pl.col("epoch").cast(pl.Float64, strict=False),
        form=pl.when(part("iso", "1").is_not_null())
        .then(pl.lit("year-month-day"))
        .when(part("numbers", "1").is_not_null())
        .then(pl.lit(order))
        .when(part("named", "1").is_not_null() | part("name_first", "1").is_not_null())
        .then(pl.lit("month by name"))
        .when(pl.col("epoch").is_not_null())
        .then(pl.lit("seconds since 1970")),
    )
    hour = (
        pl.when((pl.col("half") == "p") & (pl.col("hour") < 12))
        .then(pl.col("hour") + 12)
        .when((pl.col("half") == "a") & (pl.col("hour") == 12))
        .then(0)
        .otherwise(pl.col("hour"))
        .fill_null(0)
    )
    sane = pl.col("year").is_between(1, 9999) & pl.col("month").is_between(1, 12) & pl.col("day").is_between(1, 31)
    written = pl.when(sane).then(
        (
            pl.format(
                "{}-{}-{} {}:{}:{}.{}",
                pl.col("year").cast(pl.String).str.pad_start(4, "0"),
                _two("month"),
                _two("day"),
                hour.cast(pl.String).str.pad_start(2, "0"),
                pl.col("minute").fill_null(0).cast(pl.String).str.pad_start(2, "0"),
                _two("second"),
                pl.col("micro").cast(pl.String).str.pad_start(6, "0"),
            )
        ).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    )
    stamps = pl.when(pl.col("form") == "seconds since 1970").then(_from_epoch(pl.col("seconds")))
    timed = pl.col("hour").is_not_null() | pl.col("seconds").is_not_null()
    return frame.select(
        local=pl.coalesce(written, stamps),
        offset=pl.when(pl.col("zone").is_not_null() | pl.col("seconds").is_not_null()).then(_offset(pl.col("zone"))),
        timed=timed.fill_null(value=False) & pl.col("form").is_not_null(),
        zoned=(pl.col("zone").is_not_null() | pl.col("seconds").is_not_null()) & pl.col("form").is_not_null(),
        odd=(pl.col("year").is_between(EARLIEST, LATEST - 1).not_()).fill_null(value=False),
        form=pl.col("form"),
    )


def _part(source: str, group: str) -> pl.Expr:
    return pl.col(source).struct.field(group)


def _two(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.pad_start(2, "0")


def _month(name: pl.Expr) -> pl.Expr:
    lowered = name.str.to_lowercase()
    short = lowered.str.slice(0, 3).replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    return pl.coalesce(lowered.str.slice(0, 4).replace_strict(_MONTHS, default=None, return_dtype=pl.Int64), short)


def _offset(zone: pl.Expr) -> pl.Expr:
    """By how much a zone such as +0200 is ahead of UTC; 0 for Z and for seconds since 1970."""
    groups = zone.str.extract_groups(r"^([+-])(\d{2}):?(\d{2})?$")
    minutes = groups.struct.field("2").cast(pl.Int64) * 60 + groups.struct.field("3").cast(pl.Int64).fill_null(0)
    signed = pl.when(groups.struct.field("1") == "-").then(-minutes).otherwise(minutes)
    return pl.duration(minutes=signed.fill_null(0), time_unit="us")


def _from_epoch(number: pl.Expr) -> pl.Expr:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size; valid from 1973 on."""
    micros = (
        pl.when(number < 1e11)
        .then(number * 1e6)
        .when(number < 1e14)
        .then(number * 1e3)
        .when(number < 1e17)
        .then(number)
        .otherwise(number / 1e3)
    )
    return micros.round(0).cast(pl.Int64, strict=False).cast(pl.Datetime("us"))


def _order(frame: pl.DataFrame, decisions: Decisions) -> str:
    """Day/month or month/day, decided by cells that allow only one of them; raises Question where no cell does."""
    written = frame.filter(pl.col("numbers").struct.field("1").is_not_null())
    if written.is_empty():
        return DAY_FIRST
    first = written.select(_part("numbers", "1").cast(pl.Int64)).to_series()
    second = written.select(_part("numbers", "2").cast(pl.Int64)).to_series()
    days, months = int((first > 12).sum()), int((second > 12).sum())
    if days and months and decisions.given.get("dates") is None:
        examples = [str(written["text"].filter(chosen).first()) for chosen in (first > 12, second > 12)]
        raise Refused(
            f"dates are written in two forms: {days:,} cells can only be day/month ({examples[0]}), {months:,} only month/day "
            f"({examples[1]}); of the others it cannot be told: export again with one form, best year-month-day"
        )
    proposed, why = None, said("")
    if days or months:
        proposed = DAY_FIRST if days else MONTH_FIRST
        above = {"count": max(days, months), "cells": written.height}
        leading = said("{count} of {cells} cells have a first part above 12", **above)
        why = leading if days else said("{count} of {cells} cells have a second part above 12", **above)
    elif written["separator"].drop_nulls().eq(".").all():
        proposed, why = DAY_FIRST, said("with points between, the day comes first everywhere")
    question = f"{written['text'][0]}: is that day/month or month/day? No cell of the file tells."
    return decisions.choose("dates", proposed, why, (DAY_FIRST, MONTH_FIRST), question)


def earliest(columns: Sequence[pl.Series]) -> pl.Series:
    """The earliest instant of each row."""
    return pl.DataFrame(columns).select(pl.min_horizontal(pl.all())).to_series()

"""Dates are read by one form for a whole file, and never guessed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from vssim.errors import UsageError
from vssim.tracker.dates import read_dates
from vssim.tracker.decisions import Decisions, Question, Refused

UTC = dt.UTC


def instants(*cells: str | None, **given: Any) -> list[dt.datetime | None]:
    return read_dates(pl.DataFrame({"at": cells}), ["at"], Decisions(given)).columns["at"].to_list()


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-01-02", dt.datetime(2024, 1, 2)),
        ("2024-01-02T03:04:05.678+0200", dt.datetime(2024, 1, 2, 1, 4, 5, 678000)),
        ("2024-01-02T03:04:05Z", dt.datetime(2024, 1, 2, 3, 4, 5)),
        ("2024-01-02 03:04:05.123456", dt.datetime(2024, 1, 2, 3, 4, 5, 123456)),
        ("2024/1/2 3:04", dt.datetime(2024, 1, 2, 3, 4)),
        ("2.1.2024 3:04:05", dt.datetime(2024, 1, 2, 3, 4, 5)),
        ("02/Jan/24 3:04 PM", dt.datetime(2024, 1, 2, 15, 4)),
        ("02.Mär.24 03:04", dt.datetime(2024, 3, 2, 3, 4)),
        ("Jan 2, 2024, 12:04 AM", dt.datetime(2024, 1, 2, 0, 4)),
        ("2024年1月2日", dt.datetime(2024, 1, 2)),
        ("1704164645000", dt.datetime(2024, 1, 2, 3, 4, 5)),
        ("1704164645000.0", dt.datetime(2024, 1, 2, 3, 4, 5)),
        ("1704164645", dt.datetime(2024, 1, 2, 3, 4, 5)),
        ("2023-01-02 09:00:16.440000+00:00", dt.datetime(2023, 1, 2, 9, 0, 16, 440000)),
    ],
)
def test_every_way_of_writing_a_moment_gives_that_moment(cell: str, moment: dt.datetime) -> None:
    assert instants(cell) == [moment.replace(tzinfo=UTC)]


def test_one_cell_with_a_day_above_12_decides_for_the_whole_file() -> None:
    assert instants("1/2/2024", "13/2/2024")[0] == dt.datetime(2024, 2, 1, tzinfo=UTC)
    assert instants("1/2/2024", "2/13/2024")[0] == dt.datetime(2024, 1, 2, tzinfo=UTC)


def test_another_column_of_the_file_decides_as_well() -> None:
    table = pl.DataFrame({"created": ["1/2/2024"], "closed": ["25/2/2024"]})
    assert read_dates(table, ["created", "closed"], Decisions()).columns["created"][0] == dt.datetime(2024, 2, 1, tzinfo=UTC)


def test_where_no_cell_tells_day_from_month_it_is_asked() -> None:
    with pytest.raises(Question, match=r"1/2/2024: is that day/month or month/day\?") as asked:
        instants("1/2/2024", "3/4/2024")
    assert asked.value.answers == ("d/m/y", "m/d/y")
    assert instants("1/2/2024", dates="m/d/y") == [dt.datetime(2024, 1, 2, tzinfo=UTC)]


def test_two_forms_in_one_file_are_refused() -> None:
    with pytest.raises(Refused, match="two forms"):
        instants("13/2/2024", "2/13/2024")


def test_the_zone_of_the_reading_holds_for_stamps_without_one_summer_and_winter() -> None:
    found = instants("2024-01-15 12:00", "2024-07-15 12:00", zone="Europe/Berlin")
    assert found == [dt.datetime(2024, 1, 15, 11, tzinfo=UTC), dt.datetime(2024, 7, 15, 10, tzinfo=UTC)]


def test_a_clock_time_that_summer_time_skips_is_taken_an_hour_later() -> None:
    assert instants("2024-03-31 02:30:00", zone="Europe/Berlin") == [dt.datetime(2024, 3, 31, 1, 30, tzinfo=UTC)]


def test_two_offsets_in_one_file_are_two_offsets() -> None:
    found = instants("2024-03-30T12:00:00.000+0100", "2024-03-31T12:00:00.000+0200")
    assert found == [dt.datetime(2024, 3, 30, 11, tzinfo=UTC), dt.datetime(2024, 3, 31, 10, tzinfo=UTC)]


def test_an_unknown_zone_is_one_sentence() -> None:
    with pytest.raises(UsageError, match="zone: got 'Europe/Atlantis'"):
        instants("2024-01-15 12:00", zone="Europe/Atlantis")


@pytest.mark.parametrize("cell", ["1970-01-01", "1970-01-20T17:22:44Z", "55385-03-01", "0001-01-01"])
def test_years_in_which_nobody_works_are_no_dates(cell: str) -> None:
    dates = read_dates(pl.DataFrame({"at": ["2024-01-02", cell]}), ["at"], Decisions())
    assert dates.columns["at"].to_list() == [dt.datetime(2024, 1, 2, tzinfo=UTC), None]
    assert dates.strange["at"].to_list() == [False, True]


def test_what_is_no_date_is_told_from_an_empty_cell() -> None:
    dates = read_dates(pl.DataFrame({"at": ["2024-01-02", "soon", None, "2024-02-31"]}), ["at"], Decisions())
    assert dates.unread["at"].to_list() == [False, True, False, True]

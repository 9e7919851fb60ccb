"""What other tools get: read back, it says the same as the run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars
import pytest

import vssim
from tests.interface.commands import SMALL, small
from tests.interface.commands import vssim as command
from vssim.analysis.deliveries import quantiles
from vssim.analysis.run import Run
from vssim.clock import TICKS
from vssim.views import exports
from vssim.views.calendar import Calendar

DATED = SMALL + "start: 2026-01-05\n"


def run() -> Run:
    return vssim.simulate(vssim.loads(SMALL), warmup=0)


def exported(folder: Path, form: str, ending: str = ".csv", text: str = SMALL) -> polars.DataFrame:
    file = folder / f"out{ending}"
    answer = command("export", small(folder, text), "--as", form, "-o", str(file))
    assert answer.code == 0, answer.err
    return polars.read_parquet(file) if ending == ".parquet" else polars.read_csv(file, try_parse_dates=True)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_visits_read_back_are_the_visits_of_the_run(ending: str, tmp_path: Path) -> None:
    found, expected = exported(tmp_path, "visits", ending), run().visits
    assert found.columns == expected.columns
    for column in ("item", "step", "entered", "started", "left", "touch", "rework"):
        assert found[column].to_list() == expected[column].to_list()


def test_the_lead_times_read_from_the_visits_are_those_of_the_run(tmp_path: Path) -> None:
    ends = exported(tmp_path, "visits").group_by("item", maintain_order=True).agg(polars.col("left").last())
    items = run().items
    joined = items.join(ends.rename({"left": "over"}), on="item").filter(
        polars.col("over").is_not_null() & (polars.col("over") < 60)
    )
    lead = (joined["over"] - joined["arrived"]).to_numpy()
    assert quantiles(lead, np.array([0.85]))[0] == pytest.approx(run().metrics()["lead_time.p85"])


def test_the_events_name_who_did_what_and_when(tmp_path: Path) -> None:
    found = exported(tmp_path, "events")
    assert found.columns == ["case_id", "activity", "enable_time", "start_time", "end_time", "resource"]
    started = run().visits.filter(polars.col("started").is_not_null())
    assert len(found) == len(started)
    assert found["start_time"].is_sorted()
    assert sorted(found["enable_time"].to_list()) == sorted(started["ready"].to_list())
    assert set(found.filter(activity="make")["resource"]) == {"makers"}


def test_with_a_start_the_events_have_dates_from_which_the_times_can_be_told(tmp_path: Path) -> None:
    found = exported(tmp_path, "events", text=DATED)
    first = dt.datetime(2026, 1, 5, 9)
    for start, plain in zip(found["start_time"], exported(tmp_path, "events")["start_time"], strict=True):
        assert 9 <= start.hour <= 17
        weeks, days = divmod((start.date() - first.date()).days, 7)
        hours = (start - dt.datetime.combine(start.date(), dt.time(9))).total_seconds() / 3600
        assert days < 5
        assert 5 * weeks + days + hours / 8 == pytest.approx(plain, abs=1e-9)


def test_the_board_read_back_gives_the_lead_times_in_working_days(tmp_path: Path) -> None:
    found = exported(tmp_path, "board", text=DATED)
    assert found.columns == ["ID", "Link", "Title", "Backlog", "make", "check", "Done", "Type", "Stopped"]
    done = found.filter(polars.col("Done").is_not_null())
    days = np.busday_count(done["Backlog"].to_numpy(), done["Done"].to_numpy())
    items = run().items.filter(polars.col("left").is_not_null())
    assert len(done) == len(items)
    assert np.abs(days - (items["left"] - items["arrived"]).to_numpy()).max() <= 1


def test_a_board_of_a_scenario_without_a_start_is_refused(tmp_path: Path) -> None:
    answer = command("export", small(tmp_path), "--as", "board", "-o", str(tmp_path / "board.csv"))
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert "start: 2026-01-05" in answer.err
    given = command("export", small(tmp_path), "--as", "board", "-o", str(tmp_path / "board.csv"), "--set", "start=2026-01-05")
    assert given.code == 0


def test_steps_called_like_columns_do_not_get_in_their_way() -> None:
    found = vssim.simulate(vssim.loads(SMALL.replace("check", "Done")))
    assert "Done (step)" in exports.board(found.log, Calendar(dt.date(2026, 1, 5), "day")).columns


@pytest.mark.parametrize(
    ("unit", "time", "date"),
    [
        ("day", 0.0, "2026-01-05T09:00:00"),
        ("day", 0.5, "2026-01-05T13:00:00"),
        ("day", 4.0, "2026-01-09T09:00:00"),
        ("day", 5.0, "2026-01-12T09:00:00"),
        ("week", 1.0, "2026-01-12T09:00:00"),
        ("week", 0.2, "2026-01-06T09:00:00"),
        ("hour", 41.0, "2026-01-12T10:00:00"),
    ],
)
def test_weekends_are_no_working_time(unit: str, time: float, date: str) -> None:
    assert Calendar(dt.date(2026, 1, 5), unit).moment(round(time * TICKS)).isoformat() == date


def test_a_start_on_a_weekend_is_the_monday_after_it() -> None:
    for day in (3, 4, 5):
        assert Calendar(dt.date(2026, 1, day), "day").day(0) == dt.date(2026, 1, 5)


@pytest.mark.parametrize(("file", "said"), [("x.json", ".csv or .parquet"), ("nowhere/x.csv", "there is no folder")])
def test_an_export_that_cannot_be_written_is_refused_in_one_line(file: str, said: str, tmp_path: Path) -> None:
    answer = command("export", small(tmp_path), "--as", "visits", "-o", str(tmp_path / file))
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err

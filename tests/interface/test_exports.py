"""What other tools get: read back, it says the same as the run."""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat
import zipfile
from pathlib import Path

import numpy as np
import polars
import pytest

import vssim
from tests.interface.commands import SMALL, small
from tests.interface.commands import vssim as command
from tests.support.logs import Item, log_of, work
from vssim import files
from vssim.calendar import Calendar
from vssim.clock import TICKS
from vssim.metrics.deliveries import quantiles
from vssim.play.run import Run
from vssim.views import exports, tables

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
    assert found.columns == ["case_id", "activity", "enable_time", "start_time", "end_time", "resource", "type"]
    started = run().visits.filter(polars.col("started").is_not_null())
    work = found.filter(polars.col("resource").is_not_null())
    assert len(work) == len(started)
    assert found["start_time"].is_sorted()
    assert sorted(work["enable_time"].to_list()) == sorted(started["ready"].to_list())
    assert set(found.filter(activity="make")["resource"]) == {"makers"}
    assert set(found["type"]) == {"feature"}


@pytest.mark.parametrize("dated", [False, True])
def test_a_process_miner_finds_the_mean_lead_time_of_the_run(dated: bool, tmp_path: Path) -> None:
    for name in ("silos", "decisions"):
        file = tmp_path / "events.parquet"
        settings = ("--set", "start=2026-01-05" if dated else "start=none")
        answer = command("export", name, "--as", "events", "--horizon", "300", *settings, "-o", str(file))
        assert answer.code == 0, answer.err
        found = polars.read_parquet(file)
        done = found.filter(activity="delivery")["case_id"]
        cases = found.filter(polars.col("case_id").is_in(done.implode())).group_by("case_id")
        times = cases.agg(polars.col("start_time").min().alias("first"), polars.col("end_time").max().alias("last"))
        measured = vssim.simulate(vssim.load(name), horizon=300, warmup=0).items.filter(left=polars.col("left"), stopped=False)
        expected = (measured["left"] - measured["arrived"]).drop_nulls()
        assert len(times) == len(expected)
        if dated:
            calendar = Calendar(dt.date(2026, 1, 5), "day")
            delivered = found.filter(activity="delivery").sort("end_time")["end_time"].to_list()
            wanted = sorted(calendar.moment(round(left * TICKS), ends=True) for left in measured["left"].drop_nulls())
            assert delivered == wanted
        else:
            assert (times["last"] - times["first"]).mean() == pytest.approx(expected.mean())


def test_the_events_tell_arrival_commitment_gate_and_delivery(tmp_path: Path) -> None:
    gated = SMALL.replace("make: {work: exponential(1)", "make: {work: exponential(1), gate: {every: 5}")
    found = exported(tmp_path, "events", text=gated)
    assert {"arrival", "commitment", "make: gate", "delivery"} <= set(found["activity"])
    waits = found.filter(activity="make: gate").drop_nulls("end_time")
    assert all(end % 5 == 0 for end in waits["end_time"])
    assert (waits["end_time"] >= waits["start_time"]).all()
    one = found.filter(case_id="item 0")["activity"].to_list()
    assert one[:3] == ["arrival", "commitment", "make"]


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


def test_a_day_ends_in_its_evening_and_the_next_begins_in_its_morning() -> None:
    friday = Calendar(dt.date(2026, 1, 5), "day")
    assert friday.moment(5 * TICKS, ends=True) == dt.datetime(2026, 1, 9, 17)
    assert friday.moment(5 * TICKS) == dt.datetime(2026, 1, 12, 9)
    assert friday.day(5 * TICKS, ends=True) == dt.date(2026, 1, 9)
    assert Calendar(dt.date(2026, 1, 5), "day", 24.0).day(5 * TICKS, ends=True) == dt.date(2026, 1, 9)
    assert friday.moment(0, ends=True) == dt.datetime(2026, 1, 5, 9)


SHELVED = """
name: Shelved
start: 2026-01-05
run: {horizon: 60}
demand: {card: {backlog: 8}}
steps:
  develop: {work: 2, needs: {outside: vendor, wait: 3, at: 50%, parks: true}}
  test: {work: 1, returns: {to: develop, chance: 50%, work: 50%}}
teams: {crew: {people: 1, does: [develop, test]}}
"""


def test_the_moves_tell_every_entry_and_every_exit_also_returns_and_the_shelf(tmp_path: Path) -> None:
    found = exported(tmp_path, "moves", text=SHELVED)
    assert found.columns == ["item", "at", "from", "to", "kind", "who"]
    assert found["at"].is_sorted()
    returns = found.filter((polars.col("from") == "test") & (polars.col("to") == "develop"))
    assert set(returns["who"]) == {"crew"}
    card = found.filter(polars.col("item") == returns["item"][0]).drop("item", "at").rows()
    assert card[:4] == [
        (None, "Backlog", "created", None),
        ("Backlog", "develop", "status", None),
        ("develop", None, "blocked", "crew"),
        (None, "develop", "unblocked", None),
    ]
    assert card[4] == ("develop", "test", "status", "crew")
    assert card[5] == ("test", "develop", "status", "crew")
    assert card[6][2] == "blocked"
    assert card[-1] == ("test", "Done", "status", "crew")


def test_in_the_moves_every_item_leaves_the_column_it_stands_in(tmp_path: Path) -> None:
    for text in (DATED, SHELVED):
        stands: dict[int, str | None] = {}
        shelf: dict[int, str] = {}
        for item, _, origin, target, kind, _ in exported(tmp_path, "moves", text=text).rows():
            assert kind == "unblocked" or stands.get(item) == origin
            assert kind != "unblocked" or shelf[item] == target
            stands[item] = target
            if kind == "blocked":
                shelf[item] = origin
        assert "Done" in stands.values()


def test_the_lead_times_of_the_moves_are_those_of_the_run_to_the_microsecond(tmp_path: Path) -> None:
    found = exported(tmp_path, "moves", text=DATED)
    calendar = Calendar(dt.date(2026, 1, 5), "day")
    items = vssim.simulate(vssim.loads(DATED), warmup=0).items
    for column, rows in (("arrived", found.filter(kind="created")), ("left", found.filter(to="Done"))):
        expected = dict(items.filter(polars.col(column).is_not_null()).select("item", column).rows())
        assert len(rows) == len(expected)
        for item, at in rows.select("item", "at").rows():
            moment = calendar.moment(round(expected[item] * TICKS), ends=column == "left")
            assert at.replace(tzinfo=None) == moment


def test_the_first_moves_into_the_columns_are_the_dates_of_the_board(tmp_path: Path) -> None:
    moves, board = exported(tmp_path, "moves", text=SHELVED), exported(tmp_path, "board", text=SHELVED)
    for column in ("develop", "test", "Done"):
        first = dict(moves.filter(to=column).group_by("item").agg(polars.col("at").min().dt.date()).rows())
        assert {item: first.get(item) for item in board["ID"]} == dict(board.select("ID", column).rows())


def test_a_dropped_item_leaves_the_board_and_a_whole_stands_under_parts_until_they_are_done(tmp_path: Path) -> None:
    text = SHELVED.replace("steps:", "steps:\n  triage: {wait: 1, stops: {wrong: 0%, right: 100%}}")
    found = exported(tmp_path, "moves", text=text)
    assert set(found.filter(kind="resolved").select("from", "to").rows()) == {("triage", None)}
    whole = log_of(Item(visits=[work("develop", 4, 4, 6)], arrived=1, joined=4), Item(parent=0, visits=[work("develop", 1, 1, 4)]))
    rows = exports.table(whole, "moves", Calendar(dt.date(2026, 1, 5), "day")).filter(item="0").select("from", "to").rows()
    assert rows == [(None, "Parts"), ("Parts", "Backlog"), ("Backlog", "develop"), ("develop", "Done")]


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


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("x.json", ".csv, .parquet, .xlsx"),
        ("n" * 240 + ".csv", "name of at most"),
        ("nowhere/x.csv", "there is no folder"),
        ("n" * 300 + ".csv", "File name too long"),
    ],
)
def test_an_export_that_cannot_be_written_is_refused_in_one_line(file: str, said: str, tmp_path: Path) -> None:
    answer = command("export", small(tmp_path), "--as", "visits", "-o", str(tmp_path / file))
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err


EVIL = SMALL.replace("makers: {", '"-2+3": {').replace("feature:", '"+1":')


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(tmp_path: Path) -> None:
    found = exported(tmp_path, "visits", text=EVIL)
    assert set(found["type"]) == {"'+1"}
    assert "'-2+3" in set(found["owner"])
    table = polars.DataFrame({"=a": ["+1", "-2", "plain", None, "\tx"], "n": [-1, 2, 3, 4, 5]})
    assert tables.csv(table).splitlines() == ["'=a,n", "'+1,-1", "'-2,2", "plain,3", ",4", "'\tx,5"]


def test_a_spreadsheet_has_the_same_rows_and_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "moves.XLSX"
    assert command("export", small(tmp_path, EVIL + "start: 2026-01-05\n"), "--as", "moves", "-o", str(file)).code == 0
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert ">-2+3<" in texts
    moves = exported(tmp_path, "moves", text=EVIL + "start: 2026-01-05\n")
    assert sheet.count("<row ") == len(moves) + 1


def test_an_ending_may_be_in_capitals(tmp_path: Path) -> None:
    assert len(exported(tmp_path, "visits", ".CSV")) == len(exported(tmp_path, "visits"))


def test_a_file_that_cannot_be_written_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for form in ("visits", "events"):
        answer = command("export", small(tmp_path), "--as", form, "-o", str(file))
        assert (answer.code, answer.err.count("\n")) == (2, 1)
        assert "No space left on device" in answer.err
    assert file.read_text(encoding="utf-8") == "mine"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out.csv", "small.yaml"]


def test_a_file_keeps_its_rights_and_a_link_its_target(tmp_path: Path) -> None:
    file, link = tmp_path / "real.csv", tmp_path / "link.csv"
    files.write(file, b"one")
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600
    file.chmod(0o640)
    link.symlink_to(file)
    files.write(link, b"two")
    assert (file.read_bytes(), link.is_symlink(), stat.S_IMODE(file.stat().st_mode)) == (b"two", True, 0o640)


def test_what_is_done_when_friday_ends_is_done_on_friday(tmp_path: Path) -> None:
    friday = (
        "{start: 2026-03-27, run: {horizon: 20, replications: 1}, demand: {a: {at: [0]}}, steps: {dev: {work: 1}}, teams: {dev: 1}}"
    )
    board = exported(tmp_path, "board", text=friday)
    assert board["Done"].to_list() == [dt.date(2026, 3, 27)]


def test_the_moves_of_a_zone_are_instants_in_winter_and_in_summer(tmp_path: Path) -> None:
    text = "{start: 2026-03-27, run: {horizon: 20}, demand: {a: {at: [0, 1]}}, steps: {dev: {work: 0.5}}, teams: {dev: 1}}"
    found = exported(tmp_path, "moves", text=text.replace("run:", "calendar: {zone: Europe/Berlin}, run:", 1))
    created = found.filter(polars.col("kind") == "created")["at"].to_list()
    assert [moment.astimezone(dt.UTC).hour for moment in created] == [8, 7]


def test_a_run_without_any_visit_has_tables_like_any_other() -> None:
    text = "demand: {item: {every: 1000}}\nsteps: {make: {work: 1}}\nteams: {makers: {people: 1, does: make}}\nrun: {horizon: 5}\n"
    visits = vssim.simulate(vssim.loads(text)).visits
    assert visits.is_empty()
    assert visits.schema["type"] == polars.String
    assert visits.write_csv().startswith("item,type,")

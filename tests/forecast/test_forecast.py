"""Forecasts of boards: what is counted, what is promised, what is refused, and what is said beside it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

import vssim
from tests.interface.commands import vssim as command
from vssim.errors import UnknownName, UsageError
from vssim.forecasts.deliveries import deliveries
from vssim.forecasts.forecast import Forecast
from vssim.forecasts.item import ItemForecast, done_within, within
from vssim.forecasts.regime import regime
from vssim.forecasts.teams import TeamsForecast

MONDAY = dt.date(2024, 1, 1)


def export(folder: Path, seed: int = 4, weeks: int = 40, name: str = "board.csv") -> Path:
    """Items of a steady team, started about six days before they are closed; the last is open."""
    luck = np.random.default_rng(seed)
    lines, number = ["id,started,closed"], 0
    for week in range(1, weeks):
        for weekday in range(5):
            for _ in range(luck.poisson(1.2)):
                number += 1
                closed = MONDAY + dt.timedelta(days=7 * week + weekday)
                lines.append(f"I{number},{closed - dt.timedelta(days=int(luck.integers(1, 12)))},{closed}")
    lines.append(f"OPEN,{MONDAY + dt.timedelta(days=7 * weeks - 5)},")
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_deliveries_are_counted_on_working_days_after_the_first_one(tmp_path: Path) -> None:
    past = deliveries(vssim.read(export(tmp_path)))
    assert past.counts.open == past.counts.started == 1
    assert 0 < past.counts.delivered - int(past.daily.sum()) <= 6
    assert set(((past.days + 3) % 7).tolist()) == {0, 1, 2, 3, 4}


def test_dates_run_forwards_and_counts_backwards(tmp_path: Path) -> None:
    board = vssim.read(export(tmp_path))
    when = vssim.forecast(board, when=30)
    assert isinstance(when, Forecast)
    dates = [told.date for told in when.promises if told.date]
    assert dates == sorted(dates)
    many = vssim.forecast(board, by=when.promises[2].date)
    assert isinstance(many, Forecast)
    counts = [told.promise.number for told in many.promises]
    assert counts == sorted(counts, reverse=True)
    assert all(told.probability <= 0.95 for told in (*when.promises, *many.promises))
    assert "windows of 30 items" in repr(when)


def test_what_comes_after_the_first_day_is_not_known(tmp_path: Path) -> None:
    board = vssim.read(export(tmp_path))
    early = deliveries(board, dt.date(2024, 6, 3))
    whole = deliveries(board)
    assert early.daily.tolist() == whole.daily[: len(early.daily)].tolist()
    assert early.counts.later > 0


def test_more_than_95_percent_is_never_promised(tmp_path: Path) -> None:
    made = vssim.forecast(vssim.read(export(tmp_path)), when=5)
    assert isinstance(made, Forecast)
    with pytest.raises(UsageError, match=r"up to 0\.95"):
        made.promise(0.99)


def test_growth_moves_the_date_and_is_stated(tmp_path: Path) -> None:
    board = vssim.read(export(tmp_path))
    plain, grown = vssim.forecast(board, when=30), vssim.forecast(board, when=30, growth="50%")
    assert isinstance(plain, Forecast)
    assert isinstance(grown, Forecast)
    assert 1.3 < grown.samples.mean() / plain.samples.mean() < 1.7
    assert "the scope grows by 50%" in grown.text


def test_a_change_of_regime_cuts_the_past() -> None:
    daily = np.random.default_rng(1).poisson(np.repeat([0.6, 3.0], 120))
    changed = regime(daily, 5)
    assert changed is not None
    assert abs(changed.first - 120) <= 15
    assert regime(np.random.default_rng(2).poisson(1.0, 240), 5) is None


def test_kaplan_and_meier_by_hand() -> None:
    remained, done = np.array([1.0, 2.0, 2.0, 4.0]), np.array([1, 1, 0, 1])
    assert done_within(remained, done, 2) == pytest.approx(1 - 3 / 4 * 2 / 3)
    assert within(remained, done, 0.5) == 2
    assert within(remained, np.array([1, 0, 0, 0]), 0.5) is None


def test_one_item_is_forecast_from_those_that_were_as_far(tmp_path: Path) -> None:
    board = vssim.read(export(tmp_path))
    made = vssim.forecast(board, item="OPEN")
    assert isinstance(made, ItemForecast)
    assert made.promises[0].promise.number <= made.promises[-1].promise.number <= 12
    with pytest.raises(UnknownName):
        vssim.forecast(board, item="OPNE")


def test_several_teams_are_done_when_the_last_is(tmp_path: Path) -> None:
    boards = [vssim.read(export(tmp_path, seed, name=f"team{seed}.csv")) for seed in (5, 6, 7)]
    made = vssim.forecast(boards, when=20)
    assert isinstance(made, TeamsForecast)
    assert made.samples.mean() > max(forecast.samples.mean() for forecast in made.alone)
    assert "all would with 61%" in made.text


def test_questions_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    file = str(export(tmp_path))
    for arguments in ((), ("--when", "3", "--record"), ("--by", "2020-01-01"), ("--by", "soon"), ("--when", "0")):
        assert command("forecast", file, *arguments).code == 2, arguments


def test_the_command_says_it_in_words_and_for_programs(tmp_path: Path) -> None:
    file, target = str(export(tmp_path)), tmp_path / "out.csv"
    assert "When are 20 items done" in command("forecast", file, "--when", "20").out
    document = json.loads(command("forecast", file, "--when", "20", "--method", "days", "--json", "-o", str(target)).out)
    assert "over-confident" in document["warning"]
    assert len(target.read_text(encoding="utf-8").splitlines()) == 5
    assert "in 80 % band" in command("forecast", file, "--record").out

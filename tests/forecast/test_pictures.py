"""Pictures of forecasts: each shows what the text says, and is refused where it would show nothing."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import vssim
from tests.forecast.test_forecast import export
from tests.interface.commands import vssim as command
from vssim.errors import UsageError
from vssim.forecasts.forecast import Forecast
from vssim.forecasts.item import ItemForecast
from vssim.forecasts.teams import TeamsForecast
from vssim.views.figures.forecasts import FORECAST_FIGURES
from vssim.views.schema import schema


def texts(drawn: object) -> str:
    """Everything that is written in a picture."""
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    assert isinstance(drawn, Figure)
    return "\n".join(text.get_text() for text in drawn.findobj(Text) if isinstance(text, Text))


@pytest.mark.parametrize("name", ["fan", "burn_up", "dates"])
def test_a_picture_bears_the_dates_that_the_text_promises(tmp_path: Path, name: str) -> None:
    made = vssim.forecast(vssim.read(export(tmp_path)), when=30)
    assert isinstance(made, Forecast)
    date = made.promise(0.85).date
    assert date is not None
    assert f"{date.day} {date:%b %Y}" in texts(getattr(vssim.figures, name)(made))


def test_a_fan_of_counts_bears_the_counts_that_are_promised(tmp_path: Path) -> None:
    made = vssim.forecast(vssim.read(export(tmp_path)), by="2024-12-20")
    assert isinstance(made, Forecast)
    for name in ("fan", "dates"):
        assert f"at least {made.promise(0.85).promise.number}" in texts(getattr(vssim.figures, name)(made))


def test_growth_raises_what_there_is_to_do(tmp_path: Path) -> None:
    made = vssim.forecast(vssim.read(export(tmp_path)), when=30, growth="50%")
    assert isinstance(made, Forecast)
    assert "30 items to do, with growth 45" in texts(vssim.figures.burn_up(made))


def test_several_teams_and_one_item_have_their_dates(tmp_path: Path) -> None:
    first, second = (vssim.read(export(tmp_path, seed, name=f"{seed}.csv")) for seed in (4, 5))
    teams, item = vssim.forecast([first, second], when=20), vssim.forecast(first, item="OPEN")
    assert isinstance(teams, TeamsForecast)
    assert isinstance(item, ItemForecast)
    assert "all of them" in texts(vssim.figures.dates(teams))
    last = item.dates[2]
    assert last is not None
    assert f"{last.day} {last:%b %Y}" in texts(vssim.figures.dates(item))


def test_calibration_lies_on_the_diagonal_where_promises_are_worth_what_they_say(tmp_path: Path) -> None:
    made = vssim.forecast(vssim.read(export(tmp_path, weeks=120)), by="2026-05-15")
    assert isinstance(made, Forecast)
    (panel,) = vssim.figures.calibration(made).axes
    levels, kept = np.asarray(panel.lines[1].get_xydata()).T
    record = made.record if made.record.is_shown else made.near[1]  # type: ignore[index]
    share = sum(window.place >= 0.15 for window in record.windows) / len(record.windows)
    assert kept[np.isclose(levels, 0.85)] == pytest.approx(share)


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("burn_up", ("--by", "2024-12-20"), "burn_up: is for --when, not for --by"),
        ("fan", ("--item", "OPEN"), "fan: is for --when, --by, not for --item"),
        ("dates", ("--record",), "not for --record"),
        ("fann", ("--when", "5"), "did you mean 'fan'?"),
    ],
)
def test_a_picture_that_shows_nothing_is_refused(tmp_path: Path, name: str, asked: tuple[str, ...], expected: str) -> None:
    answer = command("forecast", str(export(tmp_path)), *asked, "--figure", f"{name}={tmp_path / 'p.png'}")
    assert answer.code == 2
    assert expected in " ".join(answer.err.split())
    assert not (tmp_path / "p.png").exists()


def test_the_command_writes_each_picture_and_lists_them(tmp_path: Path) -> None:
    wanted = [part for name in FORECAST_FIGURES for part in ("--figure", f"{name}={tmp_path / name}.svg")]
    assert command("forecast", str(export(tmp_path)), "--when", "20", *wanted).code == 0
    assert all((tmp_path / f"{name}.svg").stat().st_size > 5_000 for name in FORECAST_FIGURES)
    listed = command("forecast", str(export(tmp_path)), "--when", "20", "--figure", "list").out
    assert all(name in listed for name in FORECAST_FIGURES)


@pytest.mark.parametrize("asked", [("--when", "20"), ("--by", "2024-12-20"), ("--item", "OPEN"), ("--record",)])
def test_the_schema_of_results_knows_a_forecast(tmp_path: Path, asked: tuple[str, ...]) -> None:
    document = json.loads(command("forecast", str(export(tmp_path)), *asked, "--json").out)
    jsonschema.validate(document, schema())
    refused = {**document, "promises": 5}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(refused, schema())


def test_a_picture_of_something_else_is_refused_in_python(tmp_path: Path) -> None:
    made = vssim.forecast(vssim.read(export(tmp_path)), by="2024-12-20")
    assert isinstance(made, Forecast)
    with pytest.raises(UsageError, match="burn_up: is for --when"):
        vssim.figures.burn_up(made)

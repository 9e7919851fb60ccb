"""Forecasts from a scenario: today's board, its people and rules, and how changes move the date under the same luck."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import vssim
from tests.interface.commands import vssim as command
from vssim.errors import UnknownName, UsageError
from vssim.forecasts.simulation import ScenarioForecast
from vssim.views.schema import schema

CERTAIN = """
name: Certain
start: 2026-06-01
run: {horizon: 30, replications: 2}
demand:
  feature:
    items:
      - {id: A, step: build, age: 3, remaining: 50%, team: makers}
      - {id: B, step: build, age: 2}
      - {id: C, at: -1}
      - {id: D, at: 1, count: 1}
steps: {build: {work: 2}}
teams: {makers: {people: 1, does: build}}
changes:
  two people: [{set: {teams.makers.people: 2}}]
  later: {levers: [{set: {teams.makers.people: 2}}], from: 2026-06-08}
"""

LUCKY = CERTAIN.replace("items:", "every: exponential(4)\n    items:").replace("work: 2", "work: exponential(2)")


def asked(text: str = CERTAIN, **question: object) -> ScenarioForecast:
    made = vssim.forecast(vssim.loads(text), **{"futures": 20, **question})  # type: ignore[arg-type]
    assert isinstance(made, ScenarioForecast)
    return made


def date(made: ScenarioForecast, change: str | None = None) -> dt.date | None:
    return made.promise(0.85, change).date


def test_what_is_done_in_the_evening_is_done_that_day() -> None:
    assert date(asked(item="A")) == dt.date(2026, 6, 1), "one day is left of two"
    assert date(asked(item="B")) == dt.date(2026, 6, 3)
    assert date(asked(item="C")) == dt.date(2026, 6, 5), "Friday's work is done on Friday"
    assert date(asked(when="items")) == date(asked(item="D")) == dt.date(2026, 6, 9)


def test_the_next_so_many_and_how_many_by_a_day_agree() -> None:
    made = asked(when=3)
    assert date(made) == dt.date(2026, 6, 5)
    counts = asked(by="2026-06-05")
    assert counts.promise(0.85).promise.number == 3
    assert "at least 3" in counts.text
    assert asked(by=5).text.splitlines()[1] == counts.text.splitlines()[1]


def test_a_change_moves_the_date_and_one_with_a_day_only_from_then_on() -> None:
    made = asked(when="items", changes=["two people", "later"])
    assert date(made, "two people") == dt.date(2026, 6, 4)
    assert date(made, "later") == date(made) == dt.date(2026, 6, 9), "the last one is begun alone, and nobody shares it"
    assert "With two people: 3 days earlier in the middle of the futures, earlier in 100% of them." in made.text
    assert "With later: the same in the middle" in made.text


def test_every_future_is_the_run_of_its_replication() -> None:
    scenario = vssim.loads(LUCKY)
    made = asked(LUCKY, item="B", changes=["two people"], futures=6)
    for side in made.sides:
        for luck, sample in enumerate(side.samples):
            items = vssim.simulate(scenario, side.change, replication=luck, horizon=made.played).items
            left = items.filter(items["arrived"] == -2.0)["left"]
            assert left.to_list() == [pytest.approx(sample)]


def test_the_time_that_is_played_grows_until_nearly_all_is_done() -> None:
    long = CERTAIN.replace("horizon: 30", "horizon: 3")
    made = asked(long, when="items")
    assert made.played > 3
    assert date(made) == dt.date(2026, 6, 9)
    never = asked(CERTAIN, when=5)
    assert never.promise(0.85).date is None
    assert "not within" in never.text


def test_without_a_start_it_is_told_in_units_of_time() -> None:
    made = asked(CERTAIN.replace("start: 2026-06-01\n", "").replace("2026-06-08", "5"), item="C")
    assert "within 5 days" in made.text
    assert made.begins is None
    assert made.document()["begins"] is None


def test_what_is_not_known_of_today_is_said_first() -> None:
    empty = asked(
        CERTAIN.replace("    items:", "    every: 3\n    items:").split("      - {id: A")[0].replace("    items:\n", "")
        + CERTAIN[CERTAIN.index("steps:") :],
        when=2,
    )
    assert empty.text.startswith("The file names no items of today")
    assert "No record" in empty.text
    assert not asked(when=1).warning


def test_worlds_are_futures_too() -> None:
    made = asked(CERTAIN.replace("work: 2", 'work: "between(1, 3)"'), when="items", futures=40)
    assert len(np.unique(made.sides[0].samples)) > 10


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"item": "Z"}, "Z"),
        ({"when": 3, "changes": ["two peopl"]}, "two people"),
        ({"when": 3, "growth": "20%"}, "growth: is for records"),
        ({"when": 3, "begins": "2026-06-02"}, "begins: is for records"),
        ({"when": 3, "by": "2026-07-01"}, "one of when, by and item"),
        ({"when": 0}, "when"),
        ({"by": "2026-05-01"}, "after the first one"),
    ],
)
def test_what_makes_no_sense_is_refused(question: dict[str, object], words: str) -> None:
    with pytest.raises((UsageError, UnknownName), match=words):
        asked(**question)  # type: ignore[arg-type]


def test_changes_are_not_for_records_and_records_not_for_scenarios(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CERTAIN, encoding="utf-8")
    (tmp_path / "board.csv").write_text("id,started,closed\n1,2024-01-02,2024-01-04\n", encoding="utf-8")
    refused = [
        (("mine.yaml", "--record"), "--record: is for records"),
        (("mine.yaml", "--when", "3", "--method", "days"), "--method: is for records"),
        (("mine.yaml", "--when", "many"), "expected a whole number"),
        (("mine.yaml", "mine.yaml", "--when", "3"), "expected one scenario"),
        (("board.csv", "--when", "3", "--change", "x"), "--change: is for a scenario"),
    ]
    for arguments, words in refused:
        answer = command("forecast", *(str(tmp_path / each) if "." in each else each for each in arguments))
        assert answer.code == 2
        assert words in " ".join(answer.err.split())


def test_the_command_its_document_and_its_picture(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(LUCKY, encoding="utf-8")
    picture = tmp_path / "dates.svg"
    words = ("forecast", str(file), "--when", "items", "--change", "two people")
    answer = command(*words, "--figure", f"dates={picture}")
    assert answer.code == 0, answer.err
    assert "as it is" in answer.out
    assert picture.stat().st_size > 5_000
    document = json.loads(command(*words, "--json").out)
    jsonschema.validate(document, schema())
    assert {entry["change"] for entry in document["promises"]} == {None, "two people"}
    assert command("forecast", str(file), "--when", "2", "--figure", f"fan={picture}").code == 2


def test_the_report_says_when_the_board_of_today_is_done(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CERTAIN, encoding="utf-8")
    page = tmp_path / "page.html"
    answer = command("report", str(tmp_path / "mine.yaml"), "-o", str(page), "--only", "two people", "--jobs", "1")
    assert answer.code == 0, answer.err
    section = page.read_text(encoding="utf-8").split('class="forecast"')[1].split("</section>")[0]
    assert "When is it done?" in section
    assert "by Tue 9 June 2026" in section
    assert "by Thu 4 June 2026" in section

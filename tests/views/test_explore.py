"""A report that can be explored: sliders move answer and board without a server, no request is made, the file stays small."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import vssim
from tests.interface.commands import small
from tests.interface.commands import vssim as command
from tests.views.browser import browser, needed, opened
from vssim.analysis.interactive.sliders import sliders
from vssim.language import speaking
from vssim.scenario import Scenario
from vssim.views import answers
from vssim.views.player.trace import FINEST, read
from vssim.views.report import explore
from vssim.views.report.first import answer_of

TEXT = """
name: Explored
question: What does a limit do?
run: {horizon: 120, warmup: 20, replications: 6, seed: 3}
demand: {item: {every: exponential(1.2)}}
steps: {make: {work: exponential(2)}, check: {work: exponential(1)}}
teams: {crew: {people: 4, does: [make, check], multitasking: 3, switching_cost: 20%}}
changes: {limit: [{limit_wip: {stream: 6}}]}
sliders: [changes.limit.levers.0.limit_wip.stream, teams.crew.people]
"""


def scenario() -> Scenario:
    return vssim.loads(TEXT)


@pytest.mark.parametrize("count", [1, 2])
def test_every_combination_of_the_values_is_played(count: int) -> None:
    found = explore.explored(scenario(), "limit", count)
    assert found is not None
    assert len(found.sliders) == count
    combinations = 1
    for slider, kept in zip(found.sliders, found.kept, strict=True):
        assert slider.values.index(slider.value) in kept
        assert len(kept) <= explore.POSITIONS[count]
        combinations *= len(kept)
    assert len(found.places) == combinations


@pytest.mark.parametrize(("room", "values"), [(4.5, 2), (9.5, 3), (16.5, 4)])
def test_of_a_large_board_fewer_values_are_played_and_all_have_room(
    room: float, values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = explore.explored(scenario(), "limit", 2)
    assert whole is not None
    in_force = tuple(slider.values.index(slider.value) for slider in whole.sliders)
    one = next(place.log for place in whole.places if place.positions == in_force)
    monkeypatch.setattr(explore, "BUDGET", round(explore.MARGIN * room * len(explore._written(one, None, explore._coarsest(one)))))
    found = explore.explored(scenario(), "limit", 2)
    assert found is not None
    assert [len(kept) for kept in found.kept] == [min(values, len(slider.values)) for slider in found.sliders]
    packed = explore._packed([place.log for place in found.places], None)
    assert sum(map(len, packed)) <= explore.BUDGET
    for data in packed:
        head, _ = read(zlib.decompress(data))
        assert head["moment"] * explore.GRAIN <= max(head["horizon"], explore.GRAIN * FINEST)


def test_boards_that_have_no_room_at_all_are_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore, "BUDGET", 500)
    answer = command("report", small(tmp_path), "-o", str(tmp_path / "x.html"), "--explore", "2", "--jobs", "1", "--quiet")
    assert answer.code == 2
    assert "--explore 2: a board of this run takes" in answer.err
    assert "try --explore 1" in answer.err
    assert not (tmp_path / "x.html").exists()


def test_what_is_moved_is_told_in_the_language_of_the_page() -> None:
    found = explore.explored(scenario(), "limit", 1)
    with speaking("de"):
        assert " Tage" in json.loads(re.findall(r'class="explored">(.*?)</script>', explore.try_it(found))[0])["places"][0]["pair"]


def test_where_nothing_is_moved_the_answer_is_that_of_the_comparison() -> None:
    found = explore.explored(scenario(), "limit", 1)
    assert found is not None
    (slider,) = found.sliders
    place = next(one for one in found.places if slider.values[one.positions[0]] == slider.value)
    compared = vssim.compare(scenario(), jobs=1)
    assert answers.told(place.answer) == answers.told(answer_of(compared, compared["limit"]))


def test_a_scenario_without_anything_to_move_says_so_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore, "sliders", lambda *_: ())
    assert explore.try_it(explore.explored(scenario(), "limit", 3)) == ""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explore")
    (folder / "mine.yaml").write_text(TEXT, encoding="utf-8")
    answer = command("report", str(folder / "mine.yaml"), "-o", str(folder / "report.html"), "--explore", "2", "--jobs", "1")
    assert answer.code == 0, answer.err
    return folder / "report.html"


@pytest.mark.browser
@needed
def test_a_slider_moves_answer_and_board_without_a_server(chromium: Browser, report: Path) -> None:
    first = sliders(scenario(), "limit")[0]
    with opened(chromium, report) as kept:
        page = kept.page
        expect(page.locator(".player.is-ready")).to_be_visible()
        box = page.locator(".trying")
        before, progress = box.locator(".pair").inner_text(), page.locator(".side").nth(1).locator(".is-total .number")
        assert box.locator("output").first.inner_text() == f"{first.value} items"
        box.locator("input").first.focus()
        page.keyboard.press("Home")
        expect(box.locator("output").first).to_have_text("1 item")
        expect(box.locator(".pair")).not_to_have_text(before)
        expect(progress).to_have_text("1")
        page.keyboard.press("End")
        expect(box.locator("output").first).to_have_text("no limit")
        assert [url for url in kept.requests if not url.startswith("file:")] == []
        assert kept.said == []


def test_the_file_stays_below_four_megabytes(report: Path) -> None:
    assert report.stat().st_size < 4_000_000


def test_more_sliders_than_three_are_refused_before_the_work(tmp_path: Path) -> None:
    answer = command("report", small(tmp_path), "-o", str(tmp_path / "x.html"), "--explore", "4")
    assert (answer.code, answer.out) == (2, "")
    assert "--explore" in answer.err

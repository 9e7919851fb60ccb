"""What was learned in a room and in a report: from which records, with which verdict, the past replayed, what is withheld."""

from __future__ import annotations

import re
import shutil
import urllib.request
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, expect

import vssim
from tests.interface.commands import SMALL
from tests.interface.commands import vssim as command
from tests.views.browser import browser, needed
from tests.views.live_pages import page
from tests.views.live_server import serving
from tests.views.live_windows import leading, visiting
from vssim.scenario import library
from vssim.scenario.origins import Band, Learned
from vssim.views.report.replayed import curve, origin, replayed

TEAM = library.folder() / "learned" / "team.yaml"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def untrue(folder: Path) -> Path:
    """The learned team with the verdict that it does not play its own past."""
    file = folder / "mine.yaml"
    text = TEAM.read_text(encoding="utf-8")
    assert re.search("^  verdict: (roughly|reproduced)$", text, re.MULTILINE)
    file.write_text(re.sub("^  verdict: .*$", "  verdict: not", text, flags=re.MULTILINE), encoding="utf-8")
    shutil.copy(TEAM.with_name("team.members.parquet"), folder / "team.members.parquet")
    return file


def told() -> Learned:
    found = vssim.load("learned/team").learned
    assert found is not None
    return found


def test_the_section_has_the_records_on_top_of_what_is_played_and_all_checks() -> None:
    markup = replayed(told())
    assert markup.count("<polygon") == markup.count('class="real"') == 2
    assert "Learned from moves.csv" in markup
    for name, check in told().checks.items():
        assert escape(name, quote=True) in markup
        assert check.verdict in markup
    assert replayed(told().model_copy(update={"weekly": {}, "checks": {}})) == ""


def test_a_curve_counts_the_weeks_that_lie_within_and_draws_what_it_has() -> None:
    band = Band(recorded=(1, 5, 9), low=(0, 4, 4), middle=(1, 5, 6), high=(2, 6, 8))
    markup = curve("in progress", band)
    assert "in 2 of 3 weeks" in markup
    real = re.search(r'<polyline points="([^"]+)" class="real"', markup)
    assert real is not None
    heights = [float(point.split(",")[1]) for point in real[1].split()]
    assert heights[0] > heights[1] > heights[2] == pytest.approx(10)


def test_what_is_off_and_withheld_stands_in_the_words() -> None:
    words = origin(told().model_copy(update={"verdict": "not", "off": ("in progress 20% too <many>",)}))
    assert "does NOT play its own past" in words
    assert "20% too &lt;many&gt;" in words


def test_the_reports_first_page_says_from_which_records_and_the_past_follows(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    quick = ("--replications", "4", "--horizon", "120", "--warmup", "20", "--jobs", "1", "--only", "one more at test")
    answer = command("report", "learned/team", "-o", str(file), *quick)
    assert answer.code == 0, answer.err
    markup = file.read_text(encoding="utf-8")
    first, _, rest = markup.partition("</header>")
    assert "Learned from moves.csv, 2024-01-01 to" in first
    assert "plays its own past" in first
    assert 'class="replayed"' in rest


@pytest.mark.browser
@needed
def test_a_room_says_where_it_comes_from_and_shows_the_past(chromium: Browser) -> None:
    with serving("learned/team") as room:
        with page(room) as viewer:
            message = viewer.last("room")
            assert message["learned"] is True
            assert message["warnings"][0].startswith("Learned from moves.csv")
        with leading(chromium, room) as view:
            view.locator(".open-drawer").click()
            link = view.locator("a[href='/replayed.html']")
            expect(link).to_be_attached()
            expect(link).not_to_have_attribute("hidden", "")
        with visiting(chromium, room.room + "replayed.html") as view:
            expect(view.get_by_role("heading", name="Your board, replayed")).to_be_visible()
            expect(view.locator(".replayed svg")).to_have_count(2)
            expect(view.locator(".replayed .band").first).to_be_visible()
    with serving(None) as room, pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(room.room + "replayed.html")


@pytest.mark.browser
@needed
def test_a_room_withholds_what_ifs_of_what_does_not_play_its_past(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VSSIM_ANYWAY", "")
    with serving(str(untrue(tmp_path))) as room:
        with page(room, leads=True, name="leader") as facilitator:
            assert "does NOT play its own past" in facilitator.last("room")["warnings"][0]
            assert facilitator.last("room")["guess"] is None
            refused = facilitator.wish("change", name="one more at test")
            assert refused["kind"] == "refused"
            assert "withheld" in refused["why"]
            moved = facilitator.wish("slider", path="teams.testers.people", position=0)
            assert moved["kind"] == "refused"
            assert "withheld" in moved["why"]
        with leading(chromium, room) as view:
            expect(view.locator("body")).to_contain_text("As today")
    monkeypatch.setenv("VSSIM_ANYWAY", "1")
    with serving(str(untrue(tmp_path))) as room, page(room, leads=True, name="leader") as facilitator:
        assert facilitator.wish("change", name="one more at test")["kind"] == "picture"
        assert "does NOT play its own past" in facilitator.last("room")["warnings"][0]


def test_what_was_not_learned_has_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SMALL, encoding="utf-8")
    file = tmp_path / "report.html"
    assert command("report", str(tmp_path / "mine.yaml"), "-o", str(file), "--replications", "4", "--jobs", "1").code == 0
    assert "replayed" not in file.read_text(encoding="utf-8").partition("<main>")[2].partition("<script")[0]

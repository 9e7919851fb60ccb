"""A report on paper: its first page is one sheet, whatever a scenario has to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import vssim
from tests.views.browser import browser, needed, opened
from vssim import language
from vssim.play.experiment import Experiment
from vssim.play.run import runs_of
from vssim.play.settings import adjusted
from vssim.scenario import library
from vssim.views.report.page import page

pytestmark = [pytest.mark.browser, needed]

ENOUGH = 3
"""Replications that give intervals: how long the page is does not depend on more."""
ALONE = "() => document.querySelectorAll('main > :not(.first)').forEach((one) => one.remove())"
WORDY = ("priorities", "reorg", "workshop/dissolve-the-silos")
"""Those with the most changes, the longest questions and lessons: looked at in every run of the tests."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def sheets(found: Browser, name: str, folder: Path) -> int:
    """On how many sheets of paper the first page of a scenario's report is printed."""
    scenario = adjusted(vssim.load(name), replications=ENOUGH)
    comparison = vssim.compare(scenario, jobs=1)
    experiment = Experiment.of(scenario, [None, *scenario.changes])
    file = folder / "report.html"
    file.write_text(page(comparison, runs_of(experiment, comparison.warmup)), encoding="utf-8")
    with opened(found, file) as seen:
        assert seen.page.locator(".first .answer, .first .lesson").count()
        seen.page.evaluate(ALONE)
        printed = seen.page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("other", ["en", "de"])
@pytest.mark.parametrize("name", WORDY)
def test_what_is_said_first_fits_one_sheet(chromium: Browser, tmp_path: Path, name: str, other: str) -> None:
    with language.speaking(other):
        assert sheets(chromium, name, tmp_path) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in library.all_names() if name not in WORDY])
def test_what_is_said_first_fits_one_sheet_for_every_scenario(chromium: Browser, tmp_path: Path, name: str) -> None:
    assert sheets(chromium, name, tmp_path) == 1

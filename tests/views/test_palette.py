"""One palette: edges and texts can be read, no two fills are alike for any eyes, and where greys are, marks or patterns differ."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

import vssim.views
from tests.support.colours import BLIND, contrast, distance, lab
from vssim.views import labels, palette

LEAST = {"light": 9.0, "dark": 7.0}
"""Smallest distance between two fills, by theme (waiting and not started; waiting and parts, told apart by edge and pattern)."""

GREY = 6.0
"""L* that two fills must differ by to be told apart in grey without a mark."""


def test_the_distance_is_that_of_the_published_pairs() -> None:
    for one, other, expected in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ):
        assert distance(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("theme", palette.THEMES)
def test_texts_and_edges_can_be_read(theme: palette.Theme) -> None:
    page = palette.page(theme)
    assert contrast(page["ink"], page["paper"]) >= 7
    assert contrast(page["soft"], page["panel"]) >= 4.5
    for look in palette.looks(theme).values():
        assert contrast(look.edge, page["panel"]) >= 4.2
        assert contrast(look.ink, look.fill) >= 4.2
    for verdict in palette.VERDICTS:
        assert contrast(palette.of_verdict(verdict, theme), page["paper"]) >= 4.5


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("eyes", BLIND)
def test_no_two_fills_are_alike_for_any_eyes(theme: palette.Theme, eyes: str) -> None:
    fills = {name: lab(look.fill, eyes) for name, look in palette.looks(theme).items() if name != "switching"}
    for one, other in combinations(fills, 2):
        assert distance(fills[one], fills[other]) >= LEAST[theme], (one, other)


@pytest.mark.parametrize("theme", palette.THEMES)
def test_what_is_alike_in_grey_has_another_mark(theme: palette.Theme) -> None:
    for one, other in combinations(palette.looks(theme).values(), 2):
        if abs(lab(one.fill)[0] - lab(other.fill)[0]) < GREY:
            assert one.mark != other.mark


def test_every_cause_has_a_look_and_every_verdict_a_colour() -> None:
    assert set(palette.CAUSES) == set(labels.CAUSES)
    assert set(palette.CAUSES.values()) <= set(palette.looks())
    assert set(palette.VERDICTS) == set(labels.VERDICTS)


def test_no_page_and_no_figure_has_colours_of_its_own() -> None:
    folder = Path(vssim.views.__file__).parent
    for file in [*folder.rglob("*.css"), *folder.rglob("static/*.js")]:
        found = re.findall(r"#[0-9a-fA-F]{6}\b", file.read_text(encoding="utf-8"))
        assert found == [], file.name

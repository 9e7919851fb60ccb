"""Names in pictures: whole and wrapped, never two alike, nothing on top of anything else, and letters that the usual font lacks."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import vssim
from tests.interface.commands import SMALL, small
from tests.interface.commands import vssim as command
from vssim.cli.pictures import matters_most
from vssim.views import names
from vssim.views.figures import letters
from vssim.views.figures.gallery import GALLERY, save

LONG = [f"a name of eighty letters that says everything that anybody could want to know {number}" for number in range(6)]
SHORT = [f"change {number}" for number in range(6)]
TWELVE = SMALL.partition("changes:")[0] + "changes:\n" + "".join(f'  "{name}": [stop_multitasking]\n' for name in LONG + SHORT)
WORLD = """
name: "Übergrößen $x^2$ 100% 日本語"
run: {horizon: 60, warmup: 10, replications: 2}
demand: {"機能 $5_$": {every: exponential(2)}}
steps: {"Prüfung_%s_{0}": {work: exponential(1)}, "тест $\\\\frac{1}{2$": {work: exponential(0.5)}}
teams: {"команда & <b>Söhne</b>": {people: 1, does: ["Prüfung_%s_{0}", "тест $\\\\frac{1}{2$"]}}
changes: {"wip <script>alert(1)</script> $3": [{limit_wip: {stream: 3}}]}
"""


def written(drawn: Figure) -> list[Text]:
    return [one for one in drawn.findobj(Text) if isinstance(one, Text) and one.get_text().strip() and one.get_visible()]


def overlapping(drawn: Figure) -> list[tuple[str, str]]:
    """Texts of a picture that lie on each other; the ticks of an axis do not count, which matplotlib keeps apart itself."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(drawn)
    canvas.draw()
    texts = list(drawn.texts)
    boxes = [(one.get_text(), one.get_window_extent(canvas.get_renderer())) for one in texts]
    return [(one, other) for (one, box), (other, beside) in combinations(boxes, 2) if box.overlaps(beside)]


def test_twelve_changes_with_long_names_are_told_apart_and_nothing_lies_on_anything() -> None:
    drawn = vssim.figures.changes(vssim.compare(vssim.loads(TWELVE), replications=2, jobs=1))
    flat = [" ".join(one.get_text().split()) for one in written(drawn)]
    assert all(name in flat for name in LONG + SHORT)
    assert overlapping(drawn) == []


@pytest.mark.parametrize("name", GALLERY)
def test_every_picture_can_be_drawn_with_the_names_of_the_world(name: str, tmp_path: Path) -> None:
    if name == "transition":
        pytest.skip("no change comes at a date")
    scenario = vssim.loads(f"currency: EUR\n{WORLD}")
    if GALLERY[name].source == "runs":
        drawn = GALLERY[name].draw(*[vssim.simulate(scenario, change) for change in (None, next(iter(scenario.changes)))])
    else:
        drawn = GALLERY[name].draw(vssim.compare(scenario, replications=2, jobs=1))
    save(drawn, tmp_path / "picture.png")


def test_letters_that_no_font_has_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(letters, "_others", lambda: ())
    drawn = vssim.figures.changes(vssim.compare(vssim.loads(WORLD), replications=2, jobs=1))
    assert save(drawn, tmp_path / "picture.png") == "日本語"
    assert "日本語" in letters.warning("日本語")


def test_letters_that_another_font_has_are_drawn_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = vssim.figures.changes(vssim.compare(vssim.loads(WORLD), replications=2, jobs=1))
    monkeypatch.setattr(letters, "_others", lambda: (("Another", "another.ttf"),))
    known = letters._letters
    monkeypatch.setattr(letters, "_letters", lambda file: frozenset(map(ord, "日本語")) if file == "another.ttf" else known(file))
    assert letters.provide(drawn) == ""
    title = next(one for one in written(drawn) if "日本語" in one.get_text())
    assert title.get_fontfamily() == [letters.USUAL, "Another"]


def test_a_name_is_whole_on_its_lines_or_cut_in_its_middle() -> None:
    assert " ".join(names.lines_of(LONG[0], 21)) == LONG[0]
    cut = names.lines_of("word " * 100 + "end", 20, 3)
    assert len(cut) == 3
    assert "…" in " ".join(cut)
    assert cut[-1].endswith("end")
    assert all(names.width_of(line) <= 20 for line in names.lines_of("日本語" * 30, 20))


def test_names_that_are_cut_stay_distinct() -> None:
    found = names.distinct([*LONG, LONG[0]], 24)
    assert len(set(found)) == len(found)
    assert all(len(name) <= 24 for name in found)


def test_pictures_of_single_runs_show_the_change_that_matters_most(tmp_path: Path) -> None:
    text = SMALL.partition("changes:")[0] + "changes:\n  little: [finish_first]\n  much: [{set: {demand.item.every: 40}}]\n"
    if "item:" not in text:
        text = text.replace("demand.item", f"demand.{next(iter(vssim.loads(SMALL).demand))}")
    comparison = vssim.compare(vssim.loads(text), replications=6, jobs=1)
    assert matters_most(comparison) == "much"


def test_all_pictures_that_apply_are_drawn_at_once(tmp_path: Path) -> None:
    answer = command("compare", small(tmp_path), "--replications", "2", "--jobs", "1", "--figure", f"all={tmp_path}")
    assert answer.code == 0, answer.err
    assert {file.stem for file in tmp_path.glob("*.png")} == set(GALLERY) - {"cash"}, "no currency, no picture of money"
    answer = command("compare", small(tmp_path), "--figure", f"all={tmp_path / 'nowhere'}")
    assert (answer.code, answer.out) == (2, "")

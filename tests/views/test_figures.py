"""Still pictures: every one is drawn from whatever a run may hold, says what it rests on, and shows names as they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

import vssim
from tests.interface.commands import SMALL, small
from tests.interface.commands import vssim as command
from vssim.errors import UsageError
from vssim.views.figures.gallery import GALLERY, save
from vssim.views.figures.marks import away
from vssim.views.figures.style import apart

NOTHING = SMALL.replace("work: exponential(1)", "work: 1000")
ODD = SMALL.replace("no walls:", '"$x_1$ <b>walls</b>":').replace("includes: no walls", 'includes: "$x_1$ <b>walls</b>"')
ODD = ODD.replace("make:", '"$\\\\frac$ & <i>":').replace("does: make", 'does: "$\\\\frac$ & <i>"')
TEXTS = {"ordinary": SMALL, "nothing delivered": NOTHING, "odd names": ODD}


@cache
def sources(kind: str) -> dict[str, tuple[Any, ...]]:
    """What the pictures are drawn from, for a kind of scenario."""
    scenario = vssim.loads(f"currency: EUR\n{TEXTS[kind]}")
    runs = [vssim.simulate(scenario, change) for change in (None, next(iter(scenario.changes)))]
    comparison = vssim.compare(scenario, replications=2, jobs=1)
    return {"runs": tuple(runs), "comparison": (comparison,)}


def texts(drawn: Figure) -> str:
    """Everything that is written in a picture."""
    from matplotlib.text import Text

    return "\n".join(found.get_text() for found in drawn.findobj(Text) if isinstance(found, Text))


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", GALLERY)
def test_every_picture_can_be_drawn(name: str, kind: str, tmp_path: Path) -> None:
    picture = GALLERY[name]
    drawn = picture.draw(*sources(kind)[picture.source])
    save(drawn, tmp_path / "picture.svg")
    assert (tmp_path / "picture.svg").stat().st_size > 1000


@pytest.mark.parametrize("name", GALLERY)
def test_every_picture_says_how_many_items_and_replications_it_rests_on(name: str) -> None:
    picture = GALLERY[name]
    written = texts(picture.draw(*sources("ordinary")[picture.source]))
    assert "delivered" in written
    assert "replication" in written
    assert "seed 3" in written


@pytest.mark.parametrize("name", [name for name, picture in GALLERY.items() if picture.source != "comparison"])
def test_axes_name_their_unit(name: str) -> None:
    picture = GALLERY[name]
    assert "day" in texts(picture.draw(*sources("ordinary")[picture.source]))


def test_names_are_shown_as_they_are() -> None:
    assert "$x_1$ <b>walls</b>" in texts(vssim.figures.changes(*sources("odd names")["comparison"]))
    assert "$\\frac$ & <i>" in texts(vssim.figures.ageing(*sources("odd names")["runs"]))


def test_a_single_run_is_drawn_alone() -> None:
    run = sources("ordinary")["runs"][0]
    assert len(vssim.figures.lead_times(run).axes) == 1


def test_a_picture_of_nothing_says_so() -> None:
    assert "nothing was delivered" in texts(vssim.figures.lead_times(*sources("nothing delivered")["runs"]))


def test_the_transition_shows_the_break_even_of_the_comparison() -> None:
    (comparison,) = sources("ordinary")["comparison"]
    time = comparison["later"].break_even["items"].time
    said = "no break-even" if time is None else "never behind" if time == 30 else "break-even: day"
    assert said in texts(vssim.figures.transition(comparison))


def test_without_a_change_at_a_date_a_transition_is_refused_before_the_work(tmp_path: Path) -> None:
    comparison = vssim.compare(vssim.loads(SMALL), only="no walls", replications=2, jobs=1)
    with pytest.raises(UsageError, match=r"^transition: no change comes into force at a date .*no transition to see$"):
        vssim.figures.transition(comparison)
    for asked in (("compare", "--only", "no walls"), ("run", "--change", "no walls"), ("run",)):
        answer = command(asked[0], small(tmp_path), *asked[1:], "--figure", f"transition={tmp_path / 'way.png'}")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("transition: no change comes into force at a date")


SUMMER: dict[str, Any] = {
    "name": "Summer",
    "start": "2026-06-15",
    "calendar": {"holidays": [{"from": "2026-08-03", "to": "2026-08-14"}]},
    "run": {"horizon": "2026-10-30", "replications": 2},
    "demand": {"item": {"items": [{"step": "build"}, {"step": "build"}, {"step": "build"}]}},
    "steps": {"build": {"work": "exponential(20)"}},
    "teams": {
        "two": {"people": 2, "does": "build", "absences": [{"from": "2026-07-20", "to": "2026-07-31", "people": 2}]},
        "crowd": {"people": "unlimited", "does": "build"},
        "third": {"people": 1, "does": "build"},
    },
}


@pytest.mark.parametrize("name", ["lead_times", "cumulative_flow", "in_progress", "run_chart"])
def test_a_picture_over_time_marks_who_is_away_and_tells_what_was_there_before(name: str) -> None:
    run = vssim.simulate(vssim.loads(SUMMER))
    since, missing = away(run)
    assert list(zip(since.tolist(), missing.tolist(), strict=True)) == [(0, 0), (25, 2), (35, 0)]
    drawn = GALLERY[name].draw(run)
    written = " ".join(texts(drawn).split())
    assert "hatched: nobody works · strip at the foot: people away, at most 2 of 3 · 3 items were there" in written
    for axes in drawn.axes:
        hatched = [
            patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches if patch.get_hatch() == "///"
        ]
        assert [(round(box.x0), round(box.x1)) for box in hatched] == [(35, 45)]
    assert "hatched" not in texts(GALLERY[name].draw(*sources("ordinary")["runs"]))


def test_labels_are_moved_apart_and_stay_in_order() -> None:
    assert apart([1.0, 1.0, 5.0], 1.0) == [1.0, 2.0, 5.0]
    assert apart([5.0, 4.9], 1.0, top=5.0) == [5.0, 4.0]


def test_the_command_line_draws_pictures(tmp_path: Path) -> None:
    file = tmp_path / "lead.png"
    answer = command("compare", small(tmp_path), "--replications", "2", "--jobs", "1", "--figure", f"lead_times={file}")
    assert answer.code == 0, answer.err
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_list_of_pictures_names_them_all(tmp_path: Path) -> None:
    answer = command("run", small(tmp_path), "--figure", "list")
    assert answer.code == 0
    assert all(name in answer.out for name in GALLERY)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("lead_time=x.png", "did you mean 'lead_times'?"),
        ("lead_times", "NAME=FILE"),
        ("lead_times=x.gif", ".png, .svg, .pdf"),
        ("lead_times=nowhere/x.png", "no folder"),
    ],
)
def test_a_picture_that_cannot_be_is_refused_before_the_work(asked: str, said: str, tmp_path: Path) -> None:
    answer = command("run", small(tmp_path), "--figure", asked)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""

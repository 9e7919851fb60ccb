"""The report as text: complete, self-contained, safe for any name, small, and honest where there is nothing to say."""

from __future__ import annotations

import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

import vssim
from tests.interface.commands import SMALL, small
from tests.interface.commands import vssim as command
from vssim.play.experiment import Experiment
from vssim.play.run import runs_of
from vssim.views import rows
from vssim.views.player import trace as traces
from vssim.views.report import bundle
from vssim.views.report.page import page
from vssim.views.report.theatre import pack

SOURCED = SMALL + "sources: [{name: work, from: a <guess>}]\n"
NOTHING = SMALL.replace("work: exponential(1)", "work: 1000")
MARKUP = '"<script>alert(1)</script>"'


def report(text: str) -> str:
    scenario = vssim.loads(text)
    experiment = Experiment.of(scenario, [None, *scenario.changes])
    comparison = vssim.compare(scenario, jobs=1)
    return page(comparison, runs_of(experiment, comparison.warmup))


class Words(HTMLParser):
    """The words of a page, and the tags that were left open."""

    VOID = ("meta", "link", "input", "br")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" not in self.open and "style" not in self.open:
            self.words.append(data)


def read(markup: str) -> Words:
    found = Words()
    found.feed(markup)
    return found


def test_a_report_holds_everything_there_is_to_say() -> None:
    words = "\n".join(read(report(SOURCED)).words)
    for said in (
        "Is two steps one too many?",
        "no walls",
        "85 % within",
        "'s way, before and after",
        "All changes",
        "Where the time goes",
        "a <guess>",
        "exponential(mean=2)",
        "seed 3",
        f"vssim {vssim.__version__}",
        "unfinished",
        "warm-up",
        "It was.",
    ):
        assert said in words, said
    assert words.index("Is two steps") < words.index("85 % within") < words.index("It was.") < words.index("Where the time goes")
    assert words.index("Watch the work") < words.index("What was assumed")


def test_every_tag_of_a_report_is_closed() -> None:
    assert read(report(SMALL)).open == []


@pytest.mark.parametrize(("old", "place"), [("Small", "name"), ("no walls", "change"), ("make", "step"), ("makers", "team")])
def test_markup_in_a_name_is_shown_as_text(old: str, place: str) -> None:
    odd = re.sub(rf"\b{old}\b", MARKUP, SMALL)
    found = report(odd)
    assert read(found).scripts == read(report(SMALL)).scripts
    assert "<script>alert" not in found
    assert "<script>alert(1)</script>" in "".join(read(found).words)


UNEVEN = """
run: {horizon: 200, warmup: 0, replications: 20}
demand: {task: {every: 10}}
steps: {make: {work: "lognormal(mean=1, cv=20)"}}
teams: {makers: {people: unlimited, does: make}}
changes: {steadier: [{set: {steps.make.work: "lognormal(mean=2, cv=0.1)"}}]}
"""
"""Once in a while one item takes longer than all others together: no twenty runs of this are even, whatever the seed."""


def test_a_report_names_the_figures_whose_intervals_hold_less_often() -> None:
    told = "from 20 runs as uneven as these an interval holds about 9 times in 10"
    comparison = vssim.compare(vssim.loads(UNEVEN), jobs=1)
    expected = [rows.uneven(rows.ratios(one), comparison.scenario) for one in comparison.values()]
    assert all(told in said for said in expected)
    assert all(said in "".join(read(report(UNEVEN)).words) for said in expected)
    alone = UNEVEN[: UNEVEN.index("changes:")]
    assert told in "".join(read(report(alone)).words)
    assert told not in "".join(read(report(alone.replace('"lognormal(mean=1, cv=20)"', "1"))).words)


def test_where_something_is_not_known_it_is_worlds_that_are_uneven() -> None:
    unknown = UNEVEN.replace("replications: 20", "replications: 40").replace("every: 10", '"every": between(9, 11)')
    comparison = vssim.compare(vssim.loads(unknown), jobs=1)
    assert "from 20 worlds as uneven as these" in rows.uneven(rows.ratios(comparison["steadier"]), comparison.scenario)


def test_a_report_of_a_run_with_nothing_delivered_says_so() -> None:
    assert "Nothing was delivered" in report(NOTHING)


def test_a_scenario_without_changes_has_a_report_too() -> None:
    alone = report(SMALL[: SMALL.index("changes:")])
    assert "85 % of the items are delivered within" in alone


def test_nothing_in_a_report_asks_the_network_for_anything() -> None:
    found = report(SMALL)
    assert "default-src 'none'" in found
    assert "http" not in found.replace("http-equiv", "")
    assert not re.search(r'\b(src|href)="(?!data:,)', found)
    assert "style=" not in found


def test_the_bundle_is_the_modules_with_their_imports_resolved() -> None:
    assert not re.search(r"^(import|export) ", bundle.script(), flags=re.MULTILINE)
    imported = {file.name for file in bundle.MODULES}
    for file in bundle.MODULES:
        for wanted in re.findall(r'from "[^"]*?(\w+\.js)";', file.read_text(encoding="utf-8")):
            assert wanted in imported


def test_a_report_is_smaller_than_a_megabyte(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    busy = SMALL.replace("horizon: 60", "horizon: 3000").replace("exponential(2)", "exponential(1.2)")
    assert command("report", small(tmp_path, busy), "-o", str(file), "--replications", "1", "--quiet").code == 0
    assert file.stat().st_size < 1_000_000


def test_long_runs_are_thinned_by_days_shown_and_the_report_says_so() -> None:
    scenario = vssim.loads(SMALL.replace("horizon: 60", "horizon: 800"))
    runs = runs_of(Experiment.of(scenario, [None]), 0.0)
    packed = pack(runs, budget=7000)
    assert len(packed[0]) * 4 / 3 <= 7000
    head, events = traces.read(zlib.decompress(packed[0]))
    assert head["thinned"]
    assert head["moment"] >= 1
    done = (runs[0].log.items.left != -1).sum()
    assert (events.state % 128 == 8).sum() == done


@pytest.mark.parametrize(("file", "said"), [("x.pdf", ".html"), ("nowhere/x.html", "there is no folder"), (".", ".html")])
def test_a_report_that_cannot_be_written_is_refused_in_one_line(file: str, said: str, tmp_path: Path) -> None:
    answer = command("report", small(tmp_path), "-o", str(tmp_path / file))
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert said in answer.err

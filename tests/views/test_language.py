"""German as a second language: no text is missing, none is left over, and no English stays on a page."""

from __future__ import annotations

import ast
import copy
import datetime as dt
import html
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import BaseModel

import vssim
from tests.interface.commands import small
from tests.interface.commands import vssim as command
from tests.support import trackers
from tests.support.trackers import COLUMNS, History
from tests.views.browser import browser, needed
from tests.views.live_server import serving
from tests.views.live_windows import visiting
from vssim import catalogue, language
from vssim.analysis.interactive.labels import TITLES, short
from vssim.cli.asking import ASKED
from vssim.metrics import story
from vssim.model.changes import Dip
from vssim.model.levers import LEVERS
from vssim.play import cautions
from vssim.scenario import library
from vssim.tracker.answers import EXAMPLES, EXPLAINED
from vssim.tracker.checks import Verdict
from vssim.tracker.frames import LOSSES
from vssim.tracker.registry import readers
from vssim.views import labels, unknowns
from vssim.views.live.pictures.picture import TITLES as PICTURES
from vssim.views.live.room import guess, wording
from vssim.views.player.charts import CHARTS
from vssim.views.report import assumptions, first, replayed, theatre, verdicts
from vssim.views.report import records as data_report

ROOT = Path(vssim.__file__).parent
OTHERS = [one for one in language.languages() if one != language.ENGLISH]
BRACES = re.compile(r"\{\w+\}")
IN_SCRIPTS = re.compile(r'(?<![\w.])t\("((?:[^"\\]|\\.)*)"')
HEADINGS = re.compile(r'section\(\s*"([^"]+)"')
REFUSED = re.compile(r'Refused\(\s*(?:"([^"{]+)"|[^()]*?"([^"{]+)" if [^"]*?"([^"{]+)"\s*\))')
UNITS = (
    "world",
    "day",
    "week",
    "hour",
    "item",
    "move",
    "person",
    "people",
    "replication",
    "time",
    "item a person",
    "items a person",
)


FULL = """
unit: day
run: {horizon: 100, replications: 3, seed: 1}
demand: {item: {every: exponential(1)}}
steps: {make: {work: exponential(2)}}
teams: {makers: {people: 1, does: make}}
"""
"""Twice as much as can be done: there is something to be warned of."""


def in_python() -> Iterator[str]:
    """Texts that Python says: constants that t is called with, whole or either of two."""
    for file in ROOT.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "vssim.language import" in text:
            calls = (one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))
            yield from (words for call in calls for words in _words_of(call) if re.search("[A-Za-z]", BRACES.sub("", words)))


def _words_of(call: ast.Call) -> Iterator[str]:
    """What a call of t, of said (which is told later) or of _heads says."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    arguments = call.args if name == "_heads" else call.args[:1] if name in ("t", "said") else []
    for argument in arguments:
        for part in [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def in_scripts() -> Iterator[str]:
    for file in ROOT.rglob("static/*.js"):
        yield from IN_SCRIPTS.findall(file.read_text(encoding="utf-8"))


def in_pages() -> Iterator[str]:
    for file in ROOT.rglob("static/*.html"):
        yield from language.texts_of(file.read_text(encoding="utf-8"))


def from_tables() -> Iterator[str]:
    """Texts that stand in tables of the code and are said by name."""
    for name in catalogue.CATALOGUE:
        if "<" not in name:
            yield from (catalogue.short_of(name), catalogue.label_of(name), catalogue.phrase_of(name, "day"))
    yield from labels.CAUSES.values()
    yield from labels.VERDICTS
    yield from TITLES.values()
    yield from PICTURES.values()
    yield from (title for title, _ in CHARTS.values())
    yield from [*wording.ASKED.values(), *wording.TODAY.values(), *guess.labels("lead_time.p85").values()]
    yield from story._ENDS.values()
    yield from (words for _, words in story._LOOKS.values() if words)
    yield from [*first.MARKS.values(), *theatre.STATES, *assumptions.WORDS.values(), *assumptions.METHOD]
    yield from [assumptions.UNFINISHED, verdicts.NOTHING]
    yield from library.by_theme()
    yield from [*replayed.NAMES.values(), *replayed.VERDICTS.values(), *replayed.MARKS]
    told = vssim.load("learned/team").learned
    yield from () if told is None else told.checks
    yield from cautions.TEXTS
    yield from unknowns.OPENINGS
    yield from [*LOSSES, *LOSSES.values(), *get_args(Verdict), "arrivals", "departures", *readers()]
    yield from [EXPLAINED[key] for key in ("columns", *ASKED)]
    yield from [EXAMPLES[key] for key in ("other_work", "cadences")]
    yield from [*data_report.SPREAD, *data_report.WEEKLY.values()]
    parts: list[type[BaseModel]] = [Dip, *(LEVERS[name] for name in LEVERS)]
    for part in parts:  # what a slider of a lever's parameter is called
        for field in part.model_fields.values():
            if field.description and not re.search("tuple|dict", str(field.annotation)):
                yield short(field.description)
    for unit in ("day", "week", "hour"):
        yield from (unit, f"{unit}s", f"a {unit}", f"delivered a {unit}")
    for file in (ROOT / "views" / "report").glob("*.py"):
        yield from HEADINGS.findall(file.read_text(encoding="utf-8"))


def refused() -> Iterator[str]:
    for file in (ROOT / "views" / "live").rglob("*.py"):
        for found in REFUSED.findall(file.read_text(encoding="utf-8")):
            yield from (words for words in found if words)


@pytest.mark.parametrize("other", OTHERS)
def test_no_text_is_missing_in_a_language(other: str) -> None:
    needed_ = {*in_python(), *in_scripts(), *in_pages(), *from_tables(), *refused()}
    assert len(needed_) > 400
    assert sorted(needed_ - set(language.catalogue(other))) == []


@pytest.mark.parametrize("other", OTHERS)
def test_a_language_fills_in_the_same_values(other: str) -> None:
    for text, told in language.catalogue(other).items():
        assert set(BRACES.findall(text)) == set(BRACES.findall(told)), text
        assert told.strip(), text
        assert text[:1].isspace() == told[:1].isspace(), text


@pytest.mark.parametrize("other", OTHERS)
def test_a_language_has_nothing_that_nobody_says(other: str) -> None:
    said = {*in_python(), *in_scripts(), *in_pages(), *from_tables(), *refused(), *UNITS, *(f"{unit}s" for unit in UNITS), "."}
    said |= {text for file in (ROOT / "views" / "live").rglob("*.py") for text in re.findall(r'"([^"\n]+)"', file.read_text())}
    said |= {"undefined", "not settled"}
    assert sorted(set(language.catalogue(other)) - said) == []


def test_numbers_have_a_decimal_comma_where_the_language_has() -> None:
    from vssim.views import words

    assert words.figure(1234.5, 6) == "1,234.5"
    with language.speaking("de"):
        assert words.figure(1234.5, 6) == "1.234,5"
        assert words.percent(0.0523) == "5,2 %"
        assert words.from_to(14.5, 9.9) == "14,5 → 9,9"
        assert words.many(2, "day") == "2 Tage"


def test_a_name_that_no_catalogue_has_stays_as_it_is() -> None:
    with language.speaking("de"):
        assert language.t("{step} again", step="{count}") == "{count} erneut"
        assert language.t("nobody ever says this") == "nobody ever says this"


def test_a_language_that_is_not_there_is_refused_before_the_work(tmp_path: Path) -> None:
    for words in (("report", small(tmp_path), "-o", str(tmp_path / "x.html")), ("live", small(tmp_path), "--no-open")):
        answer = command(*words, "--language", "dee")
        assert (answer.code, answer.out) == (2, "")
        assert "did you mean 'de'?" in answer.err or "there are: en, de" in answer.err
    assert not (tmp_path / "x.html").exists()


def test_a_report_is_in_the_language_from_top_to_bottom(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    answer = command("report", small(tmp_path), "-o", str(file), "--replications", "2", "--jobs", "1", "--language", "de")
    assert answer.code == 0, answer.err
    page = re.sub(r"<(script|style)\b.*?</\1>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert '<html lang="de">' in page
    for english in ("The numbers", "All changes", "Watch the work", "as it is", "with the change", "typical lead time"):
        assert f">{english}<" not in page, english
    for german in ("Die Zahlen", "Alle Änderungen", "Der Arbeit zusehen", "mit der Änderung"):
        assert german in page, german
    told = language.catalogue("de")
    before = page.split("<details")[0]  # the scenario below it is in its own words
    assert before != page
    said = [html.unescape(words).strip() for words in re.findall(r">([^<>]+)<", before)]
    assert [words for words in said if told.get(words, words) != words] == []


UNSURE = f"""{FULL.replace("exponential(1)", "exponential(mean=between(2, 2.3))")}
changes: {{one more: [{{add_people: {{teams: {{makers: 1}}}}}}]}}
"""
"""Something is not known of it, and something is to be known of its figures."""


def test_what_is_not_known_and_what_must_be_known_of_figures_is_told_in_german(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    few = ("--replications", "100", "--horizon", "30", "--jobs", "1", "--language", "de")
    answer = command("report", small(tmp_path, UNSURE), "-o", str(file), *few)
    assert answer.code == 0, answer.err
    page = re.sub(r"<(script|style)\b.*?</\1>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert any(text.partition(":")[0] in page for text in map(language.catalogue("de").get, cautions.TEXTS) if text)
    assert not any(text.partition(":")[0] in page for text in cautions.TEXTS)
    unknown = page[page.index('id="unknown-heading"') :].split("</section>")[0]
    texts = [html.unescape(words).replace("one more", "") for words in re.findall(r">([^<>]+)<", unknown)]
    assert len(texts) > 8
    assert [words for words in texts if ENGLISH.search(words) or "lead time" in words] == []


HISTORIES = [
    History(
        f"A-{number}",
        tuple(
            (column, trackers.BEGIN + dt.timedelta(days=2 * number + gap, minutes=number))
            for gap, column in enumerate(("Backlog", "Build", "Backlog", "Build", "Test", "Done")[: 2 + number % 5])
        ),
    )
    for number in range(60)
]
"""Items that go back, and some that are not done."""

EXPORTS = {
    "table.csv": trackers.own_moves(HISTORIES),
    "jira.json": trackers.jira(HISTORIES),
    "trello.json": trackers.trello(HISTORIES, 100),
    "events.csv": trackers.event_log(HISTORIES),
    "log.xes": trackers.xes(HISTORIES),
    "board.csv": trackers.board(HISTORIES).replace("2024-01-05", "soon").replace("2024-01-09", "1970-01-01"),
    "dates.csv": trackers.start_closed(HISTORIES) + "A-1,2024-02-20 08:00:00,2024-02-19 08:00:00,2024-02-18 08:00:00\n",
}
ENGLISH = re.compile(r"\b(the|and|of|with|are|were|by|that|which|days|items|rows|moves|not|one|all|first|last|done|open)\b")


@pytest.mark.parametrize("name", EXPORTS)
def test_the_report_of_records_has_nothing_english_in_german(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(EXPORTS[name], encoding="utf-8")
    page, target = tmp_path / "report.html", str(tmp_path / "out")
    answer = command("import", str(tmp_path / name), "-o", target, "--report", str(page), "--language", "de", "--quiet")
    assert answer.code == 0, answer.err
    written = page.read_text(encoding="utf-8")
    assert '<html lang="de">' in written
    written = re.sub(r"<style\b.*?</style>", "", written, flags=re.DOTALL)
    table = written.rindex("<tbody>")  # of the decisions: keys and values of the reading are its own words, why they are so is told
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in written[table:].split("<tr>")[1:]]
    texts = re.findall(r">([^<>]+)<", written[:table]) + [row[-1] for row in rows[:-1]]
    texts += re.findall(r'aria-label="([^"]*)"', written)
    data = {*COLUMNS, "In progress", "Not closed", "Waiting", "done"}
    assert len(texts) > 100
    assert [words for words in map(html.unescape, texts) if words.strip() not in data and ENGLISH.search(words)] == []


def test_what_is_written_to_files_of_records_stays_in_english(tmp_path: Path) -> None:
    (tmp_path / "moves.csv").write_text(EXPORTS["table.csv"], encoding="utf-8")
    answer = command("import", str(tmp_path / "moves.csv"), "-o", str(tmp_path / "out"), "--json", "--language", "de")
    assert answer.code == 0, answer.err
    assert "finished items" in answer.out
    assert "why: the heads of a table of moves" in (tmp_path / "out.reading.yaml").read_text(encoding="utf-8")


def test_what_is_kept_of_a_sentence_survives_a_copy() -> None:
    kept = language.joined("; ", [language.said("{count} weeks", count=1234), language.said("stable")])
    for one in (kept, copy.deepcopy(kept), pickle.loads(pickle.dumps(kept))):
        assert one == "1,234 weeks; stable"
        with language.speaking("de"):
            assert language.told(one) == "1.234 Wochen; beständig"


def test_findings_that_a_file_kept_are_told_in_the_language() -> None:
    """A learned file keeps the English text alone; names of the user's own stay, whatever they are."""
    kept = {
        "78.2% of 999 histories lie further in": "78.2% von 999 Verläufen liegen weiter innen",
        "means within 0.48 sd, sds within 20%": (
            "Mittelwerte innerhalb von 0,48 Standardabweichungen, Standardabweichungen innerhalb von 20%"
        ),
        "test, p85 40% too short: are returns hidden in this kind of export?; done, p50 3% too long": (
            "test, p85 40% zu kurz: verbirgt diese Art von Export, was zurückkommt?; done, p50 3% zu lang"
        ),
        "histories alike enough: too little data to say much: lead time p50 from 9.08 to 35.8, in progress from 9 to 43": (
            "Verläufe ähnlich genug: zu wenig Daten, um viel zu sagen: Durchlaufzeit p50 von 9,08 bis 35,8, in Arbeit von 9 bis 43"
        ),
        "all but: hands-on work at waiting, time in a handoff": "alle außer: Arbeit an der Sache bei waiting, Zeit einer Übergabe",
        "nobody ever says this": "nobody ever says this",
    }
    assert {text: language.recalled(text) for text in kept} == {text: text for text in kept}
    with language.speaking("de"):
        assert {text: language.recalled(text) for text in kept} == kept


def test_every_check_of_a_learned_scenario_is_told_in_german() -> None:
    learned = vssim.load("learned/team").learned
    assert learned is not None
    with language.speaking("de"):
        page = html.unescape(replayed.replayed(learned)).replace("moves.csv", "")
    texts = re.findall(r">([^<>]+)<", page)
    assert len(texts) > 40
    assert [words for words in texts if ENGLISH.search(words) or "lead time" in words] == []


def test_every_fact_of_a_learned_scenario_has_words() -> None:
    learned = vssim.load("learned/team")
    assert learned.uncertain is not None
    assert [fact for fact in learned.uncertain.facts if "." in unknowns.called(learned, fact)] == []
    with language.speaking("de"):
        assert unknowns.called(learned, "teams.testers.drift.cv") == "Testers: bessere und schlechtere Zeiten"


@pytest.mark.parametrize("runs", [1, 3])
def test_why_there_is_no_interval_is_told_in_german(runs: int) -> None:
    variants = vssim.compare(vssim.loads(FULL), replications=runs, jobs=1).variants.values()
    reasons = [estimate.reason for variant in variants for estimate in variant.values()]
    told = [reason for reason in reasons if reason]
    assert told
    with language.speaking("de"):
        assert [reason for reason in map(language.told, told) if reason in told] == []


def test_what_must_be_known_of_the_figures_is_said_in_the_language() -> None:
    scenario = vssim.loads(FULL)
    english = next(iter(vssim.compare(scenario, jobs=1).variants.values())).warnings
    with language.speaking("de"):
        german = next(iter(vssim.compare(scenario, jobs=1).variants.values())).warnings
    assert len(english) == len(german) >= 2
    for one, other in zip(english, german, strict=True):
        assert one.partition(":")[0] != other.partition(":")[0]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


SEEN = """() => [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility({ visibilityProperty: true })
  && !one.closest('script, style, template, canvas, option')
  && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .map((one) => one.textContent.trim())"""


def english_on(view: Page) -> list[str]:
    """Texts on a page that have a German word and are not it."""
    told = language.catalogue("de")
    return [words for words in view.evaluate(SEEN) if words in told and told[words] != words]


@pytest.mark.browser
@needed
def test_wall_and_phone_speak_german(chromium: Browser) -> None:
    spoken, asked = language.speaking("de"), serving("workshop/stop-starting")
    with spoken, asked as room, visiting(chromium, room.address) as view, visiting(chromium, room.join) as phone:
        assert view.evaluate("document.documentElement.lang") == "de"
        expect(view.locator(".cover .answers .label").first).to_have_text("länger")
        expect(phone.locator(".choices button").first).to_contain_text("länger")
        assert english_on(view) == []
        assert english_on(phone) == []
        phone.locator(".choices button").last.click()
        expect(view.locator(".cover .votes")).to_have_text("1 hat geraten")
        view.keyboard.press("PageDown")
        expect(view.locator(".cover .verdict-chip")).to_have_text("besser")
        expect(view.locator(".cover .votes")).to_have_text("1 von 1 lagen richtig")
        expect(phone.locator(".result .verdict-chip")).to_have_text("besser")
        view.keyboard.press("PageDown")
        expect(view.locator(".side.right .is-hand .word")).to_have_text("in der Hand")
        assert english_on(view) == []
        assert english_on(phone) == []


@pytest.mark.browser
@needed
def test_the_page_without_a_language_is_in_english(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        expect(view.locator(".cover .answers .label").first).to_have_text("longer")
        assert view.locator("script.catalogue").count() == 0


def test_catalogues_are_plain_files_that_anybody_can_send() -> None:
    for other in OTHERS:
        text = (ROOT / "languages" / f"{other}.json").read_text(encoding="utf-8")
        assert all(isinstance(one, str) for one in json.loads(text).values())


@pytest.mark.parametrize(
    ("written", "english", "german"),
    [
        ("{add_people: {teams: {makers: 1}}}", "one more person in makers", "eine Person mehr in makers"),
        ("{add_people: {teams: {makers: 2}}}", "2 more people in makers", "2 Personen mehr in makers"),
        ("cut_meetings", "50 % fewer meetings", "50 % weniger Sitzungen"),
        ("{limit_wip: {steps: {make: 4}}}", "make: at most 4", "make: höchstens 4"),
        ("{add_people: {teams: {makers: 1}, ramp: 9}}", "add people: teams makers 1, ramp 9", "add people: teams makers 1, ramp 9"),
    ],
)
def test_a_lever_is_called_as_people_would_say_it(written: str, english: str, german: str) -> None:
    (lever,) = vssim.loads(f"{FULL}changes: {{change: [{written}]}}").changes["change"].levers
    assert wording.label_of(lever) == english
    with language.speaking("de"):
        assert wording.label_of(lever) == german

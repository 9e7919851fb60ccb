"""What only says what there is imports nothing heavy; what plays imports what it plays with. Modules are counted, not time."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import vssim
from tests.interface.commands import SMALL, process
from tests.interface.commands import vssim as command
from vssim import special
from vssim.model.levers import LEVERS, shelves
from vssim.scenario import library
from vssim.scenario.glance import TOLD, glance
from vssim.scenario.reader import parse
from vssim.views.terminal.listing import lines, row

ROOT = Path(__file__).resolve().parents[2]

LIBRARIES = {"llvmlite", "matplotlib", "numba", "numpy", "polars", "pydantic", "rich", "scipy", "simpy", "typer"}

PROGRAM = """
import sys
sys.argv = ["vssim", *{words!r}]
try:
    from vssim.__main__ import main
    main()
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""


def modules(*words: str) -> set[str]:
    """What a process has imported by the time that a command is done."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(words=words)], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("word", ["--version", "scenarios", "levers"])
def test_what_is_said_at_once_imports_no_library_at_all(word: str) -> None:
    assert not LIBRARIES & modules(word)


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("--version", "--help")])
def test_help_imports_what_reads_options_and_nothing_else(words: tuple[str, ...]) -> None:
    assert LIBRARIES & modules(*words) == {"typer"}


def test_the_help_of_a_command_needs_none_of_what_it_does() -> None:
    found = modules("compare", "--help")
    assert LIBRARIES & found <= {"typer", "pydantic"}  # typer may use pydantic for options, where it is there
    assert not {"vssim.scenario.door", "vssim.play", "vssim.cli.sweeps"} & found


def test_a_comparison_imports_what_it_plays_with_and_prints_with(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    found = modules("compare", str(file), "--engine", "reference")
    plays_and_prints = {"numpy", "pydantic", "rich", "scipy", "simpy", "typer"}
    assert LIBRARIES & found - {"llvmlite"} == plays_and_prints  # by llvmlite runs are measured where their passes are compiled
    assert not {"scipy.special", "scipy.optimize", "scipy.stats", "numpy.f2py"} & found
    assert not {"vssim.model.levers.quality", "vssim.cli.sweeps", "rich.progress", "rich.markdown"} & found


def test_a_word_says_the_same_at_once_and_as_a_command() -> None:
    for word in ("--version", "scenarios", "levers"):
        at_once, among_commands = process(word, folder=ROOT, COLUMNS="80"), command(word)
        assert (at_once.code, at_once.out) == (among_commands.code, among_commands.out)


def test_a_list_that_nobody_reads_any_more_ends_in_silence() -> None:
    script = f"{sys.executable} -m vssim levers | head -1"
    done = subprocess.run(["sh", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("do less\n", "")


# --- lists ----------------------------------------------------------------------------------------------------------------


def test_the_last_column_of_a_list_is_wrapped_under_itself() -> None:
    rows = [row("theme", "", style="bold"), row("  a", "b " * 20), row("  longer", "c"), row("alone and very long " * 2)]
    assert list(lines(rows, 30)) == [
        ("theme", "bold"),
        ("  a       b b b b b b b b b b b b"[:33].rstrip(), ""),
        ("          b b b b b b b b", ""),
        ("  longer  c", ""),
        ("alone and very long alone and", ""),
        ("very long", ""),
    ]


# --- levers ---------------------------------------------------------------------------------------------------------------


def test_what_the_list_reads_off_a_source_is_what_the_class_says() -> None:
    told = {name: (theme, text) for name, theme, text in shelves.told()}
    assert list(told) == list(LEVERS)
    for name, lever in LEVERS.items():
        assert lever.name == name
        theme, text = told[name]
        assert theme == lever.theme
        assert " ".join(text.split()) == " ".join((lever.__doc__ or "").split())


# --- scenarios ------------------------------------------------------------------------------------------------------------


def test_a_glance_at_the_library_sees_what_a_reader_does(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = library.entries()
    monkeypatch.setattr(library, "glance", lambda text: None)
    assert seen == library.entries()


def test_no_file_of_the_library_takes_a_reader() -> None:
    assert [name for name in library.all_names() if glance(library.path(name).read_text(encoding="utf-8")) is None] == []


@pytest.mark.parametrize(
    "text",
    [
        'question: "With “quotes”, and: a colon # no remark"  # a remark\nname: x\n',
        'question: Is it so, or "so"? # a remark\nroom: {title: "Or: so?", level: 2, order: [a b, c]}\n',
        "name: nothing\n",
        (
            'room:  # so\n  title: "Or: so?"  # or so\n\n  # a remark\n  order: [a, b]\n'
            "  about:\n    level: one\n    title: x\n  level: 2\nname: x\n"
        ),
        "room:\n  title: Two words\n  about: {a: b,\n    c: d}\n  minutes: 20\n",
        "room:\n  order:\n  - a title: no title\n  - c\n  title: Two words\nname: x\n",
        "rounds:\n  - {minutes: 5, title: x}\n  - title: y\n    minutes: 7  # or so\nroom: {minutes: 20}\n",
    ],
)
def test_a_glance_sees_what_is_written_plainly(text: str) -> None:
    seen, read = glance(text), parse(text, "x")[0].plain()
    assert seen is not None
    assert seen.get("question") == read.get("question")
    room = {key: value for key, value in read.get("room", {}).items() if key in TOLD}
    assert seen.get("room", {}) == room
    assert [one["minutes"] for one in seen.get("rounds", [])] == [one["minutes"] for one in read.get("rounds", [])]


@pytest.mark.parametrize(
    "text",
    [
        "question: Yes\n",
        "question: What is\n  this?\n",
        "question: >-\n  What is this?\n",
        'question: "a \\" b"\n',
        "question: Who: me?\n",
        "question: A b\nquestion: C d\n",
        "question: &a A b\nname: *a\n",
        "room: {title: Plain text, level: 2}\n",
        "room:\n  level: 2\n  level: 2\n",
        "room:\n  title:\n    Two words\n",
        "room:\n  title: Two words\n    and more\n",
        "room:\n  title: 'Two words'\n",
        "room: {level: 2, level: 3}\n",
        "rounds:\n  - {title: x}\n",
        "rounds:\n  - {minutes: 5.5}\n",
        "rounds: [{minutes: 5}]\n",
        '"question": A b\n',
        "---\nquestion: A b\n",
        "question: A b\r\n",
    ],
)
def test_a_glance_leaves_everything_else_to_a_reader(text: str) -> None:
    assert glance(text) is None


# --- what is imported late ------------------------------------------------------------------------------------------------


def test_a_scenario_that_comes_from_another_process_can_be_altered(tmp_path: Path) -> None:
    file = tmp_path / "scenario.pickle"
    file.write_bytes(pickle.dumps(vssim.loads(SMALL)))
    altered = "scenario.with_({'teams.makers.people': 3}).teams['makers'].headcount"
    code = f"import pickle; scenario = pickle.load(open({str(file)!r}, 'rb')); print({altered})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3"


def test_special_functions_are_those_of_scipy_in_whatever_order_they_are_asked_for() -> None:
    code = (
        "from vssim import special\n"
        "import sys; assert 'scipy.special' not in sys.modules\n"
        "import scipy.special, scipy.stats\n"
        "assert all(getattr(special, name) is getattr(scipy.special, name) for name in special._FUNCTIONS)\n"
        "assert scipy.special.gamma(4.0) == 6\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    code = "import scipy.special\nfrom vssim import special\nassert special.ndtri is scipy.special.ndtri\n"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_where_scipy_is_built_in_another_way_its_own_door_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import scipy.special

    def gone() -> None:
        raise ImportError("no such module any more")

    special._home.cache_clear()
    monkeypatch.setattr(special, "_alone", gone)
    monkeypatch.delitem(sys.modules, "scipy.special")
    assert special._home().ndtri(0.5) == scipy.special.ndtri(0.5)
    special._home.cache_clear()


def test_there_is_no_other_special_function() -> None:
    with pytest.raises(AttributeError, match="no attribute 'gamma'"):
        special.gamma  # noqa: B018

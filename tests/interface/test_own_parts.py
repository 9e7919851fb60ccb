"""Levers, distributions and metrics of one's own: found by entry point, held to the same checks, measured like ours."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import vssim
from tests.interface.commands import ROOT, SMALL
from vssim import catalogue, parts
from vssim.tracker import registry

CIRCUS = Path(__file__).parent / "circus"


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of a fresh environment with vssim and the example package in it; what both need is that of this one."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    site = Path(_out(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    quiet = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps", "--force-reinstall"]
    subprocess.run([python, *quiet, str(ROOT), str(CIRCUS)], check=True, cwd=folder)
    return python


def _out(python: Path, *arguments: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        [python, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder or python.parent,
        env={"HOME": str(python.parent)},
    )
    return done.stdout


@pytest.mark.slow
def test_the_parts_of_an_installed_package_are_there_like_ours(venv: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        SMALL.replace("changes:", "changes:\n  jugglers: [{hire_juggler: {items: 4}}]").replace(
            "make: {work: exponential(1)", "make: {work: always_or_twice(1)"
        )
        + "claims: [{change: jugglers, metric: longest, at_most: 1000%}]\n",
        encoding="utf-8",
    )
    listed = _out(venv, "-m", "vssim", "levers")
    assert "hire_juggler" in listed
    assert "circus 1.2" in listed
    assert "items that a person keeps in the air" in _out(venv, "-m", "vssim", "levers", "hire_juggler")
    result = json.loads(
        _out(venv, "-m", "vssim", "compare", "mine.yaml", "--only", "jugglers", "--json", "--quiet", folder=tmp_path)
    )
    measured = result["variants"]["baseline"]["metrics"]
    assert measured["longest"]["mean"] > measured["lead_time.mean"]["mean"]
    assert result["differences"]["jugglers"]["longest"]["verdict"]
    (tmp_path / "balls.csv").write_text(
        "ball,thrown,caught\nred,2024-01-02,2024-01-04\nblue,2024-01-03,2024-01-05\n", encoding="utf-8"
    )
    assert "circus_list" in _out(venv, "-m", "vssim", "import", "balls.csv", folder=tmp_path)
    sweep = ["-m", "vssim", "sweep", "mine.yaml", "--over", "wip_limit=2,4", "--best", "longest", "--replications", "2", "--quiet"]
    assert "wip_limit" in _out(venv, *sweep, folder=tmp_path)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[EntryPoint]]:
    """What other packages announce, by group, for a test to write."""
    found: dict[str, list[EntryPoint]] = {"levers": [], "distributions": [], "metrics": [], "readers": []}
    monkeypatch.setattr(parts, "_announced", lambda: found)
    return found


def point(name: str, value: str, group: str = "metrics") -> EntryPoint:
    return EntryPoint(name, value, f"vssim.{group}")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("mine", "no_such_module:x", "cannot be imported (ModuleNotFoundError"),
        ("mine", "json:no_such_name", "cannot be imported (AttributeError"),
        ("not a name", "json:dumps", "letters, digits and _"),
        ("mine", "json:dumps", "got dumps, expected something else"),
        ("throughput", "json:dumps", "a name that is not taken"),
    ],
)
def test_a_part_that_does_not_keep_the_checks_is_refused_by_name(
    name: str, value: str, words: str, announced: dict[str, list[EntryPoint]]
) -> None:
    announced["metrics"].append(point(name, value))
    with pytest.raises(vssim.UsageError) as caught:
        parts.load("metrics", lambda _name, _part: "something else", catalogue.CATALOGUE)
    assert words in str(caught.value)
    assert f"{name} (entry point vssim.metrics of" in str(caught.value)


def test_what_is_announced_is_told_with_its_package(announced: dict[str, list[EntryPoint]]) -> None:
    announced["readers"].append(point("tracker", "json:load", "readers"))
    assert str(parts.origins("readers")["tracker"]) == "unknown package"


@pytest.mark.parametrize("value", ["json:load", "vssim.tracker.readers.trello:READER"])
def test_a_reader_that_is_none_is_refused_by_name(
    value: str, announced: dict[str, list[EntryPoint]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "readers", registry.readers.__wrapped__)
    announced["readers"].append(point("mine", value, "readers"))
    (tmp_path / "board.csv").write_text("id,started,closed\n1,2024-01-02,2024-01-04\n", encoding="utf-8")
    with pytest.raises(vssim.UsageError, match=r"mine \(entry point vssim\.readers of .*expected an object with kind 'mine'"):
        vssim.read(tmp_path / "board.csv")


@pytest.fixture
def scenario() -> Iterator[vssim.Scenario]:
    yield vssim.loads(SMALL)
    catalogue.OWN.clear()


def most(run: vssim.Run) -> float | None:
    """The largest number of visits of an item."""
    return run.visits["visit"].max()  # type: ignore[return-value]


def test_a_metric_of_ones_own_gets_the_same_pairs_and_intervals(scenario: vssim.Scenario) -> None:
    again = {"again": lambda run: run.metrics()["lead_time.p50"], "most": most}
    found = vssim.compare(scenario, metrics=again, jobs=2)
    ours = vssim.compare(scenario, jobs=2)
    assert found["no walls"]["again"].better_in is None
    assert len(found.variants["baseline"].samples) == len(ours.variants["baseline"].samples)
    given = [sample["again"] for sample in found.variants["baseline"].samples]
    assert given == [sample["lead_time.p50"] for sample in ours.variants["baseline"].samples]
    assert found.table().filter(metric="most").height == len(found.variants)
    assert "again" in found.document()["variants"]["baseline"]["metrics"]


def test_a_metric_of_ones_own_may_have_a_unit_and_a_good_direction(scenario: vssim.Scenario) -> None:
    late = vssim.OwnMetric(
        "late", "1", "down", "share that takes more than 5 days", lambda run: 1 - (run.metrics(within=[5])["within.5"] or 0)
    )
    found = vssim.compare(scenario, metrics={"late": late}, only=["no walls"], jobs=1)
    assert found["no walls"]["late"].better_in is not None
    assert catalogue.is_share("late")


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ({"throughput": most}, "is a metric already"),
        ({"mine": 3}, "expected a function of a run"),
        ({"a@b": most}, "letters, digits"),
        ([most], "expected functions by name"),
        ({"mine": lambda run: run.nothing}, "metric mine: its function fails (AttributeError"),
        ({"mine": lambda run: "much"}, "metric mine: its function fails (ValueError"),
    ],
)
def test_what_is_no_metric_is_refused(metrics: Any, words: str, scenario: vssim.Scenario) -> None:
    with pytest.raises(vssim.UsageError) as caught:
        vssim.compare(scenario, metrics=metrics, jobs=1, only=["no walls"])
    assert words in str(caught.value)


def test_what_a_metric_cannot_say_is_undefined(scenario: vssim.Scenario) -> None:
    found = vssim.compare(scenario, metrics={"none": lambda _: None, "nan": lambda _: float("nan")}, only=["no walls"], jobs=1)
    assert found.variants["baseline"]["none"].mean is None
    assert found.variants["baseline"]["nan"].mean is None


PYTHON = (ROOT / "vssim" / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_python_page_runs() -> None:
    (code,) = [block.split("```")[0] for block in PYTHON.split("```python\n")[1:]]
    known: dict[str, Any] = {}
    try:
        exec(code.replace('"replications": 5', '"replications": 2, "horizon": 170'), known)
    finally:
        catalogue.OWN.clear()
    assert known["comparison"]["limit WIP"]["mine"].ratio.n == 2


@pytest.mark.parametrize("name", ["visits", "items"])
def test_the_columns_of_the_tables_are_documented(name: str) -> None:
    told = PYTHON.split(f"### {name}\n")[1].split("###")[0]
    rows = [line.split("|")[1] for line in told.splitlines() if line.startswith("| `")]
    columns = [column for row in rows for column in row.replace("`", "").replace(" ", "").split(",")]
    assert sorted(columns) == sorted(getattr(vssim.simulate(vssim.loads(SMALL)), name).columns)


def test_the_entry_points_of_the_python_page_are_those_of_the_example() -> None:
    (shown,) = [block.split("```")[0] for block in PYTHON.split("```toml\n")[1:]]
    assert shown.strip() in (CIRCUS / "pyproject.toml").read_text(encoding="utf-8")

"""The Python door: narrow, quick to open, and what comes through it prints itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import vssim
from tests.interface.commands import ROOT, SMALL

HEAVY = ("numpy", "polars", "pydantic", "scipy", "simpy", "numba", "matplotlib", "ruamel", "typer", "rich")


@pytest.fixture(scope="module")
def scenario() -> vssim.Scenario:
    return vssim.loads(SMALL)


@pytest.fixture(scope="module")
def comparison(scenario: vssim.Scenario) -> vssim.Comparison:
    return vssim.compare(scenario, jobs=1)


def python(code: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code] if "\n" not in code else [sys.executable, _script(folder, code)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _script(folder: Path, code: str) -> str:
    file = folder / "script.py"
    file.write_text(code, encoding="utf-8")
    return str(file)


def test_every_public_name_is_there_and_no_other() -> None:
    assert sorted(vssim.__all__) == vssim.__all__
    for name in vssim.__all__:
        assert getattr(vssim, name) is not None
    public = {name for names in vssim._HOMES.values() for name in names}
    assert public | {"__version__", "figures"} == set(vssim.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        vssim.simulat  # noqa: B018


def test_opening_the_door_imports_nothing_heavy() -> None:
    found = python("import sys, vssim; print(*{name.split('.')[0] for name in sys.modules})").split()
    assert not set(HEAVY) & set(found)


def test_a_run_imports_neither_pictures_nor_slow_statistics() -> None:
    code = "import sys, vssim; vssim.simulate(vssim.load('silos'), horizon=160).metrics(); print(*sys.modules)"
    assert not {"matplotlib", "scipy.stats", "typer", "rich"} & set(python(code).split())


def test_a_comparison_is_asked_by_change_and_metric(comparison: vssim.Comparison) -> None:
    one = comparison["no walls"]["lead_time.p85"]
    assert one.ratio.mean is not None
    assert one.ratio.mean < 1
    assert one.verdict == "better"
    assert list(comparison) == ["no walls", "fewer at once", "later"]


def test_an_unknown_name_is_answered_with_the_nearest(comparison: vssim.Comparison) -> None:
    with pytest.raises(vssim.VssimError, match="did you mean 'no walls'"):
        comparison["no wals"]
    with pytest.raises(KeyError, match=r"did you mean 'lead_time.p85'"):
        comparison["no walls"]["lead_time.p855"]
    assert "no wals" not in comparison
    assert comparison.get("no wals") is None


@pytest.mark.parametrize("call", [vssim.simulate, vssim.compare, lambda what: vssim.sweep(what, {"wip_limit": [1]})])
def test_what_is_no_scenario_is_refused_with_how_to_get_one(call: Callable[[object], object]) -> None:
    with pytest.raises(vssim.UsageError, match=r"got 'mine.yaml', expected a scenario; vssim.load reads one"):
        call("mine.yaml")


@pytest.mark.parametrize("replication", [-1, 0.5, "first"])
def test_a_replication_is_a_whole_number_from_0(scenario: vssim.Scenario, replication: object) -> None:
    with pytest.raises(vssim.UsageError, match=r"replication: got .*, expected a whole number of at least 0"):
        vssim.simulate(scenario, replication=replication)  # type: ignore[arg-type]


def test_the_table_has_one_row_a_variant_and_metric(comparison: vssim.Comparison) -> None:
    table = comparison.table()
    assert table.columns[:7] == ["variant", "metric", "unit", "mean", "low", "high", "n"]
    assert not table.select("variant", "metric").is_duplicated().any()
    assert table.height == sum(len(variant) for variant in comparison.variants.values())
    assert table.filter(variant="baseline")["ratio"].is_null().all()
    assert table.filter(variant="no walls", metric="lead_time.p85")["verdict"].item() == "better"


def test_objects_print_themselves(scenario: vssim.Scenario, comparison: vssim.Comparison) -> None:
    assert "no walls: lead_time.p85" in repr(comparison)
    assert "no walls: lead_time.p85" in repr(comparison["no walls"])
    assert "as it is" in repr(vssim.simulate(scenario))
    assert repr(comparison.variants["baseline"]).startswith("baseline: lead_time.p85")


def test_a_run_has_tables_in_units_of_time_with_null_for_not_yet(scenario: vssim.Scenario) -> None:
    run = vssim.simulate(scenario, change=None, seed=1, replication=0, engine="auto")
    assert {"item", "step", "entered", "left"} <= set(run.visits.columns)
    assert run.items["left"].null_count() > 0
    assert run.items["arrived"].max() <= 60  # type: ignore[operator]
    assert run.metrics()["lead_time.p85"] is not None


def test_a_replication_of_simulate_is_the_one_that_compare_measured(scenario: vssim.Scenario, comparison: vssim.Comparison) -> None:
    for number, sample in enumerate(comparison.variants["no walls"].samples):
        run = vssim.simulate(scenario, "no walls", replication=number)
        assert run.metrics()["lead_time.p85"] == sample["lead_time.p85"]


def test_baseline_and_change_meet_the_same_items(scenario: vssim.Scenario) -> None:
    before, after = vssim.simulate(scenario).items, vssim.simulate(scenario, "no walls").items
    assert before["arrived"].to_list() == after["arrived"].to_list()
    assert before["work"].to_list() == after["work"].to_list()


def test_any_executor_gives_the_same_answer(scenario: vssim.Scenario, comparison: vssim.Comparison) -> None:
    with ThreadPoolExecutor(3) as threads:
        elsewhere = vssim.compare(scenario, executor=threads)
    assert elsewhere.document() == comparison.document()


def test_progress_counts_every_run_of_every_variant(scenario: vssim.Scenario) -> None:
    seen: list[tuple[int, int]] = []
    vssim.compare(scenario, replications=3, jobs=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 12) for done in range(1, 13)]


def test_a_script_without_a_guard_is_not_run_again_by_the_workers(tmp_path: Path) -> None:
    script = (
        "import vssim\n"
        "print('once')\n"
        "scenario = vssim.loads(open('small.yaml').read())\n"
        "print(len(vssim.compare(scenario, replications=8, horizon=2000, jobs=2)))\n"
    )
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    assert python(script, tmp_path) == "once\n3\n"


def test_faults_of_a_text_are_one_error_with_all_of_them() -> None:
    with pytest.raises(vssim.ScenarioError) as caught:
        vssim.loads("steps: {a: {work: -1}}\nteams: {}\ndemnd: {}\n")
    assert len(caught.value.faults) >= 2


def test_settings_that_make_no_sense_are_usage_errors(scenario: vssim.Scenario) -> None:
    with pytest.raises(vssim.UsageError, match="expected a time above 0"):
        vssim.compare(scenario, horizon=-1)
    with pytest.raises(vssim.UsageError, match="there is no change"):
        vssim.simulate(scenario, "no such")

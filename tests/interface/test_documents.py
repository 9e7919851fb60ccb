"""The documentation cannot drift: what it shows is run, and what there is it names."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer.main

import vssim as package
from tests.interface.commands import ROOT, vssim
from vssim.cli import app
from vssim.metrics.causes import CAUSES
from vssim.metrics.measure import CATALOGUE
from vssim.model.laws import KINDS
from vssim.model.levers import LEVERS
from vssim.scenario.jsonschema import schema as scenario_schema
from vssim.scenario.library import all_names
from vssim.views.schema import schema as result_schema

README = (ROOT / "README.md").read_text(encoding="utf-8")
LANGUAGE = (ROOT / "vssim" / "docs" / "language.md").read_text(encoding="utf-8")
RESULTS = (ROOT / "vssim" / "docs" / "results.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "vssim" / "docs" / "reference.md").read_text(encoding="utf-8")

QUICK = ("--replications", "2", "--horizon", "170", "--jobs", "1")
"""What makes the commands of the documentation quick enough to be run here."""


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def commands() -> list[list[str]]:
    """The commands of the README as they are typed, without `vssim`, in their order."""
    lines = [line for block in blocks(README, "sh") for line in block.splitlines() if line.startswith("vssim ")]
    assert len(lines) >= 8
    return [shlex.split(line, comments=True)[1:] for line in lines]


def works(command: list[str], code: int = 0) -> None:
    """Run a command of the documentation, quickly; it must end as it is meant to."""
    arguments = [argument for argument in command if argument not in ("--precision", "5%")]
    quick = {
        "compare": QUICK,
        "run": QUICK,
        "report": QUICK,
        "check": (*QUICK, "--most", "2"),
        "sweep": QUICK,
        "explain": QUICK,
        "verify": ("--replications", "1"),
    }.get(arguments[0], ())
    answer = vssim(*arguments, *quick)
    assert answer.code == code, f"{shlex.join(command)}: {answer.err}"


def test_every_command_of_the_readme_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in commands():
        if command[0] != "live":  # it ends with Ctrl-C: test_live_command tries it
            works(command, code=int(command[0] == "check"))  # two short runs decide nothing


def test_every_command_about_a_file_works_with_the_example_of_the_readme_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(blocks(README, "yaml")[0], encoding="utf-8")
    about = [command for command in commands() if "mine.yaml" in command and command[0] != "new"]
    assert {command[0] for command in about} >= {"check", "compare", "sweep"}
    for command in about:
        works(command)


def test_what_the_readme_says_of_a_path_in_a_change_is_a_command() -> None:
    (path,) = re.findall(r"`(changes\.[^`]*)`, with `--change", README)
    assert any(f"{path}=" in argument for command in commands() for argument in command)


def test_every_scenario_of_the_documentation_runs() -> None:
    for text in (README, LANGUAGE):
        (block,) = blocks(text, "yaml")
        scenario = package.loads(block)
        assert package.compare(scenario, replications=1, horizon=220, warmup=20, jobs=1).variants["baseline"]["throughput"].mean


def test_the_python_of_the_readme_works(tmp_path: Path) -> None:
    (block,) = blocks(README, "python")
    script = tmp_path / "script.py"
    script.write_text(block.replace("replications=30", "replications=2, horizon=170"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_first_command_of_the_readme_installs_and_compares() -> None:
    assert "pip install . && .venv/bin/vssim compare silos" in blocks(README, "sh")[0]


def test_the_gate_is_the_second_command_of_the_readme() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert gate[-1] == blocks(README, "sh")[1].strip()
    for tool in ("ruff format --check", "ruff check", "mypy", "pytest"):
        assert tool in gate[-1]


def test_every_command_and_option_is_in_the_readme() -> None:
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert f"vssim {name}" in README
        for parameter in command.params:
            for option in getattr(parameter, "opts", []):
                if option.startswith("--") and option != "--help":
                    assert option in README, f"vssim {name} {option}"


def keys(schema: Any) -> set[str]:
    """Every name that an object of the schema may have."""
    if isinstance(schema, dict):
        own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*(keys(value) for value in schema.values()))
    return set().union(*(keys(value) for value in schema)) if isinstance(schema, list) else set()


def test_every_key_of_a_scenario_is_in_the_language() -> None:
    levers = {name for lever in LEVERS.values() for name in lever.model_fields}
    missing = {key for key in keys(scenario_schema()) - levers if not re.search(rf"\b{re.escape(key)}\b", LANGUAGE)}
    assert not missing


def test_every_distribution_and_lever_is_in_the_language() -> None:
    for name in (*KINDS, *LEVERS):
        assert f"`{name}" in LANGUAGE, name


def test_every_metric_is_in_the_documentation_of_results() -> None:
    for name in CATALOGUE:
        family, _, statistic = name.rpartition(".")
        assert f"`{name}`" in RESULTS or (f"`{family}.{{" in RESULTS and statistic in RESULTS), name
    for cause in CAUSES:
        assert f"`time.{cause}`" in RESULTS


def test_the_reference_is_what_levers_scenarios_and_metrics_say_now() -> None:
    assert vssim("reference").out == REFERENCE, "vssim reference > vssim/docs/reference.md writes it anew"


def test_the_reference_tells_every_lever_scenario_and_metric() -> None:
    for name in (*LEVERS, *CATALOGUE, *all_names()):
        assert f"`{name}`" in REFERENCE, name


def test_the_documents_in_the_documentation_are_valid() -> None:
    import json

    shown = blocks(RESULTS, "json")
    assert len(shown) == 3
    for block in shown:
        jsonschema.validate(json.loads(block), result_schema())


def undescribed(part: Any, where: str = "") -> list[str]:
    """Where a schema has a key of which it does not say what it is."""
    if isinstance(part, list):
        return [text for number, entry in enumerate(part) for text in undescribed(entry, f"{where}.{number}")]
    if not isinstance(part, dict):
        return []
    own = part.get("properties", {})
    missing = [f"{where}: {key}" for key, value in own.items() if not value.get("description", "").strip()]
    return missing + [text for key, value in part.items() for text in undescribed(value, f"{where}.{key}")]


def test_every_key_of_every_document_is_described() -> None:
    assert undescribed({"properties": {"seed": {"type": "integer"}}}) == [": seed"]
    assert undescribed(result_schema()) == []


@pytest.mark.parametrize(
    "command",
    [
        ["run", "unknowns"],
        ["run", "silos", "--by", "60"],
        ["compare", "unknowns"],
        ["sweep", "silos", "--over", "wip_limit=none,9"],
        ["sweep", "silos", "--over", "wip_limit=none,9", "--best", "lead_time.p85"],
        ["explain", "silos", "--change", "both"],
        ["explain", "unknowns", "--change", "softer walls", "--uncertain"],
        ["check", "silos"],
        ["verify", "silos"],
        ["forecast", "today", "--when", "items"],
    ],
    ids=" ".join,
)
def test_no_document_has_a_key_that_the_schema_does_not_know(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    monkeypatch.chdir(tmp_path)
    played = ("--replications", "4", "--horizon", "170", "--jobs", "1")
    special = {"check": (*played, "--most", "4"), "verify": ("--replications", "1"), "forecast": ()}
    quick = special.get(command[0], played)
    answer = vssim(*command, "--json", *quick)
    jsonschema.validate(json.loads(answer.out), result_schema())


def shown_in(shown: Any, whole: Any, where: str = "") -> list[str]:
    """Where what a document of the documentation shows is not what the command gives, to the digits that are shown."""
    if isinstance(shown, dict):
        return [text for key, value in shown.items() for text in shown_in(value, whole.get(key), f"{where}.{key}")]
    if isinstance(shown, list):
        missing = [one for one in shown if all(shown_in(one, other) for other in whole)]
        return [f"{where}: {one} is not there" for one in missing]
    if isinstance(shown, float) and isinstance(whole, int | float):
        decimals = len(str(shown).partition(".")[2])
        return [] if abs(shown - whole) <= 0.5001 * 10**-decimals else [f"{where}: {shown}, but {whole}"]
    return [] if shown == whole else [f"{where}: {shown}, but {whole}"]


@pytest.mark.parametrize(
    ("number", "command", "more"),
    [
        (0, "compare", ("--quiet", "--jobs", "1")),
        (1, "check", ("--quiet", "--jobs", "1")),
        (2, "verify", ("--replications", "1")),
    ],
)
def test_the_figures_of_the_documents_are_those_that_the_command_gives(number: int, command: str, more: tuple[str, ...]) -> None:
    import json

    answer = vssim(command, "silos", "--json", *more)
    shown = json.loads(blocks(RESULTS, "json")[number])
    assert shown_in(shown, json.loads(answer.out)) == []


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    for text, folder in ((README, ROOT), (LANGUAGE, ROOT / "vssim" / "docs"), (RESULTS, ROOT / "vssim" / "docs")):
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert target.startswith("http") or (folder / target).exists(), target


def test_the_oldest_libraries_are_tried_before_the_newest() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert ".ci/lowest" in gate
    asked = (ROOT / ".ci" / "lowest").read_text(encoding="utf-8")
    assert "--resolution lowest-direct" in asked
    assert "smoke.py" in asked
    assert "://" not in asked


def test_every_python_that_is_claimed_is_one_that_is_allowed() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    claimed = re.findall(r'"Programming Language :: Python :: 3\.(\d+)"', text)
    (least,) = re.findall(r'requires-python = ">=3\.(\d+)"', text)
    found = [int(one) for one in claimed]
    assert found == list(range(int(least), found[-1] + 1))
    assert int(least) <= sys.version_info.minor <= found[-1], "a Python that runs the tests is one that was tried"

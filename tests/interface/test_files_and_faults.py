"""`check`, `new`, `scenarios`, and what becomes of mistakes: one sentence, exit 2, no traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import vssim as package
from tests.interface.commands import ROOT, process, small, vssim
from vssim.scenario import library
from vssim.views.terminal.levers import by_theme

BROKEN = (
    "demand: {feature: {every: 2}}\nsteps: {make: {work: -1}, chek: {work: 1, wip_limt: 3}}\nteams: {m: {people: 1, does: mak}}\n"
)


def test_check_says_ok(tmp_path: Path) -> None:
    file = small(tmp_path)
    answer = vssim("check", file)
    assert answer.code == 0
    assert answer.out == f"{file}: ok\n"


def test_check_names_every_fault_of_every_file_in_a_folder(tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    answer = vssim("check", str(tmp_path))
    assert answer.code == 2
    assert "small.yaml: ok" in answer.out
    for words in ("broken.yaml:2:", "steps.make.work: got -1", "did you mean 'wip_limit'?", "did you mean 'make'?"):
        assert words in answer.out


def test_check_of_a_folder_without_scenarios_is_a_mistake(tmp_path: Path) -> None:
    assert vssim("check", str(tmp_path)).code == 2


@pytest.mark.slow
def test_the_whole_library_is_ok() -> None:
    answer = vssim("check", str(ROOT / "scenarios"), "--quiet")
    assert answer.code == 0, answer.out


def test_scenarios_lists_names_with_their_questions() -> None:
    out = vssim("scenarios").out
    assert "silos" in out
    assert "What happens to lead time" in out


def test_scenarios_stand_under_the_themes_of_the_levers() -> None:
    lines = vssim("scenarios").out.splitlines()
    theme = next(number for number, line in enumerate(lines) if line.strip() == "dissolve silos")
    assert lines[theme + 1].split()[0] == "silos"
    assert {name for there in library.by_theme().values() for name, _ in there} == set(library.all_names())
    assert set(library.THEMES) == set(by_theme())


@pytest.mark.parametrize("source", [(), ("--from", "silos")])
def test_a_new_scenario_runs(tmp_path: Path, source: tuple[str, ...]) -> None:
    file = tmp_path / "mine.yaml"
    assert vssim("new", str(file), *source).code == 0
    assert "#" in file.read_text(encoding="utf-8") or source
    assert package.load(file).claims
    answer = vssim("compare", str(file), "--replications", "2", "--horizon", "160", "--jobs", "1")
    assert answer.code == 0, answer.err


@pytest.mark.slow
def test_what_a_new_scenario_claims_holds(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    vssim("new", str(file))
    assert vssim("check", str(file), "--quiet").code == 0


def test_a_scenario_is_begun_with_together_with_the_tables_it_reads_and_overwrites_none(tmp_path: Path) -> None:
    assert vssim("new", str(tmp_path / "mine.yaml"), "--from", "last_year").code == 0
    assert (tmp_path / "last_year.csv").read_bytes() == (library.folder() / "last_year.csv").read_bytes()
    again = vssim("new", str(tmp_path / "other.yaml"), "--from", "last_year")
    assert again.code == 2
    assert "last_year.csv: is there already" in " ".join(again.err.split())
    assert not (tmp_path / "other.yaml").exists()


@pytest.mark.parametrize("name", library.all_names())
def test_every_scenario_of_the_library_can_be_begun_with(tmp_path: Path, name: str) -> None:
    file = tmp_path / "mine.yaml"
    assert vssim("new", str(file), "--from", name).code == 0
    assert package.load(file).question == package.load(name).question


def test_new_never_overwrites(tmp_path: Path) -> None:
    file = small(tmp_path)
    before = Path(file).read_text(encoding="utf-8")
    answer = vssim("new", file)
    assert answer.code == 2
    assert "nothing was written" in answer.err
    assert Path(file).read_text(encoding="utf-8") == before


MISTAKES = [
    (("check", "{file}", "--warmup", "60"), "less than the horizon"),
    (("check", "{file}", "-o", "out.txt"), "ending in"),
    (("compare", "silo"), "did you mean 'silos'?"),
    (("compare", "."), "expected a scenario file"),
    (("compare", "{file}", "--only", "no wals"), "did you mean 'no walls'?"),
    (("run", "{file}", "--change", "zzz"), "there are: baseline, no walls, fewer at once, later"),
    (("run", "{file}", "--set", "steps.mak.work=3"), "did you mean 'make'?"),
    (("run", "{file}", "--set", "steps.make.work=-3"), "steps.make.work"),
    (("run", "{file}", "--set", "nothing"), "expected PATH=VALUE"),
    (("run", "{file}", "--horizon", "-1"), "expected a time above 0"),
    (("run", "{file}", "--horizon", "nan"), "expected a time above 0"),
    (("run", "{file}", "--horizon", "abc"), "--horizon: got 'abc', expected a number"),
    (("run", "{file}", "--seed", "1.5"), "--seed: got '1.5', expected a whole number"),
    (("compare", "{file}", "--most", "0"), "--most: got 0, expected a whole number of at least 1"),
    (("verify", "{file}", "--replications", "x"), "--replications: got 'x', expected a whole number of at least 1"),
    (("live", "{file}", "--port", "99999"), "--port: got 99999, expected a whole number of at least 0 and at most 65535"),
    (("run", "{file}", "--warmup", "sometimes"), "or auto"),
    (("run", "{file}", "--warmup", "60"), "less than the horizon"),
    (("run", "{file}", "--replications", "0"), "at least 1"),
    (("run", "{file}", "--jobs", "0"), "at least 1"),
    (("run", "{file}", "--seed", "-1"), "at least 0"),
    (("run", "{file}", "--engine", "fast"), "there is no engine 'fast'"),
    (("run", "{file}", "--horizon", "900000000"), "at most 20,000,000 items can be played"),
    (("compare", "{file}", "--precision", "lots"), "expected a share such as 5%"),
    (("compare", "{file}", "--precision", "0%"), "expected a share such as 5%"),
    (("run", "{file}", "-o", "nowhere/out.json"), "there is no folder"),
    (("new", "mine.txt"), "ending in .yaml"),
    (("new", "nowhere/mine.yaml"), "cannot be written"),
    (("new", "mine.yaml", "--from", "silo"), "did you mean 'silos'?"),
]


@pytest.mark.parametrize(("arguments", "words"), MISTAKES, ids=[" ".join(arguments) for arguments, _ in MISTAKES])
def test_a_mistake_is_answered_with_one_sentence_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = vssim(*(one.format(file=small(tmp_path)) for one in arguments))
    assert answer.code == 2
    assert words in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("arguments", [("cmpare", "silos"), ("compare",), ("compare", "silos", "--jbs", "2"), ("run", "a", "b")])
def test_wrong_usage_is_exit_2_as_well(arguments: tuple[str, ...]) -> None:
    assert vssim(*arguments).code == 2


def test_a_broken_scenario_shows_all_its_faults_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    answer = process("compare", "broken.yaml", folder=tmp_path)
    assert answer.code == 2
    assert answer.out == ""
    assert len(answer.err.strip().splitlines()) >= 3
    assert "Traceback" not in answer.err


def test_the_version_is_the_packages() -> None:
    assert vssim("--version").out == f"vssim {package.__version__}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("asked", [(), ("--json",)])
def test_standard_output_that_takes_no_more_is_one_sentence(asked: tuple[str, ...], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "vssim", "run", small(tmp_path), "--jobs", "1", "--quiet", *asked]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("the result cannot be written to standard output (No space left on device)")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".json"])
def test_a_result_that_finds_no_room_is_one_sentence_and_leaves_no_half_of_it(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        os.ftruncate(handle, 100)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    file = tmp_path / f"result{ending}"
    answer = vssim("run", small(tmp_path), "--jobs", "1", "--quiet", "-o", str(file))
    assert answer.code == 2
    assert answer.err.replace("\n", "") == f"-o {file}: cannot be written (No space left on device)"
    assert not file.exists()


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    script = f"{sys.executable} -m vssim schema | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="signals as on a terminal")
def test_ctrl_c_ends_the_workers_too_with_exit_130(tmp_path: Path) -> None:
    arguments = ["compare", small(tmp_path), "--horizon", "20000", "--replications", "500", "--jobs", "2"]
    running = subprocess.Popen(
        [sys.executable, "-m", "vssim", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(8)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err.strip().splitlines()[-1] == "interrupted"
    assert "Traceback" not in err
    assert out == ""

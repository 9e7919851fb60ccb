"""Whatever a user can do ends in a result or a sentence, never in a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import vssim
from tests.interface.commands import ROOT, SMALL, process, small
from tests.interface.commands import vssim as command
from vssim.engines.compiled import is_plain, player
from vssim.engines.compiled.backend import cache, machine
from vssim.views.live.serving import invitation

NAMED: dict[str, Any] = {
    "run": {"horizon": 50, "replications": 2, "warmup": 0},
    "demand": {"item": {"every": 2}},
    "steps": {"make": 1},
    "teams": {"make": 1},
}


def test_json_as_python_writes_it_may_have_letters_in_two_halves(tmp_path: Path) -> None:
    file = tmp_path / "emoji.yaml"
    file.write_text(json.dumps({**NAMED, "name": "A 😀 team", "steps": {"m😀ke": 1}, "teams": {"m😀ke": 1}}), encoding="ascii")
    assert "\\ud83d" in file.read_text(encoding="ascii")
    assert vssim.load(file).name == "A 😀 team"
    assert list(vssim.load(file).steps) == ["m😀ke"]
    assert "A 😀 team" in command("run", str(file), "--quiet", "--jobs", "1").out


def test_half_a_letter_is_a_fault_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "half.yaml"
    file.write_text(
        'name: "half \\ud83d"\n' + json.dumps(NAMED)[1:-1].replace('"run"', '\n"run"', 1).replace(', "demand"', '\n"demand"') + "\n"
    )
    answer = command("check", str(file))
    assert answer.code == 2
    assert "printable text" in answer.err or "printable text" in answer.out


def test_what_a_terminal_would_do_is_shown_as_text(tmp_path: Path) -> None:
    text = SMALL.replace("name: Small", 'name: "evil \\e[31mred\\e]0;title\\a\\x9b2J"').replace("no walls", '"a\\e[2Jb"')
    file = small(tmp_path, text)
    for arguments in (("compare", file, "--jobs", "1"), ("compare", file, "--only", "x\x1b[2J"), ("run", "no\x1b[2Jsuch")):
        answer = command(*arguments)
        assert not {"\x1b", "\x07", "\x9b"} & set(answer.out + answer.err)
    assert "evil ␛[31mred␛]0;title" in command("compare", file, "--jobs", "1").out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
@pytest.mark.parametrize("arguments", [["--help"], ["compare", "--help"], ["levers"], ["--version"], ["schema"]])
def test_help_that_finds_no_room_is_one_sentence(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "vssim", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "No space left" in done.stderr


def test_ctrl_c_while_libraries_are_imported_is_one_word() -> None:
    code = (
        "import sys\n"
        "class Impatient:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'vssim.cli': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "from vssim.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_a_folder_that_cannot_be_looked_into_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(json.dumps(NAMED), encoding="utf-8")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to(tmp_path)
    try:
        assert command("check", str(tmp_path)).code == 0
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    for number in range(1001):
        (tmp_path / f"{number}.yaml").touch()
    answer = command("check", str(tmp_path))
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert "more than 1,000 files" in answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="everybody is somebody there")
def test_where_nobody_is_at_home_everything_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert not cache.is_compiled()
    assert cache.folder().is_dir()
    assert len(invitation.key_for(8731)) >= 16
    cache.folder().rmdir()


def test_a_name_of_three_hundred_letters_is_one_sentence(tmp_path: Path) -> None:
    file = small(tmp_path)
    long = str(tmp_path / ("n" * 300))
    for arguments in (
        ("run", file, "-o", f"{long}.csv"),
        ("run", file, "--figure", f"time_spent={long}.png"),
        ("report", file, "-o", f"{long}.html"),
        ("new", f"{long}.yaml"),
        ("sweep", file, "--over", "wip_limit=1:2", "--store", f"{long}.sqlite", "--quiet"),
    ):
        answer = command(*arguments)
        assert (answer.code, answer.err.count("\n")) == (2, 1), (arguments[0], answer.err)
    assert command("check", f"{long}.yaml").code == 2


@pytest.mark.skipif(is_plain(), reason="there is no machine code to keep")
@pytest.mark.parametrize("damage", ["name", "code", "check", "cut", "empty"])
def test_code_that_was_kept_and_is_not_what_it_was_is_made_again(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_file", lambda: tmp_path / "kernel.nbc")
    machine.keep("entrance", b"code\nof\nit")
    assert machine.kept() == ("entrance", b"code\nof\nit")
    content = (tmp_path / "kernel.nbc").read_bytes()
    name, check, code = content.split(b"\n", 2)
    altered = {
        "name": b"\n".join([b"another", check, code]),
        "code": content[:-1] + b"!",
        "check": b"\n".join([name, check[::-1], code]),
        "cut": content[: len(content) // 2],
        "empty": b"",
    }[damage]
    (tmp_path / "kernel.nbc").write_bytes(altered)
    assert machine.kept() is None


@pytest.mark.skipif(is_plain(), reason="there is no machine code to keep")
def test_kept_code_without_its_entrance_never_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    player.prepare()  # there is code now
    sound = machine.kept()
    if sound is None:
        pytest.skip("nothing could be kept here")
    monkeypatch.setattr(machine, "kept", lambda: ("no such entrance", sound[1]))
    monkeypatch.setattr("vssim.engines.compiled.backend.jit.machine_code", lambda _: sound)
    assert callable(player.entrance.__wrapped__())


def test_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    answer = process("compare", "nowhere.yaml", folder=tmp_path)
    assert answer.code == 2
    assert "Traceback" not in answer.err

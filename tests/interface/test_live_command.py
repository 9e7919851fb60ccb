"""vssim live as a command: where it is, how it ends, and what it says when it cannot begin."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interface.commands import ROOT, process, vssim


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and what it said when the room was open."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONUNBUFFERED": "1"}
    environment["NUMBA_CACHE_DIR"] = os.environ.get("NUMBA_CACHE_DIR", str(Path.home() / ".cache"))
    command = [sys.executable, "-m", "vssim", "live", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)  # type: ignore[call-overload]
    try:
        assert running.stdout is not None
        yield running, running.stdout.readline()
    finally:
        running.kill()
        running.communicate()


def test_it_says_where_the_room_is_and_ctrl_c_closes_it(tmp_path: Path) -> None:
    with started(tmp_path, "--no-open", "--port", "0") as (running, said):
        found = re.search(r"http://127\.0\.0\.1:(\d+)/#key=(\S{16,})", said)
        assert found, said
        page = urllib.request.urlopen(f"http://127.0.0.1:{found[1]}/").read().decode()
        assert "<title>" in page
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
        assert running.returncode == 0
        assert "Traceback" not in out + err
        assert "the room is closed" in err


def test_the_key_is_the_same_after_a_restart_and_nobody_elses_to_read(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    said = []
    for _ in range(2):
        with started(tmp_path, "--no-open", "--port", port) as (running, line):
            said.append(line)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=30)
    assert said[0] == said[1]
    (kept,) = (tmp_path / "cache").rglob("live-*.key")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = vssim("live", "--no-open", "--port", str(taken.getsockname()[1]))
    assert answer.code == 2
    assert "--port" in answer.err
    assert "Traceback" not in answer.err


def test_an_address_that_is_not_this_machines_is_refused() -> None:
    answer = vssim("live", "--no-open", "--host", "192.0.2.1")
    assert answer.code == 2
    assert "--host: got '192.0.2.1', expected an address of this machine" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "no such file"),
        (("silos", "--set", "steps.test.wip_limt=3"), "did you mean 'wip_limit'"),
        (("silos", "--horizon", "60000"), "too large for a room: about 54,545 items"),
        (("silos", "--warmup", "700"), "warmup: got 700"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_there_is_a_room(arguments: tuple[str, ...], words: str) -> None:
    answer = vssim("live", "--no-open", *arguments)
    assert answer.code == 2
    assert words in answer.err.replace("\n", " ")


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(\"No module named 'uvicorn'\", name='uvicorn')")
    answer = process("live", "silos", folder=tmp_path, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert answer.code == 2
    assert "pip install 'vssim[live]'" in answer.err
    assert "Traceback" not in answer.err

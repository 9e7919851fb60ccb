"""Workers of another version are refused by name; machines that have never compiled may begin side by side."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import vssim
from tests.interface.commands import without_a_kernel
from tests.sweeps.sweeping import small
from vssim.engines.compiled import is_plain
from vssim.play.identity import Cell, Chunk, play


def chunk() -> Chunk:
    return Chunk((Cell.of(small(), None, 0.0, [], "reference"),), ((0, 0),), "reference")


def test_a_worker_of_another_version_is_refused_with_both_versions_named() -> None:
    assert len(play(chunk()).samples) == 1
    with pytest.raises(vssim.RunError) as caught:
        play(replace(chunk(), version="0.0.7"))
    assert vssim.__version__ in str(caught.value)
    assert "0.0.7" in str(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(is_plain(), reason="nothing is compiled here")
def test_two_that_find_nothing_compiled_at_once_give_the_same_answer(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(without_a_kernel(tmp_path)), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("NUMBA_CACHE_DIR", None)
    command = [
        sys.executable,
        "-m",
        "vssim",
        "run",
        "silos",
        "--engine",
        "compiled",
        "--replications",
        "2",
        "--horizon",
        "170",
        "--json",
        "--quiet",
    ]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert said[0] == said[1]
    assert said[0][1] == ""
    kept = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert [file.suffix for file in kept] == [".nbc"]

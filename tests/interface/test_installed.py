"""vssim as it is installed: a wheel, used from another folder, with its library in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interface.commands import ROOT


@pytest.mark.slow
def test_an_installed_vssim_works_from_another_folder_with_its_library(tmp_path: Path) -> None:
    site = tmp_path / "site"
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("vssim-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def python(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    assert str(site) in python("-c", "import vssim; print(vssim.__file__)")
    assert "silos" in python("-m", "vssim", "scenarios")
    assert "cross-functional" in python("-m", "vssim", "compare", "silos", "--replications", "2", "--horizon", "170")
    assert "wrote" not in python("-m", "vssim", "new", "mine.yaml")
    assert "ok" in python("-m", "vssim", "check", "mine.yaml")

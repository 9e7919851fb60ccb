"""vssim as it is installed: a wheel, used from another folder, with its library in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.interface.commands import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with vssim in it, installed from its wheel."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("vssim-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(folder / "site"), str(wheel)], check=True)
    return folder / "site"


@pytest.mark.slow
def test_an_installed_vssim_works_from_another_folder_with_its_library(installed: Path, tmp_path: Path) -> None:
    site, folder = installed, tmp_path
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def python(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    assert str(site) in python("-c", "import vssim; print(vssim.__file__)")
    assert "silos" in python("-m", "vssim", "scenarios")
    assert "cross-functional" in python("-m", "vssim", "compare", "silos", "--replications", "2", "--horizon", "170")
    assert "wrote" not in python("-m", "vssim", "new", "mine.yaml")
    assert "ok" in python("-m", "vssim", "check", "mine.yaml")


@pytest.mark.slow
def test_an_installed_vssim_opens_a_room_with_everything_its_pages_ask_for(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vssim", "live", "workshop/stop-starting", "--no-open", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        try:
            room = re.search(r"http://[^#]+", running.stdout.readline())
            assert room
            waiting, seen = [room[0], f"{room[0]}join"], set[str]()
            while waiting:
                here = waiting.pop()
                text = urllib.request.urlopen(here).read().decode()
                asked = re.findall(r"(?:src|href)=\"([^\"#]+)\"|from \"([^\"]+)\"", text)
                found = {urljoin(here, one or other) for one, other in asked} - seen
                waiting += [one for one in found if one.startswith(f"{room[0]}assets")]
                seen |= found
        finally:
            running.send_signal(signal.SIGINT)
    assert {Path(one).name for one in seen} >= {"live.js", "join.js", "player.js", "board.js", "live.css", "join.css"}
    assert not [one for one in seen if not one.startswith(room[0])]

"""Where Numba's insides are not what they were: the kernel compiled by Numba's public structures gives the same log."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from vssim.engines.compiled.backend import tiers
from vssim.engines.compiled.backend.plain import is_plain
from vssim.engines.compiled.backend.tiers import Tier

ROOT = Path(__file__).resolve().parents[2]

PLAYED = """
import logging, sys
from pathlib import Path
from vssim.engines.compiled.backend import shipped
shipped.FOLDER = Path(sys.argv[1])
logging.basicConfig(format="%(message)s")
sys.modules["vssim.engines.compiled.backend.linking"] = None  # as if Numba had changed
import vssim
from tests.support.hunting import anything, programs, require_equality
from tests.support.restarting import require_restarts
from vssim.engines.agreement import first_difference
from hypothesis import HealthCheck, Phase, given, seed, settings
for name in ("silos", "reorg", "urgent", "waiting_customers", "deadline"):
    for change, _, program in programs(vssim.load(name))[:3]:
        difference = first_difference(program)
        assert difference is None, (name, change, difference)

@seed(7)
@settings(max_examples=60, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(anything)
def play(document):
    require_equality(document)
    require_restarts(document, 1)

play()
from vssim.engines.compiled.player import entrance
assert entrance() is None
"""


@pytest.mark.slow
@pytest.mark.skipif(is_plain(), reason="nothing is compiled")
def test_the_second_tier_gives_the_log_of_the_reference_engine_and_says_that_it_plays(tmp_path: Path) -> None:
    nothing_kept = {"NUMBA_CACHE_DIR": str(tmp_path), "VSSIM_CHECK": "0"}
    command = [sys.executable, "-c", PLAYED, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | nothing_kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search("the fast engine plays by its second way, the same answer", done.stderr)


def test_versions_that_were_tried_are_those_that_an_installation_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for name, (least, below) in tiers.TRIED.items():
        assert f"{name}>={'.'.join(map(str, least))},<{'.'.join(map(str, below))}" in asked


@pytest.fixture
def asked_anew() -> Callable[[], Tier]:
    """The tier that would be taken, whatever this process has decided."""
    return tiers.tier.__wrapped__


@pytest.mark.skipif(is_plain(), reason="nothing is compiled")
def test_a_version_that_nobody_tried_takes_the_second_way(
    asked_anew: Callable[[], Tier], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tiers, "version", lambda name: "9.1.0" if name == "numba" else "0.47.0")
    with caplog.at_level("WARNING", "vssim.engines"):
        assert asked_anew() is Tier.STRUCTS
    assert "numba 9.1.0 is not one that the fast engine was tried with: the fast engine plays by its second way" in caplog.text


@pytest.mark.skipif(is_plain(), reason="nothing is compiled")
def test_insides_that_are_gone_or_do_something_else_take_the_second_way(
    asked_anew: Callable[[], Tier], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("WARNING", "vssim.engines"):
        assert asked_anew() is Tier.ARENA
        assert not caplog.text
        monkeypatch.setattr("vssim.engines.compiled.backend.trial.succeeds", lambda: False)
        assert asked_anew() is Tier.STRUCTS
        assert "Numba compiles something else here than it should: the fast engine plays by its second way" in caplog.text
        monkeypatch.setitem(sys.modules, "vssim.engines.compiled.backend.trial", None)
        assert asked_anew() is Tier.STRUCTS
        assert "ModuleNotFoundError" in caplog.text

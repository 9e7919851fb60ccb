"""The kernel that comes with vssim: it plays where it fits, and where it does not the kernel is compiled as ever."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vssim.engines import compiled
from vssim.engines.compiled import player
from vssim.engines.compiled.backend import cache, machine, shipped

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "vssim"


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of what came with vssim, on a machine that has compiled nothing."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "shipped")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "shipped").mkdir()
    return tmp_path / "shipped"


def code() -> tuple[str, bytes]:
    """The kernel as it plays here."""
    player.prepare()
    found = machine.kept() or shipped.kept()
    assert found
    return found


def test_what_came_with_vssim_plays_and_nothing_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = code()
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    assert not compiled.is_compiled()
    cache.write(shipped.file(), *whole)
    assert compiled.is_compiled()
    assert not cache.is_compiled()
    assert callable(player.entrance.__wrapped__())
    assert not cache.is_compiled()


def test_what_was_made_of_other_sources_or_elsewhere_does_not_fit(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (f"{'0' * 16}-{shipped.file().name.partition('-')[2]}", f"{cache.of_sources()}-plan9-vax-32.nbc"):
        cache.write(alone / name, "entrance", b"code")
    assert not shipped.is_there()
    assert shipped.kept() is None


@pytest.mark.parametrize("length", [0, 20, -1])
def test_half_of_it_is_none_and_what_was_kept_plays(length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = code()
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    machine.keep(*whole)
    cache.write(shipped.file(), *whole)
    shipped.file().write_bytes(shipped.file().read_bytes()[:length])
    assert shipped.kept() is None
    assert callable(player.entrance.__wrapped__())


def test_code_that_cannot_be_loaded_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = code()
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    machine.keep(*whole)
    cache.write(shipped.file(), "no such entrance", whole[1])
    assert shipped.kept() == ("no such entrance", whole[1])
    assert callable(player.entrance.__wrapped__())


def test_a_kernel_with_checks_is_never_the_one_that_came_along(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write(shipped.file(), "entrance", b"code")
    assert shipped.is_there()
    monkeypatch.setenv("VSSIM_CHECK", "1")
    assert not shipped.is_there()
    assert shipped.kept() is None


def imported(file: Path) -> set[Path]:
    """Files of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vssim."):
            base = PACKAGE.joinpath(*str(node.module).split(".")[1:])
            found |= {base.with_suffix(".py"), *(base / f"{alias.name}.py" for alias in node.names)}
    return {path for path in found if path.is_file()}


def test_the_name_of_a_kernel_depends_on_every_source_that_it_is_compiled_from() -> None:
    loop = PACKAGE / "engines" / "compiled" / "loop.py"
    waiting, seen = [loop], {loop}
    while waiting:
        new = imported(waiting.pop()) - seen
        seen |= new
        waiting += [file for file in new if "compiled" in file.parts]
    beside = {file.relative_to(PACKAGE).as_posix() for file in seen if "compiled" not in file.parts}
    assert beside <= {*cache.BESIDE, "errors.py"}


def test_the_name_of_a_kernel_changes_with_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = cache.of_sources.__wrapped__()
    (tmp_path / "clock.py").write_text("TICKS = 7\n", encoding="utf-8")
    monkeypatch.setattr(cache, "BESIDE", (*cache.BESIDE[1:], str(tmp_path / "clock.py")))
    assert cache.of_sources.__wrapped__() != one


@pytest.mark.slow
def test_an_installation_brings_the_kernel_and_its_first_run_compiles_nothing(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("vssim-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(tmp_path / "site"), str(wheel)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    environment.pop("VSSIM_CHECK", None)
    script = "import sys, vssim; vssim.compare(vssim.load('silos'), jobs=1, engine='compiled'); print('numba' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("False\n", "")
    assert not list((tmp_path / "cache").rglob("*.nbc"))

"""The house stays as it is drawn: imports run downwards, every outside library has its one home, modules stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "vssim"

FLOORS = {
    "errors": 0,
    "clock": 0,
    "catalogue": 1,
    "model": 1,
    "scenario": 2,
    "log": 3,
    "workload": 3,
    "engines": 4,
    "analysis": 5,
    "views": 6,
    "cli": 7,
}
"""Which floor each part of the package is on. A part may import from its own floor's own part, and from the floors below."""

MAY_LOOK_ACROSS = {("model", "clock"), ("workload", "log"), ("clock", "errors"), ("errors", "clock")}
"""Parts on one floor that may import each other in this direction."""

HOMES = {
    "simpy": ["engines.reference"],
    "numba": ["engines.compiled"],
    "ruamel": ["scenario"],
    "matplotlib": ["views"],
    "typer": ["cli"],
    "rich": [
        "cli",
        "views.text",
        "views.bars",
        "views.breakeven",
        "views.claims",
        "views.explanations",
        "views.levers",
        "views.library",
        "views.sweeps",
    ],
    "polars": [
        "log",
        "views.exports",
        "analysis.results",
        "analysis.run",
        "analysis.compare",
        "analysis.checked",
        "analysis.claims",
        "analysis.sweep",
        "analysis.explained",
    ],
    "starlette": ["views.live"],
    "sqlite3": ["analysis.sweep.store"],
    "optuna": ["analysis.optimise"],
    "dask": ["analysis.cluster"],
    "distributed": ["analysis.cluster"],
}
"""Where an outside library may be imported. One that is not named here may be used anywhere."""

LONGEST = 450
"""Lines that a module may have before it is two rooms."""


def modules() -> list[str]:
    return sorted(".".join(file.relative_to(PACKAGE).with_suffix("").parts) for file in PACKAGE.rglob("*.py"))


def source(module: str) -> str:
    return (PACKAGE.joinpath(*module.split(".")).with_suffix(".py")).read_text(encoding="utf-8")


def imports(module: str) -> Iterator[str]:
    """Full names of everything a module imports, also inside functions and for type checkers."""
    for node in ast.walk(ast.parse(source(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide where things come from"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inside(module: str, home: str) -> bool:
    return module == home or module.startswith(f"{home}.")


ROOMS = [module for module in modules() if module.split(".")[0] not in ("__init__", "__main__")]


@pytest.mark.parametrize("module", ROOMS)
def test_imports_run_downwards(module: str) -> None:
    here = module.split(".", maxsplit=1)[0]
    for name in imports(module):
        if not name.startswith("vssim."):
            continue
        there = name.split(".", 2)[1]
        if there in ("__version__", here):
            continue
        allowed = FLOORS[there] < FLOORS[here] or (here, there) in MAY_LOOK_ACROSS
        assert allowed, f"vssim.{module} imports {name}: that is not below it"


@pytest.mark.parametrize("module", ROOMS)
def test_every_outside_library_has_its_one_home(module: str) -> None:
    for name in imports(module):
        homes = HOMES.get(name.split(".")[0])
        at_home = homes is None or any(inside(module, home) for home in homes)
        assert at_home, f"vssim.{module} imports {name}, whose home is {homes}"


def test_the_two_engines_are_strangers_to_each_other() -> None:
    for module in ROOMS:
        for ours, theirs in (("reference", "compiled"), ("compiled", "reference")):
            if inside(module, f"engines.{ours}"):
                assert not any(inside(name, f"vssim.engines.{theirs}") for name in imports(module))


def test_engines_draw_no_luck() -> None:
    for module in ROOMS:
        if inside(module, "engines"):
            assert not any(name.split(".")[-1] in ("random", "secrets") or ".random" in name for name in imports(module))


def test_views_never_start_an_engine() -> None:
    for module in ROOMS:
        if inside(module, "views"):
            assert not any(inside(name, "vssim.engines") or inside(name, "vssim.workload") for name in imports(module))


@pytest.mark.parametrize("module", ROOMS)
def test_only_the_command_line_comes_in_through_the_front_door(module: str) -> None:
    if not inside(module, "cli"):
        assert "vssim" not in imports(module), f"vssim.{module} imports the door, which is above it"


@pytest.mark.parametrize("module", modules())
def test_a_module_is_one_room(module: str) -> None:
    assert len(source(module).splitlines()) <= LONGEST


@pytest.mark.parametrize("module", modules())
def test_the_first_line_of_a_module_says_what_it_is(module: str) -> None:
    if source(module).strip():
        assert ast.get_docstring(ast.parse(source(module))), f"vssim.{module} has no docstring"

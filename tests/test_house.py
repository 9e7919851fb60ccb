"""The house stays as it is drawn: imports run downwards, every outside library has its one home, modules stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "vssim"

FLOORS = {
    "errors": 0,
    "files": 0,
    "language": 0,
    "markup": 0,
    "parts": 0,
    "clock": 0,
    "special": 0,
    "calendar": 0,
    "public_holidays": 0,
    "working_time": 0,
    "causes": 0,
    "catalogue": 0,
    "statistics": 0,
    "version": 0,
    "yaml": 0,
    "scalars": 0,
    "model": 1,
    "scenario": 2,
    "tracker": 2,
    "log": 3,
    "workload": 3,
    "engines": 4,
    "metrics": 5,
    "play": 6,
    "analysis": 7,
    "forecasts": 8,
    "learning": 9,
    "views": 10,
    "cli": 11,
}
"""Which floor each part of the package is on. A part may import from its own floor's own part, and from the floors below."""

MAY_LOOK_ACROSS = {
    ("yaml", "errors"),
    ("yaml", "scalars"),
    ("workload", "log"),
    ("clock", "errors"),
    ("calendar", "clock"),
    ("public_holidays", "errors"),
    ("working_time", "calendar"),
    ("working_time", "errors"),
    ("statistics", "catalogue"),
    ("statistics", "language"),  # why there is no interval is told in the language of the page
    ("statistics", "clock"),
    ("statistics", "special"),
    ("catalogue", "causes"),
    ("catalogue", "errors"),
    ("catalogue", "parts"),
    ("parts", "errors"),
    ("files", "errors"),
    ("language", "errors"),
}
"""Parts on one floor that may import each other in this direction."""

ROOMS_LOOK_ACROSS = {
    ("analysis.compare", "analysis.uncertain"),  # a comparison of what is not known counts worlds
    ("analysis.claims", "analysis.compare"),
    ("analysis.explain", "analysis.compare"),
    ("analysis.explain", "analysis.sweep"),
    ("analysis.explain", "analysis.uncertain"),
    ("analysis.sweep", "analysis.compare"),
    ("analysis.sweep", "analysis.uncertain"),  # as a comparison does
    ("metrics.sampling", "metrics.passes"),
    ("model.changes", "model.levers"),
    ("play.swift", "play.streams"),
    ("views.figures", "views.terminal"),
    ("views.live", "views.exports"),
    ("views.live", "views.player"),
    ("views.live", "views.report"),
    ("views.reference", "views.terminal"),
    ("views.report", "views.player"),
}
"""Who may import a room (a folder) beside it in the same part; a file beside it is everybody's there."""

HOMES = {
    "simpy": ["engines.reference"],
    "scipy": ["special"],
    "numba": ["engines.compiled"],
    "ruamel": ["yaml"],
    "matplotlib": ["views"],
    "typer": ["cli"],
    "rich": ["cli", "views.terminal"],
    "polars": [
        "log",
        "views.exports",
        "tracker",
        "forecasts",
        "learning",
        "views.tables",
        "scenario.uncertain",
        "scenario.data",
        "play.run",
        "metrics.played",
        "analysis.compare",
        "analysis.claims",
        "analysis.explain.document",
        "analysis.explain.unknowns",
        "analysis.sweep",
    ],
    "starlette": ["views.live"],
    "python_calamine": ["tracker.sheets"],
    "defusedxml": ["tracker.readers.xes"],
    "xlsxwriter": ["views.tables"],
    "sqlite3": ["analysis.sweep.store"],
    "optuna": ["analysis.sweep.search"],
    "dask": ["play.cluster"],
    "distributed": ["play.cluster"],
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
        if there == here:
            continue
        allowed = FLOORS[there] < FLOORS[here] or (here, there) in MAY_LOOK_ACROSS
        assert allowed, f"vssim.{module} imports {name}: that is not below it"


def files_imported(module: str) -> set[str]:
    """Files of the package that a module imports anywhere in it, as names without `vssim.`; '' is the door."""
    files = set(modules())
    found = set()
    for name in imports(module):
        if name != "vssim" and not name.startswith("vssim."):
            continue
        inner = name.removeprefix("vssim").removeprefix(".")
        while inner not in files and f"{inner}.__init__" not in files and inner:
            inner = inner.rpartition(".")[0]
        found.add(inner if inner in files else f"{inner}.__init__".removeprefix("."))
    return found - {module}


def is_room(name: str) -> bool:
    """Whether a name such as `views.terminal` is a folder of the package."""
    return (PACKAGE / name.replace(".", "/")).is_dir()


@pytest.mark.parametrize("module", ROOMS)
def test_rooms_of_one_part_import_each_other_only_where_it_is_listed(module: str) -> None:
    here = ".".join(module.split(".")[:2])
    for file in files_imported(module):
        there = ".".join(file.split(".")[:2])
        neighbours = file.split(".")[0] == module.split(".", maxsplit=1)[0] and here != there and is_room(there)
        if not neighbours or here in ("engines.__init__", "engines.each", "engines.machine", "engines.passes"):
            continue
        assert (here, there) in ROOMS_LOOK_ACROSS, f"vssim.{module} imports vssim.{file}: {there} is another room"


def circles(imported: dict[str, set[str]]) -> list[list[str]]:
    """Files that import each other in a circle, however long; each circle once, sorted."""
    reached: dict[str, set[str]] = {}
    for start in imported:
        reached[start], waiting = set(), [start]
        while waiting:
            new = imported[waiting.pop()] - reached[start]
            reached[start] |= new
            waiting += new
    found = {tuple(sorted(other for other in imported if other in reached[file] and file in reached[other])) for file in imported}
    return [list(circle) for circle in sorted(found) if circle]


def test_no_circle_of_files_not_even_through_an_import_inside_a_function_or_for_types() -> None:
    assert circles({module: files_imported(module) for module in modules()}) == []


def test_a_circle_of_files_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


@pytest.mark.parametrize("module", ROOMS)
def test_nobody_passes_the_engines_door(module: str) -> None:
    if inside(module, "engines"):
        return
    public = public_names("engines")
    for name in imports(module):
        if inside(name, "vssim.engines") and name != "vssim.engines":
            assert name.removeprefix("vssim.engines.") in public, f"vssim.{module} imports {name}, which is behind the door"


def public_names(part: str) -> set[str]:
    """What a part's door offers, by its `__all__`."""
    for node in ast.parse(source(f"{part}.__init__")).body:
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            return set(ast.literal_eval(node.value))
    raise AssertionError(f"vssim.{part} has no __all__")


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


MOST_PARAMETERS = 8
"""Of a function of the command line; options that come together are a bundle."""


@pytest.mark.parametrize("module", [module for module in modules() if inside(module, "cli")])
def test_commands_take_bundles_of_options(module: str) -> None:
    for node in ast.walk(ast.parse(source(module))):
        if isinstance(node, ast.FunctionDef):
            count = len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs)
            assert count <= MOST_PARAMETERS, f"vssim.{module}: {node.name} takes {count} parameters"


@pytest.mark.parametrize("module", modules())
def test_a_module_is_one_room(module: str) -> None:
    assert len(source(module).splitlines()) <= LONGEST


@pytest.mark.parametrize("module", modules())
def test_the_first_line_of_a_module_says_what_it_is(module: str) -> None:
    if source(module).strip():
        assert ast.get_docstring(ast.parse(source(module))), f"vssim.{module} has no docstring"


SAYS_NOTHING = {
    "found",
    "one",
    "ones",
    "this",
    "that",
    "these",
    "those",
    "which",
    "what",
    "it",
    "thing",
    "things",
    "stuff",
    "something",
}
"""Names of variables, parameters, functions and fields that say nothing of what they hold."""

KEYS = {
    ("analysis.claims.check", "found"),
    ("analysis.claims.document", "found"),
    ("scenario.origins", "found"),
    ("tracker.checks", "found"),
    ("views.live.room.messages", "what"),
}
"""Fields whose name is a key of a document or of a message, which people and programs know: by module."""


def names_given(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a module gives a name: variables, parameters, functions, classes, fields, import aliases."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.MatchAs(name=str(name)) | ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name


@pytest.mark.parametrize("module", modules())
def test_a_name_says_what_it_holds(module: str) -> None:
    said = [f"line {line}: {name}" for line, name in names_given(ast.parse(source(module))) if name.strip("_") in SAYS_NOTHING]
    said = [each for each in said if (module, each.rpartition(" ")[2]) not in KEYS]
    assert said == [], f"vssim.{module}: name it after what it is, such as a comparison, an item, a row"


def test_a_name_that_says_nothing_is_seen() -> None:
    text = "def _one(found: int) -> int:\n    self.what = [it for it in found]\n    return found\n"
    assert sorted(names_given(ast.parse(text))) == [(1, "_one"), (1, "found"), (2, "it"), (2, "what")]

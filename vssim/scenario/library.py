"""The library: the scenarios that come with vssim, by name."""

from __future__ import annotations

import re
from pathlib import Path

from vssim.errors import ScenarioError, UsageError, nearest

ENDINGS = (".yaml", ".yml")

THEMES = {
    "do less": ("less", "priorities"),
    "atomic focus": ("focus", "batches"),
    "dissolve silos": ("silos", "dependencies", "initiatives", "utilisation"),
    "crush obstacles": ("obstacles", "hidden"),
    "decide at the work": ("decisions", "ambivalence"),
    "quality": ("corners",),
    "customers": ("proxies", "bets"),
    "capacity": ("meetings", "improvement", "bottleneck", "automation", "simplify"),
    "how change is made": ("rollout", "habits", "theatre", "reorg"),
}
"""The scenarios under the themes of the levers, in the order in which they are told. What is named nowhere comes last."""

WORKSHOP = "in a workshop"
OTHERS = "and"


def folder() -> Path:
    """The folder of the library: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "scenarios"


def all_names() -> list[str]:
    """The names of the library's scenarios, such as 'silos' or 'workshop/penny', sorted; those in folders last."""
    root = folder()
    files = [file.relative_to(root) for file in root.rglob("*") if file.suffix in ENDINGS and file.is_file()]
    found = [file.with_suffix("").as_posix() for file in files if not file.name.startswith(("_", "."))]
    return sorted(found, key=lambda name: (name.count("/"), name))


def names() -> list[tuple[str, str]]:
    """Name and question of each scenario of the library."""
    return [(name, _question(path(name))) for name in all_names()]


def by_theme() -> dict[str, list[tuple[str, str]]]:
    """Name and question of each scenario of the library, under its theme; a theme without any is left out."""
    questions = dict(names())
    themes = {theme: [name for name in there if name in questions] for theme, there in THEMES.items()}
    told = {name for there in themes.values() for name in there}
    themes[WORKSHOP] = [name for name in questions if name.startswith("workshop/")]
    themes[OTHERS] = [name for name in questions if name not in told and not name.startswith("workshop/")]
    return {theme: [(name, questions[name]) for name in there] for theme, there in themes.items() if there}


def find(name: str) -> Path | None:
    """The file of a library scenario, None when the library has none of that name."""
    known = {entry: entry for entry in all_names()}
    if name not in known:
        return None
    return next(file for ending in ENDINGS if (file := folder() / f"{name}{ending}").is_file())


def path(name: str) -> Path:
    """The file of a library scenario; a UsageError names the closest one when there is none."""
    found = find(name)
    if found is None:
        near = nearest(name, all_names())
        hint = f" (did you mean {near!r}?)" if near else ""
        raise UsageError(f"{name}: not a scenario of the library{hint}; `vssim scenarios` lists them")
    return found


def has_rounds(name: str) -> bool:
    """True for a scenario of the library that is a workshop."""
    return re.search(r"^rounds:", path(name).read_text(encoding="utf-8"), re.MULTILINE) is not None


def _question(file: Path) -> str:
    from vssim.scenario.reader import parse, read_text

    try:
        content = parse(read_text(file), str(file))[0].plain()
    except ScenarioError:
        return ""
    return str(content.get("question", ""))

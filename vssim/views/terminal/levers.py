"""Levers on the terminal: the list by theme, and a single lever with its arithmetic, parameters and example.

All of it is read from the levers themselves, so that it cannot disagree with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vssim import parts
from vssim.model.levers import shelves
from vssim.views.terminal.listing import Row, row

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vssim.model.levers import Lever

SHARE = "share"
_LABELS = ("Example:", "Source:")

ON_A_CHANGE = {
    "from: T": "the change comes into force at T; before, all is as it was",
    "every: D": "its includes and levers come in one by one, D apart",
    "dip: {depth, recover}": "at first the pace of the teams it touches is lower by depth; 95 % is back after recover",
    "includes: [change, …]": "the levers of other changes come first",
}
"""The keys that a change may have besides its levers, with their meaning."""


OTHERS: dict[str, parts.Group] = {"distribution": "distributions", "metric": "metrics", "reader": "readers"}
"""What other packages may add besides levers: by kind, the group of their entry points."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a lever, in words."""

    name: str
    takes: str
    default: str
    says: str


@dataclass(frozen=True)
class Told:
    """A lever in words: its docstring taken apart."""

    name: str
    theme: str
    sentence: str
    arithmetic: tuple[str, ...]
    """paragraphs: what it changes in the model, and what it does not"""
    example: str
    source: str
    parameters: tuple[Parameter, ...]


def told(name: str) -> Told:
    """The lever called `name`, in words."""
    from vssim.model.levers import LEVERS

    lever = LEVERS[name]
    first, *paragraphs = _paragraphs(lever.__doc__ or "")
    plain = tuple(paragraph for paragraph in paragraphs if not paragraph.startswith(_LABELS))
    labelled = {label: _labelled(paragraphs, label) for label in _LABELS}
    return Told(name, lever.theme, first, plain, labelled["Example:"], labelled["Source:"], tuple(_parameters(lever)))


def by_theme() -> dict[str, list[str]]:
    """Names of all levers under their themes."""
    from vssim.model.levers import LEVERS

    themes: dict[str, list[str]] = {}
    for name, lever in LEVERS.items():
        themes.setdefault(lever.theme, []).append(name)
    return themes


def all_levers() -> Iterator[Row]:
    """All levers by theme with a sentence each, and the keys that a change may have besides them."""
    from_elsewhere = parts.origins("levers")
    themes: dict[str, list[tuple[str, str]]] = {}
    for name, theme, text in _told_of_all():
        themes.setdefault(theme, []).append((name, _paragraphs(text)[0]))
    for theme, there in themes.items():
        yield row(theme, "", style="bold")
        for name, sentence in there:
            yield row(f"  {name}", sentence + (f" ({from_elsewhere[name]})" if name in from_elsewhere else ""))
    for words, meaning in ON_A_CHANGE.items():
        yield row(f"  {words}", meaning, style="dim")
    for words, group in OTHERS.items():
        for name, origin in parts.origins(group).items():
            yield row(f"  {words} {name}", f"of {origin}")
    yield row("")
    yield row("More about one of them: vssim levers NAME", style="dim")


def _told_of_all() -> Iterator[tuple[str, str, str]]:
    """Name, theme and docstring of every lever; parts of other packages are loaded and checked first."""
    if not any(parts.origins(group) for group in ("levers", *OTHERS.values())):
        return shelves.told()
    from vssim.model.levers import LEVERS

    return ((name, lever.theme, lever.__doc__ or "") for name, lever in LEVERS.items())


def one_lever(name: str) -> RenderableType:
    """A single lever: its effect on the arithmetic, its parameters, an example, and its source."""
    from rich.console import Group
    from rich.text import Text

    lever = told(name)
    parts: list[RenderableType] = [Text.assemble((lever.name, "bold"), f" · {lever.theme}"), Text(lever.sentence), ""]
    for paragraph in lever.arithmetic:
        parts += [Text(paragraph), ""]
    parts += [_table(lever.parameters), "", Text.assemble(("Example  ", "bold"), lever.example)]
    if lever.source:
        parts.append(Text.assemble(("Source   ", "bold"), lever.source))
    return Group(*parts)


def _table(parameters: tuple[Parameter, ...]) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_row(*(Text(heading, "dim") for heading in ("parameter", "takes", "default", "")))
    for parameter in parameters:
        table.add_row(Text(parameter.name, "bold"), Text(parameter.takes), Text(parameter.default), Text(parameter.says))
    return Padding(table, (0, 0, 0, 2), expand=False)


# --- docstrings -----------------------------------------------------------------------------------------------------------


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each as one line; a label begins a new paragraph."""
    collected: list[list[str]] = [[]]
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith(_LABELS):
            collected.append([])
        if line:
            collected[-1].append(line)
    return [" ".join(lines) for lines in collected if lines]


def _labelled(paragraphs: list[str], label: str) -> str:
    return next((paragraph.removeprefix(label).strip() for paragraph in paragraphs if paragraph.startswith(label)), "")


# --- parameters -----------------------------------------------------------------------------------------------------------


def _parameters(lever: type[Lever]) -> Iterator[Parameter]:
    from vssim.views.words import UNDEFINED

    schema = lever.model_json_schema(by_alias=True)
    if "properties" not in schema:
        yield Parameter("path", "any value", UNDEFINED, schema["description"])
    for name, said in schema.get("properties", {}).items():
        takes = _takes(said)
        yield Parameter(name, takes, _default(said.get("default"), takes), said["description"])


_WORDS = {"integer": "whole number", "number": "number", "string": "name", "boolean": "true | false"}


def _takes(schema: Mapping[str, Any]) -> str:
    """The values that a parameter accepts, in words."""
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "anyOf" in schema:
        kinds = [kind for kind in schema["anyOf"] if kind.get("type") != "null"]
        return SHARE if any("pattern" in kind for kind in kinds) else " or ".join(map(_takes, kinds))
    if schema.get("type") == "object":
        return "{name: " + _takes(schema.get("additionalProperties", {})) + "}"
    if schema.get("type") == "array":
        return f"[{_takes(schema['items'])}, …]"
    return str(schema.get("const", _WORDS.get(schema.get("type", ""), "value")))


def _default(value: Any, takes: str) -> str:
    """A default as a file would write it; a dash where the parameter's description states it."""
    from vssim.views.words import UNDEFINED

    if value is None or value in ({}, []):
        return UNDEFINED
    return f"{100 * value:g}%" if takes == SHARE else f"{value:g}" if isinstance(value, float) else str(value)

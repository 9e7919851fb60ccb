"""Documents: the files of a scenario, read, written out in full and laid over each other.

A file may extend another: mappings merge, lists replace, `none` deletes a key that the other has. What the other's author says of
it, claims and the rounds of a workshop with their notes, is not inherited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vssim.errors import Fault, ScenarioError, nearest_file
from vssim.model import paths
from vssim.model.shorthand import expand
from vssim.scenario import library
from vssim.scenario.data import with_data
from vssim.scenario.positions import Place, child, place_of, places
from vssim.scenario.reader import dotted, parse, read_text, show, value_of

Path_ = tuple[Any, ...]

OPTION = "--set"
"""The name that faults give to a setting in place of a file."""

ANOTHER = "a scenario file relative to this one, or one of the library"
"""What is expected where a file names another scenario."""

NOT_INHERITED = ("claims", "rounds", "notes")
"""Keys of a file that the one which extends it does not take over."""


@dataclass(frozen=True)
class Document:
    """A scenario as one plain document, short forms written out, with the place of every path in it."""

    content: dict[str, Any]
    places: dict[Path_, Place]
    faults: list[Fault] = field(default_factory=list)
    folder: Path = Path()
    """what files that it names are relative to"""

    def fault(self, path: Path_, value: str, expected: str, near: str = "", *, at_key: bool = False) -> Fault:
        """A fault at a path of the document."""
        place = place_of(self.places, path) or Place("", (0, 0), (0, 0))
        return Fault(place.file, *(place.key if at_key else place.value), dotted(path), value, expected, near)


def locate(name: str, folder: Path | None = None) -> Path:
    """The file that `name` means: a path (relative to `folder`), else a scenario of the library."""
    file = (folder or Path()) / name
    try:
        if file.is_file():
            return file
        found = library.find(name)
        if found is not None:
            return found
        if file.exists():
            read_text(file)  # refuses it with the reason
    except (OSError, ValueError):
        pass
    near = nearest_file(file.name, _neighbours(file)) or nearest_file(name, library.all_names())
    raise ScenarioError(
        [Fault(str(file), 0, 0, "", "no such file", "a scenario file, or a name that `vssim scenarios` lists", near)]
    )


def read_file(file: Path, above: tuple[Path, ...] = ()) -> Document:
    """The document of a file, with what it extends."""
    content = read_text(file)
    document = read(content, str(file), file.parent, (*above, file.resolve()))
    if not above:
        document.content.setdefault("name", file.stem)
    return document


def read(text: str, file: str, folder: Path, above: tuple[Path, ...] = ()) -> Document:
    """The document of a text, with what it extends; `above` are the files that extend it already."""
    node, faults = parse(text, file)
    written = node.plain()
    where = places(written, node, file)
    complete = with_data(written, folder, lambda path: where[path], faults)
    content = expand(complete)
    document = Document(content, places(content, node, file), faults, folder)
    if "extends" not in content:
        return document
    name = content.pop("extends")
    base = _base(name, folder, above, document)
    return _laid_over(base, document)


def _base(name: Any, folder: Path, above: tuple[Path, ...], document: Document) -> Document:
    """The document that is extended; everything that is wrong with finding it is a fault of the one that extends it."""
    if not isinstance(name, str):
        raise ScenarioError([*document.faults, document.fault(("extends",), show(name), "the name of a scenario file")])
    try:
        file = locate(name, folder)
    except ScenarioError as error:
        raise ScenarioError(
            [*document.faults, document.fault(("extends",), show(name), ANOTHER, error.faults[0].nearest)]
        ) from None
    if file.resolve() in above:
        chain = " → ".join(path.name for path in (*above, file))
        fault = document.fault(("extends",), show(name), f"files that do not extend each other in a circle ({chain})")
        raise ScenarioError([*document.faults, fault])
    if len(above) >= 20:
        raise ScenarioError([*document.faults, document.fault(("extends",), show(name), "at most 20 files on top of each other")])
    try:
        return read_file(file, above)
    except ScenarioError as error:
        raise ScenarioError([*document.faults, *error.faults]) from None


def _laid_over(base: Document, document: Document) -> Document:
    inherited = {key: value for key, value in base.content.items() if key not in NOT_INHERITED}
    content = _merged(inherited, document.content)
    found: dict[Path_, Place] = {}
    _choose(content, (), document.places, base.places, found)
    return Document(content, found, [*document.faults, *base.faults], document.folder)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        if value == "none" and key in base:
            del merged[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = _merged(base[key], value)
        else:
            merged[key] = value
    return merged


def _choose(content: Any, path: Path_, over: dict[Path_, Place], base: dict[Path_, Place], found: dict[Path_, Place]) -> None:
    """For every path the place in the file that is laid over, else in the one below."""
    found[path] = over[path] if path in over else base[path]
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for element, value in entries:
        _choose(value, (*path, element), over, base, found)


def with_settings(document: Document, settings: Sequence[tuple[str, Any]], option: str = OPTION) -> Document:
    """The document with values set by path; a text means what it would mean in the file. Faults are put down to `option`."""
    content, where, faults = document.content, dict(document.places), list(document.faults)
    for path, value in settings:
        try:
            meant = value_of(value) if isinstance(value, str) else value
            changed = expand(paths.put(content, path, meant))
        except ScenarioError as error:
            faults += [Fault(option, 0, 0, path, fault.value, fault.expected, fault.nearest) for fault in error.faults]
        except paths.PathFault as fault:
            faults.append(Fault(option, 0, 0, path, "", fault.expected, fault.near))
        else:
            if changed == content:
                continue
            put = _differ(content, changed)
            where = {known: place for known, place in where.items() if known[: len(put)] != put}
            where[put] = Place(option, (0, 0), (0, 0))
            content = changed
    return Document(content, where, faults, document.folder)


def _differ(before: Any, after: Any, path: Path_ = ()) -> Path_:
    """The path below which everything that differs between two documents is."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in {**before, **after} if key not in before or key not in after or before[key] != after[key]]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        keys = [index for index, value in enumerate(after) if before[index] != value]
    else:
        return path
    return _differ(child(before, keys[0]), child(after, keys[0]), (*path, keys[0])) if len(keys) == 1 else path


def _neighbours(file: Path) -> list[str]:
    if not file.parent.is_dir():
        return []
    return [entry.name for entry in file.parent.iterdir() if entry.suffix in library.ENDINGS]

"""Documents: the files of a scenario, read, written out in full and laid over each other.

A file may extend another: mappings merge, lists, timetables and pasts replace, `none` deletes a key that the other has. What the
other's author says of it, claims and the rounds of a workshop with their notes, is not inherited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vssim.errors import Fault, ScenarioError, nearest_file
from vssim.model import paths
from vssim.model.beliefs import Uncertain
from vssim.model.shorthand import expand
from vssim.scenario import library
from vssim.scenario.data import with_data
from vssim.scenario.fields import leads_somewhere
from vssim.scenario.mappings import content_of
from vssim.scenario.moments import is_one_value
from vssim.scenario.positions import Place, child, place_of, places
from vssim.scenario.reader import parse, read_text, value_of
from vssim.scenario.schema import Scenario
from vssim.scenario.tables import with_tables
from vssim.yaml import dotted, show

Path_ = tuple[Any, ...]

OPTION = "--set"
"""The name that faults give to a setting in place of a file."""

ANOTHER = "a scenario file relative to this one, or one of the library"
"""What is expected where a file names another scenario."""

NOT_INHERITED = ("claims", "rounds", "notes")
"""Keys of a file that a file which extends it does not take over."""


@dataclass(frozen=True)
class Document:
    """A scenario as one plain document, short forms written out, with the place of every path in it."""

    content: dict[str, Any]
    places: dict[Path_, Place]
    faults: list[Fault] = field(default_factory=list)
    folder: Path = Path()
    """the folder that files it names are relative to"""

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
        file_there = library.find(name)
        if file_there is not None:
            return file_there
        if file.exists():
            read_text(file)  # refuses it with the reason
        if file.is_symlink():
            raise _no_link(file)
    except (OSError, ValueError):
        pass
    near = nearest_file(file.name, _neighbours(file)) or nearest_file(name, library.all_names())
    raise ScenarioError(
        [Fault(str(file), 0, 0, "", "no such file", "a scenario file, or a name that `vssim scenarios` lists", near)]
    )


def _no_link(file: Path) -> ScenarioError:
    """The refusal of a link whose target does not exist."""
    target = file.readlink()
    return ScenarioError([Fault(str(file), 0, 0, "", f"a link to {target}", "a link that leads to a file")])


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
    content = expand(with_tables(complete, folder, lambda path: where[path], faults))
    return _extended(Document(content, places(content, node, file), faults, folder), above)


def read_mapping(mapping: Any, name: str, folder: Path) -> Document:
    """The document in a mapping, with what it extends; `name` stands for the file in faults."""
    place, faults = Place(name, (0, 0), (0, 0)), list[Fault]()
    complete = with_data(content_of(mapping, name), folder, lambda _: place, faults)
    content = expand(with_tables(complete, folder, lambda _: place, faults))
    return _extended(Document(content, {(): place}, faults, folder), ())


def _extended(document: Document, above: tuple[Path, ...]) -> Document:
    """The document laid over what it extends, if it extends anything."""
    if "extends" not in document.content:
        return document
    name = document.content.pop("extends")
    base = _base(name, document.folder, above, document)
    return _laid_over(base, document)


def _base(name: Any, folder: Path, above: tuple[Path, ...], document: Document) -> Document:
    """The document that is extended; faults in finding it are faults of the file that extends it."""
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
    origins: dict[Path_, Place] = {}
    _choose(content, (), document.places, base.places, origins)
    return Document(content, origins, [*document.faults, *base.faults], document.folder)


def _merged(base: dict[str, Any], over: dict[str, Any], path: Path_ = ()) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        if value == "none" and key in base:
            del merged[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict) and not is_one_value((*path, key)):
            merged[key] = _merged(base[key], value, (*path, key))
        else:
            merged[key] = value
    return merged


def _choose(content: Any, path: Path_, over: dict[Path_, Place], base: dict[Path_, Place], origins: dict[Path_, Place]) -> None:
    """For every path the place in the file that is laid over, else in the one below."""
    origins[path] = over.get(path) or base.get(path) or over[()]
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for element, value in entries:
        _choose(value, (*path, element), over, base, origins)


def _known(content: dict[str, Any], path: str) -> dict[str, Any]:
    """The document in which the value at a path counts as known, because it was set."""
    unknown = content.get("uncertain")
    if isinstance(unknown, dict) and path in unknown:
        return {**content, "uncertain": {key: text for key, text in unknown.items() if key != path}}
    return {**content, "uncertain": unknown.without({path})} if isinstance(unknown, Uncertain) else content


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
            changed = _known(changed, path)
            if changed == content:
                faults += _taken_out_of_nowhere(content, path, meant, option)
                continue
            put = _differ(content, changed)
            where = {known: place for known, place in where.items() if known[: len(put)] != put}
            where[put] = Place(option, (0, 0), (0, 0))
            content = changed
    return Document(content, where, faults, document.folder)


def _taken_out_of_nowhere(content: dict[str, Any], path: str, value: Any, option: str) -> list[Fault]:
    """The fault of a path that leads nowhere: taking out a value there would change nothing and pass for done."""
    if value is not None and value != "none":
        return []
    expected, near = leads_somewhere(Scenario, content, path)
    return [Fault(option, 0, 0, path, "", expected, near)] if expected else []


def _differ(before: Any, after: Any, path: Path_ = ()) -> Path_:
    """The longest path below which all differences between two documents lie."""
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

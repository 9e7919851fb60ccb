"""Fields: what the schema allows at a path, found by walking the types of the models."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vssim.errors import nearest
from vssim.model.levers import LEVERS, Lever
from vssim.scenario.positions import child

Path_ = tuple[Any, ...]


def known_keys(root: type[BaseModel], path: Path_) -> list[str]:
    """The keys that the mapping at `path` may have, in the order of the schema; none where any name may stand."""
    keys: dict[str, None] = {}
    for kind in _mappings((root,), path):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys |= dict.fromkeys(LEVERS if kind is Lever else _keys(kind))
    return list(keys)


def description(root: type[BaseModel], path: Path_) -> str:
    """What the schema says about the value at `path`, in a few words; '' when it says nothing."""
    for kind in _mappings((root,), path[:-1]):
        field = _field(kind, path[-1]) if path else None
        if field is not None and field.description:
            return field.description
    return ""


def leads_somewhere(root: type[BaseModel], document: Any, path: str) -> tuple[str, str]:
    """What was expected of a dotted path that leads nowhere, and the nearest right path; two '' when it leads somewhere."""
    kinds: tuple[Any, ...] = (root,)
    keys = path.split(".")
    for position, key in enumerate(keys):
        if LEVERS["set"] in kinds and isinstance(document, Mapping) and ".".join(keys[position:]) in document:
            return "", ""  # what a lever sets it names by a path with dots
        if isinstance(document, list | tuple):
            element: Any = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else key
        else:
            element = key
        known = _names(kinds, document)
        inner = _at(kinds, (element,))
        if not inner or (known and isinstance(element, str) and element not in known):
            near = nearest(key, known)
            right = ".".join((*keys[:position], near, *keys[position + 1 :])) if near else ""
            here = ".".join(keys[:position]) or "the file"
            return f"a path of the file: {here} has {', '.join(known) or 'nothing below it'}", right
        kinds, document = inner, child(document, element)
    return "", ""


def _names(kinds: tuple[Any, ...], document: Any) -> list[str]:
    """The keys that may follow: those of the schema, or where names are the author's own, those of the document."""
    names: dict[str, None] = {}
    for kind in (plain for allowed in kinds for plain in alternatives(allowed)):
        if get_origin(kind) is dict and isinstance(document, Mapping):
            names |= dict.fromkeys(str(key) for key in document)
        elif get_origin(kind) in (tuple, list) and not isinstance(document, list | tuple):
            names |= dict.fromkeys(_names((get_args(kind)[0],), document))
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= dict.fromkeys(LEVERS if kind is Lever else _keys(kind))
    return list(names)


def _at(kinds: tuple[Any, ...], path: Path_) -> tuple[Any, ...]:
    for element in path:
        kinds = tuple(plain for kind in kinds for plain in alternatives(kind))
        kinds = tuple(inner for kind in kinds for inner in _inside(kind, element))
    return tuple(plain for kind in kinds for plain in alternatives(kind))


def _mappings(kinds: tuple[Any, ...], path: Path_) -> tuple[Any, ...]:
    """The types of the mapping at a path, also where a list of one entry is written without its list."""
    mappings = _at(kinds, path)
    return (*mappings, *(inner for kind in mappings if get_origin(kind) is tuple for inner in alternatives(get_args(kind)[0])))


def alternatives(kind: Any) -> Iterator[Any]:
    """The alternatives that an annotation allows, without their metadata."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from alternatives(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(kind):
            yield from alternatives(member)
    else:
        yield kind


def _inside(kind: Any, element: Any) -> Iterator[Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Lever and element in LEVERS:
        yield LEVERS[element]
    elif origin in (dict, Mapping) and len(inner) == 2:
        yield inner[1]
    elif origin in (tuple, list):
        # a list of one may be written without its list
        yield from (inner[0],) if isinstance(element, int) else _at((inner[0],), (element,))
    elif (field := _field(kind, element)) is not None:
        yield field.annotation


def _field(kind: Any, key: Any) -> FieldInfo | None:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return None
    return next((field for name, field in kind.model_fields.items() if key == (field.alias or name)), None)


def _keys(kind: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]

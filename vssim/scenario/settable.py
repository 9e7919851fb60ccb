"""Settings: what stands at a path of a scenario now, defaults included, and what kind of value may stand there."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from vssim.model.distributions import Distribution
from vssim.model.levers import Lever
from vssim.model.levers.focus import NewLimit, NewLimitIfAny
from vssim.model.levers.settings import Set
from vssim.model.staffing import Headcount
from vssim.model.teams import Group, Team
from vssim.model.values import (
    Chance,
    Count,
    Duration,
    Limit,
    PartShare,
    Positive,
    PositiveShare,
    PositiveTime,
    Proficiency,
    Rework,
    ReworkWork,
    Share,
    Time,
)
from vssim.scenario.fields import alternatives
from vssim.scenario.schema import Scenario

Kind = Literal["limit", "people", "count", "part", "share", "time", "number", "duration", "distribution", "rework", "choice"]
"""`part`: a share of at most 100 %; `share`: one that may exceed it; `duration`: a distribution that may be 0; `distribution`: one
that may not; `choice`: one of a few words, or true and false."""

_KINDS: tuple[tuple[Any, Kind], ...] = (
    *((limit, "limit") for limit in (Limit, NewLimit, NewLimitIfAny)),
    (Headcount, "people"),
    (Count, "count"),
    *((part, "part") for part in (Chance, PartShare, Proficiency)),
    *((share, "share") for share in (Share, PositiveShare)),
    *((time, "time") for time in (Time, PositiveTime)),
    (Positive, "number"),
    (ReworkWork, "rework"),
    (Duration, "duration"),
)


@dataclass(frozen=True)
class Setting:
    """The value at a path of a scenario, and what it may be."""

    path: str
    value: Any
    """as the schema has it: None for no limit, a Distribution, a share as a number"""
    kind: Kind
    description: str
    """what the schema says about it; '' for nothing"""
    choices: tuple[Any, ...] = ()
    """of a `choice`"""


def setting(scenario: Scenario, path: str) -> Setting | None:
    """The value at a path and what it may be; None where there is nothing that could be moved."""
    node, annotation, description = _walk(scenario, tuple(path.split(".")))
    kinds = {kind for alias, kind in _KINDS if set(_validators(alias)) & set(_validators(annotation))}
    choices = _choices(annotation)
    if isinstance(node, Distribution):
        kind: Kind = "duration" if "duration" in kinds else "distribution"
    elif kinds:
        kind = next(kind for _, kind in _KINDS if kind in kinds)
    elif choices:
        kind = "choice"
    else:
        return None
    says_nothing = node is None and (kind != "limit" or (path.startswith("changes.") and ".set." not in path))
    if says_nothing or (isinstance(node, Rework) and node.share is None):
        return None
    return Setting(path, node, kind, description, choices if kind == "choice" else ())


def _walk(node: Any, keys: tuple[str, ...]) -> tuple[Any, Any, str]:
    """The value, the annotation and the description of what `keys` lead to; the annotation is None where they lead nowhere."""
    annotation: Any = type(node)
    description = ""
    root = node
    while keys:
        key, *rest = keys
        if isinstance(node, tuple):
            node, annotation, keys = _entry(node, annotation, keys)
            continue
        if isinstance(node, Lever) and key == node.name:
            keys = tuple(rest)
            if isinstance(node, Set):
                return _put_in_place(node, ".".join(keys), _walk(root, keys))
            continue
        if isinstance(node, Team) and key in ("people", "does", "helps"):
            node, annotation, keys, description = _crew(node, keys)
            continue
        if isinstance(node, BaseModel):
            field_name = next((name for name, field in type(node).model_fields.items() if key == (field.alias or name)), None)
            if field_name is None:
                return None, None, ""
            field = type(node).model_fields[field_name]
            description = field.description or ""
            node, annotation = getattr(node, field_name), Annotated[field.annotation, *field.metadata, None]
        elif isinstance(node, Mapping):
            node, annotation = node.get(key), _inner(annotation, dict)
        else:
            return None, None, ""
        keys = tuple(rest)
    return node, annotation, description


def _entry(node: tuple[Any, ...], annotation: Any, keys: tuple[str, ...]) -> tuple[Any, Any, tuple[str, ...]]:
    """One entry of a list, by its index, or the only one where the path goes through a list of one without saying so."""
    inner = _inner(annotation, tuple)
    key = keys[0]
    if key.isascii() and key.isdigit() and int(key) < len(node):
        return node[int(key)], inner, keys[1:]
    return (node[0], inner, keys) if len(node) == 1 else (None, None, ())


def _crew(team: Team, keys: tuple[str, ...]) -> tuple[Any, Any, tuple[str, ...], str]:
    """The people of a team of one craft, or the groups of several; and the rest of the path."""
    groups = team.groups
    if keys == ("people",) and len(groups) == 1:
        return groups[0].count, Headcount, (), "how many people"
    if keys[0] == "people" and len(keys) > 1:
        return groups, tuple[Group, ...], keys[1:], ""
    return groups, tuple[Group, ...], keys, ""


def _put_in_place(lever: Set, path: str, present: tuple[Any, Any, str]) -> tuple[Any, Any, str]:
    """The value that a `set` lever puts at a path, as the schema reads it; `present`: the value without the lever."""
    _, annotation, description = present
    if annotation is None or path not in lever.paths:
        return None, None, ""
    try:
        return TypeAdapter(annotation).validate_python(lever.paths[path]), annotation, description
    except ValidationError:
        return None, None, ""


def _inner(annotation: Any, container: type) -> Any:
    """The annotation of the entries of a list or mapping."""
    for kind in alternatives(annotation):
        if get_origin(kind) is container:
            return get_args(kind)[1 if container is dict else 0]
    return None


def _validators(annotation: Any) -> Iterator[Any]:
    """The functions by which the values of an annotation are read."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inside, *metadata = get_args(annotation)
        yield from (
            constraint.func
            for constraint in metadata
            if hasattr(constraint, "func") and hasattr(constraint, "json_schema_input_type")
        )
        yield from _validators(inside)
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _validators(member)


def _choices(annotation: Any) -> tuple[Any, ...]:
    """The words of a choice; nothing for what is no choice."""
    choices: list[Any] = []
    for kind in alternatives(annotation):
        if kind is bool:
            choices += [False, True]
        elif get_origin(kind) is Literal:
            choices += get_args(kind)
        elif kind is not type(None):
            return ()
    return tuple(choices)

"""All levers by name, and how a scenario file writes one: `finish_first`, or `{limit_wip: {steps: {develop: 7}}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from vssim import parts
from vssim.errors import nearest
from vssim.model.distributions import with_others
from vssim.model.levers.base import Lever
from vssim.model.levers.shelves import SHELVES
from vssim.model.values import expected


class Levers(Mapping[str, type[Lever]]):
    """Every lever, by the name that the file calls it, theme by theme; those of other packages come last.

    A class is imported when it is looked at: a scenario pulls three levers, and each takes as long to make as a run.
    """

    def __init__(self) -> None:
        self._shelves = {name: (shelf, kind) for shelf, kinds in SHELVES.items() for name, kind in kinds.items()}
        self._made: dict[str, type[Lever]] = {}
        self._others: dict[str, type[Lever]] = {}

    def __getitem__(self, name: str) -> type[Lever]:
        made = self._made.get(name) or self._others.get(name)
        if made is None:
            shelf, kind = self._shelves[name]
            made = self._made[name] = getattr(import_module(f"vssim.model.levers.{shelf}"), kind)
        return made

    def __contains__(self, name: object) -> bool:
        return name in self._shelves or name in self._others

    def __iter__(self) -> Iterator[str]:
        return iter((*self._shelves, *self._others))

    def __len__(self) -> int:
        return len(self._shelves) + len(self._others)

    def add(self, others: Mapping[str, type[Lever]]) -> None:
        """Those of other packages."""
        self._others |= others


LEVERS = Levers()


def _fault(name: str, part: Any) -> str | None:
    """What another package's lever should have been; None where it is a lever like ours."""
    if not isinstance(part, type) or not issubclass(part, Lever) or part is Lever:
        return "a class that derives from vssim.Lever"
    if getattr(part, "name", None) != name:
        return f"name = {name!r} in the class"
    if not isinstance(getattr(part, "theme", None), str):
        return "a theme in the class, under which it is listed"
    if not (part.__doc__ or "").strip():
        return "a docstring that says what it does to the arithmetic"
    silent = [field for field, about in part.model_fields.items() if not about.description or about.is_required()]
    return f"a default and a description of {silent[0]}" if silent else None


with_others()
LEVERS.add(parts.load("levers", _fault, LEVERS))


@cache
def _entry(*names: str) -> type[BaseModel]:
    """A mapping with a lever's name as its key, one of these, so that faults inside bear the lever's name in their place."""
    fields: dict[str, Any] = {name: (LEVERS[name] | None, None) for name in names}
    made: type[BaseModel] = create_model("LeverEntry", __config__=ConfigDict(extra="forbid", frozen=True), **fields)
    return made


def _name_and_parameters(value: Any) -> dict[str, Any]:
    """The lever's name and its parameters, with what a short form leaves out."""
    entry = {value: {}} if isinstance(value, str) else value
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise expected("one lever: its name, or its name with parameters, as in {limit_wip: {steps: {develop: 7}}}")
    ((name, parameters),) = entry.items()
    if name not in LEVERS:
        near = nearest(str(name), LEVERS)
        raise expected("a lever" if near else f"a lever: {', '.join(LEVERS)}", near, str(name))
    return {name: {} if parameters is None else parameters}


def _read(value: Any) -> Lever:
    if isinstance(value, Lever):
        return value
    entry = _name_and_parameters(value)
    (name,) = entry
    # What is wrong inside is told by the entry, whose faults become those of the place where it stands.
    lever: Lever = getattr(_entry(name).model_validate(entry), name)
    return lever


class _AsWritten:
    """Reads and writes a lever the way a scenario file has it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read,
            serialization=core_schema.plain_serializer_function_ser_schema(Lever.written),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        entry = core_schema.definitions_schema(_entry(*LEVERS).__pydantic_core_schema__, [])  # which is what gives it a name
        return {"anyOf": [{"enum": list(LEVERS)}, handler(entry)]}


LeverField = Annotated[Lever, _AsWritten()]
"""A lever in a scenario file."""

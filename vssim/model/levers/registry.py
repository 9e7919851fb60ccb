"""All levers by name, and how a scenario file writes one: `finish_first`, or `{limit_wip: {steps: {develop: 7}}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from vssim.errors import nearest
from vssim.model.levers.base import Lever
from vssim.model.levers.capacity import AddPeople, CutMeetings, MakeTimeToImprove
from vssim.model.levers.customers import SmallBets, TalkToCustomers
from vssim.model.levers.decisions import DecideLocally, ShortenCadence
from vssim.model.levers.demand import LevelDemand, SayNo
from vssim.model.levers.focus import FinishFirst, LimitWip, Prioritise, SinglePieceFlow, Slice, StopMultitasking
from vssim.model.levers.obstacles import SurfaceProblems, SwarmOnBlockers
from vssim.model.levers.quality import BuildQualityIn
from vssim.model.levers.settings import Set
from vssim.model.levers.titles import Rename
from vssim.model.levers.tools import AssistWithAi, Automate, Simplify
from vssim.model.levers.walls import CrossFunctionalTeams, CrossTrain, SelfServe, SoftenHandoffs
from vssim.model.values import expected

LEVERS: dict[str, type[Lever]] = {
    lever.name: lever
    for lever in (
        *(SayNo, LevelDemand),
        *(LimitWip, StopMultitasking, SinglePieceFlow, FinishFirst, Slice, Prioritise),
        *(CrossFunctionalTeams, CrossTrain, SelfServe, SoftenHandoffs),
        *(SwarmOnBlockers, SurfaceProblems),
        *(DecideLocally, ShortenCadence),
        BuildQualityIn,
        *(TalkToCustomers, SmallBets),
        *(CutMeetings, AddPeople, MakeTimeToImprove, Automate, AssistWithAi, Simplify),
        *(Rename, Set),
    )
}
"""Every lever, by the name that the file calls it, theme by theme."""

_Entry: type[BaseModel] = create_model(
    "LeverEntry",
    __config__=ConfigDict(extra="forbid", frozen=True),
    **{name: (kind | None, None) for name, kind in LEVERS.items()},  # type: ignore[call-overload]
)
"""A mapping with the one lever's name as its key, so that faults inside bear the lever's name in their place."""


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


def _read(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Lever:
    if isinstance(value, Lever):
        return value
    entry = _name_and_parameters(value)
    lever: Lever = getattr(handler(entry), next(iter(entry)))
    return lever


class _AsWritten:
    """Reads and writes a lever the way a scenario file has it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            _read,
            handler.generate_schema(_Entry),
            serialization=core_schema.plain_serializer_function_ser_schema(Lever.written),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"enum": list(LEVERS)}, handler(schema)]}


LeverField = Annotated[Lever, _AsWritten()]
"""A lever in a scenario file."""

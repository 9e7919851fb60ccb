"""Any setting of the file, as a lever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from vssim.errors import nearest
from vssim.model.demand import Defects, GivesUp, ItemType, Outcome
from vssim.model.faults import ModelError, ModelFault
from vssim.model.levers.base import Lever
from vssim.model.model import Model
from vssim.model.paths import PathFault, put
from vssim.model.shorthand import expand
from vssim.model.spans import SpanLimit
from vssim.model.steps import Gate, Need, Ours, Return, Step, Stops
from vssim.model.teams import Group, Handoffs, Improvement, Onboarding, Swarming, Team
from vssim.model.values import expected


class Set(Lever):
    """Give any setting of demand, steps, teams, handoffs, limits, discipline or wip_limit another value, by its path in the file.

    The model is the one that the file would describe with these values in it, all put in place together; `none` takes a
    setting out, so that its default counts. It knows nothing of what the setting means: `set` on a team's people makes no
    ramp and costs no dip.

    Example: {set: {steps.test.wip_limit: 3, teams.testers.people: 4, wip_limit: none}}
    """

    name: ClassVar[str] = "set"
    theme: ClassVar[str] = "how change is made"

    paths: dict[str, Any] = Field(default={}, description="path of the file -> new value")

    @model_validator(mode="before")
    @classmethod
    def _are_paths(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not all(isinstance(path, str) for path in value):
            raise expected("paths of the file with their new values, as in {steps.test.wip_limit: 3}")
        return {"paths": dict(value)}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = {"type": "object", "description": "path of the file -> new value", "minProperties": 1}
        return written | {"title": cls.__name__} if schema else handler(schema)

    def document(self) -> dict[str, Any]:
        """The paths and values, as the file writes them."""
        return dict(self.paths)

    def apply(self, model: Model) -> Model:
        """The model that the file describes with these values; raises ModelError with every value that it refuses."""
        before = model.document()
        after, faults = self._written_into(before)
        try:
            read = _read(expand(after), self.paths)
        except ModelError as error:
            raise ModelError([*self._wrong(faults), *error.faults]) from None
        if self._wrong(faults):
            raise ModelError(self._wrong(faults))
        return _graft(model, before, read, after)

    def missing(self, model: Model) -> list[str]:
        """Paths whose step, team or item type is not in the model."""
        return [
            f"{path} is not there; expected {fault.expected}" + (f" (did you mean {fault.near!r}?)" if fault.near else "")
            for path, fault in self._written_into(model.document())[1].items()
            if fault.missing
        ]

    def _written_into(self, document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, PathFault]]:
        """The document with all values put in place that have a place in it; and the faults of the others by path."""
        faults = {}
        for path, value in self.paths.items():
            try:
                document = _put(document, path, value)
            except PathFault as fault:
                faults[path] = fault
        return document, faults

    def _wrong(self, faults: Mapping[str, PathFault]) -> list[ModelFault]:
        """The faults of paths that lead nowhere in any model."""
        return [
            ModelFault((path,), self.paths[path], fault.expected, fault.near) for path, fault in faults.items() if not fault.missing
        ]


def _put(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    first = path.split(".", 1)[0]
    if first not in Model.model_fields:
        near = nearest(first, Model.model_fields)
        raise PathFault(path, f"a path within {', '.join(Model.model_fields)}", near)
    if first == "calendar" and path != "calendar.holidays":
        raise PathFault(path, "calendar.holidays, which is all of the calendar that a change may alter", "calendar.holidays")
    return put(document, path, value)


def _read(document: dict[str, Any], paths: Mapping[str, Any]) -> Model:
    """The model that `document` describes; a fault is put down to the path whose value brought it."""
    try:
        return Model.model_validate(document)
    except ValidationError as error:
        raise ModelError(_fault(details, paths) for details in error.errors(include_url=False)) from None


def _fault(details: Any, paths: Mapping[str, Any]) -> ModelFault:
    place = ".".join(map(str, details["loc"]))
    path = max(paths, key=lambda candidate: _shared(candidate, place))
    context = details.get("ctx", {})
    if details["type"] == "extra_forbidden":
        return ModelFault((path,), paths[path], f"a key that the file knows (it does not know {place})", _near(details["loc"][-1]))
    if details["type"] == "missing":
        return ModelFault((path,), paths[path], f"{place} to be there")
    return ModelFault((path,), paths[path], context.get("text", details["msg"]), context.get("near", ""))


_PARTS = (
    *(Model, ItemType, Outcome, Defects, GivesUp),
    *(Step, Gate, Need, Ours, Return, Stops),
    *(Team, Group, Swarming, Improvement, Onboarding, Handoffs, SpanLimit),
)


def _near(key: Any) -> str:
    """The key of the language that is closest to a wrong one."""
    return nearest(str(key), [field.alias or name for part in _PARTS for name, field in part.model_fields.items()])


def _shared(path: str, place: str) -> int:
    """How many keys two paths have in common from the top."""
    pairs = zip(path.split("."), place.split("."), strict=False)
    count = 0
    for mine, other in pairs:
        if mine != other:
            break
        count += 1
    return count


def _graft(model: Model, before: dict[str, Any], read: Model, after: dict[str, Any]) -> Model:
    """The parts of `model` that the document did not change, with those of `read` that it did."""
    update: dict[str, Any] = {}
    for section in Model.model_fields:
        old, new = getattr(model, section), getattr(read, section)
        if before.get(section) == after.get(section) and (not isinstance(old, dict) or list(old) == list(new)):
            continue
        if isinstance(new, dict):
            same = {name for name in new if name in old and before[section][name] == after[section][name]}
            new = {name: old[name] if name in same else part for name, part in new.items()}
        update[section] = new
    return model.model_copy(update=update)

"""The JSON Schema of scenario files, from which editors complete keys and mark mistakes as one types."""

from __future__ import annotations

import copy
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from vssim.model.beliefs import WORD
from vssim.scenario.schema import Scenario
from vssim.scenario.uncertain import SECTIONS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NUMBER_OR_TEXT: JsonSchemaValue = {"type": ["number", "string"]}


class _AsWritten(GenerateJsonSchema):
    """Schemas of what a file writes: defaults as a file has them, and no titles that only repeat the key."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A field's schema with its default, where a file could write it."""
        inner = self.generate_inner(schema["schema"])
        default = schema.get("default")
        if default is not None and hasattr(default, "document"):
            default = default.document()
        if isinstance(default, bool | int | float | str) and "$ref" not in inner:
            return {**inner, "default": default}
        return inner

    def generate(self, schema: CoreSchema, mode: Any = "validation") -> JsonSchemaValue:
        """The whole schema."""
        cleaned: JsonSchemaValue = _without_titles(super().generate(schema, mode))
        return cleaned


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, short forms and `extends` included."""
    whole = copy.deepcopy(Scenario.model_json_schema(by_alias=True, schema_generator=_AsWritten))
    properties = whole["properties"]
    _also(properties["steps"], {**_NUMBER_OR_TEXT, "description": "short form: the step's work"})
    _also(properties["teams"], {**_NUMBER_OR_TEXT, "description": "short form: people; the name says what they do, as in qa+dev"})
    for key in ("needs", "returns"):
        several = whole["$defs"]["Step"]["properties"][key]
        single = {"description": several.pop("description"), "anyOf": [several["items"], several]}
        whole["$defs"]["Step"]["properties"][key] = single
    levers = whole["$defs"]["Change"]["properties"]["levers"]
    _also(properties["changes"], {"type": "array", "items": levers["items"], "description": "short form: the levers"})
    for section in ("demand", "steps", "teams", "changes"):
        _also(properties[section], {"const": "none", "description": "with extends: takes it out"})
    _or_unknown({name: properties[name] for name in SECTIONS}, whole["$defs"])
    extends = {"type": "string", "description": "another scenario, file or library name, that this one is laid over"}
    required = {"anyOf": [{"required": ["extends"]}, {"required": whole.pop("required")}]}
    described = {"title": "vssim scenario", "description": Scenario.__doc__}
    return {"$schema": DIALECT, **whole, **described, **required, "properties": {"extends": extends, **properties}}


UNKNOWN: JsonSchemaValue = {
    "type": "string",
    "pattern": rf"^\s*{WORD}\s*\(",
    "description": "not known: low, high, or low, likely, high; dates where a date may stand",
}
"""What may stand wherever a number may, of the organisation and its changes."""


def _or_unknown(properties: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Let every number in these sections, and in the definitions they refer to, be unknown too."""
    waiting: list[Any] = list(properties.values())
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                waiting.append(definitions[name])
            waiting += [inner for key, inner in node.items() if key not in ("default", "const", "enum")]
            _take_unknown(node)


def _take_unknown(node: dict[str, Any]) -> None:
    """A schema of a number that also accepts what is not known."""
    forms = node.get("anyOf")
    if isinstance(forms, list):
        if any(isinstance(form, dict) and form.get("type") in ("number", "integer") for form in forms) and UNKNOWN not in forms:
            forms.append(UNKNOWN)
    elif node.get("type") in ("number", "integer"):
        kept = {key: node.pop(key) for key in list(node) if key not in ("description", "default", "title")}
        node["anyOf"] = [kept, UNKNOWN]


def _also(section: dict[str, Any], form: JsonSchemaValue) -> None:
    """Let the entries of a section have one more form."""
    entries = section["additionalProperties"]
    forms = entries["anyOf"] if set(entries) == {"anyOf"} else [entries]
    section["additionalProperties"] = {"anyOf": [*forms, form]}


def _without_titles(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _without_titles(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
    return [_without_titles(value) for value in schema] if isinstance(schema, list) else schema

"""Promises: how long an item may take if a promise is to be kept. They are measured and steer nothing; what steers is `due`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from vssim.model.terms import CLOCK, TIMES, Promised
from vssim.model.values import MOST, at_most, expected, is_number, plain

_EXPECTED = "a time above 0 after commitment, or {within: 25, of: lead_time}"
_OF = f"{', '.join(TIMES)}, or a clock of the file"


def _promise(value: Any) -> Promised:
    if isinstance(value, Promised):
        return value
    if not isinstance(value, Mapping):
        return Promised(_time(value))
    unknown = [key for key in value if key not in ("within", "of")]
    if unknown or "within" not in value:
        raise expected(_EXPECTED)
    of = value.get("of", "cycle_time")
    if not isinstance(of, str):
        raise expected(f"a promise of {_OF}")
    return Promised(_time(value["within"]), of if of in TIMES else CLOCK + of.removeprefix(CLOCK))


def _time(value: Any) -> float:
    at_most(value, MOST)
    if not is_number(value) or value <= 0:
        raise expected(_EXPECTED)
    return float(value)


def _written(promise: Promised) -> Any:
    if promise.of == "cycle_time":
        return plain(promise.within)
    return {"within": plain(promise.within), "of": promise.of.removeprefix(CLOCK)}


Promise = Annotated[
    Promised,
    BeforeValidator(_promise),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {
                    "type": "object",
                    "properties": {"within": {"type": "number", "exclusiveMinimum": 0}, "of": {"type": "string"}},
                    "required": ["within"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""25, counted from commitment; or {within: 25, of: lead_time | cycle_time | since_start | a clock}."""

"""Texts of a scenario: one, or a list of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from vssim.model.values import expected


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise expected("a text; put it in quotes")
    return value


Text = Annotated[str, BeforeValidator(_text)]


def one_or_many(value: Any) -> Any:
    """A list of one may be written without its list."""
    return (value,) if isinstance(value, str) else value


ONE_OR_MANY = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})

Texts = Annotated[tuple[Text, ...], BeforeValidator(one_or_many), PlainSerializer(list), ONE_OR_MANY]
"""One text, or a list of them."""

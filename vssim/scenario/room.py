"""How a room meets a scenario: in which order it is asked, and what the library's page says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from vssim.model.values import Names, Part, Positive, expected

LONGEST_TITLE = 48
"""Letters of a short question on the library's page."""


def _short(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TITLE:
        raise expected(f"a text of at most {LONGEST_TITLE} characters")
    return value


def _said(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for pair in value.items() for text in pair):
        raise expected("a sentence by change, as in {limit WIP: Each team takes on less at once.}")
    return dict(value)


class Room(Part):
    """How a room meets the scenario: in which order it is asked, and what the library's page says."""

    order: Names = Field(
        default=(), description="changes in the order in which a room is asked; default as they stand, combinations last"
    )
    about: Annotated[Mapping[str, str], BeforeValidator(_said)] = Field(
        default={}, description="by change, what it does, in a sentence that a room is told before it guesses"
    )
    title: Annotated[str, BeforeValidator(_short)] = Field(
        default="", description="a short question for the library's page, at most 48 letters"
    )
    minutes: Positive | None = Field(default=None, description="how long it takes [minutes]; default the sum of its rounds")
    level: Literal[1, 2, 3] | None = Field(default=None, description="1 easy, 2 some practice, 3 for old hands")

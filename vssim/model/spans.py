"""Limits over several columns, or of some item types in a column, each with a name: spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, model_validator

from vssim.model.values import Limit, Names, Part, expected


class SpanLimit(Part):
    """A limit on the items in neighbouring steps together, of all types or of some."""

    steps: Names = Field(description="neighbours in the order of the steps, or one step")
    most: Limit = Field(description="most items in their columns together")
    for_: Names | None = Field(default=None, alias="for", description="the item types that count; default all")

    @model_validator(mode="before")
    @classmethod
    def _is_mapping(cls, value: Any) -> Any:
        if isinstance(value, int | float | str):
            raise expected("{steps: [develop, test], most: 8}; a step's own limit is its wip_limit, as in steps.develop.wip_limit")
        return value

    def counts(self, kind: str, step: str) -> bool:
        """True when an item of a type counts in a step's column."""
        return step in self.steps and (self.for_ is None or kind in self.for_)


def without_steps(limits: Mapping[str, SpanLimit], gone: Iterable[str]) -> dict[str, SpanLimit]:
    """The limits where some steps are gone; one that has no step left is gone too."""
    gone = set(gone)
    left = {name: tuple(step for step in limit.steps if step not in gone) for name, limit in limits.items()}
    return {name: limit.model_copy(update={"steps": left[name]}) for name, limit in limits.items() if left[name]}

"""What arrived in the past, by whole weeks: each replication draws weeks of it anew, in place of time between arrivals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from vssim.clock import Ints, Reals
from vssim.model.values import expected

EXPECTED = "a table of what arrived, as in {file: history.csv, at: Created}"

COLUMNS = ("at", "size", "due", "value")
"""The columns that a history may have, by our words, beside `work` by step."""

KEYS = ("file", "only", *COLUMNS, "work", "from", "to", "blocks")


@dataclass(frozen=True, eq=False)
class Weeks:
    """Whole weeks of what arrived. W weeks, n arrivals in the order of time; NaN: as the type says."""

    length: float
    """of a week [units of time]"""
    into: float
    """how much of its week is over at time 0 [units of time]"""
    begins: Ints
    """(W + 1,) the first arrival of each week; n"""
    at: Reals
    """(n,) after the week's beginning [units of time]"""
    size: Reals
    """(n,) factor on the type's size"""
    due: Reals
    """(n,) after arrival [units of time]"""
    value: Reals
    """(n,)"""
    work: Mapping[str, Reals]
    """by step: (n,) own work there, whatever the size [units of time]"""

    @property
    def count(self) -> int:
        """How many weeks there are."""
        return len(self.begins) - 1

    @property
    def rate(self) -> float:
        """Mean arrivals per unit of time."""
        return len(self.at) / (self.count * self.length)

    @property
    def dispersion(self) -> float:
        """Variance of the arrivals of a week over their mean: 1 for Poisson arrivals."""
        by_week = np.diff(self.begins)
        return float(by_week.var() / by_week.mean()) if len(self.at) else 0.0

    def told(self) -> list[Any]:
        """All of it, as plain numbers."""
        columns = (self.begins, self.at, self.size, self.due, self.value, *self.work.values())
        return [self.length, self.into, list(self.work), *(column.tolist() for column in columns)]


class Past(dict[str, Any]):
    """A history as the file has it, together with its weeks."""

    weeks: Weeks

    def __init__(self, written: Mapping[str, Any], weeks: Weeks) -> None:
        super().__init__(written)
        self.weeks = weeks

    def __reduce__(self) -> Any:
        return Past, (dict(self), self.weeks)

    def eased(self, factors: Mapping[str, float]) -> Past:
        """The same with the work at some steps times a factor."""
        given = self.get("work", {})
        written = {
            step: [None if each is None else each * factors.get(step, 1.0) for each in column] for step, column in given.items()
        }
        work = {step: column * factors.get(step, 1.0) for step, column in self.weeks.work.items()}
        return Past({**self, **({"work": written} if given else {})}, replace(self.weeks, work=work))


def _past(value: Any) -> Past:
    if isinstance(value, Past):
        return value
    raise expected(EXPECTED)


_COLUMN = {"anyOf": [{"type": "string"}, {"type": "array"}]}

History = Annotated[
    Past,
    BeforeValidator(_past),
    PlainSerializer(lambda past: past),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "file": {"type": "string", "description": "a table: .csv or .parquet; without one the columns are lists"},
                "only": {"type": "object", "description": "a value by column: only these rows"},
                "at": {**_COLUMN, "description": "when each arrived"},
                "size": {**_COLUMN, "description": "factor on the type's size; of a file first divided by its mean"},
                "work": {"type": "object", "additionalProperties": _COLUMN, "description": "own work by step, whatever the size"},
                "due": {**_COLUMN, "description": "due date, or time after arrival"},
                "value": {**_COLUMN, "description": "what each was worth"},
                "from": {"type": ["number", "string"], "description": "where the past begins; default its first arrival's day"},
                "to": {"type": ["number", "string"], "description": "where it ends; default its last arrival's day"},
                "blocks": {"const": "week", "description": "what is drawn together"},
            },
            "required": ["at"],
            "additionalProperties": False,
        }
    ),
]
"""What arrived in the past, by weeks that are drawn anew for each replication."""

"""What is wrong with a model: where, what stands there, what was expected. The reader of scenarios adds file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
"""Keys of the scenario file from the top down; positions in lists as numbers."""


@dataclass(frozen=True)
class ModelFault:
    """One fault of a model or of a change: `path` as in the (written out) file, `near` the closest right name."""

    path: Path
    value: Any
    expected: str
    near: str = ""

    def below(self, *above: str | int) -> ModelFault:
        """The same fault, seen from further up the file."""
        return ModelFault((*above, *self.path), self.value, self.expected, self.near)

    def __str__(self) -> str:
        hint = f" (did you mean {self.near!r}?)" if self.near else ""
        return f"{'.'.join(map(str, self.path))}: got {self.value!r}, expected {self.expected}{hint}"


class ModelError(ValueError):
    """A model that a change cannot make; `faults` holds everything that was found."""

    def __init__(self, faults: Iterable[ModelFault]) -> None:
        self.faults: tuple[ModelFault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

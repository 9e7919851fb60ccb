"""Mappings that are asked by names people type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from vssim.errors import MissingExtra, UnknownName

V = TypeVar("V")


@dataclass(frozen=True, eq=False, repr=False)
class Named(Mapping[str, V]):
    """A mapping that answers an unknown name with the nearest one it has."""

    kind_of_name: ClassVar[str] = "metric"
    """what the names are names of"""

    entries: Mapping[str, V]

    def __getitem__(self, name: str) -> V:
        if name not in self.entries:
            raise UnknownName(self.kind_of_name, name, self.entries)
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def as_pandas(table: Any) -> Any:
    """A table as a pandas DataFrame. Raises MissingExtra where the notebook extra is not installed."""
    try:
        return table.to_pandas()
    except ImportError:
        raise MissingExtra("a pandas DataFrame needs pandas and pyarrow: pip install 'vssim[notebook]'") from None

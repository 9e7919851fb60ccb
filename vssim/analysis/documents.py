"""The documents that programs are told: one schema for those of every command."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from vssim.analysis.explained import ExplainDocument
from vssim.analysis.results import ResultDocument
from vssim.analysis.sweep.documents import SweepDocument


def schema() -> dict[str, Any]:
    """The JSON Schema of the documents of `run` and `compare`, `sweep` and `explain`."""
    documents: TypeAdapter[Any] = TypeAdapter(ResultDocument | SweepDocument | ExplainDocument)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **documents.json_schema()}

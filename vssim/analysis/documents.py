"""The documents that programs are told: one schema for those of every command."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from vssim.analysis.checked import CheckDocument
from vssim.analysis.explained import ExplainDocument
from vssim.analysis.results import ResultDocument
from vssim.analysis.sweep.documents import SweepDocument


def schema() -> dict[str, Any]:
    """The JSON Schema of the documents of `run` and `compare`, `check`, `sweep` and `explain`."""
    documents: TypeAdapter[Any] = TypeAdapter(ResultDocument | CheckDocument | SweepDocument | ExplainDocument)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "vssim results", **documents.json_schema()}

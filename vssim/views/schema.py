"""The schema of the documents that programs get: one for all commands."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from vssim.analysis.claims.document import CheckDocument
from vssim.analysis.claims.verified import VerifyDocument
from vssim.analysis.compare.document import ResultDocument
from vssim.analysis.explain.document import ExplainDocument
from vssim.analysis.explain.unknowns import DecidesDocument
from vssim.analysis.sweep.document import SweepDocument
from vssim.forecasts.document import ForecastDocument


def schema() -> dict[str, Any]:
    """The JSON Schema of the documents of `run` and `compare`, `check`, `verify`, `sweep`, `explain` and `forecast`."""
    documents: TypeAdapter[Any] = TypeAdapter(
        ResultDocument | CheckDocument | VerifyDocument | SweepDocument | ExplainDocument | DecidesDocument | ForecastDocument
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "vssim results", **documents.json_schema()}

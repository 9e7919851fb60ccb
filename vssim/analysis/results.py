"""What results have in common: their document and table, which another module writes, found by the result's class.

A result cannot import the module that writes it, because that module imports the result. This is the one place that joins the
two, so that no circle of imports arises.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

WRITERS = {
    "Comparison": "vssim.analysis.compare.document",
    "Checked": "vssim.analysis.claims.document",
    "Explanation": "vssim.analysis.explain.document",
    "Sweep": "vssim.analysis.sweep.document",
    "Search": "vssim.analysis.sweep.document",
}
"""By class of result: the module whose `document` and `table` write it."""


def document(result: Any) -> dict[str, Any]:
    """The document that `--json` prints of a result. KeyError for what is no result."""
    written: dict[str, Any] = _writer(result).document(result)
    return written


def table(result: Any) -> Any:
    """A result as a tidy polars DataFrame. KeyError for what is no result."""
    return _writer(result).table(result)


def _writer(result: Any) -> Any:
    return import_module(WRITERS[type(result).__name__])

"""The ordinary run checks steady states on the compiled engine; the reference engine's share of them is slow."""

from __future__ import annotations

import pytest

from tests.support.running import ENGINES

STEADY_STATES = {"test_gates_and_lines", "test_limits", "test_markov_chains", "test_queues", "test_who_is_here"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Traces and generated models, to the tick, are the same on both engines; so one of them is enough for long runs."""
    if "compiled" not in ENGINES:
        return
    for item in items:
        if item.path.stem in STEADY_STATES and "[reference" in item.name:
            item.add_marker(pytest.mark.slow)

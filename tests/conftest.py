"""What all tests share: the engines, and how many examples Hypothesis tries.

`pytest --hypothesis-profile=deep` looks for new counterexamples; the default tries the same few every time.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.support.running import ENGINES

_CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
settings.register_profile("quick", max_examples=40, derandomize=True, deadline=None, suppress_health_check=_CALM)
settings.register_profile("deep", max_examples=2000, deadline=None, suppress_health_check=_CALM)
settings.load_profile("quick")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of each engine that exists, in turn."""
    return str(request.param)

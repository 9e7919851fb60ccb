"""What all tests share: the engines, how many examples Hypothesis tries, and that slow tests are asked for with `--slow`.

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="the slow tests too, as the gate does")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out slow tests, unless `--slow`, an expression after -m, or the name of a single test asks for them."""
    if config.getoption("--slow") or "slow" in config.getoption("-m") or any("::" in argument for argument in config.args):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of each engine that exists, in turn."""
    return str(request.param)

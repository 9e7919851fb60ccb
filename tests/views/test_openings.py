"""The rounds of the library's workshops open on a day on which the room sees a difference."""

from __future__ import annotations

import pytest

from tests.views.test_trace import board
from vssim.scenario import library
from vssim.scenario.workshop import workshop
from vssim.views.live.clock import opening
from vssim.views.live.setup import in_round, opened
from vssim.views.player.trace import read, trace

TILES = ("typical", "within", "average", "progress", "blocked")
ROUNDS = [
    (name, number) for name, _ in library.names() if library.has_rounds(name) for number in range(1, len(workshop(name).rounds) + 1)
]


@pytest.mark.parametrize(("name", "number"), ROUNDS)
def test_a_round_opens_on_a_day_on_which_the_boards_or_the_tiles_differ(name: str, number: int) -> None:
    setup = in_round(opened(workshop(name)), number)
    assert setup.stage is not None
    day = opening(setup.scenario.run.horizon, setup.stage.warmup)
    shown = []
    for side in (setup.scene.left, setup.scene.right):
        data = trace(setup.stage.run(side, setup.scene.since).log)
        head, _ = read(data)
        shown.append([board(data, day), *(head["series"][tile][int(day / head["every"])] for tile in TILES)])
    assert shown[0] != shown[1]


@pytest.mark.parametrize(("horizon", "warmup", "day"), [(240, 40, 160), (100, 0, 66), (100, 80, 80), (0.5, 0, 0)])
def test_a_run_opens_at_two_thirds_and_never_within_the_warm_up(horizon: float, warmup: float, day: float) -> None:
    assert opening(horizon, warmup) == day

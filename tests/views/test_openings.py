"""A question opens on the most average day in the most ordinary luck: neither flatters a side."""

from __future__ import annotations

import numpy as np
import pytest

import vssim
from vssim.analysis.interactive.opening import average_day, most_ordinary
from vssim.analysis.interactive.sliders import sliders, standing
from vssim.metrics.daily import Daily
from vssim.metrics.looks import by_day
from vssim.scenario import library
from vssim.scenario.workshop import workshop
from vssim.views.live.room import messages, telling
from vssim.views.live.room.clock import Clock
from vssim.views.live.room.setup import in_round, opened, settled

ROUNDS = [(name, 1) for name in library.all_names() if library.has_rounds(name)]


def test_the_most_ordinary_luck_is_nearest_to_the_mean_on_both_sides() -> None:
    assert most_ordinary([(10.0, 5.0), (20.0, 9.0), (15.0, 7.5), (15.0, 2.0)]) == 2
    assert most_ordinary([(None, 3.0)]) == 0


@pytest.mark.parametrize(("name", "number"), ROUNDS)
def test_a_round_opens_on_a_day_that_is_nearly_as_average_as_any(name: str, number: int) -> None:
    setup = settled(in_round(opened(workshop(name)), number), messages.Round(do="round", number=number))
    assert setup.stage is not None
    horizon, start = setup.scenario.run.horizon, max(setup.stage.warmup, setup.scene.since)
    logs = [setup.stage.run(side, luck=setup.arrangement.luck).log for side in (setup.scene.left, setup.scene.right)]
    day = average_day(logs, start, horizon)
    assert start <= day <= horizon
    counts = np.concatenate([np.array(list(by_day(Daily(log)).values())) for log in logs])
    busy = np.flatnonzero(counts.any(axis=0))  # where all is done there is nothing to see
    late = (np.arange(counts.shape[1]) >= max(start, min(horizon, busy[-1]) / 3)) & (np.arange(counts.shape[1]) <= busy[-1])
    away = np.abs(counts - counts[:, late].mean(axis=1, keepdims=True)).sum(axis=0)
    assert away[int(day)] <= away[late].min() + 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("workshop/stop-starting", ["no limit", "12 items", "12 items", "12 items", "12 items"]),
        ("workshop/dissolve-the-silos", ["no limit", "8 items", "no limit", "no limit", "no limit"]),
    ],
)
def test_the_left_board_tells_the_limit_that_holds_on_it(name: str, told: list[str]) -> None:
    rooms = [in_round(opened(workshop(name)), number) for number in range(1, len(told) + 1)]
    said = [telling.room(setup, version=1, chart="progress", clock=Clock(), guess=None)["sliders"] for setup in rooms]
    assert [next(slider["before"] for slider in sliders if "limit" in slider["path"]) for sliders in said] == told


@pytest.mark.parametrize("name", ["silos", "focus", "corners", "automation", "workshop/games"])
def test_what_stands_at_the_left_is_told_in_the_words_of_its_slider(name: str) -> None:
    scenario = workshop(name).scenario
    there = sliders(scenario, None)
    assert there
    for slider in there:  # every 20 days, 15 %: neither 20.0 nor 0.15
        assert standing(scenario, None, slider) == slider.words[slider.values.index(slider.value)]


@pytest.mark.parametrize("name", [name for name in library.all_names() if not library.has_rounds(name) and "learned" not in name])
def test_a_room_is_told_in_words_what_each_change_of_the_library_is(name: str) -> None:
    scenario = vssim.load(name)
    about = {} if scenario.room is None else scenario.room.about
    assert set(scenario.changes) - set(about) == set()


@pytest.mark.parametrize("name", ["deadline", "today", "silos"])
def test_there_is_something_to_see_on_the_day_that_is_opened(name: str) -> None:
    scenario = vssim.load(name)
    logs = [vssim.simulate(scenario, change=change).log for change in (None, next(iter(scenario.changes)))]
    day = average_day(logs, 0.0, scenario.run.horizon)
    seen = [np.array(list(by_day(Daily(log)).values()))[:, int(day)].sum() for log in logs]
    assert max(seen) >= 1
    assert day >= 1


def test_the_luck_that_is_watched_is_one_of_those_that_the_answer_rests_on() -> None:
    setup = settled(opened(workshop("silos")), messages.Open(do="open", source="silos"))
    assert 0 <= setup.arrangement.luck < setup.scenario.run.replications
    compared = vssim.compare(vssim.load("silos"), only=[setup.arrangement.change or ""], jobs=1)
    samples = [variant.samples[setup.arrangement.luck]["lead_time.p85"] for variant in compared.variants.values()]
    means = [variant["lead_time.p85"].mean for variant in compared.variants.values()]
    for sample, mean in zip(samples, means, strict=True):
        assert sample == pytest.approx(mean, rel=0.05)

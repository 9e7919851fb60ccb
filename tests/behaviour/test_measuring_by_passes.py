"""Compiled passes measure what the readable modules measure: every figure, window and type."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import vssim
from tests.support.logs import Item as Story
from tests.support.logs import log_of, work
from tests.support.models import Taste, documents, runnable
from vssim.engines import machine
from vssim.engines.compiled.backend import shipped
from vssim.log import Log
from vssim.metrics import measure, sampling, stock
from vssim.metrics.facts import Facts
from vssim.metrics.sample import Sample
from vssim.metrics.window import Window

WITHIN = (0.5, 2.0, 10.0)
NEAR = 1e-12
"""How far two figures may be apart [1]: sums are added up in another order."""

LIBRARY = ("silos", "initiatives", "reorg", "decisions", "obstacles", "batches", "improvement")


@pytest.fixture(autouse=True, scope="module")
def passes() -> None:
    if machine.made(sampling.PACKAGE, sampling.ENTRANCE) is None:
        pytest.skip("passes cannot be compiled here")


def windows_of(log: Log, *starts: float) -> list[Window]:
    """From each start to the end, and each piece in between."""
    pieces = [Window.of(log, start, until=end) for start, end in pairwise(starts)]
    return [*(Window.of(log, start) for start in starts), *pieces]


def readable(log: Log, windows: Sequence[Window]) -> list[Sample]:
    facts = Facts(log)
    return [measure.sample(facts, window, WITHIN) for window in windows]


def differences(one: Sample, other: Sample) -> Iterator[tuple[str, Any, Any]]:
    """What two samples do not have alike."""
    for mine, yours in ((one.metrics, other.metrics), (one.weights, other.weights)):
        if list(mine) != list(yours):
            yield "names", list(mine), list(yours)
        for name, value in mine.items():
            if not alike(value, yours.get(name)):
                yield name, value, yours.get(name)
    if list(one.times) != list(other.times):
        yield "clocks", list(one.times), list(other.times)
    for name, times in one.times.items():
        if not np.array_equal(times, other.times[name]):
            yield name, times, other.times[name]


def alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return type(one) is type(other) and math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)


def require_same(log: Log, *starts: float) -> None:
    windows = windows_of(log, *starts)
    for mine, yours in zip(sampling.samples(log, windows, WITHIN), readable(log, windows), strict=True):
        assert list(differences(mine, yours)) == []


@settings(max_examples=60, deadline=None)
@given(documents(Taste(changes=True)))
def test_every_figure_of_any_model_is_the_same(document: dict[str, Any]) -> None:
    scenario = runnable(document)
    if scenario is not None:
        for change in (None, *scenario.changes):
            require_same(vssim.simulate(scenario, change, engine="reference", warmup=0).log, 0, 7.5, 30, 1000)


@settings(max_examples=30, deadline=None)
@given(documents(Taste(finite=False)))
def test_every_figure_of_a_stream_without_end_is_the_same(document: dict[str, Any]) -> None:
    scenario = runnable(document)
    if scenario is not None:
        require_same(vssim.simulate(scenario, engine="reference", warmup=0).log, 0, 20)


@pytest.mark.parametrize("name", LIBRARY)
def test_every_figure_of_the_library_is_the_same(name: str) -> None:
    scenario = vssim.load(name)
    for change in (None, *scenario.changes):
        log = vssim.simulate(scenario, change, warmup=0).log
        require_same(log, 0, log.horizon / 4e6, log.horizon / 2e6)


@pytest.mark.parametrize("committed", ["started", "develop"])
def test_commitment_elsewhere_than_at_the_pull_is_measured_alike(committed: str) -> None:
    scenario = vssim.loads(
        f"run: {{horizon: 60}}\ncommitted: {committed}\ndemand: {{f: {{every: exponential(1)}}}}\n"
        "steps: {analyse: {work: exponential(1)}, develop: {work: exponential(1.5), needs: {from: x, chance: 40%, work: 1}}}\n"
        "teams: {t: {people: 3, does: [analyse, develop], multitasking: 2}, x: 1}\n"
    )
    require_same(vssim.simulate(scenario, warmup=0).log, 0, 20)


TODAY = """
run: {horizon: 60}
demand:
  f:
    every: exponential(1)
    items: [{step: b, age: 20, remaining: 1}, {step: a, age: 4}, {age: 9}]
  urgent: {every: exponential(4), interrupts: true, priority: 1}
steps: {a: exponential(1), b: exponential(1)}
teams: {t: {people: 2, does: [a, b], multitasking: 2, resuming: 0.1}, u: {people: 1, does: b}}
"""


@pytest.mark.parametrize("left_out", ["", "    items", "  urgent"])
def test_what_was_there_before_and_what_interrupts_is_measured_by_the_passes(
    left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(line for line in TODAY.splitlines() if not left_out or not line.startswith(left_out))
    log = vssim.simulate(vssim.loads(text), warmup=0).log
    assert (log.origin > 0) == (left_out != "    items")
    assert (log.pauses is not None and len(log.pauses.visit) > 10) == (left_out != "  urgent")
    require_same(log, 0, 20)
    monkeypatch.setattr(sampling, "_readably", lambda *_: pytest.fail("left to the readable modules"))
    sampling.samples(log, windows_of(log, 0, 20), WITHIN)


def test_a_log_without_any_item_is_measured_alike() -> None:
    require_same(log_of(horizon=10), 0, 5)


def test_a_log_by_hand_is_measured_alike() -> None:
    log = log_of(
        Story(visits=[work("develop", 0, 1, 3)], arrived=0), Story(visits=[work("develop", 2, 3, 7)], arrived=1), horizon=10
    )
    require_same(log, 0, 2, 5)


def test_what_the_passes_do_not_know_is_measured_by_the_readable_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    log = vssim.simulate(vssim.load("silos"), warmup=0).log
    windows = windows_of(log, 30)
    sampling.samples(log, windows, WITHIN)
    known = stock.measure
    monkeypatch.setattr(stock, "measure", lambda deliveries: known(deliveries) | {"steps.new.age": np.zeros(2)})
    monkeypatch.setattr(sampling, "_KNOWN", {})
    (told,) = sampling.samples(log, windows, WITHIN)
    assert told.metrics["steps.new.age"] == 0


def test_replications_are_measured_at_once_by_threads_as_by_one() -> None:
    from concurrent.futures import ThreadPoolExecutor

    logs = [vssim.simulate(vssim.load("silos"), replication=number, warmup=0).log for number in range(6)]
    alone = [sampling.samples(log, windows_of(log, 0, 50), WITHIN) for log in logs]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda log: sampling.samples(log, windows_of(log, 0, 50), WITHIN), logs * 3))
    for number, found in enumerate(together):
        for mine, yours in zip(found, alone[number % 6], strict=True):
            assert list(differences(mine, yours)) == []


@pytest.fixture
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has compiled nothing, and an installation that brought nothing; the folder for what it might have."""
    monkeypatch.setattr(machine, "_READY", {})
    monkeypatch.setattr(machine, "AGAIN", 0.0)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "shipped")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "shipped"


def test_where_no_passes_are_to_be_had_the_readable_modules_measure(nothing_kept: Path) -> None:
    log = vssim.simulate(vssim.load("silos"), warmup=0, engine="reference").log
    assert sampling.samples(log, windows_of(log, 0), WITHIN)[0].metrics["delivered"]
    assert not machine._READY


def test_passes_that_came_with_vssim_measure_unless_they_are_damaged(nothing_kept: Path) -> None:
    file = machine.ship(sampling.PACKAGE, sampling.ENTRANCE, nothing_kept)
    assert machine.ship(sampling.PACKAGE, sampling.ENTRANCE, nothing_kept) == file
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert machine.ready(sampling.PACKAGE) is None
    file.write_bytes(whole)
    assert machine.ready(sampling.PACKAGE) is not None
    require_same(vssim.simulate(vssim.load("silos"), warmup=0, engine="reference").log, 0, 30)

"""Luck found by a compiled pass is the luck of NumPy's generator, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.behaviour.test_blueprints import assert_equal, blueprint
from vssim.engines import machine
from vssim.play import swift
from vssim.play.swift import SwiftLuck
from vssim.workload import Luck, Shelf
from vssim.workload.luck import MARK


@pytest.fixture(scope="module")
def find() -> object:
    found = machine.made(swift.PACKAGE, swift.ENTRANCE)
    if found is None:
        pytest.skip("passes cannot be compiled here")
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**40),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(0, 5)), unique_by=lambda one: one[:2]),
    st.text(max_size=5),
)
def test_every_number_of_every_stream_is_the_same(find: object, seed: int, asked: list[tuple[int, int, int]], name: str) -> None:
    asked = sorted(asked)
    items = np.array([(of << MARK) + number for of, number, _ in asked], np.int64)
    visits = np.array([visit for _, _, visit in asked], np.int64)
    one, other = SwiftLuck(find, seed, 4, 0, 9), Luck(seed, 4, 0, 9)  # type: ignore[arg-type]
    assert np.array_equal(one.uniforms(items, name, "step", "work"), other.uniforms(items, name, "step", "work"))
    assert np.array_equal(one.uniforms_by_visit(items, visits, name, "need"), other.uniforms_by_visit(items, visits, name, "need"))
    assert np.array_equal(one.uniforms_by_visit(items, 3, name, "need"), other.uniforms_by_visit(items, 3, name, "need"))


def test_far_into_a_stream_it_is_the_same(find: object) -> None:
    numbers = np.array([0, 1_000_003, 2_000_000], np.int64)
    one, other = SwiftLuck(find, 1, 0), Luck(1, 0)  # type: ignore[arg-type]
    assert np.array_equal(one.uniforms(numbers, "item", "", "size"), other.uniforms(numbers, "item", "", "size"))


@pytest.mark.parametrize("change", [None, "better", "later", "urgent"])
def test_a_program_is_the_same_whoever_finds_its_luck(find: object, change: str | None) -> None:
    ready, shelf = blueprint(change), Shelf()
    ready.draw(3, 0, shelf, lambda *of: SwiftLuck(find, *of), ahead=[(1, ready), (2, ready)])  # type: ignore[arg-type]
    for replication in range(3):
        assert_equal(ready.draw(3, replication, shelf), ready.draw(3, replication))

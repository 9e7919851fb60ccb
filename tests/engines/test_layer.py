"""The layer between the kernel and the machine, by itself: what stands in an array is read, and written where it belongs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import pytest

from vssim.engines.compiled.backend import machine
from vssim.engines.compiled.backend.arena import Arena, at, take_over
from vssim.engines.compiled.backend.jit import DISABLED, entrance, kernel, machine_code
from vssim.engines.compiled.backend.words import addresses

pytestmark = pytest.mark.skipif(DISABLED, reason="there is no machine code where the kernel is plain Python")

ROOT = Path(__file__).resolve().parents[2]

RULE = np.dtype([("flag", np.int8), ("limit", np.int32), ("until", np.int64)], align=True)
STATE = np.dtype([("busy", np.int16), ("limit", np.int64), ("until", np.int64), ("flag", np.int8)], align=True)


class Inner(NamedTuple):
    """Arrays in a tuple in a tuple."""

    plane: Annotated[Any, (np.dtype(np.int16), 2)]
    cube: Annotated[Any, (np.dtype(np.int32), 3)]


class Small(NamedTuple):
    """Every kind of array that a world has."""

    bytes: Annotated[Any, (np.dtype(np.int8), 1)]
    inner: Inner
    rules: Annotated[Any, (RULE, 1)]
    state: Annotated[Any, (STATE, 0)]
    out: Annotated[Any, (np.dtype(np.int64), 1)]


small_at = at(Arena(Small))


@kernel
def sums(s: Any) -> int:
    """Every byte, as the number that it is."""
    total = 0
    for number in range(3):
        total += s.bytes[number]
    return total


def play(s: Any) -> None:
    """A little of everything."""
    s.out[0] = sums(s)
    s.out[1] = s.inner.plane[1, 2]
    s.out[2] = s.inner.cube[1, 0, 2]
    s.out[3] = s.rules[1].flag
    s.out[4] = s.rules[1].limit
    s.bytes[0] = -128
    s.out[5] = s.bytes[0]
    s.inner.plane[0, 1] = -7
    s.inner.cube[1, 2, 3] = -70_000
    s.rules[0].limit = s.rules[1].until
    s.state.busy = s.state.busy + 1
    row = s.rules[2]
    row.flag = 1
    take_over(s.state, row)


def play_at(address: int) -> None:
    """The same, of what stands at an address."""
    played(small_at(address))


played = kernel(play)
play_at = entrance(play_at)


def small() -> Small:
    """Every number different, some of them below 0."""
    rules = np.zeros(3, RULE)
    rules[1] = (-3, -40_000, 2**31 - 1)
    rules[2] = (0, 5, -(2**62))
    state = np.zeros((), STATE)
    state["busy"] = 41
    inner = Inner(np.arange(-3, 6, dtype=np.int16).reshape(3, 3), np.arange(-12, 12, dtype=np.int32).reshape(2, 3, 4))
    return Small(np.array([-1, -2, 127], np.int8), inner, rules, state, np.zeros(6, np.int64))


@cache
def code() -> tuple[str, bytes]:
    return machine_code(play_at)


@cache
def compiled() -> Callable[[int], None]:
    return machine.load(*code())


def test_what_is_in_arrays_of_every_dimension_is_read_with_its_sign() -> None:
    s = small()
    compiled()(addresses(s).ctypes.data)
    assert s.out.tolist() == [124, 2, 2, -3, -40_000, -128]


def test_what_is_written_is_where_it_belongs_and_nothing_else_is() -> None:
    s, before = small(), small()
    compiled()(addresses(s).ctypes.data)
    before.bytes[0] = -128
    before.inner.plane[0, 1] = -7
    before.inner.cube[1, 2, 3] = -70_000
    before.rules[0]["limit"] = 2**31 - 1
    before.rules[2]["flag"] = 1
    before.state["busy"] = 42
    for name, value in (("flag", 1), ("limit", 5), ("until", -(2**62))):
        before.state[name] = value
    assert (s.bytes == before.bytes).all()
    assert (s.inner.plane == before.inner.plane).all()
    assert (s.inner.cube == before.inner.cube).all()
    assert (s.rules == before.rules).all()
    assert s.state == before.state


def test_code_without_the_entrance_is_no_entrance() -> None:
    with pytest.raises(LookupError, match="no entrance_of_nobody in the code"):
        machine.load("entrance_of_nobody", code()[1])


def test_an_attribute_that_there_is_not_is_refused_when_it_is_compiled() -> None:
    from numba.core.errors import TypingError

    @entrance
    def misspelt(address: int) -> None:
        small_at(address).outer[0] = 1

    with pytest.raises(TypingError, match="outer"):
        machine_code(misspelt)


CHECKED = """
import os
os.environ["VSSIM_CHECK"] = "1"
from tests.engines.test_layer import *
from vssim.engines.compiled.backend import plain
s = small()
words = addresses(s)
enter = compiled()
enter(words.ctypes.data)
assert s.out.tolist() == [124, 2, 2, -3, -40_000, -128], s.out
for name, places in {"bytes": [1], "plane": [3, 4], "cube": [6, 7, 8], "rules": [10], "out": [13]}.items():
    for number, place in enumerate(places, start=1):
        shorter = words.copy()
        shorter[place] = 0
        try:
            enter(shorter.ctypes.data)
        except IndexError as error:
            assert str(error) == f"{name}: a place outside of dimension {number} of {len(places)}", error
        else:
            raise AssertionError((name, number))
"""


def test_a_build_with_checks_names_the_array_whose_end_was_passed() -> None:
    subprocess.run([sys.executable, "-c", CHECKED], cwd=ROOT, check=True)


@pytest.mark.slow
def test_the_engines_agree_with_every_index_compared() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/engines/test_equality.py",
        "-k",
        "not uncompiled and not said",
    ]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "VSSIM_CHECK": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]

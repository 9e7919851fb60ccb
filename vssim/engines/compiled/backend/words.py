"""The list of words by which an arena is found."""

from __future__ import annotations

from typing import Any

import numpy as np

from vssim.clock import Ints


def addresses(arrays: Any) -> Ints:
    """The list of addresses and lengths of a named tuple of arrays."""
    words: list[int] = []
    for array in arrays:
        if isinstance(array, tuple):
            words += addresses(array).tolist()
        else:
            words += [array.ctypes.data, *array.shape]
    return np.array(words, np.int64)

"""The second tier: the world as structures of arrays (Numba's StructRef), which needs none of Numba's insides.

A named tuple of arrays is one structure. All numbers are 64-bit ones, so that every part is compiled for one kind of array only:
arrays of smaller numbers are copied to wide ones, played, and copied back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, get_type_hints

import numba
import numpy as np
from numba import types
from numba.experimental import structref
from numba.extending import overload, overload_attribute
from numpy.typing import NDArray

from vssim.engines.compiled.backend import cache as place

Records = NDArray[Any]

INT = np.dtype(np.int64)


def part(function: Callable[..., Any], **settings: Any) -> Any:
    """A part of the kernel, compiled when it is first called. Other threads of Python run while it plays."""
    # Numba names its files after the part's own source; in this folder, named after all sources, none is of another version.
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(place.folder())
    try:
        return numba.njit(error_model="numpy", nogil=True, cache=True, **settings)(function)
    finally:
        numba.config.CACHE_DIR = kept


def take_over(to: Any, rules: Any) -> None:
    """What a row of rules says becomes what the other row says, number by number."""
    for name in rules.dtype.names:
        to[name] = rules[name]


@overload(take_over, strict=False)  # type: ignore[untyped-decorator]
def _take_over(to: Any, rules: Any) -> Any:  # noqa: ARG001 - Numba asks with both
    # Numba knows the fields of a row by names that stand in the source, and by no others.
    lines = "".join(f"\n    to.{name} = rules.{name}" for name in rules.fields)
    namespace: dict[str, Any] = {}
    exec(f"def copied(to, rules):{lines}", namespace)
    return namespace["copied"]


def played(function: Any, world: tuple[Any, ...]) -> None:
    """Play a world by the part of the kernel that plays it to its end."""
    wide: list[tuple[Records, Records]] = []
    function(_built(world, wide))
    for narrow, copy in wide:
        _copy(copy, narrow)


def _built(arrays: tuple[Any, ...], wide: list[tuple[Records, Records]]) -> Any:
    """The structure of a named tuple of arrays; pairs of an array and its wide copy are added to `wide`."""
    values = []
    for array in arrays:
        if isinstance(array, tuple):
            values.append(_built(array, wide))
            continue
        whole = array.reshape(1) if array.ndim == 0 else array
        broad = _broad(whole.dtype)
        if broad == whole.dtype and whole.flags.carray:
            values.append(whole.view(np.ndarray))
            continue
        copy = np.empty(whole.shape, broad)
        _copy(whole, copy)
        values.append(copy)
        if whole.flags.writeable:
            wide.append((whole, copy))
    return _proxy(type(arrays))(*values)


def _broad(kind: np.dtype[Any]) -> np.dtype[Any]:
    """The same with 64-bit numbers only."""
    return np.dtype([(name, INT) for name in kind.names]) if kind.names else INT


def _copy(origin: Records, copy: Records) -> None:
    """Copy every number of one array to the other."""
    for name in origin.dtype.names or ():
        copy[name] = origin[name]
    if not origin.dtype.names:
        copy[...] = origin


@cache
def _proxy(kind: type) -> Any:
    """The class that makes structures for a kind of named tuple."""
    single = [name for name, hint in get_type_hints(kind, include_extras=True).items() if _is_single(hint)]
    fields = [f"one_{name}" if name in single else name for name in get_type_hints(kind)]

    class Fields(types.StructRef):  # type: ignore[misc]
        def preprocess_fields(self, fields: Any) -> Any:
            return tuple((name, types.unliteral(field)) for name, field in fields)

    Fields.__name__ = Fields.__qualname__ = f"{kind.__name__}Fields"
    structref.register(Fields)
    proxy: Any = type(kind.__name__, (structref.StructRefProxy,), {})
    structref.define_proxy(proxy, Fields, fields)
    for name in single:
        _one_row(Fields, name)
    return proxy


def _is_single(hint: Any) -> bool:
    """True for a field that is one row and no array."""
    return hasattr(hint, "__metadata__") and hint.__metadata__[0][1] == 0


def _one_row(fields: type, name: str) -> None:
    """Let an attribute of the structure stand for the only row of its array."""
    if name != "run":
        raise LookupError(f"only `run` is known as a single row, not {name}")  # Numba wants the attribute's name in the source

    @overload_attribute(fields, "run")  # type: ignore[untyped-decorator]
    def row(_world: Any) -> Any:
        def only_row(_world: Any) -> Any:
            return _world.one_run[0]

        return only_row

"""How the kernel is given the world: one pointer to a list of addresses, so that a call passes one word and counts no references.

Numba passes a tuple of arrays by value, some hundred words a call. Here a named tuple of arrays is a compiled type of its own,
whose attributes are looked up where they are needed. The arrays are kept alive by who calls the kernel.
"""

from __future__ import annotations

from typing import Any, get_type_hints

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, models, register_model
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from vssim.clock import Ints
from vssim.engines.compiled.records import World

WORD = 8
"""bytes of an address or a length"""


class Row(types.Record):  # type: ignore[misc]
    """A record whose small numbers are read as 64-bit ones, so that every function is compiled once."""

    def __init__(self, record: types.Record) -> None:
        fields = [(name, {"type": field.type, "offset": field.offset}) for name, field in record.fields.items()]
        super().__init__(fields, record.size, record.aligned)


class Arena(types.Type):  # type: ignore[misc]
    """The compiled type of a named tuple of arrays and of such tuples."""

    def __init__(self, kind: type) -> None:
        super().__init__(name=f"Arena({kind.__name__})")
        self.fields: dict[str, tuple[int, Any]] = {}
        """by name: the place of its first word, and its compiled type"""
        self.words = 0
        for name, hint in get_type_hints(kind, include_extras=True).items():
            field: Any
            if hasattr(hint, "__metadata__"):
                dtype, dimensions = hint.__metadata__[0]
                field, words = types.Array(_element(dtype), dimensions, "C"), 1 + dimensions
            else:
                field = Arena(hint)
                words = field.words
            self.fields[name] = (self.words, field)
            self.words += words


def _element(dtype: np.dtype[Any]) -> Any:
    element = from_dtype(dtype)
    return Row(element) if isinstance(element, types.Record) else element


WORLD = Arena(World)

register_model(Row)(models.RecordModel)
register_model(Arena)(models.OpaqueModel)


@infer_getattr
class _Numbers(AttributeTemplate):  # type: ignore[misc]
    key = Row

    def generic_resolve(self, row: Row, name: str) -> Any:
        return types.int64 if name in row.fields else None


@lower_getattr_generic(Row)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, row: Row, address: Any, name: str) -> Any:
    """A number of a row."""
    stored = row.typeof(name)
    place = cgutils.get_record_member(builder, address, row.offset(name), context.get_data_type(stored))
    return context.cast(builder, context.unpack_value(builder, stored, place, None), stored, types.int64)


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]
    key = Arena

    def generic_resolve(self, arena: Arena, name: str) -> Any:
        return arena.fields[name][1] if name in arena.fields else None


@lower_getattr_generic(Arena)  # type: ignore[untyped-decorator]
def _look_up(context: Any, builder: Any, arena: Arena, address: Any, name: str) -> Any:
    """The attribute of an arena: an array made of its address and lengths, or the part of the list that is an arena itself."""
    place, field = arena.fields[name]
    words = builder.bitcast(address, cgutils.intp_t.as_pointer())
    if isinstance(field, Arena):
        return builder.bitcast(cgutils.gep_inbounds(builder, words, place), cgutils.voidptr_t)
    item_size = context.get_abi_sizeof(context.get_data_type(field.dtype))
    shape = [_word(builder, words, place + 1 + dimension) for dimension in range(field.ndim)]
    strides = [cgutils.intp_t(item_size)]
    for length in shape[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(field)(context, builder)
    data = builder.inttoptr(_word(builder, words, place), array.data.type)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=cgutils.intp_t(item_size), meminfo=None)
    return array._getvalue()


def _word(builder: Any, words: Any, place: int) -> Any:
    """A word of the list, which never changes while the kernel runs."""
    word = builder.load(cgutils.gep_inbounds(builder, words, place))
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


@intrinsic  # type: ignore[untyped-decorator]
def world_at(_context: Any, address: Any) -> Any:
    """The world whose list of addresses begins at `address`."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return WORLD(types.int64), generate


def addresses(arrays: Any) -> Ints:
    """The list of addresses and lengths of a named tuple of arrays."""
    words: list[int] = []
    for array in arrays:
        if isinstance(array, tuple):
            words += addresses(array).tolist()
        else:
            words += [array.ctypes.data, *array.shape]
    return np.array(words, np.int64)



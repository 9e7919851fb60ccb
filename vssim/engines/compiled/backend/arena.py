"""How the kernel is given the world: one pointer to a list of addresses, so a call passes one word and counts no references.

Numba passes a tuple of arrays by value, some hundred words a call, and checks every index for being negative. Here a named tuple
of arrays is a compiled type of its own, whose attributes are addresses that are read where they are needed. The caller of the
kernel keeps the arrays alive; an index is never negative.
"""

from __future__ import annotations

import operator
from typing import Any, get_type_hints

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import infer_getattr, intrinsic, models, register_model
from numba.np.numpy_support import from_dtype

from vssim.engines.compiled.backend.plain import is_checked, is_plain
from vssim.engines.compiled.records import World


class Row(types.Record):  # type: ignore[misc]
    """A record whose small numbers are read as 64-bit ones, so that every function is compiled once."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        record = from_dtype(dtype)
        fields = [(name, {"type": field.type, "offset": field.offset}) for name, field in record.fields.items()]
        super().__init__(fields, record.size, record.aligned)


class Grid(types.Type):  # type: ignore[misc]
    """An array of rows or of numbers, read as 64-bit ones. Its value is where its address and lengths stand in the list."""

    def __init__(self, dtype: np.dtype[Any], dimensions: int, title: str) -> None:
        self.element = Row(dtype) if dtype.names else types.int64
        self.stored = self.element if dtype.names else from_dtype(dtype)
        self.dimensions = dimensions
        self.title = title
        super().__init__(name=f"Grid({title}, {self.stored}, {dimensions})")


class Arena(types.Type):  # type: ignore[misc]
    """A named tuple of arrays, of single rows, and of such tuples. Its value is where its part of the list begins."""

    def __init__(self, kind: type) -> None:
        # Numba takes types of one name for one type: two tuples that are called alike would have each other's attributes.
        super().__init__(name=f"Arena({kind.__module__}.{kind.__qualname__})")
        self.fields: dict[str, tuple[int, Any]] = {}
        """by name: the place of its first word, and its compiled type"""
        self.words = 0
        for name, hint in get_type_hints(kind, include_extras=True).items():
            field, words = _field(hint, name)
            self.fields[name] = (self.words, field)
            self.words += words


def _field(hint: Any, name: str) -> tuple[Any, int]:
    """The compiled type of an attribute, and how many words of the list are its own."""
    if not hasattr(hint, "__metadata__"):
        arena = Arena(hint)
        return arena, arena.words
    dtype, dimensions = hint.__metadata__[0]
    return (Grid(dtype, dimensions, name), 1 + dimensions) if dimensions else (Row(dtype), 1)


WORLD = Arena(World)

register_model(Row)(models.RecordModel)
register_model(Grid)(models.OpaqueModel)
register_model(Arena)(models.OpaqueModel)


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]
    key = Arena

    def generic_resolve(self, arena: Arena, name: str) -> Any:
        return arena.fields[name][1] if name in arena.fields else None


@infer_getattr
class _Numbers(AttributeTemplate):  # type: ignore[misc]
    key = Row

    def generic_resolve(self, row: Row, name: str) -> Any:
        return types.int64 if name in row.fields else None


@infer_global(operator.getitem)
class _Item(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _: Any) -> Any:
        return signature(args[0].element, args[0], _index(args[0])) if isinstance(args[0], Grid) else None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _: Any) -> Any:
        return signature(types.none, args[0], _index(args[0]), types.int64) if isinstance(args[0], Grid) else None


def _index(grid: Grid) -> Any:
    return types.int64 if grid.dimensions == 1 else types.UniTuple(types.int64, grid.dimensions)


@lower_getattr_generic(Arena)  # type: ignore[untyped-decorator]
def _look_up(_context: Any, builder: Any, arena: Arena, address: Any, name: str) -> Any:
    """The attribute of an arena: its part of the list, or the row at the address that stands there."""
    place, field = arena.fields[name]
    words = builder.bitcast(address, cgutils.intp_t.as_pointer())
    if isinstance(field, Row):
        return builder.inttoptr(_word(builder, words, place), _context.get_value_type(field))
    return builder.bitcast(cgutils.gep_inbounds(builder, words, place), cgutils.voidptr_t)


@lower_getattr_generic(Row)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, row: Row, address: Any, name: str) -> Any:
    """A number of a row."""
    number = builder.load(_number(context, builder, row, address, name))
    _only(builder, number, f"{row.size}.{name}")
    return context.cast(builder, number, row.typeof(name), types.int64)


@lower_setattr_generic(Row)  # type: ignore[untyped-decorator]
def _write(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    """A number of a row becomes another one."""
    row = sig.args[0]
    number = context.cast(builder, args[1], types.int64, row.typeof(name))
    _only(builder, builder.store(number, _number(context, builder, row, args[0], name)), f"{row.size}.{name}")


def _number(context: Any, builder: Any, row: Row, address: Any, name: str) -> Any:
    return cgutils.get_record_member(builder, address, row.offset(name), context.get_data_type(row.typeof(name)))


def _only(builder: Any, access: Any, mark: str) -> None:
    """Mark an access: it touches rows of one size and number (or one array) only, never memory with another mark.

    So the optimiser need not read a number again because of a write with another mark in between.
    """
    # The marks are a promise that two names never mean the same memory. An array that is a view of another, or a record read
    # as plain numbers, would break it: writes would be lost, in optimised code only, which no plain run shows.
    module = builder.module
    kind = module.add_metadata([mark, module.add_metadata(["vssim"]), cgutils.intp_t(0)])
    access.set_metadata("tbaa", module.add_metadata([kind, kind, cgutils.intp_t(0)]))


@lower_builtin(operator.getitem, Grid, types.Integer)  # type: ignore[untyped-decorator]
@lower_builtin(operator.getitem, Grid, types.BaseTuple)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    grid = sig.args[0]
    place = _place(context, builder, grid, *args[:2])
    if isinstance(grid.element, Row):
        return place
    number = builder.load(place)
    _only(builder, number, grid.title)
    return context.cast(builder, number, grid.stored, types.int64)


@lower_builtin(operator.setitem, Grid, types.Integer, types.Integer)  # type: ignore[untyped-decorator]
@lower_builtin(operator.setitem, Grid, types.BaseTuple, types.Integer)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    grid = sig.args[0]
    number = context.cast(builder, args[2], types.int64, grid.stored)
    _only(builder, builder.store(number, _place(context, builder, grid, *args[:2])), grid.title)
    return context.get_dummy_value()


def _place(context: Any, builder: Any, grid: Grid, address: Any, index: Any) -> Any:
    """Where an element is: rows and planes one after the other."""
    words = builder.bitcast(address, cgutils.intp_t.as_pointer())
    places = [index] if grid.dimensions == 1 else cgutils.unpack_tuple(builder, index, grid.dimensions)
    if is_checked():
        _compare(context, builder, grid, words, places)
    number, *others = places
    for dimension, other in enumerate(others, start=2):
        number = builder.add(builder.mul(number, _word(builder, words, dimension)), other)
    stored = context.get_value_type(grid.stored)
    pointer = stored if isinstance(grid.stored, Row) else stored.as_pointer()
    return builder.gep(builder.inttoptr(_word(builder, words, 0), pointer), [number])


def _compare(context: Any, builder: Any, grid: Grid, words: Any, places: Any) -> None:
    """End the run with an IndexError where an index is below 0, or not below the length of its dimension."""
    for dimension, place in enumerate(places, start=1):
        outside = builder.icmp_unsigned(">=", place, _word(builder, words, dimension))
        with cgutils.if_unlikely(builder, outside):
            says = f"{grid.title}: a place outside of dimension {dimension} of {grid.dimensions}"
            context.call_conv.return_user_exc(builder, IndexError, (says,))


def _word(builder: Any, words: Any, place: int) -> Any:
    """A word of the list, which never changes while the kernel runs."""
    word = builder.load(cgutils.gep_inbounds(builder, words, place))
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


def at(arena: Arena) -> Any:
    """A function of compiled code that turns the address of a list of words into the named tuple it describes."""

    @intrinsic  # type: ignore[untyped-decorator]
    def world_there(_context: Any, _address: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], cgutils.voidptr_t)

        return arena(types.int64), generate

    return world_there


world_at = at(WORLD)
"""The world whose list of addresses begins at a number."""


def _take_over_plainly(to: Any, rules: Any) -> None:
    """`take_over` where the kernel runs as plain Python."""
    for name in rules.dtype.names:
        to[name] = rules[name]


@intrinsic  # type: ignore[untyped-decorator]
def _take_over(_context: Any, to: Any, rules: Any) -> Any:
    """`take_over` in compiled code."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        for name in rules.fields:
            number = _read(context, builder, rules, arguments[1], name)
            _write(context, builder, signature(types.none, to, types.int64), (arguments[0], number), name)
        return context.get_dummy_value()

    return types.none(to, rules), generate


take_over: Any = _take_over_plainly if is_plain() else _take_over
"""Copy every field of a row of rules to the field of the same name in another row."""

"""Plain memory for compiled passes: an address becomes something whose numbers are read and written by their place."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import float64, int8, int16, int32, int64, types
from numba.extending import intrinsic

__all__ = ["float64", "high_product", "int8", "int16", "int32", "int64", "numbers_at"]


@intrinsic  # type: ignore[untyped-decorator]
def numbers_at(_context: Any, _address: Any, kind: Any) -> Any:
    """The numbers of a kind (`numba.int64`, …) that stand one after the other from an address on. A place is never negative."""
    pointer = types.CPointer(kind.dtype)

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(pointer))

    return pointer(types.int64, kind), generate


@intrinsic  # type: ignore[untyped-decorator]
def high_product(_context: Any, _word: Any, _factor: Any) -> Any:
    """The upper 64 of the 128 bits of a product of two words without a sign."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), arguments[0].type)

    return types.int64(types.int64, types.int64), generate

"""How the kernel's parts become one piece of machine code: collected as they are, and optimised together at the end.

Numba by itself optimises every function and makes machine code of it before another may call it. For the kernel that takes three
times as long, and its parts call each other as strangers. Here a part is only kept; the entrance takes in all of them, and what
is called once is inlined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numba
from llvmlite.binding import create_pass_builder, create_pipeline_tuning_options
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder


class PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of a part with everything that it calls. It is not run from here."""

    def finalize(self) -> None:
        """Take in the code of what is called."""
        for called in dict.fromkeys(self._linking_libraries):
            self._final_module.link_in(called._get_module_for_linking(), preserve=True)
        self._finalized = True

    @property
    def codegen(self) -> Any:
        """Who would tell machine code where its Python environment is."""
        return self

    def set_env(self, _name: str, _environment: Any) -> None:
        """There is none to be told."""


class WholeLibrary(PartLibrary):
    """The code of the entrance with all that it calls."""

    machine_code: bytes
    """object code of it all"""

    def finalize(self) -> None:
        """Take in the code of everything that is called, as internal code, and make machine code of it.

        Loops are left as they are: they run over few pools, steps and types.
        """
        own = {function.name for function in self._final_module.functions}
        super().finalize()
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in own:
                function.linkage = "internal"
        options = create_pipeline_tuning_options(speed_level=3)
        options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = False
        builder = create_pass_builder(self._codegen._tm, options)
        builder.getModulePassManager().run(self._final_module, builder)
        self._final_module.verify()
        self.machine_code = self._codegen._tm.emit_object(self._final_module)


class _Pipeline(CompilerBase):  # type: ignore[misc]
    library: ClassVar[Any]

    def define_pipelines(self) -> list[Any]:
        """Numba's own, into a library of ours."""
        self.state.library = self.library(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.finalize()
        return [pipeline]


class Part(_Pipeline):
    """Compiles a part of the kernel."""

    library = PartLibrary


class Whole(_Pipeline):
    """Compiles the kernel's entrance."""

    library = WholeLibrary


SETTINGS = {"error_model": "numpy", "_nrt": False}
"""Whole-number division without asking for 0; without reference counts, since nothing is allocated."""


def part(function: Callable[..., Any], **settings: Any) -> Any:
    """A part of the kernel, compiled once (constants are numbers like any others) into what calls it."""
    compiled: Any = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=Part, **SETTINGS, **settings)(
        function
    )
    template = compiled.get_call_template
    compiled.get_call_template = lambda args, kws: template([numba.types.unliteral(argument) for argument in args], kws)
    return compiled


def whole(function: Callable[[int], None]) -> Any:
    """The kernel's entrance, which takes one number and returns none."""
    return numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=Whole, **SETTINGS)(function)


def machine_code(entrance: Any) -> tuple[str, bytes]:
    """Compile the entrance with all its parts: its name there, and the object code."""
    entrance.compile((numba.types.int64,))
    (result,) = entrance.overloads.values()
    return result.fndesc.llvm_func_name, result.library.machine_code

"""The command line. Results go to standard output; progress, warnings and errors to standard error.

Exit codes: 0 done; 1 a claim failed or stayed undecided, or the engines differ; 2 bad input or usage; 130 interrupted. Words that
only list something are answered here, before anything is imported that reads options; all other commands are in
`vssim.cli.commands`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from vssim.cli.output import BAD_INPUT, plain_output, refuse
from vssim.cli.words import WORDS

if TYPE_CHECKING:
    from vssim.cli.commands import app as app


def __getattr__(name: str) -> Any:
    if name == "app":
        from vssim.cli.commands import app

        return app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """The command `vssim`."""
    plain_output()
    try:
        if len(sys.argv) == 2 and sys.argv[1] in WORDS:
            _at_once(sys.argv[1])
        else:
            from vssim.cli.commands import app

            app(prog_name="vssim")
    except OSError as error:  # help that finds no room on standard output: it is written before there is a command
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            refuse(f"the result cannot be written to standard output ({error.strerror or error})")
        sys.exit(BAD_INPUT)


def _at_once(word: str) -> None:
    """The answer to a word that stands alone; without options nothing can be wrong."""
    from vssim.errors import VssimError

    try:
        WORDS[word]()
    except VssimError as error:
        refuse(str(error))
        sys.exit(BAD_INPUT)

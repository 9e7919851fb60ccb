"""`python -m vssim`, and the command `vssim`: opened with care, so that Ctrl-C is answered while libraries are still imported."""

from __future__ import annotations

import sys


def main() -> None:
    """The command `vssim`."""
    try:
        from vssim.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()

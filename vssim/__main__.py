"""`python -m vssim`: the same as the command `vssim`."""

from vssim.cli import main

main()

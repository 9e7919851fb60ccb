"""The workload: luck and model turned into a program, everything an engine needs to know before the run."""

from vssim.workload.blueprint import Blueprint, Coming, build
from vssim.workload.kept import Shelf
from vssim.workload.luck import Luck
from vssim.workload.program import Program

__all__ = ["Blueprint", "Coming", "Luck", "Program", "Shelf", "build"]

"""The workload: luck and model turned into a program, everything an engine needs to know before the run."""

from vssim.workload.build import build
from vssim.workload.program import Program

__all__ = ["Program", "build"]

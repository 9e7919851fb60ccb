"""Levers: lean changes as pure functions from model to model, one module per theme, and the type that reads them from a file."""

from __future__ import annotations

from vssim.model.levers.base import Lever
from vssim.model.levers.registry import LEVERS, LeverField

__all__ = ["LEVERS", "Lever", "LeverField"]

"""The reader: the text of a scenario file, as `vssim.yaml` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vssim import yaml
from vssim.errors import Fault
from vssim.yaml import Node

SCENARIO = yaml.Sort("a scenario", "demand, steps and teams", instead="data belongs in a .csv file")


def read_text(path: Path) -> str:
    """The text of a scenario file; a ScenarioError for a folder, a huge file, or one that is not text."""
    return yaml.read_text(path, SCENARIO)


def parse(text: str, file: str) -> tuple[Node, list[Fault]]:
    """The tree of a scenario's text, and the faults that do not keep it from being read further.

    Raises ScenarioError where the text cannot be read any further.
    """
    return yaml.parse(text, file, SCENARIO)


def value_of(text: str) -> Any:
    """The value that a text such as '3', 'none' or '[1, 2]' stands for in a scenario file; a distribution needs no quotes."""
    return yaml.value_of(text, SCENARIO)

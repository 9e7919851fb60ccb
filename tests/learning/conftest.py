"""The team of these tests, read and learned once."""

from __future__ import annotations

import pytest

from tests.support import teams
from vssim.learning.learned import Learned
from vssim.tracker.board import Board


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    folder = tmp_path_factory.getbasetemp() / "team"
    folder.mkdir(exist_ok=True)
    return teams.board_of_the_team(folder)


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    folder = tmp_path_factory.getbasetemp() / "team"
    folder.mkdir(exist_ok=True)
    return teams.what_was_learned(folder)

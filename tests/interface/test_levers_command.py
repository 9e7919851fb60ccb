"""`vssim levers`: the list by theme, and one of them in full, read off the levers themselves."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from tests.interface.commands import vssim
from vssim.model.levers import LEVERS, LeverField
from vssim.views.terminal.levers import by_theme, told


def test_the_list_has_every_lever_under_its_theme() -> None:
    answer = vssim("levers")
    assert (answer.code, answer.err) == (0, "")
    lines = [line.strip() for line in answer.out.splitlines()]
    for theme, names in by_theme().items():
        assert theme in lines
        following = lines[lines.index(theme) :]
        for name in names:
            assert any(line.split()[:1] == [name] for line in following), name


def test_the_list_says_how_a_change_is_made() -> None:
    out = vssim("levers").out
    assert all(word in out for word in ("from: T", "every: D", "dip:", "includes:"))


@pytest.mark.parametrize("name", LEVERS)
def test_one_lever_shows_its_arithmetic_parameters_and_example(name: str) -> None:
    answer = vssim("levers", name)
    assert answer.code == 0
    shown = " ".join(answer.out.split())
    found = told(name)
    assert found.sentence in shown
    assert found.arithmetic
    assert all(" ".join(paragraph.split()) in shown for paragraph in found.arithmetic)
    assert found.example in shown
    for parameter in found.parameters:
        assert parameter.name in shown
        assert parameter.takes.split()[-1] in shown
        assert parameter.says.split()[0] in shown


def test_a_parameter_is_shown_with_what_it_takes_and_its_default() -> None:
    parameters = {one.name: one for one in told("say_no").parameters}
    assert (parameters["share"].takes, parameters["share"].default) == ("share", "20%")
    assert parameters["types"].takes == "name or [name, …]"
    assert {one.name: one.takes for one in told("limit_wip").parameters}["steps"] == "{name: whole number or none}"
    assert {one.name: one.default for one in told("add_people").parameters} == {
        "teams": "–",
        "does": "–",
        "ramp": "60",
        "mentoring": "25%",
    }
    assert "wsjf" in {one.name: one.takes for one in told("prioritise").parameters}["discipline"]
    assert [one.name for one in told("set").parameters] == ["path"]
    assert "missing" in {one.name for one in told("cross_functional_teams").parameters}  # as the file calls it


@pytest.mark.parametrize("name", LEVERS)
def test_every_example_can_be_read(name: str) -> None:
    from pydantic import TypeAdapter

    for example in told(name).example.split(", or "):
        found = TypeAdapter(LeverField).validate_python(YAML(typ="safe").load(example))
        assert found.name == name


def test_a_lever_that_there_is_not_is_refused_with_the_nearest() -> None:
    answer = vssim("levers", "say_noo")
    assert answer.code == 2
    assert "there is no lever 'say_noo' (did you mean 'say_no'?)" in answer.err


def test_the_command_is_listed() -> None:
    assert "levers" in vssim("--help").out

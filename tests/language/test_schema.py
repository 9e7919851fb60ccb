"""The JSON Schema from which editors complete keys and mark mistakes: it takes what the reader takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vssim.model import paths
from vssim.model.levers import LEVERS
from vssim.scenario import Scenario
from vssim.scenario.jsonschema import schema
from vssim.scenario.reader import parse

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    written = schema()
    jsonschema.Draft202012Validator.check_schema(written)
    return jsonschema.Draft202012Validator(written)


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = parse(text, "text")[0].plain()
    return found


def test_the_example_validates(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(document(EXAMPLE))


@pytest.mark.parametrize(
    "text",
    [
        "demand: {t: {every: 1}}\nsteps: {ux: 1, dev: uniform(1)}\nteams: {ux: 1, ux+dev: unlimited}\n",
        "extends: silos\nsteps: {ux: none}\n",
        "demand: {t: {every: {gamma: [1, 1]}}}\nsteps: {ux: {work: 1, wip_limit: none}}\nteams: {a: {people: 1, does: [ux]}}",
    ],
)
def test_short_forms_and_extends_validate(validator: jsonschema.Draft202012Validator, text: str) -> None:
    validator.validate(document(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wip_limit: 6", "wip_limti: 6"),
        ("unit: day", "unit: days"),
        ("metric: throughput, within", "metrik: throughput, within"),
        ("{limit_wip:", "{limit_wpi:"),
        ("every: 10,", "every: [10],"),
    ],
)
def test_a_mistake_is_marked(validator: jsonschema.Draft202012Validator, old: str, new: str) -> None:
    assert old in EXAMPLE
    assert not validator.is_valid(document(EXAMPLE.replace(old, new, 1)))


def test_every_key_and_lever_is_there_and_every_key_says_what_it_is() -> None:
    written = schema()
    assert {field.alias or name for name, field in Scenario.model_fields.items()} < set(written["properties"])
    assert all(entry.get("description") for entry in written["properties"].values())
    assert set(written["$defs"]["LeverEntry"]["properties"]) == set(LEVERS)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("wip_limit", True),
        ("steps.develop.work", True),
        ("steps.test.returns.chance", True),
        ("teams.testers.people", True),
        ("teams.developers.multitasking", True),
        ("handoffs.relearning", True),
        ("run.horizon", False),
        ("run.seed", False),
        ("discipline", False),
    ],
)
def test_any_number_of_the_organisation_may_be_unknown_and_nothing_else(
    validator: jsonschema.Draft202012Validator, path: str, allowed: bool
) -> None:
    unknown = paths.put(document(EXAMPLE), path, "between(1, 2)")
    assert validator.is_valid(unknown) == allowed

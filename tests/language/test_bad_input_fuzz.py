"""Whatever stands in a file, reading it ends in a scenario or in a ScenarioError that says where and what."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from vssim import scenario as scenarios
from vssim.errors import ScenarioError
from vssim.scenario import Scenario
from vssim.scenario.positions import child
from vssim.scenario.reader import parse

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")
LINES = EXAMPLE.splitlines()
DOCUMENT = parse(EXAMPLE, "example")[0].plain()

ODD = [
    *(
        "",
        "~",
        "none",
        "never",
        "again",
        "auto",
        "0",
        "-1",
        "1e308",
        "1e-308",
        "9" * 30,
        ".nan",
        ".inf",
        "-.inf",
        "true",
        "100%",
        "-5%",
    ),
    *(
        "{}",
        "[]",
        "[1]",
        "{a: 1}",
        "{1: 2}",
        "[[[]]]",
        "*a",
        "&a b",
        "!!int x",
        "'",
        '"',
        "|",
        ">",
        "?",
        "- ",
        ": ",
        "#",
        "\t",
        "%",
        "@",
    ),
    *(
        "exponential(0)",
        "lognormal(mean=1e300, cv=20)",
        "lognormal(p50=1e-300, p85=1e300)",
        "erlang(1000000000, 1)",
        "weibull(1, 20)",
    ),
    *(
        "geometric(1e300)",
        "discrete({1: 100%})",
        "uniform(2, 1)",
        "empirical(a.csv, b)",
        "empirical(x",
        "constant(-1)",
        "geometric(1)",
    ),
    *(
        "develop",
        "feature",
        "test",
        "limit WIP",
        "baseline",
        "2026-02-30",
        "name: x",
        "<<: *x",
        "{<<: {a: 1}}",
        "gamma(mean=1e-300, cv=1e-300)",
    ),
]


def outcome(read: Callable[[], Scenario]) -> Scenario | ScenarioError:
    """What reading ends in; anything but a scenario or a ScenarioError fails the test."""
    try:
        return read()
    except ScenarioError as error:
        return error


def accepted(text: str) -> Scenario | None:
    """The scenario that a text gives, having been used a little; None when it was refused as it should be."""
    scenario = outcome(lambda: scenarios.loads(text))
    if isinstance(scenario, ScenarioError):
        assert scenario.faults
        assert all(fault.expected and "\n" not in str(fault) for fault in scenario.faults)
        return None
    assert scenario.warnings is not None
    for change in scenario.changes:
        assert scenario.plan(change).phases
    again = scenarios.loads(json.dumps(scenario.document()))
    assert again == scenario
    assert again.document() == scenario.document()
    return scenario


@given(st.text(max_size=200))
@example("\ufeff")
@example("a: \x00")
@example("? ? ? a")
@example("%YAML 1.1\n---\na: yes")
@example("%TAG ! tag:x\n---\n!a b")
@example("&a [*a, *a]")
@example("- - - - {? - : - }")
def test_a_random_text_is_refused(text: str) -> None:
    accepted(text)


@given(st.text(alphabet=":-{}[],&*!|>'\"%@`#?\n \tab10.~<", max_size=80))
def test_a_random_text_of_signs_that_yaml_knows_is_refused(text: str) -> None:
    accepted(text)


@given(content=st.binary(max_size=300))
def test_a_file_of_random_bytes_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "random.yaml"
    file.write_bytes(content)
    read = outcome(lambda: scenarios.load(file))
    assert isinstance(read, ScenarioError)
    assert str(file) in str(read)


@st.composite
def mutated_texts(draw: st.DrawFn) -> str:
    """The example with a few of its lines or characters changed."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        match draw(st.sampled_from(["drop", "double", "cut", "value", "insert", "indent", "swap"])):
            case "drop":
                del lines[place]
            case "double":
                lines.insert(place, line)
            case "cut":
                lines[place] = line[: draw(st.integers(0, max(len(line) - 1, 0)))]
            case "value":
                lines[place] = f"{line.split(':', 1)[0]}: {draw(st.sampled_from(ODD))}"
            case "insert":
                column = draw(st.integers(0, len(line)))
                lines[place] = line[:column] + draw(st.sampled_from(ODD)) + line[column:]
            case "indent":
                lines[place] = " " * draw(st.integers(1, 3)) + line
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
        if not lines:
            break
    return "\n".join(lines)


@given(mutated_texts())
def test_a_mutated_example_is_read_or_refused(text: str) -> None:
    accepted(text)


VALUES = st.recursive(
    st.sampled_from(
        [parse(f"x: {odd}", "odd")[0].plain()["x"] for odd in ODD if odd[:1] not in "*&!'\"|>?-:#\t%@" and ": " not in odd]
    )
    | st.integers(-3, 10)
    | st.sampled_from([*DOCUMENT["steps"], *DOCUMENT["teams"], *DOCUMENT["changes"], *DOCUMENT["demand"]])
    | st.floats(-1e6, 1e6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["to", "from", "work", "count", "does", "test"]), inner)
    ),
    max_leaves=4,
)


def paths_in(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path of a document below its root."""
    entries = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    return [found for key, value in entries for found in ((*path, key), *paths_in(value, (*path, key)))]


PATHS = paths_in(DOCUMENT)


@st.composite
def mutated_documents(draw: st.DrawFn) -> dict[str, Any]:
    """The example's document with a few values replaced, taken out or moved under another key."""
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4)):
        holder: Any = document
        for key in path[:-1]:
            holder = child(holder, key)
        if not isinstance(holder, dict) and child(holder, path[-1]) is None:
            continue
        match draw(st.sampled_from(["replace", "replace", "remove", "rename"])):
            case "replace":
                holder[path[-1]] = draw(VALUES)
            case "remove" if isinstance(holder, dict):
                holder.pop(path[-1], None)
            case "rename" if isinstance(holder, dict) and path[-1] in holder:
                holder[draw(st.sampled_from(["work", "tset", "people", "a.b", "", " x", "from", path[-1][:-1]]))] = holder.pop(
                    path[-1]
                )
    return document


@given(mutated_documents())
def test_a_mutated_document_is_read_or_refused(document: dict[str, Any]) -> None:
    accepted(json.dumps(document, allow_nan=True).replace("Infinity", ".inf").replace("NaN", ".nan"))


@given(st.sampled_from([".".join(map(str, path)) for path in PATHS]), VALUES | st.sampled_from(ODD))
def test_any_setting_is_taken_or_refused(path: str, value: Any) -> None:
    read = outcome(lambda: scenarios.loads(EXAMPLE, [(path, value)]))
    assert not isinstance(read, ScenarioError) or read.faults

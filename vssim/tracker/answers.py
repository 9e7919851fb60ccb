"""The team's answers: a sheet of questions that records cannot answer; "don't know" is an answer too.

Where there is no answer, learning starts from a prior and the ensemble is wider; no default is put in silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vssim import yaml
from vssim.errors import Fault, ScenarioError, nearest

if TYPE_CHECKING:
    from vssim.tracker.records import Records

ANSWERS = yaml.Sort("a sheet of answers", "what only the team can tell")

UNKNOWN = "don't know"

COLUMN_KINDS = ("queue", "work", "waits for others", "done")

KEYS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "columns": (dict, "what each column is: queue, work, waits for others, done"),
    "teams": (dict, "teams: {NAME: {people: 5, columns: [a, b]}}"),
    "open_items_a_person": ((int, float), "how many items one person has open at once"),
    "calendar": (dict, "working_days, holidays, hours, zone, as in a scenario"),
    "limits": (dict, "limits on columns and since when: {COLUMN: {limit: 4, since: 2025-01-13}}"),
    "cadences": (dict, "columns that are left on a cadence only: {COLUMN: {every: 10}} in working days"),
    "last_reorganisation": (str, "the day on which teams, columns or the way of working last changed"),
    "other_work": ((int, float, str), "share of people's time for meetings and other things: 30%"),
    "remembered": (list, "hands-on days of five to ten items that somebody remembers: [{item: KEY-7, hands_on: 2.5}]"),
    "dropped": (list, "statuses and resolutions that mean: will not be done"),
}
"""The questions: by key the type of the answer, and what is asked."""

EXPLAINED = {
    "columns": "What is each column? Queues, work and waiting for others hang on different things, and a name does not tell.",
    "teams": "Which teams are there, how many people, and in which columns do they work? Records show how much goes through, "
    "not how many hands there are.",
    "open_items_a_person": "How many items has one person open at once, as a rule? A column with three a person looks the "
    "same whether two of them wait or all are juggled.",
    "calendar": "On which days and hours does the team work? Times are counted in working days.",
    "limits": "Which columns have a limit, and since when?",
    "cadences": "Which columns are left on certain days only: a release, the end of a sprint, a committee?",
    "last_reorganisation": "When did teams, columns or the way of working last change? What came before was another organisation.",
    "other_work": "Which share of people's time goes into meetings, support and other things that are not on this board? Records "
    "cannot tell much work from many meetings, and that decides what a change is worth.",
    "dropped": "Which statuses and resolutions mean that an item will not be done?",
    "remembered": "Five to ten finished items of which somebody remembers how many days of work they were, waiting left out. "
    "This pins the scale: it is worth more than any other answer.",
}
"""Why each question is asked."""

EXAMPLES = {
    "teams": "{developers: {people: 5, columns: [Build, Review]}, testers: {people: 2, columns: [Test]}}",
    "open_items_a_person": "2",
    "other_work": "30%, or a range: 20%..40%",
    "remembered": "[{item: KEY-7, hands_on: 2.5}, {item: KEY-9, hands_on: 6}]",
    "limits": "{Build: {limit: 4, since: 2025-01-13}}",
    "cadences": "{Test: {every: 10}} in working days",
    "last_reorganisation": "2025-01-13",
}
"""By key an example of an answer."""


def sheet(board: Records) -> str:
    """The sheet to fill in as YAML, with the board's own columns and a few finished items that somebody may remember."""
    stages = board.stages
    lines = [
        '# What only you can tell. Answer what you know; leave "don\'t know" where nobody does: that is an answer too.',
        "# Then: vssim learn FILE --answers THIS-FILE -o mine.yaml (or, to see the records alone, vssim import FILE --answers …)",
        "",
        *_asked("columns"),
        yaml.write({"columns": {name: guess(board, name) for name in stages.columns}}).rstrip(),
        "",
        *_asked("teams"),
        f"teams: {UNKNOWN}",
    ]
    for key in ("open_items_a_person", "limits", "cadences", "last_reorganisation", "other_work"):
        lines += ["", *_asked(key), f"{key}: {UNKNOWN}"]
    lines += ["", *_asked("calendar"), yaml.write({"calendar": board.clock.document()}).rstrip()]
    dropped = board.decisions.get("dropped")
    lines += ["", *_asked("dropped"), yaml.write({"dropped": list(dropped.value) if dropped else []}).rstrip()]
    lines += [
        "",
        *_asked("remembered"),
        "# Some that were finished lately:",
    ]
    for item in _lately(board):
        lines.append(f"#   - {{item: {item}, hands_on: ?}}")
    lines.append(f"remembered: {UNKNOWN}")
    return "\n".join(lines) + "\n"


def _asked(key: str) -> list[str]:
    """The comment above a question: why it is asked, what is meant, and an example of an answer."""
    lines = [f"# {EXPLAINED[key]}", f"#   {KEYS[key][1]}"]
    return [*lines, *([f"#   as in: {EXAMPLES[key]}"] if key in EXAMPLES else [])]


def guess(board: Records, column: str) -> str:
    """What a column is according to the reading, as a suggestion; 'work' is never suggested, since a name cannot tell it."""
    if column in board.stages.done:
        return "done"
    return "queue" if column in board.stages.queues or column in board.stages.backlog else UNKNOWN


def _lately(board: Records) -> list[str]:
    finished = board.lives.filter(board.lives["since_start"].is_not_null()).sort("done", descending=True, maintain_order=True)
    return [str(item) for item in finished["item"].head(8).to_list()]


def load(path: Path) -> dict[str, Any]:
    """The answers of a sheet, without those that nobody knows. Raises an error with every fault of the sheet at once."""
    node, faults = yaml.parse(yaml.read_text(path, ANSWERS), str(path), ANSWERS)
    content = node.plain()
    for key, value in content.items():
        line, column = node.keys.get(key, (0, 0))
        if key not in KEYS:
            faults.append(Fault(str(path), line, column, str(key), "", f"one of {', '.join(KEYS)}", nearest(str(key), KEYS)))
        elif value is not None and value != UNKNOWN and (not isinstance(value, KEYS[key][0]) or isinstance(value, bool)):
            faults.append(Fault(str(path), line, column, str(key), repr(value)[:60], f"{KEYS[key][1]}; or {UNKNOWN}"))
    for name, kind in (content.get("columns") or {}).items() if isinstance(content.get("columns"), dict) else ():
        if kind not in (*COLUMN_KINDS, UNKNOWN, None):
            line, column = node.keys.get("columns", (0, 0))
            expected = f"{', '.join(COLUMN_KINDS)} or {UNKNOWN}"
            faults.append(Fault(str(path), line, column, f"columns.{name}", repr(kind), expected, nearest(str(kind), COLUMN_KINDS)))
    if faults:
        raise ScenarioError(faults)
    known = {key: _known(value) for key, value in content.items()}
    return {key: value for key, value in known.items() if value not in (None, UNKNOWN, {}, [])}


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items() if inner not in (None, UNKNOWN)}
    return value


def as_reading(answers: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """The answers that decide how records are read: the calendar, what each column is, which statuses mean dropped."""
    reading: dict[str, Any] = {key: answers[key] for key in ("calendar", "dropped") if key in answers}
    kinds = answers.get("columns", {})
    if kinds:
        strange = [name for name in kinds if name not in columns]
        if strange:
            faults = [
                Fault("answers", 0, 0, f"columns.{name}", "", "a column of the board", nearest(name, columns)) for name in strange
            ]
            raise ScenarioError(faults)
        done = [name for name in columns if kinds.get(name) == "done"]
        reading["queues"] = [name for name in columns if kinds.get(name) in ("queue", "waits for others")]
        if done:
            reading["done"] = done
    return reading


def people_of(answers: Mapping[str, Any]) -> dict[str, float]:
    """By column the number of people in the teams that work there."""
    people: dict[str, float] = {}
    for team in (answers.get("teams") or {}).values():
        if isinstance(team, dict) and isinstance(team.get("people"), int | float):
            columns = team.get("columns") or []
            for name in [columns] if isinstance(columns, str) else columns:
                people[str(name)] = people.get(str(name), 0.0) + float(team["people"])
    return people

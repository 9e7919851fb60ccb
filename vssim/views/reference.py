"""The reference: levers, scenarios and metrics as one Markdown page, generated from them, so that it cannot disagree with them."""

from __future__ import annotations

from collections.abc import Iterator

from vssim.catalogue import CATALOGUE
from vssim.scenario.library import by_theme as scenarios_by_theme
from vssim.views.terminal import levers
from vssim.views.terminal.levers import ON_A_CHANGE, Parameter

HEAD = """# Levers, scenarios, metrics

This page is written by `vssim reference`, from what the levers, the library and the metrics say of themselves.

- [Levers](#levers): what a change can pull, and what it does to the arithmetic
- [Scenarios](#scenarios): the library, one file per question
- [Metrics](#metrics): what is measured, by the names that `claims`, tables and `--json` use
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD, "## Levers", "", *_levers(), "## Scenarios", "", *_scenarios(), "## Metrics", "", *_metrics()]
    return "\n".join(lines).rstrip("\n") + "\n"


def _levers() -> Iterator[str]:
    for theme, names in levers.by_theme().items():
        yield f"### {theme[0].upper()}{theme[1:]}"
        yield ""
        for name in names:
            yield from _lever(name)
    yield "### On a change, beside its levers"
    yield ""
    yield from (f"- `{words}`: {meaning}" for words, meaning in ON_A_CHANGE.items())
    yield ""


def _lever(name: str) -> Iterator[str]:
    lever = levers.told(name)
    yield f"#### `{name}`"
    yield ""
    for paragraph in (f"**{lever.sentence}**", *lever.arithmetic):
        yield _escaped(paragraph)
        yield ""
    yield from _table(("parameter", "takes", "default", "meaning"), map(_parameter, lever.parameters))
    yield f"Example: `{lever.example}`"
    yield ""
    if lever.source:
        yield _escaped(f"Source: {lever.source}")
        yield ""


def _parameter(parameter: Parameter) -> tuple[str, ...]:
    return f"`{parameter.name}`", parameter.takes, parameter.default, parameter.says


def _scenarios() -> Iterator[str]:
    yield "`vssim compare NAME` plays one, `vssim check NAME` tests its claims, `vssim new mine.yaml --from NAME` begins with it."
    yield ""
    for theme, scenarios in scenarios_by_theme().items():
        yield f"### {theme[0].upper()}{theme[1:]}"
        yield ""
        yield from _table(("scenario", "question"), ((f"`{name}`", question) for name, question in scenarios))


def _metrics() -> Iterator[str]:
    yield "T is the unit of time of the scenario. Every metric also exists by item type, as in `lead_time.p85@feature`."
    yield ""
    rows = (
        (
            f"`{metric.name}`",
            metric.unit.format(unit="T", money="money").removeprefix("1").replace("Ts", "T"),
            metric.good or "",
            metric.meaning,
        )
        for metric in CATALOGUE.values()
    )
    yield from _table(("metric", "unit", "good", "meaning"), rows)


def _table(heading: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield _row(heading)
    yield "|" + "---|" * len(heading)
    yield from map(_row, rows)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: outside code, a `<step>` in a name must not become a tag."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*") if not part.startswith("**") else part for part in parts[::2]]
    return "`".join(parts)

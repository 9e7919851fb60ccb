"""The command that says when work is done, and how often such forecasts were right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from vssim.cli import options, pictures
from vssim.cli.output import file_for_result, say, show, show_json, write_result
from vssim.errors import UsageError

SCENARIOS = (".yaml", ".yml")

USUAL = "weeks"
"""The method of forecasts from records that is taken where none is named."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked: one of these."""

    when: Annotated[
        list[str] | None,
        typer.Option(
            "--when",
            metavar="N",
            help="When are N items done? Of several sources one for all, or repeated, one for each. "
            "Of a scenario also `items`: all that it names.",
        ),
    ] = None
    by: Annotated[str | None, typer.Option("--by", metavar="DATE", help="How many are done by the end of that day?")] = None
    item: Annotated[str | None, typer.Option("--item", metavar="ID", help="When is this item done, given its age and column?")] = (
        None
    )
    record: Annotated[
        bool, typer.Option("--record", help="Only how often forecasts would have been right, by horizon and method.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """From what, and how."""

    begins: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="First day of the forecast; what is recorded from then on is not used."),
    ] = None
    method: Annotated[
        str, typer.Option("--method", metavar="NAME", help="weeks; or days, as tools do it, which is over-confident.")
    ] = USUAL
    growth: Annotated[
        str | None,
        typer.Option(
            "--growth", metavar="SHARE", help="More work turns up meanwhile: 20%, 10%..30%, or history, as under past parents."
        ),
    ] = None
    reading: Annotated[
        Path | None, typer.Option("--reading", metavar="FILE", help="Decisions by which the export is read (YAML).")
    ] = None
    change: Annotated[
        list[str] | None,
        typer.Option("--change", metavar="NAME", help="Of a scenario: the same with this change too; repeat for several."),
    ] = None
    board: Annotated[
        list[Path] | None,
        typer.Option(
            "--board", metavar="FILE", help="Of a learned scenario: an export of today; by default the board of its own records."
        ),
    ] = None
    seed: options.Seed = None
    anyway: options.Anyway = False


def forecast(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE…",
            help="An export, or moves; several are teams that deliver together. Or a scenario with today's board.",
        ),
    ],
    asking: Asking,
    terms: Terms,
    output: options.Output = None,
    figure: options.Figures = None,
    as_json: options.Json = False,
) -> None:
    """When will it be done? From what was delivered, with the record of such promises; or from a scenario with today's board."""
    from vssim.views.terminal.forecasts import shown

    file = file_for_result(output)
    asked = [
        name
        for name, given in (("--when", asking.when), ("--by", asking.by), ("--item", asking.item), ("--record", asking.record))
        if given
    ]
    if len(asked) != 1:
        raise UsageError(f"forecast: got {' and '.join(asked) or 'no question'}, expected one of --when, --by, --item and --record")
    is_scenario = any(map(_is_scenario, sources))
    kind = "scenario" if is_scenario else "teams" if len(sources) > 1 and asked == ["--when"] else asked[0].removeprefix("--")
    drawn = _figures(figure, kind)
    result = _of_scenario(sources, asking, terms) if is_scenario else _of_records(sources, asking, terms)
    if file is not None:
        write_result(result, file)
    _draw(drawn, result)
    if as_json:
        show_json(result.document())
    else:
        show(shown(result))


def _figures(given: list[str] | None, kind: str) -> pictures.Asked:
    """The pictures that are asked for, each one that shows something of the question; matplotlib only where there are any."""
    if not given:
        return []
    from vssim.views.figures.forecasts import FORECAST_FIGURES, needs

    wanted = pictures.asked(given, FORECAST_FIGURES)
    for name, _ in wanted:
        needs(name, kind)
    return wanted


def _draw(wanted: pictures.Asked, result: Any) -> None:
    if not wanted:
        return
    from vssim.views.figures import forecasts
    from vssim.views.figures.gallery import save

    for name, file in wanted:
        save(getattr(forecasts, name)(result), file)
        say(f"wrote {file}")


def _is_scenario(source: Path) -> bool:
    from vssim.scenario.library import all_names

    return source.suffix.lower() in SCENARIOS or (not source.exists() and str(source) in all_names())


def _of_scenario(sources: list[Path], asking: Asking, terms: Terms) -> Any:
    """From a scenario: its board, people and rules, with changes."""
    from vssim.forecasts.door import forecast as forecast_of
    from vssim.scenario import load
    from vssim.tracker.board import read

    of_records = {
        "--from": terms.begins,
        "--growth": terms.growth,
        "--reading": None if terms.board else terms.reading,
        "--method": None if terms.method == USUAL else terms.method,
    }
    refused = [name for name, given in of_records.items() if given]
    if refused:
        raise UsageError(f"{refused[0]}: is for records, not for a scenario")
    if len(sources) > 1 or len(asking.when or []) > 1:
        raise UsageError("forecast: got several, expected one scenario and one question")
    when = None if asking.when is None else "items" if asking.when[0] == "items" else _number(asking.when[0])
    scenario = load(str(sources[0]))
    if (asking.record or terms.board) and scenario.learned is None:
        option = "--record" if asking.record else "--board"
        raise UsageError(f"{option}: is for records, or a scenario that was learned from them")
    if asking.record:
        from vssim.forecasts.foretold import Kept

        return Kept(scenario)
    today = read(terms.board, terms.reading) if terms.board else None
    asked: dict[str, Any] = {"when": when, "by": asking.by, "item": asking.item, "changes": terms.change or ()}
    return forecast_of(scenario, **asked, seed=terms.seed, today=today)


def _of_records(sources: list[Path], asking: Asking, terms: Terms) -> Any:
    """From what was delivered: of one team, or of several together."""
    from vssim.forecasts.door import forecast as forecast_of
    from vssim.forecasts.forecast import date
    from vssim.forecasts.records import records_of
    from vssim.tracker.board import read

    if terms.change or terms.board:
        option = "--change" if terms.change else "--board"
        raise UsageError(f"{option}: is for a scenario; records hold only what was")
    when = None if asking.when is None else [_number(each) for each in asking.when]
    begins, by = date(terms.begins, "--from"), date(asking.by, "--by")
    boards = [read(source, terms.reading) for source in sources]
    if asking.record:
        if len(boards) > 1:
            raise UsageError(f"--record: is for one source, got {len(boards)}")
        return records_of(boards[0], begins)
    seed = 1 if terms.seed is None else terms.seed
    method, growth = terms.method, terms.growth
    return forecast_of(boards, when=when, by=by, item=asking.item, begins=begins, method=method, growth=growth, seed=seed)


_number = options.whole("--when", 1)

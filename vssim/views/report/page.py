"""The whole page: one HTML file with everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vssim.analysis.compare import Comparison
from vssim.analysis.experiment import HEADLINE
from vssim.analysis.run import Run
from vssim.errors import UsageError
from vssim.views.report import bundle
from vssim.views.report.assumptions import assumptions, lesson, method
from vssim.views.report.markup import element, text
from vssim.views.report.theatre import theatre
from vssim.views.report.timebars import where_the_time_went
from vssim.views.report.verdicts import head, numbers, verdicts


def page(found: Comparison, runs: Sequence[Run]) -> str:
    """The report of a comparison; `runs` are one run of each variant, with the same luck."""
    body = element(
        "main",
        head(found),
        verdicts(found),
        numbers(found),
        where_the_time_went(found),
        theatre(runs, best(found)),
        assumptions(found),
        method(found),
        lesson(found),
    )
    top = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{bundle.policy()}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        element("title", text(found.scenario.name)),
        f"<style>{bundle.style()}</style>",
    ]
    script = f'<script type="module">{bundle.script()}</script>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{"".join(top)}</head><body>{body}{script}</body></html>\n'


def best(found: Comparison) -> str | None:
    """The change that shortens the lead time most; None where there is none."""
    ratios = {name: one[HEADLINE].ratio.mean for name, one in found.items()}
    known = {name: ratio for name, ratio in ratios.items() if ratio is not None}
    return min(known, key=lambda name: known[name]) if known else None


def checked(file: Path) -> Path:
    """The same file, if a report can be written there; asked before the work, not after it."""
    if file.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"-o {file}: expected a file ending in .html")
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"-o {file}: {'is a folder' if file.is_dir() else f'there is no folder {file.parent}'}")
    return file


def write(markup: str, file: Path) -> None:
    """Write the page."""
    try:
        file.write_text(markup, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"-o {file}: cannot be written ({error.strerror or error})") from None

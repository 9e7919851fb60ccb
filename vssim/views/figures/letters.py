"""Letters that the usual font lacks: another installed font is used, or a warning says that no font has them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

USUAL = "DejaVu Sans"
UNSEEN = {"\n", "\u200b", "\u200d", "\ufe0f", "\u00ad"}
"""Characters that are not visible."""

_NOT_DRAWN = ("emoji", "lastresort", "last resort")
"""Parts of the names of fonts that matplotlib cannot draw (pictures), or that only hold placeholders."""


@cache
def _letters(file: str) -> frozenset[int]:
    """The letters of a font file; empty where it cannot be read."""
    try:
        return frozenset(FT2Font(file).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@cache
def _others() -> tuple[tuple[str, str], ...]:
    """Other installed fonts, as family and file; each family once, upright faces first."""
    files: dict[str, str] = {}
    for font in sorted(font_manager.fontManager.ttflist, key=lambda font: (font.style != "normal", str(font.weight), font.name)):
        if font.name != USUAL and not any(word in font.name.lower() for word in _NOT_DRAWN):
            files.setdefault(font.name, font.fname)
    return tuple(files.items())


def missing_in(texts: Iterable[str], file: str) -> set[str]:
    """Those letters of the texts that a font lacks."""
    return {letter for text in texts for letter in text if letter not in UNSEEN and ord(letter) not in _letters(file)}


def provide(drawn: Figure) -> str:
    """Let every text of a picture use fonts that have its letters; returns the letters that no installed font has."""
    usual = font_manager.findfont(USUAL, fallback_to_default=True)
    texts = [artist for artist in drawn.findobj(Text) if isinstance(artist, Text) and artist.get_text()]
    lacking = missing_in((text.get_text() for text in texts), usual)
    if not lacking:
        return ""
    families, rest = [USUAL], set(lacking)
    for family, file in _others():
        helped = {letter for letter in rest if ord(letter) in _letters(file)}
        if helped:
            families.append(family)
            rest -= helped
        if not rest:
            break
    for text in texts:
        if lacking & set(text.get_text()):
            text.set_fontfamily(families)
    return "".join(sorted(rest))


def warning(letters: str) -> str:
    """The warning about letters that are drawn as boxes."""
    return (
        f"no installed font has {letters}: boxes are drawn instead; install one that has them (Debian: apt install fonts-noto-cjk)"
    )

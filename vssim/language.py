"""The language of pages, phones and reports. English stands in the code, where it is used; every other language is one catalogue.

A catalogue is `vssim/languages/<code>.json`: English text -> text. What is between braces is filled in after it was translated. A
page is in one language from top to bottom, so the language is one of the process, chosen where a command begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from vssim.errors import UnknownName

FOLDER = Path(__file__).with_name("languages")
ENGLISH = "en"

_chosen = ENGLISH


def languages() -> tuple[str, ...]:
    """All there are, English first."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.json")))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The texts of a language by the English ones; none for English. Raises UnknownName for a language that is not there."""
    if language not in languages():
        raise UnknownName("language", language, languages())
    if language == ENGLISH:
        return {}
    texts: Mapping[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def chosen() -> str:
    """The language that is spoken."""
    return _chosen


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language until the block ends. Raises UnknownName for one that is not there."""
    global _chosen  # noqa: PLW0603 - one of the process: threads of a room speak as their page does
    catalogue(language)
    before, _chosen = _chosen, language
    try:
        yield
    finally:
        _chosen = before


def t(text: str, **values: object) -> str:
    """A text in the language that is spoken, with what is between braces filled in."""
    told = catalogue(_chosen).get(text, text)
    for name, value in values.items():
        told = told.replace(f"{{{name}}}", str(value))
    return told


class Sentence(str):
    """An English text that remembers what it was filled in from, so that a page can tell it in its own language.

    What is read from records is kept, written to files and given to programs in English; only a page has another language.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __reduce__(self) -> tuple[object, ...]:
        return _sentence, (str(self), self.template, self.values)


def _sentence(filled: str, template: str, values: Mapping[str, object]) -> Sentence:
    sentence = Sentence(filled)
    sentence.template, sentence.values = template, values
    return sentence


def said(text: str, **values: object) -> Sentence:
    """A text for `told`, with what is between braces filled in; whole numbers are written with their thousands."""
    return _sentence(_filled(text, {name: _written(value) for name, value in values.items()}), text, values)


def joined(between: str, parts: Sequence[str]) -> Sentence:
    """Several texts as one, each of which is told on its own."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return _sentence(between.join(parts), between.join(f"{{{name}}}" for name in values), values)


def told(text: str) -> str:
    """A text that was said, in the language that is spoken; numbers as the language writes them, and anything else as it is."""
    if isinstance(text, Sentence):
        values = {name: told(_written(value)) for name, value in text.values.items()}
        return _filled(catalogue(_chosen).get(text.template, text.template), values)
    return numbers(text) if _NUMBER.fullmatch(text) else text


NAMES = ("column", "place", "step", "team", "teams")
"""What a sentence is filled in with that is a name of the user's own: it is in no language."""

FIGURES = (
    *("all", "asked", "count", "days", "errors", "high", "inside", "kept", "low", "means", "minutes", "played", "ratio"),
    *("recorded", "share", "spreads", "weeks"),
)
PARTS = ("check", "found", "hint", "limit", "metric", "names", "structure", "structures", "what", "why", "wide")
"""What else the sentences are filled in with that files keep: numbers, and further sentences."""


def recalled(text: str) -> str:
    """An English text that a file kept, in the language that is spoken: by the sentence that it was filled in from.

    A file keeps what was said and not from what: the sentence is looked for that could have said it, the one with most words of its
    own first. Where there is none, the parts of a list are told one by one; what nobody says stays as it is.
    """
    if _chosen == ENGLISH or isinstance(text, Sentence):
        return told(text)
    known = catalogue(_chosen)
    if text in known:
        return known[text]
    if "; " in text:
        return "; ".join(map(recalled, text.split("; ")))
    for template, form in _forms(_chosen):
        match = form.fullmatch(text)
        if match:
            values = {name: value if name in NAMES else recalled(value) for name, value in match.groupdict().items()}
            return _filled(known[template], values)
    for between in (": ", ", "):
        first, comma, rest = text.partition(between)
        if comma:
            return f"{recalled(first)}{between}{recalled(rest)}"
    return told(text)


@cache
def _forms(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Sentences that are filled in with what files keep alone, each with its form; those with most words of their own first."""
    filled = [text for text in catalogue(language) if _can_be_recalled(_BRACES.findall(text))]
    filled.sort(key=lambda text: -len(_BRACES.sub("", text)))
    return tuple((text, re.compile(_form(text))) for text in filled)


def _can_be_recalled(names: Sequence[str]) -> bool:
    return 0 < len(names) == len({*names} & {*NAMES, *FIGURES, *PARTS})


def _form(text: str) -> str:
    pieces = _BRACES.split(text)  # words of its own and names of what is filled in, in turn
    return "".join(_value(piece) if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))


def _value(name: str) -> str:
    """The form of what is filled in; a single name has no comma, or a list of such sentences would be one of them."""
    form = r"[-+]?\d[\d,.]*(?: ?%)?" if name in FIGURES else ".+" if name in (*PARTS, "teams") else "[^,;]+"
    return f"(?P<{name}>{form})"


def _written(value: object) -> str:
    return value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else str(value)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _BRACES.sub(lambda place: values.get(place[1], place[0]), text)


_BRACES = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"[-+≤≥ ]*\d[\d,]*(\.\d+)?( %)?")


def told_to_pages() -> str:
    """The catalogue as a block for a page, which its script reads; '' where it speaks English."""
    if _chosen == ENGLISH:
        return ""
    told = json.dumps(catalogue(_chosen), ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" class="catalogue">{told}</script>'


def page(markup: str) -> str:
    """A page in the language that is spoken: its texts and the labels of its elements, and the catalogue for its script."""
    if _chosen == ENGLISH:
        return markup
    told = catalogue(_chosen)

    def text(match: re.Match[str]) -> str:
        words = match[2].strip()
        return match[1] + match[2].replace(words, told.get(words, words)) + match[3] if words else match[0]

    markup = _TEXT.sub(text, markup)
    markup = _LABEL.sub(lambda match: f'{match[1]}="{told.get(match[2], match[2])}"', markup)
    return markup.replace('<html lang="en">', f'<html lang="{_chosen}">').replace("</head>", f"{told_to_pages()}</head>")


def texts_of(markup: str) -> list[str]:
    """Every text and label of a page that a catalogue has to have."""
    texts = [words.strip() for _, words, _ in _TEXT.findall(markup)] + [words for _, words in _LABEL.findall(markup)]
    return [words for words in dict.fromkeys(texts) if re.search(r"[A-Za-z]{2}", words)]


_TEXT = re.compile(r"(>)([^<>]+)(<)")
_LABEL = re.compile(r'(aria-label|placeholder|title)="([^"]*)"')


def numbers(written: str) -> str:
    """A written number as the language writes it: 1,234.5 is 1.234,5 where there is a decimal comma."""
    return written.translate(_COMMA) if catalogue(_chosen).get(".") == "," else written


_COMMA = str.maketrans({",": ".", ".": ","})

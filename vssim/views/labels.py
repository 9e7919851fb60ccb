"""What states and causes are called, once for every view; what a metric is called stands in the catalogue."""

from __future__ import annotations

from vssim.catalogue import is_money, phrase_of
from vssim.causes import CALLED
from vssim.language import t

CAUSES = CALLED

MARKS = {
    "hands_on": ("█", "green"),
    "switching": ("▓", "green"),
    "set_aside": ("▒", "cyan"),
    "queueing": ("░", "yellow"),
    "backlog": ("·", "bright_black"),
    "transit": ("»", "blue"),
    "helper": ("%", "magenta"),
    "outside": ("o", "magenta"),
    "gate": ("|", "red"),
    "no_room": ("x", "red"),
    "parts": ("+", "blue"),
}
"""By cause: the character that fills its stretch of a bar on a terminal, and its colour there."""

VERDICTS = {"better": "▲", "worse": "▼", "no real difference": "=", "undecided": "?", "not settled": "?"}
"""By verdict: the mark beside its words."""


def of_metric(metric: str, unit: str, currency: str = "") -> str:
    """What a metric is called where its figures stand alone: throughput a day; lead time, 85 % within; cost a day [EUR]."""
    name, at, kind = metric.partition("@")
    money = f" [{currency}]" if currency and is_money(metric) else ""
    return t(phrase_of(name, unit)) + (t(" of {type}", type=kind) if at else "") + money

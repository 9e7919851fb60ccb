"""What the room tried: settings that phones sent to the wall, and ideas that were kept, each with its answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from vssim.views.live.room.setup import Setup

MOST_IDEAS = 12
"""Ideas that a room keeps, at most."""

MOST_SENDERS = 1000


@dataclass
class Tries:
    """By path and position: who sent it, and what came of it. Belongs to one question."""

    of: Any = None
    """the question's arrangement"""
    sent: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    values: dict[tuple[str, int], float | None] = field(default_factory=dict)
    """the headline after, as far as it has been worked out"""
    before: float | None = None
    path: str | None = None
    """what is edited on the board"""
    everything: bool = False
    """whether every value is played, not only those that were tried"""

    def begin(self, setup: Setup) -> None:
        """Forget what was tried at another question."""
        of = (setup.source, setup.number, setup.arrangement.change, setup.arrangement.seed)
        if of != self.of:
            self.of = of
            self.sent.clear()
            self.values.clear()
            self.before, self.path, self.everything = None, None, False

    def send(self, who: str, path: str, position: int) -> None:
        """A phone sends its setting to the wall; one that sends another moves its dot."""
        for (other, place), senders in self.sent.items():
            if other == path and place != position:
                senders.discard(who)
        if sum(map(len, self.sent.values())) < MOST_SENDERS:
            self.sent.setdefault((path, position), set()).add(who)

    def told(self, setup: Setup) -> dict[str, Any] | None:
        """As pages are told; None while nothing is edited."""
        if self.path is None or self.path not in {slider.path for slider in setup.sliders}:
            return None
        slider = setup.slider(self.path)
        dots = []
        for position, words in enumerate(slider.words):
            value, count = self.values.get((self.path, position)), len(self.sent.get((self.path, position), ()))
            if value is not None and (count or self.everything or position == setup.position(slider)):
                dots.append({"position": position, "words": words, "value": value, "count": count})
        return {
            "path": self.path,
            "label": slider.label,
            "unit": slider.unit,
            "positions": list(slider.words),
            "position": setup.position(slider),
            "was": slider.values.index(slider.value),
            "before": self.before,
            "dots": dots,
            "all": self.everything,
        }

    def missing(self, setup: Setup) -> list[tuple[str, int]]:
        """What has to be played for the picture: the value on the wall, those that were sent, and all where asked for."""
        if self.path is None or self.path not in {slider.path for slider in setup.sliders}:
            return []
        slider = setup.slider(self.path)
        wanted = {setup.position(slider)} | {place for (path, place), who in self.sent.items() if path == self.path and who}
        if self.everything:
            wanted |= set(range(len(slider.values)))
        return [(self.path, place) for place in sorted(wanted) if (self.path, place) not in self.values]


@dataclass
class Ideas:
    """Settings of the room that were kept under names, with their answers, to be compared in the end."""

    kept: dict[str, tuple[Setup, dict[str, Any]]] = field(default_factory=dict)

    def keep(self, name: str, setup: Setup, answer: dict[str, Any]) -> None:
        """Keep what is shown; one of the same name is replaced."""
        if name in self.kept or len(self.kept) < MOST_IDEAS:
            self.kept[name] = (replace(setup), answer)

    def of(self, source: str | None) -> dict[str, Setup]:
        """The ideas of one scenario."""
        return {name: setup for name, (setup, _) in self.kept.items() if setup.source == source}

    def told(self, source: str | None) -> list[dict[str, Any]]:
        """The ideas of one scenario, as pages are told."""
        return [{"name": name, "answer": answer} for name, (setup, answer) in self.kept.items() if setup.source == source]

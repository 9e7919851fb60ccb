"""One item's story for a room: its way on both sides, and why it is where it is today."""

from __future__ import annotations

from typing import Any

from vssim.errors import UsageError
from vssim.language import t
from vssim.metrics.story import story, typical, why
from vssim.views.live.pictures.picture import Pair
from vssim.views.player.storyline import panel

WIDTH = 1872.0
P85 = "lead_time.p85"


def story_of(pair: Pair, item: int | None, day: float, held_back: bool) -> dict[str, Any]:
    """The story of an item (None: a typical one) as a picture; `held_back`: of the left side alone."""
    chosen = _typical(pair) if item is None else item
    if chosen is None:
        raise UsageError(t("too little is delivered for a typical item"))
    sides = [pair.left] if held_back else list(pair.sides)
    named = [(side.name, story(side.run.log, chosen)) for side in sides]
    sentence = t("Today {why}.", why=why(pair.left.run.log, chosen, day))
    return {"item": chosen, "words": sentence, "svg": panel(named, day, sentence, WIDTH)}


def _typical(pair: Pair) -> int | None:
    left, right = pair.sides
    levels = left.metrics[P85], right.metrics[P85]
    return typical(left.run.log, right.run.log, levels, max(side.run.warmup for side in pair.sides))

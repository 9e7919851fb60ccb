"""What a room has chosen to look at. A setup never changes: every wish of the facilitator makes another one of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from vssim.analysis.interactive.answer import headline_of
from vssim.analysis.interactive.opening import most_ordinary
from vssim.analysis.interactive.sliders import Slider, sliders
from vssim.analysis.interactive.stage import Arrangement, Lucks, Scene, Stage, levers_of
from vssim.errors import UnknownName, UsageError
from vssim.model.changes import BASELINE
from vssim.play.settings import is_withheld
from vssim.scenario import Scenario
from vssim.scenario.workshop import Leg, Workshop
from vssim.views.live.room import messages
from vssim.views.live.room.rounds import leg_of, with_rounds

Opener = Callable[[str], Workshop]
"""Reads what a source means: a scenario, with its rounds if it has any."""


@dataclass(frozen=True, eq=False)
class Setup:
    """The scenario in the room, which of its changes is beside it, and what was moved by hand."""

    workshop: Workshop | None = None
    """None: nothing yet, the library is shown"""
    number: int = 0
    """which round of the workshop, from 1; 0: none"""
    arrangement: Arrangement = field(default_factory=Arrangement)
    stage: Stage | None = None
    """None exactly when there is no workshop"""
    asked: Leg | None = None
    """a question that is none of the rounds: about another change"""
    world: int | None = None
    """which world of what is thought possible is played; None: the figures that stand for what is not known"""
    _sliders: dict[str | None, tuple[Slider, ...]] = field(default_factory=dict)
    """by change, as they have been asked for; the same for all setups of one stage"""

    @property
    def source(self) -> str | None:
        """What was opened."""
        return None if self.workshop is None else self.workshop.source

    @property
    def leg(self) -> Leg | None:
        """The round that is played, if one is."""
        if self.asked is not None:
            return self.asked
        return self.workshop.rounds[self.number - 1] if self.workshop is not None and self.number else None

    @property
    def metric(self) -> str:
        """What the answer is about."""
        return self.leg.reveal[0] if self.leg is not None else headline_of(self.scenario)

    @property
    def lucks(self) -> Lucks:
        """All lucks of what is shown; none is played yet."""
        assert self.stage is not None
        return Lucks(self.stage, self.scene, self.metric, max(self.stage.warmup, self.scene.since))

    @property
    def scenario(self) -> Scenario:
        """The scenario on the boards."""
        assert self.stage is not None
        return self.stage.scenario

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """What can be moved."""
        change = self.arrangement.change
        if self.stage is not None and change not in self._sliders:
            self._sliders[change] = sliders(self.scenario, change)
        return self._sliders.get(change, ())

    @property
    def is_changed(self) -> bool:
        """True when the two sides differ in anything."""
        return self.scene.left.key != self.scene.right.key

    @cached_property
    def scene(self) -> Scene:
        """Both sides; raises ScenarioError or RunError for what cannot be played."""
        assert self.stage is not None
        return self.stage.scene(self.arrangement)

    def slider(self, path: str) -> Slider:
        """The slider of a path; UnknownName where there is none."""
        by_path = {slider.path: slider for slider in self.sliders}
        if path not in by_path:
            raise UnknownName("slider", path, by_path)
        return by_path[path]

    def position(self, slider: Slider) -> int:
        """Where a slider stands."""
        value = dict(self.arrangement.moved).get(slider.path, slider.value)
        return slider.values.index(value) if value in slider.values else slider.values.index(slider.value)

    def moved(self, path: str, position: int) -> Setup:
        """With a slider at another position."""
        slider = self.slider(path)
        if position >= len(slider.values):
            raise UsageError(f"{slider.label}: got position {position}, expected at most {len(slider.values) - 1}")
        value = slider.values[position]
        return self.arranged(self.arrangement.with_moved(path, None if value == slider.value else value))

    def arranged(self, arrangement: Arrangement) -> Setup:
        """With another arrangement of the same scenario."""
        return replace(self, arrangement=arrangement)

    def in_world(self, number: int | None) -> Setup:
        """In another world, the same question; sliders stand where that world has them. UsageError where all is known."""
        assert self.stage is not None
        plain = replace(self.arrangement, moved=())
        return replace(self, stage=self.stage.in_world(number), world=number, arrangement=plain, _sliders={})


def opened(workshop: Workshop, seed: int | None = None) -> Setup:
    """A scenario that has just been opened: its first round; one a change, where it has none of its own.

    One that does not play its own past is shown as it is, without questions about its changes.
    """
    if is_withheld(workshop.scenario):
        return Setup(workshop, 0, Arrangement(seed=_seed(workshop.scenario, seed)), Stage(workshop.scenario))
    workshop = with_rounds(workshop)
    if workshop.rounds:
        return in_round(Setup(workshop, stage=Stage(workshop.scenario)), 1)
    arrangement = Arrangement(next(iter(workshop.scenario.changes), None), seed=_seed(workshop.scenario, seed))
    return Setup(workshop, 0, arrangement, Stage(workshop.scenario))


def _seed(scenario: Scenario, seed: int | None) -> int:
    return scenario.run.seed if seed is None else seed


def in_round(setup: Setup, number: int) -> Setup:
    """Another round of the same workshop, as the file has it."""
    if setup.workshop is None or not 1 <= number <= len(setup.workshop.rounds):
        count = len(setup.workshop.rounds) if setup.workshop is not None else 0
        raise UsageError(f"there is no round {number}; " + (f"there are {count}" if count else "this is no workshop"))
    leg = setup.workshop.rounds[number - 1]
    arrangement = Arrangement(_none(leg.change), _none(leg.against), seed=leg.scenario.run.seed)
    if setup.stage is not None and setup.stage.origin is leg.scenario:
        return replace(setup, number=number, arrangement=arrangement, asked=None)
    return Setup(setup.workshop, number, arrangement, Stage(leg.scenario))


def _none(change: str) -> str | None:
    return None if change == BASELINE else change


def fulfilled(setup: Setup, wish: messages.Message, opener: Opener) -> Setup:
    """The setup after a wish; raises a VssimError for one that makes no sense."""
    if isinstance(wish, messages.Open):
        return Setup() if wish.source is None else opened(opener(wish.source))
    if isinstance(wish, messages.Restore):
        return restored(wish.query, opener) or setup
    if setup.stage is None:
        raise UsageError("there is no scenario in the room yet")
    if isinstance(wish, messages.Round):
        return in_round(setup, wish.number)
    if isinstance(wish, messages.Change):
        return _with_change(setup, wish.name)
    if isinstance(wish, messages.World):
        return setup.in_world(wish.world)
    return setup.arranged(_arranged(setup, wish))


def settled(setup: Setup, wish: messages.Message) -> Setup:
    """With the most ordinary luck on the boards, where another question begins; as many lucks are played as the file says."""
    if setup.stage is None or not isinstance(wish, NEW):
        return setup
    plain = replace(setup.arrangement, moved=(), off=frozenset(), since=None)
    lucks = setup.arranged(plain).lucks
    for _ in range(min(setup.scenario.run.replications, MOST_LUCKS)):
        lucks.play()
    levels = lucks.answer.before.mean, lucks.answer.after.mean
    return setup.arranged(replace(setup.arrangement, luck=most_ordinary(lucks.pairs, levels)))


NEW = (messages.Open, messages.Round, messages.Change, messages.Restore, messages.Seed, messages.World)
"""Wishes with which another question begins."""

MOST_WORLDS = 10_000
"""Worlds that an address may name."""

MOST_LUCKS = 20
"""Lucks of which the most ordinary one is chosen, at most."""


def _arranged(setup: Setup, wish: messages.Message) -> Arrangement:
    now = setup.arrangement
    if isinstance(wish, messages.Slider):
        return setup.moved(wish.path, wish.position).arrangement
    if isinstance(wish, messages.Lever):
        if wish.number >= len(levers_of(setup.scenario, now.change)):
            raise UsageError(f"there is no lever {wish.number} in this change")
        return replace(now, off=now.off - {wish.number} if wish.on else now.off | {wish.number})
    if isinstance(wish, messages.Mode):
        day = messages.whole(wish.day)
        if day >= setup.scenario.run.horizon:
            raise UsageError("from today: this is the last day; go back to an earlier one first")
        return replace(now, since=day if wish.mode == "today" and day > 0 else None)
    if isinstance(wish, messages.Seed):
        return replace(now, seed=wish.seed)
    assert isinstance(wish, messages.AsItIs)
    return replace(now, moved=(), off=frozenset())


def _with_change(setup: Setup, name: str | None) -> Setup:
    """Another change, as the file has it, with the question about it: one of the rounds, or a question of its own."""
    if name is not None and name not in setup.scenario.changes:
        raise UnknownName("change", name, setup.scenario.changes)
    assert setup.workshop is not None
    assert setup.stage is not None
    arrangement = Arrangement(name, None, seed=setup.arrangement.seed)
    if name is None:
        return replace(setup, number=0, asked=None, arrangement=arrangement)
    for number, leg in enumerate(setup.workshop.rounds, 1):
        if leg.scenario is setup.stage.origin and leg.change == name and leg.against == BASELINE:
            return replace(setup, number=number, asked=None, arrangement=arrangement)
    leg = leg_of(setup.scenario, setup.source or "", name)
    return replace(setup, number=0, asked=leg, arrangement=arrangement)


SHOWN = ("answer", "shown")
"""What an address says when nothing is held back."""


def address(setup: Setup, chart: str, *, held_back: bool) -> str:
    """The state of a room as the query of an address."""
    if setup.source is None:
        return ""
    now = setup.arrangement
    pairs: list[tuple[str, str]] = [("scenario", setup.source)]
    if setup.number:
        pairs.append(("round", str(setup.number)))
    pairs += [(name, value) for name, value in (("change", now.change or BASELINE), ("against", now.against)) if value is not None]
    if now.off:
        pairs.append(("off", ".".join(map(str, sorted(now.off)))))
    pairs += [("set", f"{path}={value}") for path, value in now.moved]
    if now.since is not None:
        pairs.append(("since", f"{now.since:g}"))
    if setup.world is not None:
        pairs.append(("world", str(setup.world)))
    pairs += [("seed", str(now.seed)), ("chart", chart)]
    return urlencode(pairs if held_back else [*pairs, SHOWN])


def is_shown(query: str) -> bool:
    """True for an address of a room in which nothing was held back."""
    return SHOWN in parse_qsl(query.lstrip("?"), max_num_fields=100)


def restored(query: str, opener: Opener) -> Setup | None:
    """The setup that the query of an address names; None for one that names none. Raises a VssimError for one without sense."""
    pairs = parse_qsl(query.lstrip("?"), max_num_fields=100)
    said = dict(pairs)
    if "scenario" not in said:
        return None
    setup = opened(opener(said["scenario"]))
    if number := _number(said, "round"):
        setup = in_round(setup, int(number))
    world = _number(said, "world")
    if world is not None and 0 <= world < MOST_WORLDS:
        setup = setup.in_world(int(world))
    change = said.get("change")
    if change is not None:
        against = said.get("against")
        if (setup.arrangement.change, setup.arrangement.against) != (_none(change), _none(against or BASELINE)):
            setup = _with_change(setup, _none(change))
    seed, since = _number(said, "seed"), _number(said, "since")
    off = frozenset(
        int(number) for number in said.get("off", "").split(".") if number.isascii() and number.isdigit() and len(number) < 6
    )
    levers = len(levers_of(setup.scenario, setup.arrangement.change))
    now = replace(setup.arrangement, off=frozenset(number for number in off if number < levers))
    now = replace(now, seed=now.seed if seed is None else int(seed), since=since)
    setup = setup.arranged(now)
    for path, value in (setting.split("=", 1) for name, setting in pairs if name == "set" and "=" in setting):
        setup = setup.moved(path, _position(setup.slider(path), value))
    return setup


def _position(slider: Slider, text: str) -> int:
    texts = [str(value) for value in slider.values]
    if text not in texts:
        raise UsageError(f"{slider.path}: got {text}, expected one of {', '.join(texts)}")
    return texts.index(text)


def _number(said: Mapping[str, Any], name: str) -> float | None:
    try:
        value = float(said[name])
    except (KeyError, ValueError):
        return None
    return value if 0 <= value < 2**53 else None

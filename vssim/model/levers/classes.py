"""Calendar and class: what is urgent, what has places of its own, what is withdrawn when nobody begins it."""

from __future__ import annotations

import math
from typing import ClassVar

from pydantic import Field

from vssim.model.demand import GivesUp, ItemType
from vssim.model.distributions import constant
from vssim.model.levers.base import Lever, absent, with_demand, with_teams
from vssim.model.model import Model
from vssim.model.spans import SpanLimit
from vssim.model.values import Chance, Count, Names, Time

THEME = "calendar and class"


class ReserveCapacity(Lever):
    """A share of every limit becomes one item type's own: the others leave it free.

    Of every limit of a step, of the stream and of `limits` that counts the type and others too, ⌈share · limit⌉ places (never
    the last one of the others) are kept for the type: a limit by the side of it holds the other types together to the rest. The
    type may use the rest as well, and hires nobody: what it gains in its columns the others lose. It is a limit, so it does
    nothing where there are none; limits of teams and types stay as they are, and a limit of 1 cannot be shared. Of the
    stream's, what is shelved is in no column and counts for none of the two.

    Example: {reserve_capacity: {type: urgent, share: 20%}}
    Source: Anderson 2010, Kanban, ch. 11, on allocating capacity to classes of service.
    """

    name: ClassVar[str] = "reserve_capacity"
    theme: ClassVar[str] = THEME

    type: str | None = Field(default=None, description="the item type that gets places of its own; default none")
    share: Chance = Field(default=0.2, description="share of every limit that becomes its own, rounded up")

    def apply(self, model: Model) -> Model:
        """The model in which the other types leave places free."""
        others = tuple(name for name in model.demand if name != self.type)
        if self.type not in model.demand or not others:
            return model
        kept = dict(model.limits)
        for where, steps, limit, counted in self._limits(model):
            rest = tuple(name for name in counted if name != self.type)
            own = min(math.ceil(self.share * limit - 1e-9), limit - 1)
            if own > 0 and rest and self.type in counted:
                name = f"others beside {self.type} {where}"
                kept[name] = SpanLimit(steps=steps, most=limit - own, for_=rest)
        return model.model_copy(update={"limits": kept})

    def missing(self, model: Model) -> list[str]:
        """A type that is not in the model."""
        return absent("item type", [self.type] if self.type is not None else (), model.demand)

    def _limits(self, model: Model) -> list[tuple[str, Names, int, Names]]:
        """Where there is a limit, its steps, how many, and for which types."""
        every = tuple(model.demand)
        limits: list[tuple[str, Names, int, Names]] = [
            (f"in {name}", (name,), step.wip_limit, every) for name, step in model.steps.items() if step.wip_limit is not None
        ]
        limits += [
            (f"under {name}", span.steps, span.most, span.for_ or every)
            for name, span in model.limits.items()
            if span.most is not None and not name.startswith(f"others beside {self.type} ")
        ]
        if model.wip_limit is not None:
            limits.append(("in the stream", tuple(model.steps), model.wip_limit, every))
        return limits


class SwarmUrgent(Lever):
    """What is urgent is done at once: somebody puts down what is in hand.

    Items of the named types interrupt: where nobody who may take one has a place free, the last by key that the least busy
    people have in hand is put down, and taken up again later with what was left plus `resuming` (at most the whole work). It
    makes nobody faster: what the urgent gain the others lose, and the resuming on top. It passes no limit (that is
    `expedite`), and people who multitask share their time instead while they have a place.

    Example: {swarm_urgent: {types: [urgent], resuming: 0.1}}
    Source: Kleinrock 1976, Queueing Systems vol. 2, 3.6, preemptive resume: the first class sees nobody else; Mark, Gudith and
    Klocke 2008 on what interruptions cost; the default is an assumption.
    """

    name: ClassVar[str] = "swarm_urgent"
    theme: ClassVar[str] = THEME

    types: Names = Field(default=(), description="which item types interrupt")
    resuming: Time = Field(default=0.1, description="more work when what was interrupted is taken up again [units of time]")

    def apply(self, model: Model) -> Model:
        """The model in which those types interrupt."""
        urgent = {name: model.demand[name].model_copy(update={"interrupts": True}) for name in self.types if name in model.demand}
        if not urgent:
            return model
        teams = {name: team.model_copy(update={"resuming": self.resuming}) for name, team in model.teams.items()}
        return with_teams(with_demand(model, urgent), teams)

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model."""
        return absent("item type", self.types, model.demand)


class AskLess(Lever):
    """Less lies about: what nobody has begun after a while is withdrawn, and only so much of a type is let in at once.

    An item of the named types that nobody has begun within `patience` of its arrival gives up: it leaves, counts as `gave_up`,
    and the others move up. Who gives up sooner already, on average, does so still. `most` is the type's own limit past the
    backlog, where it has none that is lower. Lead times are then of those that stayed: look at `gave_up` beside them. It asks
    for nothing less in the first place (that is `say_no`).

    Example: {ask_less: {types: [idea], patience: 60, most: 10}}
    Source: Palm 1957, on queues whose customers lose patience: they cannot grow for ever.
    """

    name: ClassVar[str] = "ask_less"
    theme: ClassVar[str] = THEME

    types: Names | None = Field(default=None, description="which item types; default all that arrive")
    patience: Time | None = Field(default=60.0, description="withdrawn when nobody has begun it for so long [units of time]")
    most: Count | None = Field(default=None, description="most items of a type past the backlog; default as it is")

    def apply(self, model: Model) -> Model:
        """The model in which what waits too long is withdrawn."""
        chosen = [name for name in model.demand if self.types is None or name in self.types]
        return with_demand(model, {name: self._shorter(model.demand[name]) for name in chosen})

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model."""
        return absent("item type", self.types, model.demand)

    def _shorter(self, kind: ItemType) -> ItemType:
        sooner = kind.gives_up is not None and self.patience is not None and kind.gives_up.after.mean <= self.patience
        update: dict[str, object] = {}
        if self.patience is not None and not sooner:
            update["gives_up"] = GivesUp(after=constant(self.patience), unless="started")
        if self.most is not None and (kind.wip_limit is None or kind.wip_limit > self.most):
            update["wip_limit"] = self.most
        return kind.model_copy(update=update)

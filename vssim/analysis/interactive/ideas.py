"""Ideas of a room as changes of a scenario: each as it was kept, whatever the room has moved since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count

from vssim.analysis.interactive.stage import Arrangement, arranged
from vssim.model.changes import BASELINE, Change, Included
from vssim.model.checks import FORBIDDEN
from vssim.scenario import Scenario, with_parts


def with_ideas(scenario: Scenario, ideas: Mapping[str, tuple[Scenario, Arrangement]]) -> Scenario:
    """The scenario with each idea as a change of its name; raises ScenarioError where one makes no sense.

    `ideas`: by name, the scenario as its file has it, and what was in force when the idea was kept. An idea in which nothing was
    changed is none. A change that an idea includes comes along under a name of its own where it was moved: the scenario may have
    it as the file does, or as the room has moved it since.
    """
    changes = dict(scenario.changes)
    for idea, (of, arrangement) in ideas.items():
        idea_scenario, change = arranged(of, arrangement)
        if change is not None:
            changes |= _as(_free(idea, changes), change, idea_scenario.changes, changes)
    return with_parts(scenario, changes=changes)


def _as(name: str, change: str, changes: Mapping[str, Change], there: Mapping[str, Change]) -> dict[str, Change]:
    """A change under another name, after those of the changes it includes that differ from the ones that are there."""
    kept, named, made = changes[change], {}, dict[str, Change]()
    for part in kept.includes:
        named[part] = part
        if any(changes[within] != there.get(within) for within in _within(part, changes)):
            named[part] = _free(f"{part} of {name}", {**there, **made})
            made |= _as(named[part], part, changes, {**there, **made})
    days = {named[part]: day for part, day in kept.includes.days.items()}
    return {**made, name: kept.model_copy(update={"includes": Included(named.values(), days)})}


def _within(change: str, changes: Mapping[str, Change]) -> Iterator[str]:
    """A change and all that it includes."""
    yield change
    for part in changes[change].includes:
        yield from _within(part, changes)


def _free(name: str, changes: Mapping[str, Change]) -> str:
    """A name that a file may have, and that is not taken."""
    name = " ".join(re.split(rf"[{re.escape(FORBIDDEN)}\s]+", name)).strip() or "idea"
    return next(free for number in count() if (free := name + " again" * number) not in changes and free != BASELINE)

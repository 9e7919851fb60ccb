"""What the levers of class do: places of its own, interrupting, withdrawing."""

from __future__ import annotations

from typing import Any

import pytest

import vssim
from tests.support.models import Document
from tests.support.running import of_items, play, text_of

TWO: Document = {
    "run": {"horizon": 200, "warmup": 0},
    "demand": {"planned": {"backlog": 9}, "bug": {"at": [50]}, "urgent": {"at": [1], "priority": 1}},
    "steps": {"a": {"work": 4, "wip_limit": 4}, "b": {"work": 1}},
    "teams": {"A": {"people": 3, "does": "a"}, "B": {"people": 1, "does": "b"}},
}


def two(lever: Any, **more: Any) -> Document:
    return {**TWO, "changes": {"new": [lever]}, **more}


def limits(document: Document) -> dict[str, tuple[tuple[str, ...], int | None, tuple[str, ...] | None]]:
    model = vssim.loads(text_of(document)).plan("new").phases[0].model
    return {name: (limit.steps, limit.most, limit.for_) for name, limit in model.limits.items()}


def test_reserved_places_are_left_free_by_all_others_together(engine: str) -> None:
    document = two({"reserve_capacity": {"type": "urgent", "share": "25%"}})
    assert limits(document) == {"others beside urgent in a": (("a",), 3, ("planned", "bug"))}
    run = play(document, engine, change="new")
    assert of_items(run, "pulled", type="urgent") == [1]  # without its place it would have waited until 4
    assert of_items(play(document, engine), "pulled", type="urgent") == [4]


def test_of_every_limit_a_share_is_reserved_rounded_up_and_never_the_last_place() -> None:
    document = two(
        {"reserve_capacity": {"type": "urgent", "share": "30%"}},
        wip_limit=10,
        limits={"both": {"steps": ["a", "b"], "most": 6}, "bugs": {"steps": "a", "for": "bug", "most": 2}},
        steps={"a": {"work": 4, "wip_limit": 4}, "b": {"work": 1, "wip_limit": 1}},
    )
    reserved = {name: most for name, (_, most, _) in limits(document).items() if name.startswith("others")}
    assert reserved == {
        "others beside urgent in a": 2,
        "others beside urgent under both": 4,
        "others beside urgent in the stream": 7,
    }


def test_pulled_twice_it_reserves_no_more() -> None:
    lever = {"reserve_capacity": {"type": "urgent", "share": "25%"}}
    assert limits({**TWO, "changes": {"new": [lever, lever]}}) == limits(two(lever))


def test_swarming_interrupts_at_the_price_of_resuming(engine: str) -> None:
    run = play(two({"swarm_urgent": {"types": "urgent", "resuming": 0.5}}), engine, change="new")
    assert of_items(run, "left", type="urgent") == [9]  # the limit of 4 lets it in at 4; it interrupts at once
    free = {**TWO["steps"], "a": {"work": 4}}
    run = play(two({"swarm_urgent": {"types": "urgent", "resuming": 0.5}}, steps=free), engine, change="new")
    assert of_items(run, "touched", type="urgent") == [1]
    assert run.log.visits.touch.sum() / 1e6 == pytest.approx(11 * 5 + 0.5)


def test_what_nobody_has_begun_is_withdrawn(engine: str) -> None:
    run = play(two({"ask_less": {"types": "planned", "patience": 5}}), engine, change="new")
    assert of_items(run, "ended", type="planned").count("gave_up") == 4  # three were begun at 0; the urgent one and two more at 4
    assert set(of_items(run, "ended", type="urgent")) == {"delivered"}


def test_who_gives_up_sooner_does_so_still_and_lower_limits_stay() -> None:
    demand = {**TWO["demand"], "planned": {"backlog": 9, "gives_up": {"after": 2}, "wip_limit": 1}}
    model = vssim.loads(text_of(two({"ask_less": {"patience": 5, "most": 3}}, demand=demand))).plan("new").phases[0].model
    assert model.demand["planned"].gives_up is not None
    assert model.demand["planned"].gives_up.after.mean == 2
    assert [model.demand[name].wip_limit for name in ("planned", "bug", "urgent")] == [1, 3, 3]


@pytest.mark.parametrize("lever", [{"reserve_capacity": {"type": "urgnt"}}, {"swarm_urgent": {"types": "urgnt"}}])
def test_a_type_that_is_not_there_is_told_of(lever: Any) -> None:
    notes = vssim.loads(text_of(two(lever))).plan("new").notes
    assert any("urgnt" in note and "did you mean 'urgent'" in note for note in notes)

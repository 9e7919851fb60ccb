"""Organisations made up for the tests of the language: all there is to a model, no sense promised."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from vssim.model.model import Model
from vssim.model.shorthand import expand

DURATIONS = st.sampled_from([0, 1, 0.3, "exponential(2)", "lognormal(mean=2, cv=0.8)", "uniform(1, 9)", "erlang(k=2, mean=1)"])
SHARES = st.sampled_from([0.0, 0.1, 1 / 3, 0.5])
LIMITS = st.none() | st.integers(1, 9)
STEPS = ("analyse", "develop", "test")


def organisation(**sections: Any) -> Model:
    """A model of sections in short form; two steps and two silos unless said otherwise."""
    document = {"demand": {"feature": {"every": 2}}, "steps": {"develop": 1, "test": 2}, "teams": {"develop": 1, "test": 1}}
    return Model.model_validate(expand(document | sections))


@st.composite
def organisations(draw: st.DrawFn) -> Model:
    """Models with some of everything."""
    return organisation(
        demand={kind: _given(draw(item_types())) for kind in draw(st.sampled_from([["feature"], ["feature", "bug"]]))},
        steps={name: _given(draw(steps(name))) for name in STEPS},
        teams={f"crew {number}": _given(draw(teams())) for number in range(draw(st.integers(1, 4)))}
        | {"helpers": {"people": 2, "does": "desk"}},
        handoffs=_given(draw(handoffs()) | {"into": {"test": _given(draw(handoffs()))}}),
        wip_limit=draw(LIMITS),
    )


def item_types() -> st.SearchStrategy[dict[str, Any]]:
    """Item types as a file writes them."""
    return st.fixed_dictionaries(
        {
            "every": st.just("exponential(2)"),
            "batch": st.sampled_from([1, 3, "geometric(2)"]),
            "wip_limit": LIMITS,
            "size": st.sampled_from([1, "exponential(1)"]),
            "work": st.sampled_from([{}, {"test": "exponential(1)"}]),
            "route": st.none() | st.just(["develop", "test"]),
            "value": st.none() | st.just("uniform(1, 9)"),
            "outcome": st.none() | st.just({"right": 0.6, "after": 3, "work": 0.5}),
            "defects": st.none() | st.just({"chance": 0.1, "after": 3, "as": "feature"}),
        }
    )


def steps(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Steps as a file writes them."""
    desk = {"from": "desk", "work": 1, "chance": 1 / 3}
    vendor = {"outside": "vendor", "wait": "exponential(3)", "parks": True}
    needs = st.sampled_from([[], [desk], [vendor], [{"from": "board", "gate": {"every": 9}}, desk]])
    returns = st.sampled_from([[], [{"to": name, "chance": 0.2, "work": "40%"}], [{"to": "analyse", "chance": 1 / 3}]])
    gates = st.none() | st.just({"every": 5})
    return st.fixed_dictionaries({"work": DURATIONS, "wip_limit": LIMITS, "needs": needs, "returns": returns, "gate": gates})


@st.composite
def teams(draw: st.DrawFn) -> dict[str, Any]:
    """Teams as a file writes them, of one craft or several."""
    groups = draw(st.lists(crafts(), min_size=1, max_size=3))
    people = {"people": groups} if len(groups) > 1 else {"people": groups[0]["count"], "does": groups[0]["does"]}
    return people | draw(
        st.fixed_dictionaries(
            {
                "multitasking": st.sampled_from([1, 1.5, 3]),
                "switching_cost": SHARES,
                "meetings": SHARES,
                "coordination": SHARES,
                "improvement": st.none() | st.just({"share": 0.2}),
                "wip_limit": LIMITS,
                "pull": st.sampled_from(["fifo", "finish_first", "oldest_first"]),
                "tickets": st.sampled_from(["first", "last"]),
            }
        )
    )


def crafts() -> st.SearchStrategy[dict[str, Any]]:
    """Groups of people as a file writes them."""
    does = st.dictionaries(st.sampled_from(STEPS), st.sampled_from([1.0, 0.6]), min_size=1, max_size=2)
    helps = st.sampled_from([{}, {"desk": 0.5}])
    return st.fixed_dictionaries({"count": st.integers(1, 5), "does": does, "helps": helps})


def handoffs() -> st.SearchStrategy[dict[str, Any]]:
    """Handoffs as a file writes them."""
    waits = st.sampled_from([None, 0, 2.5])
    return st.fixed_dictionaries(
        {"delay": DURATIONS, "relearning": SHARES, "batch": st.integers(1, 5), "wait_at_most": waits, "setup": DURATIONS}
    )


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}

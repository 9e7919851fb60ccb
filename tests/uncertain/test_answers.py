"""A comparison of a scenario of which something is not known: three sentences, never mixed, and what it hangs on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import numpy as np
import pytest

import vssim
from tests.interface.commands import vssim as command
from tests.support.running import text_of
from vssim.analysis.compare.compare import Comparison, Differences
from vssim.views.schema import schema
from vssim.views.unknowns import better, hangs_on, luck, worlds_in_words

QUEUE: dict[str, Any] = {
    "name": "not known",
    "run": {"horizon": 250, "warmup": 50, "replications": 200},
    "demand": {"item": {"every": "exponential(1.6)"}},
    "steps": {"serve": {"work": "exponential(1)"}},
    "teams": {"crew": {"people": 1, "does": "serve"}},
    "changes": {"new tool": [{"set": {"steps.serve.work": 1.0}}], "gamble": [{"automate": {"steps": ["serve"], "saved": "10%"}}]},
    "uncertain": {
        "demand.item.every": "exponential(between(1.3, 1.9))",
        "changes.gamble.levers.0.automate.upkeep": "between(0%, 25%)",
    },
}


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return vssim.compare(vssim.loads(text_of(QUEUE)))


def test_the_average_is_that_of_worlds_and_counts_worlds(compared: Comparison) -> None:
    one = compared["new tool"]
    over = one.over_worlds
    assert over is not None
    found = over.believed("lead_time.mean")
    assert found is not None
    by_hand = over.by_replication("lead_time.mean").mean(axis=1)
    assert np.allclose(found.effect.by_world, by_hand)
    assert one["lead_time.mean"].difference.mean == pytest.approx(float(by_hand.mean()))
    assert one["lead_time.mean"].difference.n == 100
    assert one["lead_time.mean"].better_in is None, "the share of single runs is never said in its place"


def test_a_change_that_is_better_in_all_worlds_is_better(compared: Comparison) -> None:
    assert compared["new tool"]["lead_time.mean"].verdict == "better"


def test_a_change_that_is_worse_in_some_worlds_is_not_settled_and_says_on_what_it_hangs(compared: Comparison) -> None:
    one = compared["gamble"]
    over = one.over_worlds
    assert over is not None
    assert one["lead_time.mean"].verdict == "not settled"
    believed, would = over.believed("lead_time.mean"), over.deciding("lead_time.mean")
    assert believed is not None
    assert believed.better is not None
    assert 0.2 < believed.better < 0.7
    assert would is not None
    assert would.facts[0].name == "changes.gamble.levers.0.automate.upkeep"
    threshold = would.facts[0].threshold
    assert threshold is not None
    assert 0.05 < threshold.value < 0.15
    assert not threshold.better_above


def test_a_sweep_over_changes_says_of_them_what_the_comparison_says(compared: Comparison) -> None:
    swept = vssim.sweep(compared.scenario, {"change": ["new tool", "gamble"]}, jobs=1).document()
    told = compared.document()["differences"]
    for setting in swept["settings"]:
        change = setting["setting"]["change"]
        for metric in ("lead_time.mean", "throughput", "wip"):
            entry = told[change][metric]
            for only_of_the_headline in ("hangs_on", "told"):
                entry.pop(only_of_the_headline, None)
            assert setting["differences"][metric] == entry
    verdicts = [setting["differences"]["lead_time.mean"]["verdict"] for setting in swept["settings"]]
    assert verdicts == ["better", "not settled"]


def test_the_range_of_ones_own_world_is_wider_than_the_averages_interval(compared: Comparison) -> None:
    one: Differences = compared["gamble"]
    entry = compared.document()["differences"]["gamble"]["lead_time.mean"]
    apart = one["lead_time.mean"].difference
    assert apart.low is not None
    assert apart.high is not None
    own = entry["in_your_world"]
    assert own["low"] < apart.low < apart.high < own["high"]
    assert entry["worlds_better"]["low"] <= entry["worlds_better"]["mean"] <= entry["worlds_better"]["high"]


def test_the_document_keeps_its_schema_and_names_what_the_headline_hangs_on(compared: Comparison) -> None:
    document = compared.document()
    jsonschema.validate(document, schema())
    hangs = document["differences"]["gamble"]["lead_time.p85"]["hangs_on"]
    assert {entry["fact"] for entry in hangs} == {"demand.item.every.0", "changes.gamble.levers.0.automate.upkeep"}


def test_levels_pool_all_worlds_and_their_intervals_count_worlds(compared: Comparison) -> None:
    baseline = compared.variants["baseline"]
    one_run_each = vssim.compare(vssim.loads(text_of({**QUEUE, "uncertain": None})), replications=200).variants["baseline"]
    assert baseline["utilisation.crew"].mean == pytest.approx(1 / 1.6, rel=0.05)
    wide, narrow = (side["utilisation.crew"] for side in (baseline, one_run_each))
    assert wide.low is not None
    assert wide.high is not None
    assert narrow.low is not None
    assert narrow.high is not None
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_of_what_is_settled_nobody_is_asked_to_find_anything_out(compared: Comparison) -> None:
    over = compared["gamble"].over_worlds
    assert over is not None
    would = over.deciding("lead_time.mean")
    assert would is not None
    assert hangs_on(would, compared["gamble"], compared.scenario).startswith("find out first: ")
    settled = hangs_on(
        would, compared["new tool"], compared.scenario
    )  # the same facts, of a change that is better whatever they are
    assert settled.startswith("settled, whatever you find out; how much hangs most on ")


def test_the_terminal_says_three_sentences_that_are_never_mixed(tmp_path: Any) -> None:
    file = tmp_path / "queue.yaml"
    file.write_text(text_of({**QUEUE, "headline": "lead_time.mean"}), encoding="utf-8")
    text = " ".join(command("compare", str(file), "--only", "gamble", "--quiet").out.split())
    assert "on average over what you think possible: " in text
    assert "in your world: between −" in text
    assert "days in 90 % of what you think possible" in text
    assert "of what you think possible luck adds ±" in text
    assert "find out first: " in text
    assert "of what is not known hangs on it" in text
    assert "changes.gamble" not in text, "a leader is told names, not paths"
    assert "gamble: not settled" in text


def test_what_would_decide_is_told_by_a_command_of_its_own(tmp_path: Any) -> None:
    file = tmp_path / "queue.yaml"
    file.write_text(text_of({**QUEUE, "headline": "lead_time.mean"}), encoding="utf-8")
    text = command("explain", str(file), "--change", "gamble", "--uncertain", "--quiet").out
    assert "changes.gamble.levers.0.automate.upkeep" in text
    assert "better below" in text
    document = json.loads(command("explain", str(file), "--change", "gamble", "--uncertain", "--json", "--quiet").out)
    jsonschema.validate(document, schema())
    first = document["decides"][0]
    assert first["name"] == "changes.gamble.levers.0.automate.upkeep"
    assert first["turns_low"] <= first["turns_at"] <= first["turns_high"]


def test_where_everything_is_known_there_is_nothing_to_decide(tmp_path: Any) -> None:
    answer = command("explain", "silos", "--change", "both", "--uncertain")
    assert answer.code == 2
    assert "nothing is said to be unknown" in answer.err


def test_before_after_and_a_change_over_worlds_are_said_to_be_of_what_they_are(compared: Comparison) -> None:
    said = worlds_in_words(compared.scenario, compared.replications)
    assert said.startswith("100 worlds of what you think possible, 2 replications of each. ")
    assert not worlds_in_words(vssim.load("silos"), 20)


def test_where_luck_hides_it_no_share_of_worlds_is_made_up_and_no_effect_is_called_luck(compared: Comparison) -> None:
    over = compared["new tool"].over_worlds
    assert over is not None
    found = over.believed("lead_time.mean")
    assert found is not None
    hidden = replace(found, better=1.0, better_low=1.0, better_high=1.0, effect=replace(found.effect, kappa=0.1, not_known=-1.0))
    seen = (hidden.effect.by_world < 0).mean()
    assert found.seen_better == seen
    assert better(hidden) == f"better in at least {100 * seen:.0f} % of what you think possible"
    assert better(replace(hidden, better=0.0, better_low=0.0, better_high=0.0, seen_better=0.04)).startswith(
        "better in at most 4 %"
    )
    assert luck(hidden, "days").startswith("what differs from world to world is all luck")

"""Claims: what holds, what fails, what stays open, and how many replications that takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.running import text_of
from vssim.analysis.claims.check import Checked, check
from vssim.calendar import Dated
from vssim.scenario import Claim

STREAM = """
run: {horizon: 100, replications: 2}
demand: {feature: {every: 4}}
steps: {make: {work: 2}, check: {work: 1}}
teams: {makers: {people: 1, does: make}, checkers: {people: 1, does: check}}
handoffs: {delay: 1}
changes:
  no delay: [{set: {handoffs.delay: 0}}]
  slower: [{set: {steps.make.work: 3}}]
  later: {includes: no delay, from: 50}
  much later: {includes: no delay, from: 70}
  one team: [{cross_functional_teams: {count: 1}}]
claims: [%s]
"""
"""Lead times without luck: 2 + 1 + 1 days as it is, 3 without the delay, 5 with slower work."""

NOISY = """
run: {horizon: 100, replications: 3}
demand: {feature: {every: exponential(2)}}
steps: {make: {work: exponential(1)}}
teams: {makers: {people: 1, does: make}}
changes:
  faster: [{set: {steps.make.work: exponential(0.95)}}]
  same: [{set: {steps.make.wip_limit: 50}}]
claims: [%s]
"""


@settings(max_examples=25, deadline=None)
@given(documents(Taste(changes=True)).filter(lambda document: "start" in document))
def test_a_date_that_is_claimed_is_the_moment_that_it_stands_for(document: Document) -> None:
    scenario = runnable(document)
    if scenario is None:
        return
    bounds = [bound for claim in scenario.claims for bound in claim.bounds.values()]
    document = document | {"claims": [claim.document() | _in_numbers(claim) for claim in scenario.claims]}
    one, other = (check(each, replications=2, most=2, jobs=1) for each in (scenario, vssim.loads(text_of(document))))
    assert [finding.state for finding in one.findings] == [finding.state for finding in other.findings]
    assert [proof.margins for finding in one.findings for proof in finding.proofs] == [
        proof.margins for finding in other.findings for proof in finding.proofs
    ]
    assert len(bounds) == sum(len(finding.proofs) for finding in one.findings)


def _in_numbers(claim: Claim) -> dict[str, float]:
    """The bounds that are dates, as days since the start."""
    return {name: float(bound.value) for name, bound in claim.bounds.items() if isinstance(bound.value, Dated)}


def checked(claim: str, scenario: str = STREAM, **options: Any) -> Checked:
    return check(vssim.loads(scenario % claim), engine="reference", jobs=1, **options)


@pytest.mark.parametrize(
    ("claim", "state"),
    [
        ("{change: no delay, metric: lead_time.mean, at_most: 75%}", "held"),
        ("{change: no delay, metric: lead_time.mean, at_most: 74%}", "failed"),
        ("{change: no delay, metric: lead_time.mean, at_least: 75%}", "held"),
        ("{change: no delay, metric: lead_time.mean, at_least: 76%}", "failed"),
        ("{change: no delay, metric: lead_time.mean, within: 25%}", "held"),
        ("{change: no delay, metric: lead_time.mean, within: 24%}", "failed"),
        ("{change: slower, metric: lead_time.mean, within: 24%}", "failed"),
        ("{change: slower, metric: lead_time.mean, within: 25%}", "held"),
        ("{change: no delay, metric: lead_time.mean, at_most: 3}", "held"),
        ("{change: no delay, metric: lead_time.mean, at_most: 2.9}", "failed"),
        ("{change: no delay, metric: lead_time.mean, at_least: 3}", "held"),
        ("{change: no delay, metric: lead_time.mean, within: 1}", "held"),
        ("{change: slower, metric: lead_time.mean, within: 0.9}", "failed"),
        ("{change: no delay, against: slower, metric: lead_time.mean, at_most: 60%}", "held"),
        ("{change: no delay, against: slower, metric: lead_time.mean, at_most: 59%}", "failed"),
        ("{change: no delay, metric: lead_time.mean, at_least: 70%, at_most: 80%}", "held"),
        ("{change: no delay, metric: lead_time.mean, at_least: 80%, at_most: 90%}", "failed"),
        ("{change: no delay, metric: returns, at_most: 50%}", "held"),
        ("{change: no delay, metric: returns, within: 5%}", "held"),
        ("{change: baseline, metric: throughput, within: 0%}", "held"),
    ],
)
def test_a_percentage_is_of_the_other_variant_and_a_bare_number_in_the_metrics_own_unit(claim: str, state: str) -> None:
    (finding,) = checked(claim).findings
    assert finding.state == state


def test_without_luck_two_replications_decide() -> None:
    (finding,) = checked("{change: no delay, metric: lead_time.mean, at_most: 80%}", replications=1).findings
    assert finding.replications == 2


def test_what_is_never_measured_stays_undecided() -> None:
    found = checked("{change: no delay, metric: on_time, at_least: 50%}", most=4)
    assert found.findings[0].state == "undecided"
    assert found.findings[0].proofs[0].found.n == 0
    assert not found.held


def test_replications_are_doubled_until_a_claim_is_decided() -> None:
    (finding,) = checked("{change: faster, metric: lead_time.mean, at_most: 98%}", NOISY).findings
    assert finding.state == "held"
    assert finding.replications in (6, 12, 24, 48)


def test_a_claim_on_the_edge_is_undecided_at_the_cap() -> None:
    edge = vssim.compare(vssim.loads(NOISY % ""), replications=10, jobs=1)["faster"]["lead_time.mean"].ratio.mean
    (finding,) = checked(f"{{change: faster, metric: lead_time.mean, at_most: {100 * edge!r}%}}", NOISY, most=10).findings  # type: ignore[operator]
    assert (finding.state, finding.replications) == ("undecided", 10)


def test_only_the_variants_of_open_claims_are_run_again() -> None:
    claims = "{change: same, metric: lead_time.mean, within: 1%}, {change: faster, metric: lead_time.mean, at_most: 93%}"
    same, faster = checked(claims, NOISY, replications=8).findings
    assert same.replications == 8 < faster.replications


def test_a_claim_about_a_change_with_a_date_is_measured_from_then_on() -> None:
    found = checked("{change: later, metric: lead_time.mean, at_most: 80%}")
    assert found.findings[0].start == 50
    assert found.held


def test_two_changes_are_compared_from_when_both_are_in_force() -> None:
    (finding,) = checked("{change: later, against: much later, metric: lead_time.mean, within: 10%}").findings
    assert (finding.start, finding.state) == (70, "held")


def test_a_scenario_without_claims_is_not_run() -> None:
    assert checked("", horizon=10**8).held


def test_more_replications_than_the_cap_are_what_was_asked_for() -> None:
    (finding,) = checked("{change: faster, metric: lead_time.mean, at_most: 1%}", NOISY, replications=5, most=2).findings
    assert (finding.state, finding.replications) == ("failed", 5)


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("lead_tim.p85", "did you mean 'lead_time.p85'?"),
        ("steps.mak.wip", "did you mean 'steps.make.wip'?"),
        ("utilisation.maker", "did you mean 'utilisation.makers'?"),
        ("within.soon", "claims.0.metric"),
        ("lead_time.p85@featur", "did you mean 'feature'?"),
    ],
)
def test_a_metric_that_nobody_measures_is_a_fault_of_the_file(metric: str, words: str) -> None:
    with pytest.raises(vssim.ScenarioError, match=r"claims\.0\.metric") as fault:
        vssim.loads(STREAM % f"{{change: no delay, metric: {metric}, at_most: 60%}}")
    assert words in str(fault.value)


def test_a_team_that_the_change_makes_can_be_spoken_of_with_a_bare_number_only() -> None:
    claim = "{{change: one team, metric: utilisation.team 1, at_most: {}}}"
    vssim.loads(STREAM % claim.format("0.9"))
    with pytest.raises(vssim.ScenarioError, match="of all variants it speaks of"):
        vssim.loads(STREAM % claim.format("90%"))

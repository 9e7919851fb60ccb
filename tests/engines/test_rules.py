"""What an organisation says is declared once: both engines take their fields from there."""

from __future__ import annotations

from dataclasses import fields

import pytest

import vssim
from vssim import workload
from vssim.engines.compiled import records
from vssim.engines.compiled.world import world
from vssim.engines.reference.organisation import Organisation
from vssim.workload import rules

GROUPS = {
    "steps": (rules.StepRules, records.STEP),
    "types": (rules.TypeRules, records.TYPE),
    "spans": (rules.SpanRules, records.SPAN),
    "gates": (rules.GateRules, records.GATE),
    "teams": (rules.TeamRules, records.TEAM),
    "pools": (rules.PoolRules, records.POOL),
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_rule_is_a_number_or_a_row_for_each(group: str) -> None:
    kind, record = GROUPS[group]
    assert {*rules.columns(kind), *rules.tables(kind)} == {field.name for field in fields(kind)}
    assert set(rules.columns(kind)) <= set(record.names or ())


def test_both_engines_hold_what_the_program_says() -> None:
    scenario = vssim.load("reorg")
    program = workload.build(scenario.plan("all four on day 200"), horizon=300, seed=1, replication=0, unit="day")
    tables = world(program).tables
    assert len(program.phases) > 1
    for number, phase in enumerate(program.phases):
        organisation = Organisation(phase, program.pool_team.tolist())
        for group, (kind, _) in GROUPS.items():
            said, in_lists = getattr(phase, group), getattr(organisation, group)
            for name in rules.columns(kind):
                assert getattr(tables, group)[name][number].tolist() == getattr(said, name).tolist() == getattr(in_lists, name)
            for name in rules.tables(kind):
                width = getattr(said, name).shape[1]
                assert getattr(tables, name)[number][:, :width].tolist() == getattr(said, name).tolist() == getattr(in_lists, name)

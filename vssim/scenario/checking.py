"""Checking: a document becomes a scenario, or every fault that it has is named at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vssim.clock import ticks
from vssim.errors import Fault, ScenarioError, nearest
from vssim.model import checks
from vssim.model.changes import BASELINE, Plan
from vssim.model.faults import ModelError, ModelFault
from vssim.model.terms import CLOCK, MOMENTS, PULLED, STARTED, TIMES, Promised
from vssim.scenario.dates import with_dates
from vssim.scenario.documents import Document, read_file
from vssim.scenario.faults import WRONG, Finding, findings
from vssim.scenario.fields import leads_somewhere
from vssim.scenario.lengths import with_length
from vssim.scenario.lost import can_be_judged
from vssim.scenario.mappings import fix
from vssim.scenario.measured import immeasurable, timeless, unmeasured
from vssim.scenario.positions import settled
from vssim.scenario.repair import Repair
from vssim.scenario.rounds import Rounds
from vssim.scenario.schema import CHECKED, Scenario
from vssim.scenario.uncertain import Reading, with_worlds
from vssim.yaml import dotted, show

Path_ = tuple[Any, ...]

_MOST_ROUNDS = 60
"""Rounds of repair; faults that appear after so many are consequences of those already named."""

_MOST_MENDED = 10
"""Rounds in which an organisation that makes no sense is mended, so that its changes can be looked at."""

MOST_NAMES = 500
"""Most item types, steps, teams, changes or rounds of a scenario; a real organisation has far fewer."""


def checked(document: Document) -> Scenario:
    """The scenario of a document; a ScenarioError carries every fault, those found before included."""
    _not_too_many(document)
    document = with_dates(document)
    written = document
    reading = Reading(document)
    uncertain = reading.read()
    document = replace(document, content=reading.with_whole_numbers(), faults=[*document.faults, *reading.faults])
    repair = Repair(document.content)
    faults = list(document.faults)
    scenario = _read(document, repair, faults)
    if scenario is not None:
        if not any(checks.faults(scenario.model)) and not any(_of_changes(scenario)):
            with suppress(ModelError):  # levers that cannot be pulled are told of below
                scenario = with_length(scenario)
        content = repair.content
        senseless, elsewhere = _senseless(scenario, repair, document.folder)
        for fault in senseless:
            path = repair.original(settled(content, fault.path))
            if can_be_judged(fault, repair.lost) and not repair.explains(path):
                faults.append(_located(document, path, fault))
        faults += elsewhere
        faults += [_located(document, fault.path, fault) for fault in _of_levers_alone(scenario, document, repair)]
    if scenario is None or repair.lost:
        faults += [_located(document, fault.path, fault) for fault in immeasurable(document.content)]
    if faults or scenario is None:
        raise ScenarioError(_in_order(faults))
    if uncertain is not None:
        scenario, faults = with_worlds(scenario, uncertain, written)
        if faults:
            raise ScenarioError(_in_order(faults))
    fix(scenario)
    return scenario


def alone(file: Path) -> Scenario:
    """The scenario of a file that a round of another file names; rounds of its own are not looked at."""
    document = read_file(file)
    content = {key: value for key, value in document.content.items() if key != "rounds"}
    return checked(replace(document, content=content))


def _not_too_many(document: Document) -> None:
    """Refuse, before anything is checked, a document so large that checking would take minutes."""
    faults = []
    for section in ("demand", "steps", "teams", "limits", "changes", "rounds"):
        entries = document.content.get(section)
        if isinstance(entries, dict | list) and len(entries) > MOST_NAMES:
            sort = "rounds" if section == "rounds" else "names"
            faults.append(document.fault((section,), f"{len(entries):,} {sort}", f"at most {MOST_NAMES:,}"))
    if faults:
        raise ScenarioError([*document.faults, *faults])


def _read(document: Document, repair: Repair, faults: list[Fault]) -> Scenario | None:
    """The scenario of the document, repaired where it must be; what is wrong with it goes to `faults`."""
    for _ in range(_MOST_ROUNDS):
        content = repair.content
        try:
            return Scenario.model_validate(content, by_alias=True, by_name=False, context=CHECKED)
        except ValidationError as error:
            findings_now = findings(Scenario, error, content)
        placed = [finding.at(repair.original(finding.path)) for finding in findings_now]
        faults += [finding.fault(document) for finding in placed if not repair.explains(finding.path)]
        for finding in placed:
            repair.mend(finding)
        if repair.hopeless:
            break
    return None


def _located(document: Document, path: Path_, fault: ModelFault) -> Fault:
    at_key = len(path) == 2 and str(fault.value) in ("", str(path[-1]))
    value = "" if fault.value == "" else show(fault.value)
    return document.fault(path, value, fault.expected, fault.near, at_key=at_key)


def _in_order(faults: list[Fault]) -> list[Fault]:
    """Each fault once, file by file, from the top down; what has no place comes last."""
    once = dict.fromkeys(faults)
    files = list(dict.fromkeys(fault.file for fault in once))
    return sorted(once, key=lambda fault: (files.index(fault.file), fault.line == 0, fault.line, fault.column))


def _senseless(scenario: Scenario, repair: Repair, folder: Path) -> tuple[list[ModelFault], list[Fault]]:
    """Faults of what can be read but makes no sense, and faults in other files that it names, relative to `folder`."""
    model_faults = list(checks.faults(scenario.model))
    plans, plan_faults = ({}, []) if model_faults or repair.lost else _plans(scenario, repair)
    rounds = Rounds(scenario, plans, folder, alone)
    own = [
        *_of_run(scenario),
        *_of_terms(scenario),
        *_of_headline(scenario, plans),
        *_of_changes(scenario),
        *_of_claims(scenario, plans),
        *_of_sliders(scenario),
        *rounds.faults(),
    ]
    return [*model_faults, *own, *plan_faults], rounds.elsewhere


def _of_levers_alone(scenario: Scenario, document: Document, repair: Repair) -> list[ModelFault]:
    """Faults that levers have by themselves, where changes of the organisation as it is written cannot be made."""
    model_faults = checks.faults(scenario.model)
    if not model_faults and not repair.lost:
        return []
    for _ in range(_MOST_MENDED):
        if not model_faults:
            return [fault for fault in _plans(scenario, repair)[1] if _of_lever(fault)]
        for fault in model_faults:
            path = repair.original(settled(repair.content, fault.path))
            repair.mend(Finding(path, WRONG, str(fault.value), fault.expected, fault.near))
        mended = _read(document, repair, [])
        if mended is None:
            return []
        scenario, model_faults = mended, checks.faults(mended.model)
    return []


def _of_run(scenario: Scenario) -> Iterator[ModelFault]:
    run = scenario.run
    if run.warmup != "auto" and run.warmup >= run.horizon:
        yield ModelFault(("run", "warmup"), run.warmup, f"a warm-up that ends before the horizon ({run.horizon:g})")
    if run.warmup not in ("auto", 0) and scenario.model.under_way >= 0:
        yield ModelFault(("run", "warmup"), run.warmup, "0 (or auto) beside items on the board: what is there at time 0 counts")
    if scenario.hours_per_day is not None and scenario.calendar.hours is not None:
        yield ModelFault(("hours_per_day",), scenario.hours_per_day, "either hours_per_day or calendar.hours")
    if scenario.unit == "hour" and scenario.hours_per_day is None and scenario.calendar.hours is None:
        yield ModelFault(("hours_per_day",), None, "the working hours in a day, because the unit is hour")
    elif scenario.dates is not None and not scenario.dates.has(ticks(scenario.run.horizon)):
        until = f"a date from which a run of {scenario.run.horizon:g} {scenario.unit}s ends before the year 10000"
        yield ModelFault(("start",), str(scenario.start), until)


def _promises(scenario: Scenario) -> dict[Path_, Promised | None]:
    """By path, what is promised: of all items, of types, of items that the file names."""
    promises: dict[Path_, Promised | None] = {("promise",): scenario.promise}
    for name, kind in scenario.demand.items():
        promises["demand", name, "promise"] = kind.promise
        promises |= {("demand", name, "items", number, "promise"): item.promise for number, item in enumerate(kind.items)}
    return promises


def _of_terms(scenario: Scenario) -> Iterator[ModelFault]:
    """Faults of the moments that are counted from: they must be events, or steps that exist."""
    steps = list(scenario.steps)
    if scenario.committed not in (PULLED, STARTED, *steps):
        known = [PULLED, STARTED, *steps]
        yield ModelFault(("committed",), scenario.committed, f"one of {', '.join(known)}", nearest(scenario.committed, known))
    yield from checks.name_faults("clocks", scenario.clocks)
    moments = [*steps, *MOMENTS]
    for name, clock in scenario.clocks.items():
        for key, place in (("from", clock.from_), ("to", clock.to)):
            if place not in moments:
                yield ModelFault(("clocks", name, key), place, f"a step, or {', '.join(MOMENTS)}", nearest(place, moments))
    if scenario.clocks or scenario.committed != PULLED:
        for step in steps:
            if step in MOMENTS:
                expected = "another name, since committed and clocks speak of the moment that is called so"
                yield ModelFault(("steps", step), step, expected)
    known = [*TIMES, *scenario.clocks]
    for path, promise in _promises(scenario).items():
        if promise is not None and promise.of.removeprefix(CLOCK) not in known:
            of = promise.of.removeprefix(CLOCK)
            yield ModelFault(path, of, f"a promise of {', '.join(known)}", nearest(of, known))


def _of_headline(scenario: Scenario, plans: Mapping[str, Plan]) -> Iterator[ModelFault]:
    complete = list(plans.values()) if len(plans) == 1 + len(scenario.changes) else ()
    yield from unmeasured(scenario.headline, ("headline",), scenario.demand, complete)


def _of_changes(scenario: Scenario) -> Iterator[ModelFault]:
    yield from checks.name_faults("changes", scenario.changes)
    for name in scenario.changes:
        if name == BASELINE:
            yield ModelFault(("changes", name), name, "another name: baseline is the organisation as it is")
        yield from _of_includes(scenario, name)


def _of_includes(scenario: Scenario, name: str) -> Iterator[ModelFault]:
    for index, other in enumerate(scenario.changes[name].includes):
        path = ("changes", name, "includes", index)
        if other not in scenario.changes:
            known = ", ".join(scenario.changes)
            yield ModelFault(path, other, f"a change of this file: {known}", nearest(other, scenario.changes))
        elif name in _reached(scenario, other):
            yield ModelFault(path, other, f"changes that do not include each other in a circle ({other} leads back to {name})")


def _reached(scenario: Scenario, name: str) -> set[str]:
    """A change and everything it includes, directly or not."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here not in reached and here in scenario.changes:
            reached.add(here)
            waiting += scenario.changes[here].includes
    return reached


def _of_claims(scenario: Scenario, plans: Mapping[str, Plan]) -> Iterator[ModelFault]:
    variants = [*scenario.changes, BASELINE]
    for index, claim in enumerate(scenario.claims):
        for key, name in (("change", claim.change), ("against", claim.against)):
            if name not in variants:
                known = ", ".join(variants)
                yield ModelFault(("claims", index, key), name, f"a change of this file: {known}", nearest(name, variants))
        made = [plans[variant] for variant in claim.variants if variant in plans]
        complete = made if len(made) == len(claim.variants) else ()
        yield from unmeasured(claim.metric, ("claims", index, "metric"), scenario.demand, complete)
        yield from timeless(claim, ("claims", index))


def _of_sliders(scenario: Scenario) -> Iterator[ModelFault]:
    document = scenario.document()
    for index, path in enumerate(scenario.sliders):
        expected, near = leads_somewhere(Scenario, document, path)
        if expected:
            yield ModelFault(("sliders", index), path, expected, near)


def _plans(scenario: Scenario, repair: Repair) -> tuple[dict[str, Plan], list[ModelFault]]:
    """By variant the plan that it plays, as far as the changes can be read; faults of what they make are added."""
    repaired = {name for name in scenario.changes if repair.touched(("changes", name))}
    astray = {name for name in scenario.changes if any(_of_includes(scenario, name))}
    plans = {BASELINE: scenario.plan()}
    faults: list[ModelFault] = []
    for name in scenario.changes:
        reached = _reached(scenario, name)
        if astray & reached:
            continue  # which levers it has is not known
        try:
            made = scenario.plan(name)
        except ModelError as error:
            faults += [fault for fault in error.faults if not repaired & reached or _of_lever(fault)]
        else:
            if not repaired & reached:  # else it would make something that nobody wrote
                plans[name] = made
                faults += _of_organisations(name, made)
    return plans, faults


def _of_lever(fault: ModelFault) -> bool:
    """Whether a fault is one lever's own, whatever the others of its change do."""
    return fault.path[2:3] == ("levers",)


def planned(scenario: Scenario, change: str | None, made: Plan | None = None) -> Plan:
    """The plan of a change that was put together after reading; ScenarioError with everything that is wrong with it.

    `made`: the plan, where it has been made and only has to be looked through.
    """
    try:
        looked_through = made or scenario.plan(change)
        faults = list(_of_organisations(change or BASELINE, looked_through))
    except ModelError as error:
        faults = list(error.faults)
    if faults:
        raise ScenarioError(
            Fault(
                scenario.name, 0, 0, dotted(fault.path), show(fault.value) if fault.value != "" else "", fault.expected, fault.near
            )
            for fault in faults
        )
    return looked_through


def _of_organisations(name: str, made: Plan) -> Iterator[ModelFault]:
    for phase in made.phases:
        for fault in checks.faults(phase.model, idle_teams=False):
            where = ".".join(map(str, fault.path))
            expected = f"levers that leave a sensible organisation; {where} would be {show(fault.value)}, not {fault.expected}"
            yield ModelFault(("changes", name), "", expected, fault.near)

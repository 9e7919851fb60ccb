"""Which module each lever is in, and what lists show of it, read from the source so that no class has to be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SHELVES = {
    "demand": {"say_no": "SayNo", "level_demand": "LevelDemand"},
    "focus": {
        "limit_wip": "LimitWip",
        "stop_multitasking": "StopMultitasking",
        "single_piece_flow": "SinglePieceFlow",
        "finish_first": "FinishFirst",
        "slice": "Slice",
        "prioritise": "Prioritise",
    },
    "walls": {
        "cross_functional_teams": "CrossFunctionalTeams",
        "cross_train": "CrossTrain",
        "self_serve": "SelfServe",
        "soften_handoffs": "SoftenHandoffs",
    },
    "obstacles": {"swarm_on_blockers": "SwarmOnBlockers", "surface_problems": "SurfaceProblems"},
    "decisions": {"decide_locally": "DecideLocally", "shorten_cadence": "ShortenCadence"},
    "quality": {"build_quality_in": "BuildQualityIn"},
    "customers": {"talk_to_customers": "TalkToCustomers", "small_bets": "SmallBets"},
    "capacity": {"cut_meetings": "CutMeetings", "add_people": "AddPeople", "make_time_to_improve": "MakeTimeToImprove"},
    "classes": {"reserve_capacity": "ReserveCapacity", "swarm_urgent": "SwarmUrgent", "ask_less": "AskLess"},
    "sequencing": {"sequence": "Sequence"},
    "holidays": {"stagger_holidays": "StaggerHolidays"},
    "tools": {"automate": "Automate", "assist_with_ai": "AssistWithAi", "simplify": "Simplify"},
    "titles": {"rename": "Rename"},
    "settings": {"set": "Set"},
}
"""By module of this folder: the name of each lever in a file, and its class; theme by theme, in the order of the list."""


def told() -> Iterator[tuple[str, str, str]]:
    """Of every lever that comes with vssim: its name, its theme, and its docstring."""
    for shelf, classes in SHELVES.items():
        tree = ast.parse(Path(__file__).with_name(f"{shelf}.py").read_text(encoding="utf-8"))
        written = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        words = _texts(tree.body)
        for name, kind in classes.items():
            theme = _texts(written[kind].body, words)["theme"]
            yield name, theme, ast.get_docstring(written[kind]) or ""


def _texts(body: list[ast.stmt], known: dict[str, str] | None = None) -> dict[str, str]:
    """By name the texts that a body assigns, or takes from the `known` ones."""
    texts: dict[str, str] = {}
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                texts[name] = text
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                texts[name] = text
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Name(id=other)) if known and other in known:
                texts[name] = known[other]
    return texts

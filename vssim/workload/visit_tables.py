"""Visit tables: the journeys of all items, phase by phase, and where each item's rows are among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vssim.clock import NUMBER, Numbers
from vssim.workload.program import VisitTable
from vssim.workload.roots import Family, members_of
from vssim.workload.rows import check, table

VisitColumns = dict[str, Any]
"""Columns of visits."""


@dataclass(frozen=True, eq=False)
class Span:
    """Where the itineraries of one phase are. Arrays of shape (items,)."""

    first: Numbers
    """first row, counted through the tables of all phases"""
    end: Numbers
    """row after the last"""
    table: Numbers
    """the phase whose table has it: the first in which the item makes this journey; −1 it makes none yet"""


def visits_of(families: Sequence[Family], phases: int, count: int) -> tuple[list[VisitColumns], list[Span]]:
    """By phase a table of visits, and where its itineraries are. Phases with the same journeys share their rows."""
    members = members_of(families)
    tables: list[VisitColumns] = []
    spans: list[Span] = []
    base = 0
    for phase in range(phases):
        first, end, fresh = (np.zeros(count, NUMBER) for _ in range(3))
        source = np.full(count, -1, NUMBER)
        drawn_now = []
        for _, member, rows in members:
            journey = member.journeys[phase]
            earlier = next((p for p in range(phase) if member.journeys[p] is journey), None)
            if journey is not None and earlier is None:
                fresh[rows], source[rows] = journey.rows.written, phase
                drawn_now.append((journey.rows, rows))
            elif journey is not None and earlier is not None:
                span = spans[earlier]
                first[rows], end[rows], source[rows] = span.first[rows], span.end[rows], span.table[rows]
        check(base + int(fresh.sum()))
        begins = np.cumsum(fresh, dtype=NUMBER) - fresh
        for _, rows in drawn_now:
            first[rows], end[rows] = base + begins[rows], base + begins[rows] + fresh[rows]
        item = np.repeat(np.arange(count, dtype=NUMBER), fresh)
        tables.append(table([(visits, begins[rows]) for visits, rows in drawn_now]) | {"item": item})
        spans.append(Span(first, end, source))
        base += int(fresh.sum())
    return tables, spans


def joined(tables: Sequence[VisitColumns]) -> VisitTable:
    """The tables of all phases, one after the other."""
    if len(tables) == 1:
        return VisitTable(**tables[0])
    return VisitTable(**{name: np.concatenate([part[name] for part in tables]) for name in tables[0]})

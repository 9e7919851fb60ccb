"""Boards of Trello as JSON: lists, cards, and the latest 1,000 actions at most.

A card's id begins with the time at which it was made (8 hexadecimal digits, seconds since 1970). Where the making of a card is not
among the actions, its older moves are missing, and the begin of its first stay is not known. An archived card is not done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from vssim.language import said
from vssim.tracker.dates import read_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import INSTANT, MOVES, Extract, as_items, as_moves, dropped, in_order
from vssim.tracker.people import tokens
from vssim.tracker.sources import Source

MADE = ("createCard", "copyCard", "emailCard", "convertToCardFromCheckItem", "moveCardToBoard")
"""Actions that bring a card onto the board."""

MOST_ACTIONS = 1_000
"""How many actions Trello exports at most."""

_SCHEMA: dict[str, Any] = {**MOVES, "at": pl.String}
"""The columns of moves whose times are still texts."""


@dataclass
class Cards:
    """The content of a board's export."""

    lists: dict[str, str] = field(default_factory=dict)
    """by id the present name of the list"""
    order: list[tuple[float, str]] = field(default_factory=list)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)


class Trello:
    """Reads boards of Trello."""

    kind = "trello"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its keys."""
        if source.form != "json":
            return None
        text = source.text
        if '"idBoard"' in text and '"idList"' in text and ('"cards"' in text or '"actions"' in text):
            return 0.9, said("a board of Trello: lists, cards, actions")
        return (0.9, said("a card of Trello")) if '"idBoard"' in text and '"idList"' in text else None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """One move for each change of list and for each archiving."""
        cards = _collected(source)
        if not cards.lists or not cards.cards:
            raise Refused(f"{source.path}: one card of Trello, not a board; export the board (menu, print and export, JSON)")
        rows, bad = _moves(cards)
        frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
        dates = read_dates(frame, ["at"], decisions)
        frame = frame.with_columns(dates.columns["at"].alias("at"), tokens(frame["who"]).alias("who"))
        frame = frame.filter(pl.col("at").is_not_null()).sort("at", maintain_order=True)
        made = set(frame.filter(pl.col("kind") == "created")["item"].to_list())
        older = [card for card in cards.cards if card not in made and card in set(frame["item"].to_list())]
        silent = [card for card in cards.cards if card not in set(frame["item"].to_list())]
        notes = list(source.notes)
        cut = bool(older or silent)
        if cut:
            notes.append(
                said(
                    "{older} cards were made before the oldest action here, so their first stay has no beginning; {silent} have "
                    "not moved since; Trello exports the last {most} actions only ({here} are here)",
                    older=len(older),
                    silent=len(silent),
                    most=MOST_ACTIONS,
                    here=len(cards.actions),
                )
            )
        frame = pl.concat([frame, _silent(cards, silent)])
        archived = [card for card, content in cards.cards.items() if content.get("closed")]
        if archived:
            notes.append(
                said(
                    "{count} cards are archived: delivered only where that was in a list of work that is done", count=len(archived)
                )
            )
        return Extract(
            moves=in_order(as_moves(frame)),
            items=_items(cards, decisions),
            losses=("truncated",) if cut else (),
            dropped=tuple(dropped(said("an action of a card that is no longer on the board"), bad)),
            notes=tuple(notes),
            columns=tuple(dict.fromkeys(name for _, name in sorted(cards.order))),
            rows=len(cards.cards),
        )


def _collected(source: Source) -> Cards:
    collected_cards = Cards()
    for key, value in source.elements():
        if not isinstance(value, dict):
            continue
        if key == "lists" and "id" in value:
            collected_cards.lists[str(value["id"])] = str(value.get("name"))
            if not value.get("closed"):
                collected_cards.order.append((float(value.get("pos") or 0), str(value.get("name"))))
        elif key == "cards" and "id" in value:
            collected_cards.cards[str(value["id"])] = value
        elif key == "actions":
            collected_cards.actions.append(value)
    return collected_cards


def _moves(cards: Cards) -> tuple[list[tuple[Any, ...]], list[int]]:
    """The moves, oldest first; and the numbers of actions whose cards are no longer on the board."""
    rows: list[tuple[Any, ...]] = []
    bad: list[int] = []
    place: dict[str, str | None] = {}
    for number, action in sorted(enumerate(cards.actions, 1), key=lambda entry: (str(entry[1].get("date")), -entry[0])):
        data, kind = action.get("data") or {}, action.get("type")
        card = str((data.get("card") or {}).get("id") or "")
        move = _move(cards, kind, data, place.get(card))
        if move is None:
            continue
        if card not in cards.cards:
            bad.append(number)
            continue
        origin, target, called = move
        place[card] = target if target is not None else origin
        who = (action.get("memberCreator") or {}).get("id") or action.get("idMemberCreator")
        rows.append((card, str(action.get("date")), origin, target, called, None if who is None else str(who), number))
    return rows, bad


def _move(cards: Cards, kind: Any, data: dict[str, Any], here: str | None) -> tuple[str | None, str | None, str] | None:
    """From, to and kind of the move that an action means; None where it moves nothing."""
    if kind in MADE:
        return None, _name(cards, data.get("list")), "created"
    if kind == "moveCardFromBoard":
        return here or _name(cards, data.get("list")), None, "resolved"
    if kind != "updateCard":
        return None
    if "listBefore" in data and "listAfter" in data:
        return _name(cards, data["listBefore"]), _name(cards, data["listAfter"]), "status"
    was, now, column = (
        (data.get("old") or {}).get("closed"),
        (data.get("card") or {}).get("closed"),
        here or _name(cards, data.get("list")),
    )
    archived, back = was is False and bool(now), bool(was) and now is False
    return (column, None, "resolved") if archived else (None, column, "status") if back else None


def _name(cards: Cards, entry: Any) -> str | None:
    """The present name of a list, even if it had another name at the time of the action."""
    if not isinstance(entry, dict):
        return None
    return cards.lists.get(str(entry.get("id")), None if entry.get("name") is None else str(entry["name"]))


def _silent(board: Cards, cards: list[str]) -> pl.DataFrame:
    """The moves of cards without any action: they were in their list before the oldest action; archived ones have left."""
    rows = []
    for card in cards:
        content = board.cards[card]
        made = made_at(card)
        if made is not None and not content.get("closed"):
            rows.append((card, made, None, board.lists.get(str(content.get("idList"))), "created", None, None))
    return pl.DataFrame(rows, schema={**_SCHEMA, "at": pl.Int64}, orient="row").with_columns(pl.col("at").cast(INSTANT))


def made_at(card: str) -> int | None:
    """When a card was made, from its id [microseconds since 1970]; None where the id is not Trello's."""
    try:
        return int(card[:8], 16) * 1_000_000 if len(card) == 24 else None
    except ValueError:
        return None


def _items(board: Cards, decisions: Decisions) -> pl.DataFrame:
    del decisions
    cards = list(board.cards.items())
    return as_items(
        pl.DataFrame(
            {
                "item": [card for card, _ in cards],
                "title": pl.Series([content.get("name") for _, content in cards], dtype=pl.String),
                "created": pl.Series([made_at(card) for card, _ in cards], dtype=pl.Int64).cast(INSTANT),
                "tags": pl.Series(
                    [[str(label.get("name")) for label in content.get("labels") or ()] for _, content in cards],
                    dtype=pl.List(pl.String),
                ),
            }
        )
    )


READER = Trello()

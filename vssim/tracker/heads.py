"""The meaning of table heads and column names in the languages that trackers write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ROLES: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "key", "issue key", "issue id", "issue_id", "item", "item id", "item key", "work item id",
        "case", "ticket", "number",
        "vorgangsschlüssel", "schlüssel", "nummer", "clé", "clave", "chave", "キー", "課題キー", "番号", "编号", "키",
    ),
    "link": ("link", "url", "html_url", "リンク"),
    "title": (
        "name", "title", "summary", "subject", "task name", "titel", "zusammenfassung", "titre", "résumé",
        "título", "resumen",
        "resumo", "要約", "件名", "タイトル", "概要", "标题",
    ),
    "type": (
        "type", "issue type", "work item type", "item type", "issuetype", "vorgangstyp", "typ", "tipo",
        "type de ticket", "課題タイプ",
        "種別", "タイプ", "类型",
    ),
    "status": ("status", "state", "zustand", "statut", "état", "estado", "ステータス", "状態", "状态"),
    "resolution": ("resolution", "lösung", "résolution", "resolución", "resolução", "解決状況", "完了理由"),
    "created": (
        "created", "created date", "created at", "created on", "created_at", "createdat", "created_date",
        "creation date",
        "date created", "start_created", "erstellt", "erstellt am", "angelegt am", "créé", "création",
        "creado", "criado",
        "作成日", "作成日時", "创建日期", "创建时间",
    ),
    "started": (
        "started", "start", "start date", "started date", "start_date", "started_date", "starteddate",
        "startdate", "activated date",
        "activated", "activateddate", "in progress", "in progress date", "commitment date", "committed date",
        "begonnen",
        "begonnen am", "begin", "startdatum", "commencé", "début", "inicio", "início", "開始日", "着手日", "开始日期",
    ),
    "closed": (
        "closed", "closed date", "closed at", "closed_at", "closedat", "closed_date", "closeddate",
        "close date", "done",
        "done date", "resolved", "resolved date", "resolution date", "completed", "completed date",
        "completed at", "completion date",
        "finished", "finished date", "finished_date", "finish date", "end", "end date", "end_date", "enddate",
        "delivered", "erledigt", "erledigt am",
        "abgeschlossen", "abgeschlossen am", "geschlossen", "geschlossen am", "ende", "enddatum", "terminé",
        "fermé", "fin",
        "cerrado", "finalizado", "concluído", "fim", "完了日", "終了日", "解決日", "关闭日期", "完成日期",
    ),
    "parent": ("parent", "parent key", "epic", "epic link", "parent id", "übergeordnet", "elternvorgang", "親課題"),
    "tags": ("tags", "labels", "label", "stichwörter", "étiquettes", "etiquetas", "ラベル"),
    "size": (
        "size", "story points", "storypoints", "points", "estimate", "effort", "story point estimate",
        "original estimate", "größe",
        "aufwand", "ストーリーポイント",
    ),
    "class_of_service": ("class of service", "class", "service class", "priority class"),
    "stopped": ("stopped",),
}  # fmt: skip
"""By role of a column the heads that state it, in lower case."""

_BACKLOG = (
    "backlog", "to do", "todo", "open", "new", "inbox", "ideas", "funnel", "proposed", "requested", "offen",
    "neu", "options", "icebox",
    "selected for development", "to-do", "unplanned", "not started",
)  # fmt: skip
_DONE = (
    "done", "closed", "resolved", "completed", "complete", "released", "delivered", "deployed", "live",
    "in production", "production",
    "accepted", "finished", "archive", "archived", "fertig", "erledigt", "geschlossen", "abgeschlossen",
    "terminé", "hecho", "完了", "已完成",
    "shipped", "done done", "verified",
)  # fmt: skip
_DROPPED = (
    "won't do", "wont do", "won't fix", "wontfix", "won’t do", "duplicate", "cannot reproduce",
    "can't reproduce", "incomplete",
    "rejected", "cancelled", "canceled", "removed", "abandoned", "declined", "obsolete", "invalid",
    "discarded", "not planned",
    "not_planned", "will not do", "verworfen", "abgelehnt", "abgebrochen", "duplikat", "wird nicht erledigt",
    "dropped",
)  # fmt: skip
_QUEUES = re.compile(
    r"\b(waiting|ready|queue|queued|wait|next|buffer|pending|on hold|to be|awaiting|wartet|bereit|committed|selected|approved)\b"
    r"|\b(dev|test|review|qa|develop\w*) (done|complete)\b",
    re.IGNORECASE,
)


def plain(name: str) -> str:
    """A head or status in the form in which it is compared: lower case, single spaces, no surrounding marks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip(" \t:*#'’\"").casefold()


def role_of(head: str) -> str | None:
    """The role that a head states for its column, such as `created`; None where the head is not known."""
    name = plain(head)
    without_note = re.sub(r"\s*\(.*\)$", "", name)
    spaced = re.sub(r"[_\-]+", " ", name)
    return next((role for role, names in ROLES.items() if name in names or without_note in names or spaced in names), None)


def roles(heads: Iterable[str]) -> dict[str, str]:
    """By role the first head that states it."""
    by_role: dict[str, str] = {}
    for head in heads:
        role = role_of(head)
        if role is not None:
            by_role.setdefault(role, head)
    return by_role


def means_backlog(column: str) -> bool:
    """Whether a column's name says that nobody has begun there."""
    return plain(column) in _BACKLOG


def means_done(column: str) -> bool:
    """Whether a column's name says that work is done there."""
    return plain(column) in _DONE


def means_dropped(word: str) -> bool:
    """Whether a status or resolution says that the work will not be done."""
    return plain(word) in _DROPPED


def means_queue(column: str) -> bool:
    """Whether a column's name says that work waits there."""
    return means_backlog(column) or bool(_QUEUES.search(column))

"""Rules over invented sources, and what was handed out by them."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from sanctuary.notify.queueing import hand_out
from sanctuary.sources import Sources

DESK = {"desk": "DESK_ADDRESS"}
IDS = (
    *("zembla-list", "zembla-report", "onhava-law"),
    *("county-list", "ministry-list", "zembla-agreements"),
)


def watched(*rules: dict[str, Any], keys: dict[str, Any] | None = None, **notify: Any) -> Sources:
    """Return what is watched, with rules that tell the desk where they do not say otherwise."""
    entries = [
        {
            "id": each,
            "title": "Invented",
            "publisher": "Zembla Ministry",
            "address": None,
            "parser": "ddor",
            "editions": "content",
            "why": "An invented source.",
            **(keys or {}),
        }
        for each in IDS
    ]
    named = [
        {"name": f"rule {number}", "to": ["desk"], **rule} for number, rule in enumerate(rules, 1)
    ]
    settings = {"notify": {"targets": DESK, "rules": named, **notify}}
    return Sources.model_validate({"settings": settings, "sources": entries})


def handed(db: Database, sources: Sources, now: str) -> list[tuple[str, ...]]:
    """Hand out what is queued, and return kind, row, target and due date of what waits of it."""
    newest = db.execute("SELECT coalesce(max(id), 0) FROM deliveries").fetchone()[0]
    hand_out(db, sources, now)
    return db.execute(
        """SELECT coalesce(changes.kind, outbox.kind), coalesce(place, ''), target, due_at
        FROM deliveries JOIN outbox ON outbox.id = item_id
        LEFT JOIN changes ON public_id = key AND superseded_at IS NULL
        WHERE deliveries.id > ? AND deliveries.state = 'waiting' ORDER BY deliveries.id""",
        [newest],
    ).fetchall()


def reasons(db: Database) -> dict[str, str | None]:
    """Return by kind why nobody is told of an item."""
    return dict(
        db.execute(
            """SELECT coalesce(changes.kind, outbox.kind), reason FROM outbox
            LEFT JOIN changes ON public_id = key AND superseded_at IS NULL ORDER BY outbox.id"""
        ).fetchall()
    )

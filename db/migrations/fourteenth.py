"""What is to be told, to whom and when; and a name for each run that a log can say, too."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations.registry import migrations

_OUTBOX = (
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('change', 'held', 'failing', 'working')),
        key TEXT NOT NULL,
        source_id TEXT REFERENCES sources(id),
        queued_at TEXT NOT NULL,
        handed_out_at TEXT,
        reason TEXT,
        UNIQUE (kind, key)
    ) STRICT""",
    "CREATE INDEX outbox_queued ON outbox(id) WHERE handed_out_at IS NULL",
    "CREATE INDEX outbox_handed_out ON outbox(handed_out_at)",
    """CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        item_id INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
        rule TEXT NOT NULL,
        target TEXT NOT NULL,
        rhythm TEXT NOT NULL CHECK (rhythm IN ('at once', 'daily', 'weekly')),
        due_at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN (
            'waiting', 'sending', 'sent', 'failed', 'dropped', 'unknown')),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at TEXT NOT NULL,
        settled_at TEXT,
        reason TEXT,
        UNIQUE (item_id, target, due_at)
    ) STRICT""",
    """CREATE INDEX deliveries_open ON deliveries(state, next_try_at)
        WHERE state NOT IN ('sent', 'dropped')""",
    """CREATE TABLE targets (
        name TEXT PRIMARY KEY,
        failing_since TEXT,
        last_error TEXT,
        last_sent_at TEXT,
        reported_at TEXT
    ) STRICT""",
)


@migrations()
def m014_outbox(db: Database) -> None:
    """Keep what is to be told with what happened, and give each run a public id.

    What this database knew before is no news: nothing of it is queued.
    """
    for statement in _OUTBOX:
        db.execute(statement)
    db.execute("ALTER TABLE runs ADD COLUMN public_id TEXT")
    db.execute("CREATE INDEX runs_public_id ON runs(public_id)")

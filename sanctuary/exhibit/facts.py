"""The facts of an exhibit as plain data: what is kept of each capture, reading and run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.provenance import Proven
from sanctuary.warc.writing import facts_of
from scraper.conditional import http_date

PROOFS = {
    "own": "ours: this tool fetched it",
    "archive": "that of a web archive",
    "person": "that of the person who imported it",
}
"""Whose word the time of a capture is."""


def capture_facts(words: str, capture: Proven) -> dict[str, Any]:
    """Return what is kept of a capture; ``words`` say what it is to the subject."""
    facts = facts_of(capture)
    return {
        "what": words,
        "capture": capture.id,
        "whose_word_the_time_is": PROOFS.get(capture.proof, capture.proof),
        **{name: facts[name] for name in facts if name not in ("headers", "request_headers")},
        "clock": clock_facts(capture),
        "run": capture.run_id,
        "linked_from_capture": capture.found_in,
    }


def clock_facts(capture: Proven) -> dict[str, Any]:
    """Return what the clocks say: that of the server in its ``Date`` header, and ours.

    Ours says nothing of a capture that others made.
    """
    stated = next((value for name, value in capture.headers if name.lower() == "date"), None)
    moment = http_date(stated)
    is_ours = capture.proof == "own"
    ours = datetime.fromisoformat(capture.captured_at).timestamp()
    return {
        "server_date": stated,
        "request_began": capture.captured_at if is_ours else None,
        "server_ahead_seconds": round(moment - ours) if is_ours and moment is not None else None,
    }


def reading_facts(db: Database, source_id: str, sha256: str) -> list[dict[str, Any]]:
    """Return the readings of a document for a source, the first first, with their checks."""
    readings = db.query(
        """SELECT id, parser, parser_version, status, notice, title, period_start, period_end,
            content_hash, recorded_at, decided_at, decided_by, decision_reason
        FROM readings WHERE source_id = ? AND document_sha256 = ? ORDER BY id""",
        [source_id, sha256],
    )
    return [
        {
            "reading": reading.pop("id"),
            **reading,
            "editions": _editions(db, number),
            "checks": [
                {**check, "required": bool(check["required"]), "passed": bool(check["passed"])}
                for check in db.query(
                    """SELECT name, required, passed, message FROM checks
                    WHERE reading_id = ? ORDER BY id""",
                    [number],
                )
            ],
            "problems": db.execute(
                "SELECT count(*) FROM problems WHERE reading_id = ?", [number]
            ).fetchone()[0],
        }
        for reading in list(readings)
        for number in [reading["id"]]
    ]


def _editions(db: Database, reading_id: int) -> list[dict[str, Any]]:
    """Return the editions that show a reading, or did, and when they were seen in public."""
    return list(
        db.query(
            """SELECT period_start, period_end, revision, public_from AS seen_from,
                public_until AS seen_until, edition_readings.recorded_at AS shown_since,
                superseded_at AS shown_until
            FROM edition_readings JOIN editions ON editions.id = edition_id
            WHERE reading_id = ? ORDER BY edition_readings.id""",
            [reading_id],
        )
    )


def source_facts(db: Database, source_id: str) -> dict[str, Any]:
    """Return what is kept of a source."""
    columns = "id, title, publisher, address, lifecycle, parser"
    return next(db.query(f"SELECT {columns} FROM sources WHERE id = ?", [source_id]))


def run_facts(db: Database, runs: set[int]) -> list[dict[str, Any]]:
    """Return the runs of these ids; one without a manifest died before it finished."""
    marks = ",".join("?" * len(runs))
    columns = "id, command, tool_version, started_at, finished_at, manifest_sha256"
    sql = f"SELECT {columns} FROM runs WHERE id IN ({marks}) ORDER BY id"
    return [
        {"run": row.pop("id"), **row, "state": "finished" if row["finished_at"] else "died"}
        for row in list(db.query(sql, sorted(runs)))
    ]


def manifests_from(db: Database, run_id: int) -> list[tuple[int, str, str]]:
    """Return run, text and hash of every manifest from that of a run to the newest, in order."""
    return [
        (row[0], row[1], row[2])
        for row in db.execute(
            """SELECT id, manifest, manifest_sha256 FROM runs
            WHERE id >= ? AND manifest IS NOT NULL ORDER BY id""",
            [run_id],
        )
    ]

"""What each run did, in a text with a hash, which holds the hash of the run before it.

So nothing of a finished run can be altered or taken out without a trace in every later one. What
the newest run did can: who wants to hold that, too, keeps its hash somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

_HOW = (
    "final_address",
    "found_in",
    "headers",
    "proof",
    "reason",
    "request_headers",
    "retry_after",
    "robots",
    "role",
    "transport",
)
"""The columns that say how a capture was made; ``doubted`` is not one, since it comes later."""
_STATED = {
    "run": "id",
    "command": "command",
    "tool_version": "tool_version",
    "started": "started_at",
    "finished": "finished_at",
}
"""What a manifest says of its run, and the column that says so, too."""


@dataclass(frozen=True)
class ManifestFault:
    """A run whose manifest does not fit."""

    run_id: int
    reason: str
    """A clause without a full stop."""


def write_manifest(db: Database, run_id: int) -> None:
    """Write the manifest of a run that has just finished. Call it in the transaction that says so.

    It is canonical JSON in UTF-8, its keys sorted and without blanks: ``run``, ``command``,
    ``tool_version``, ``started``, ``finished``, ``previous`` (the sha256 of the manifest of the
    newest finished run before it, null for the first) and ``captures``, in the order of recording.
    Of each capture it holds ``source``, ``address``, ``captured_at``, ``verdict``, ``status``,
    ``document`` (a sha256 or null), and ``how``: the sha256 of how it was made, both headers and
    the connection included. A run that died has none; the chain goes over it.
    """
    previous = db.execute(
        """SELECT manifest_sha256 FROM runs WHERE id < ? AND manifest_sha256 IS NOT NULL
        ORDER BY id DESC LIMIT 1""",
        [run_id],
    ).fetchone()
    run = next(db.query("SELECT * FROM runs WHERE id = ?", [run_id]))
    text = _canonical(
        {
            "run": run_id,
            "command": run["command"],
            "tool_version": run["tool_version"],
            "started": run["started_at"],
            "finished": run["finished_at"],
            "previous": previous[0] if previous else None,
            "captures": captures_in_manifest(db, run_id),
        }
    )
    db.table("runs").update(run_id, {"manifest": text, "manifest_sha256": _sha256(text)})


def captures_in_manifest(db: Database, run_id: int) -> list[dict[str, Any]]:
    """Return the captures of a run as its manifest lists them, the first recorded first."""
    rows = db.query(
        f"""SELECT source_id, address, captured_at, verdict, status, document_sha256,
            {", ".join(_HOW)}
        FROM captures WHERE run_id = ? ORDER BY id""",
        [run_id],
    )
    return [
        {
            "source": row["source_id"],
            "address": row["address"],
            "captured_at": row["captured_at"],
            "verdict": row["verdict"],
            "status": row["status"],
            "document": row["document_sha256"],
            "how": _sha256(_canonical({name: row[name] for name in _HOW})),
        }
        for row in rows
    ]


def manifest_faults(db: Database) -> Iterator[ManifestFault]:
    """Yield the runs whose manifest is altered, out of the chain, missing or not what was recorded.

    A run that died has none, nor has one from before there were any; that is no fault.
    """
    previous: str | None = None
    for run in db.query("SELECT * FROM runs WHERE finished_at IS NOT NULL ORDER BY id"):
        text, sha256 = run["manifest"], run["manifest_sha256"]
        if sha256 is None:
            if previous is not None:
                yield ManifestFault(run["id"], "it finished and has no manifest")
            continue
        fault = _fault(db, run, text, previous)
        if fault is not None:
            yield ManifestFault(run["id"], fault)
        previous = sha256


def _fault(db: Database, run: dict[str, Any], text: str | None, previous: str | None) -> str | None:
    if text is None or _sha256(text) != run["manifest_sha256"]:
        return "its manifest is not the text that its hash was made of"
    try:
        said = json.loads(text)
        captures, before = said["captures"], said["previous"]
        stated = tuple(said[name] for name in _STATED)
    except (ValueError, KeyError, TypeError):
        return "its manifest is none"
    if before != previous:
        return "its manifest names another run before it than there is: one is missing or altered"
    if stated != tuple(run[name] for name in _STATED.values()):
        return "the run is not as its manifest states it"
    held = captures_in_manifest(db, run["id"])
    if captures != held:
        if len(captures) != len(held):
            return f"its manifest lists {len(captures)} captures, and there are {len(held)}"
        odd = next(now for then, now in zip(captures, held, strict=True) if then != now)
        return f"its capture of {odd['address'] or odd['source']} is not as its manifest states it"
    return None


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

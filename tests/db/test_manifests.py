"""Each run says in a manifest what it did, and which manifest came before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import Capture, Document, finish_run, record_capture, start_run
from db.connection import open_database
from db.manifests import ManifestFault, manifest_faults
from db.sources import save_source
from tests.db.history import LIST

T1, T2 = "2025-06-01T10:00:00Z", "2025-06-01T10:00:09Z"
SHA = "ab" * 32


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "tracker.db")
    save_source(db, LIST)
    yield db
    db.close()


def start(db: Database, status: int = 200) -> int:
    """Begin a run that makes one capture."""
    run_id = start_run(db, "run", "1.2.3", T1)
    capture = Capture(
        source_id=LIST.id,
        role="document",
        address="http://127.0.0.1/list",
        captured_at=T1,
        proof="own",
        verdict="document",
        status=status,
        headers=(("Date", "Sun, 01 Jun 2025 10:00:00 GMT"),),
        document_sha256=SHA,
    )
    record_capture(db, capture, Document(SHA, 4, "text/html", "list"), run_id, T1)
    return run_id


def run(db: Database) -> int:
    run_id = start(db)
    finish_run(db, run_id, {}, T2)
    return run_id


def manifest(db: Database, run_id: int) -> tuple[str, str]:
    sql = "SELECT manifest, manifest_sha256 FROM runs WHERE id = ?"
    text, sha256 = db.execute(sql, [run_id]).fetchone()
    return text, sha256


def faults(db: Database) -> list[tuple[int, str]]:
    return [(fault.run_id, fault.reason) for fault in manifest_faults(db)]


def test_a_finished_run_says_what_it_captured(db: Database) -> None:
    said = json.loads(manifest(db, run(db))[0])
    (capture,) = said.pop("captures")
    assert said == {
        "run": 1,
        "command": "run",
        "tool_version": "1.2.3",
        "started": T1,
        "finished": T2,
        "previous": None,
    }
    assert len(capture.pop("how")) == 64
    assert capture == {
        "source": LIST.id,
        "address": "http://127.0.0.1/list",
        "captured_at": T1,
        "verdict": "document",
        "status": 200,
        "document": SHA,
    }


def test_its_hash_is_that_of_its_text_and_stands_in_the_next(db: Database) -> None:
    first, second = run(db), run(db)
    text, sha256 = manifest(db, first)
    assert hashlib.sha256(text.encode()).hexdigest() == sha256
    assert json.loads(manifest(db, second)[0])["previous"] == sha256


def test_the_text_has_one_form(db: Database) -> None:
    text, _ = manifest(db, run(db))
    canonical = json.dumps(
        json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert text == canonical


def test_the_chain_goes_over_a_run_that_died(db: Database) -> None:
    first = run(db)
    died = start(db)
    last = run(db)
    assert manifest(db, died) == (None, None)
    assert json.loads(manifest(db, last)[0])["previous"] == manifest(db, first)[1]
    assert faults(db) == []


def test_runs_from_before_there_were_manifests_are_no_fault(db: Database) -> None:
    old = start(db)
    db.execute("UPDATE runs SET finished_at = ? WHERE id = ?", [T2, old])
    run(db)
    assert faults(db) == []


@pytest.mark.parametrize(
    ("sql", "run_id", "said"),
    [
        ("UPDATE runs SET manifest = replace(manifest, 'abab', 'abac') WHERE id = 2", 2, "text"),
        ("UPDATE runs SET manifest = NULL WHERE id = 2", 2, "text"),
        ("UPDATE runs SET manifest_sha256 = NULL WHERE id = 2", 2, "has no manifest"),
        ("UPDATE runs SET tool_version = '9' WHERE id = 2", 2, "not as its manifest states"),
        ("UPDATE captures SET status = 404 WHERE run_id = 2", 2, "not as its manifest states"),
        ("UPDATE captures SET headers = '[]' WHERE run_id = 2", 2, "http://127.0.0.1/list"),
        ("DELETE FROM captures WHERE run_id = 2", 2, "lists 1 captures, and there are 0"),
        ("DELETE FROM runs WHERE id = 2", 3, "names another run before it"),
    ],
)
def test_what_is_altered_afterwards_is_seen(db: Database, sql: str, run_id: int, said: str) -> None:
    for _ in range(3):
        run(db)
    assert faults(db) == []
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(sql)
    (first, *_) = manifest_faults(db)
    assert isinstance(first, ManifestFault)
    assert first.run_id == run_id
    assert said in first.reason


def test_a_manifest_that_is_made_anew_to_fit_breaks_the_next(db: Database) -> None:
    for _ in range(3):
        run(db)
    text = manifest(db, 2)[0].replace('"status":200', '"status":404')
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    db.execute("UPDATE captures SET status = 404 WHERE run_id = 2")
    db.execute("UPDATE runs SET manifest = ?, manifest_sha256 = ? WHERE id = 2", [text, sha256])
    assert [run_id for run_id, _ in faults(db)] == [3]


def test_what_is_no_json_any_more_is_a_fault_like_others(db: Database) -> None:
    run(db)
    text = "no manifest"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    db.execute("UPDATE runs SET manifest = ?, manifest_sha256 = ?", [text, sha256])
    assert [run_id for run_id, _ in faults(db)] == [1]

"""What a server said by "not modified" is taken back where it said so of other bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from db.captures import Capture, Document, Known, known_document, record_capture
from db.doubts import doubt
from db.readings import ReadBy, find_reading, show_captures
from tests.db.history import LIST, NOW, changes, editions, history, listing, load, new_database
from tests.db.history import reading as read

PAGE = "http://127.0.0.1/list"
A, B = read([listing()]), read([listing(policy="Kinbote Rule 2")])
ETAG = (("ETag", '"one"'),)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def say_unchanged(db: Database, captured_at: str, sha256: str) -> int:
    """Record a capture in which the server says that the document it gave is still there."""
    capture = Capture(
        LIST.id,
        "document",
        PAGE,
        captured_at,
        "own",
        "unchanged",
        status=304,
        document_sha256=sha256,
    )
    capture_id = record_capture(db, capture, None, None, NOW)
    stored = find_reading(db, ReadBy(LIST.id, sha256, LIST.parser, "1"))
    assert stored is not None
    show_captures(db, stored, "first", NOW)
    return capture_id


def capture_of(db: Database, captured_at: str) -> int:
    sql = "SELECT id FROM captures WHERE captured_at = ?"
    return int(db.execute(sql, [captured_at]).fetchone()[0])


def test_an_unchanged_page_is_a_sighting(db: Database) -> None:
    stored = load(db, LIST, "2025-06-01T10:00:00Z", A, address=PAGE)
    say_unchanged(db, "2025-06-02T10:00:00Z", stored.document_sha256)
    assert editions(db, LIST) == [(None, 1, "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")]


def test_the_word_of_a_server_that_was_found_out_is_no_sighting(db: Database) -> None:
    stored = load(db, LIST, "2025-06-01T10:00:00Z", A, address=PAGE)
    say_unchanged(db, "2025-06-02T10:00:00Z", stored.document_sha256)
    load(db, LIST, "2025-06-03T10:00:00Z", B, address=PAGE)
    changed = changes(db, "kind", "observed_after", "observed_by")[-1]
    assert changed[1:] == ("2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z")
    assert doubt(db, LIST, PAGE, capture_of(db, "2025-06-03T10:00:00Z"), NOW) == 1
    assert editions(db, LIST)[0] == (None, 1, "2025-06-01T10:00:00Z", "2025-06-01T10:00:00Z")
    changed = changes(db, "kind", "observed_after", "observed_by")[-1]
    assert changed[1:] == ("2025-06-01T10:00:00Z", "2025-06-03T10:00:00Z")


def test_it_does_not_matter_whether_it_was_found_out_before_or_after_the_reading(
    tmp_path: Path,
) -> None:
    histories = []
    for order in ("before", "after"):
        db = new_database(tmp_path / order)
        stored = load(db, LIST, "2025-06-01T10:00:00Z", A, address=PAGE)
        unchanged = say_unchanged(db, "2025-06-02T10:00:00Z", stored.document_sha256)
        if order == "before":
            found_out = record_capture(
                db,
                Capture(LIST.id, "document", PAGE, "2025-06-03T10:00:00Z", "person", "document"),
                None,
                None,
                NOW,
            )
            doubt(db, LIST, PAGE, found_out, NOW)
            db.execute("DELETE FROM captures WHERE id = ?", [found_out])
        load(db, LIST, "2025-06-03T10:00:00Z", B, address=PAGE)
        if order == "after":
            doubt(db, LIST, PAGE, capture_of(db, "2025-06-03T10:00:00Z"), NOW)
        assert db.execute("SELECT doubted FROM captures WHERE id = ?", [unchanged]).fetchone()[0]
        histories.append(history(db))
    assert histories[0] == histories[1]


def test_what_was_said_before_bytes_last_came_stands(db: Database) -> None:
    stored = load(db, LIST, "2025-06-01T10:00:00Z", A, address=PAGE)
    say_unchanged(db, "2025-06-02T10:00:00Z", stored.document_sha256)
    load(db, LIST, "2025-06-03T10:00:00Z", A, address=PAGE)
    say_unchanged(db, "2025-06-04T10:00:00Z", stored.document_sha256)
    load(db, LIST, "2025-06-05T10:00:00Z", B, address=PAGE)
    assert doubt(db, LIST, PAGE, capture_of(db, "2025-06-05T10:00:00Z"), NOW) == 1
    assert editions(db, LIST)[0] == (None, 1, "2025-06-01T10:00:00Z", "2025-06-03T10:00:00Z")


def fetch(
    db: Database,
    captured_at: str,
    verdict: str = "document",
    headers: tuple[tuple[str, str], ...] = ETAG,
    role: str = "index",
) -> int:
    document = Document("a" * 64, 1, "text/html", None)
    capture = Capture(
        LIST.id,
        role,
        PAGE,
        captured_at,
        "own",
        verdict,
        final_address=PAGE,
        headers=headers,
        document_sha256=document.sha256,
    )
    return record_capture(db, capture, document, None, NOW)


def known(db: Database, role: str = "index") -> Known | None:
    return known_document(db, LIST.id, role, PAGE)


def test_validators_come_from_the_last_bytes(db: Database) -> None:
    fetch(db, "2025-06-01T10:00:00Z", headers=(("ETag", '"old"'),))
    fetch(db, "2025-06-02T10:00:00Z", headers=(*ETAG, ("last-modified", "Sun, 01 Jun 2025")))
    fetch(db, "2025-06-03T10:00:00Z", "unchanged", headers=())
    found = known(db)
    assert found is not None
    assert (found.etag, found.last_modified) == ('"one"', "Sun, 01 Jun 2025")
    assert found.captured_at == "2025-06-02T10:00:00Z"
    assert not found.failed_since
    assert not found.found_out


def test_it_is_known_that_the_last_attempt_failed(db: Database) -> None:
    fetch(db, "2025-06-01T10:00:00Z")
    fetch(db, "2025-06-02T10:00:00Z", "blocked")
    found = known(db)
    assert found is not None
    assert found.failed_since


def test_a_document_that_was_not_accepted_is_not_known(db: Database) -> None:
    fetch(db, "2025-06-01T10:00:00Z", role="document")
    assert known(db, "document") is None


def test_a_server_that_was_found_out_stays_so(db: Database) -> None:
    doubt(db, LIST, PAGE, fetch(db, "2025-06-01T10:00:00Z"), NOW)
    fetch(db, "2025-06-02T10:00:00Z")
    found = known(db)
    assert found is not None
    assert found.found_out


def test_an_answer_without_validators_has_none(db: Database) -> None:
    fetch(db, "2025-06-01T10:00:00Z", headers=())
    found = known(db)
    assert found is not None
    assert not found.has_validators


def test_a_row_that_stood_nowhere_but_in_what_is_taken_back_has_not_returned(db: Database) -> None:
    stored = load(db, LIST, "2025-06-20T10:00:00Z", A)
    say_unchanged(db, "2025-06-01T10:00:00Z", stored.document_sha256)
    load(db, LIST, "2025-06-10T10:00:00Z", read([listing("Shade, Zembla")]), address=PAGE)
    kinds = "SELECT kind FROM changes WHERE superseded_at IS NULL AND row_key LIKE 'kinbote%'"
    assert db.execute(f"{kinds} AND kind != 'removed'").fetchall() == [("returned",)]
    doubt(db, LIST, PAGE, capture_of(db, "2025-06-10T10:00:00Z"), NOW)
    assert db.execute(kinds).fetchall() == [("added",)]

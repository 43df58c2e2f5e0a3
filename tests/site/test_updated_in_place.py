"""The database is updated in place while it is served."""

from __future__ import annotations

from pathlib import Path

from db.connection import open_database
from tests.db.history import LIST, listing, load, new_database, reading
from tests.site.serving import served
from tests.site.test_compare import PAGE, chosen


def test_a_page_shows_what_was_accepted_after_the_server_started(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    load(db, LIST, "2025-06-02T10:00:00Z", reading([listing("B, Zembla", "B")]))
    with served(tmp_path / "tracker.db") as site:
        assert chosen(site.get(PAGE).text)[-1] == "2025-06-02T10:00:00Z"
        load(db, LIST, "2025-06-03T10:00:00Z", reading([listing("C, Zembla", "C")]))
        page = site.get(PAGE).text
        assert chosen(page)[-1] == "2025-06-03T10:00:00Z"
        assert "C, Zembla" in page
        assert "C, Zembla" in site.get("/tracker/current_listings").text
    db.close()


def test_pages_answer_from_the_last_state_while_a_transaction_is_open(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    with served(tmp_path / "tracker.db") as site, db.atomic():
        db.execute("DELETE FROM listings")
        assert "A, Zembla" in site.get("/tracker/current_listings").text
        assert site.get(PAGE).status_code == 200
    db.close()


def test_looking_at_pages_leaves_the_database_writable_and_as_it_was(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    load(db, LIST, "2025-06-02T10:00:00Z", reading([listing("B, Zembla", "B")]))
    before = "\n".join(db.conn.iterdump())
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for page in (PAGE, f"{PAGE}.json", "/", "/tracker"):
            assert site.get(page).status_code == 200
        again = open_database(tmp_path / "tracker.db")
        assert "\n".join(again.conn.iterdump()) == before
        assert again.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        # No page has left a snapshot open behind it.
        assert again.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        again.close()

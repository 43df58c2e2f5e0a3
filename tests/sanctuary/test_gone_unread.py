"""A row that could not be read is not told as one that its publisher took off."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.sanctuary.commands import Commands

HEADER = "<tr><th>Jurisdiction</th><th>Policy</th></tr>"
BERA, KLOW = "<tr><td>Bera, Zembla</td><td>A</td></tr>", "<tr><td>Klow, Zembla</td><td>B</td></tr>"
TARN = "<tr><td>Tarn, Zembla</td><td>C</td></tr>"


def put(sanctuary: Commands, folder: Path, day: int, *rows: str) -> int:
    file = folder / f"list-{day}.html"
    body = "".join((HEADER, *rows))
    file.write_text(f"<!doctype html><p>SPECIMEN of a list</p><table id=list>{body}</table>")
    at = f"2025-06-0{day}T10:00Z"
    return sanctuary("import", file, "--source", "specimen-list", "--captured-at", at).code


@pytest.mark.parametrize(
    "klow",
    [
        "<tr><td>Klow, Zembla</td></tr>",
        "<tr><td colspan=2>KLOW,&nbsp;Zem&shy;bla: B</td></tr>",
    ],
)
def test_a_row_that_is_gone_and_that_a_problem_names_holds_the_reading(
    sanctuary: Commands, tmp_path: Path, klow: str
) -> None:
    assert put(sanctuary, tmp_path, 1, BERA, KLOW, TARN) == 0
    assert put(sanctuary, tmp_path, 2, BERA, klow, TARN) == 3
    assert sanctuary.rows("SELECT count(*) FROM changes WHERE kind = 'removed'") == [(0,)]
    ((message,),) = sanctuary.rows("SELECT message FROM checks WHERE name = 'rows_gone_unread'")
    assert "klow, zembla" in message
    assert "accept the reading if they are gone" in message


def test_a_row_that_is_gone_is_told_whatever_problems_others_make(
    sanctuary: Commands, tmp_path: Path
) -> None:
    note = "<tr><td colspan=2>What Bera, Zembla, decided is not known</td></tr>"
    assert put(sanctuary, tmp_path, 1, BERA, KLOW, TARN) == 0
    assert put(sanctuary, tmp_path, 2, BERA, note, TARN) == 0
    assert sanctuary.rows("SELECT place FROM changes WHERE kind = 'removed'") == [("Klow, Zembla",)]


def test_a_name_that_is_part_of_another_word_is_not_named(
    sanctuary: Commands, tmp_path: Path
) -> None:
    note = "<tr><td colspan=2>What New Aklow, Zemblaland decided is not known</td></tr>"
    assert (
        put(sanctuary, tmp_path, 1, BERA, KLOW.replace("Klow, Zembla", "Aklow, Zembla"), TARN) == 0
    )
    assert put(sanctuary, tmp_path, 2, BERA, note, TARN) == 0


def test_it_holds_a_document_that_is_readable_only_now(sanctuary: Commands, tmp_path: Path) -> None:
    ragged = f"<tr><td>Klow, Zembla</td></tr>{TARN}</table><table><tr><td>Another</td></tr>"
    assert put(sanctuary, tmp_path, 1, BERA, KLOW, TARN) == 0
    assert put(sanctuary, tmp_path, 2, BERA, ragged) == 1
    entry = sanctuary.sources_file.read_text()
    sanctuary.sources_file.write_text(
        entry.replace("record: listings,", "record: listings, select: '#list',")
    )
    # As if an earlier version of the parser had refused it.
    with sqlite3.connect(sanctuary.data_dir / "tracker.db") as db:
        db.execute("UPDATE readings SET parser_version = '0' WHERE status = 'failed'")
    assert sanctuary("replay", "--accept").code == 3
    names = sanctuary.rows("SELECT name FROM checks WHERE NOT passed AND required")
    assert names == [("rows_gone_unread",)]

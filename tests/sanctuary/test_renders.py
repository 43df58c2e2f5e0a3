"""What is made of documents is kept in bounds, the oldest out, and gone when it is to be gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sanctuary.renders import FOLDER, Renders, forget

ONE, TWO = "1" * 64, "2" * 64


def test_what_is_kept_comes_back_and_nothing_else(tmp_path: Path) -> None:
    renders = Renders(tmp_path / "kept")
    assert renders.get(ONE, "page 1") is None
    renders.keep(ONE, "page 1", b"picture")
    assert renders.get(ONE, "page 1") == b"picture"
    assert renders.get(ONE, "page 2") is None
    assert renders.get(TWO, "page 1") is None


def test_what_was_not_asked_for_longest_makes_room(tmp_path: Path) -> None:
    renders = Renders(tmp_path, most_bytes=30)
    for at, what in enumerate(("a", "b", "c")):
        renders.keep(ONE, what, b"0123456789")
        (path,) = set(tmp_path.iterdir()) - {p for p in tmp_path.iterdir() if p.stat().st_mtime < 9}
        os.utime(path, (at, at))
    renders.get(ONE, "a")
    renders.keep(TWO, "d", b"0123456789")
    assert renders.get(ONE, "a")
    assert renders.get(ONE, "b") is None
    assert renders.get(TWO, "d")


def test_a_document_is_forgotten_alone_and_wherever_it_was_kept(tmp_path: Path) -> None:
    database = tmp_path / "tracker.db"
    beside = Renders.of(database)
    assert beside.root == tmp_path / FOLDER
    beside.keep(ONE, "page 1", b"picture")
    beside.keep(TWO, "page 1", b"picture")
    forget(database, ONE)
    assert beside.get(ONE, "page 1") is None
    assert beside.get(TWO, "page 1") == b"picture"


def test_a_folder_that_cannot_be_written_to_keeps_nothing_and_fails_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    renders = Renders(tmp_path / "file" / "below")
    renders.keep(ONE, "page 1", b"picture")
    assert renders.get(ONE, "page 1") is None


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no sha256"):
        Renders(tmp_path).get("../x", "page 1")
    Renders(tmp_path).keep(ONE, "../../x", b"picture")
    assert [path.parent for path in tmp_path.iterdir()] == [tmp_path]

"""Copying an archive to where documents are already: none of these is lost at any step."""

from __future__ import annotations

import pytest

from scraper.archive import Archive
from scraper.packing import pack, pack_against
from tests.scraper.stores import Store, in_memory
from tests.scraper.test_archive import page

FIRST, SECOND = sorted((page(1), page(2)), key=Archive.hash_of)
"""A page that is copied before the one like it, as its hash comes first."""


def file_of(data: bytes) -> str:
    sha256 = Archive.hash_of(data)
    return f"{sha256[:2]}/{sha256}.zst"


@pytest.fixture
def here() -> Store:
    """An archive in which the first page is stored against the second."""
    store = in_memory()
    base = store.archive().put(SECOND)
    store.archive().put(FIRST, like=base)
    return store


def test_what_is_damaged_here_does_not_replace_what_is_whole_there(here: Store) -> None:
    there = in_memory()
    sha256 = there.archive().put(FIRST)
    here.write(file_of(FIRST), b"")
    assert len(list(here.archive().copy_to(there.archive()))) == 2
    assert there.archive().get(sha256) == FIRST


def test_a_document_of_others_stays_as_it_is_stored_there(here: Store) -> None:
    there = in_memory()
    base = there.archive().put(FIRST)
    there.archive().put(SECOND, like=base)
    before = there.all_files()
    assert len(list(here.archive().copy_to(there.archive()))) == 2
    assert there.all_files() == before


def test_who_stops_after_any_document_leaves_none_that_cannot_be_read(here: Store) -> None:
    there = in_memory()
    copying = here.archive().copy_to(there.archive())
    sha256 = next(copying)
    assert there.archive().get(sha256) == FIRST
    assert list(there.archive().check()) == []


def test_what_is_damaged_there_is_mended_by_what_is_here(here: Store) -> None:
    there = in_memory()
    sha256 = there.archive().put(FIRST)
    there.write(file_of(FIRST), b"")
    list(here.archive().copy_to(there.archive()))
    assert there.archive().get(sha256) == FIRST


def test_documents_stored_against_each_other_are_copied_as_they_are() -> None:
    here, there = in_memory(), in_memory()
    for data, base in ((FIRST, SECOND), (SECOND, FIRST)):
        here.write(file_of(data), pack_against(data, Archive.hash_of(base), base))
    here.write(file_of(b"report"), pack(b"report"))
    assert len(list(here.archive().copy_to(there.archive()))) == 3
    assert there.all_files() == here.all_files()

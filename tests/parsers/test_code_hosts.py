"""Municode, American Legal, Code Publishing: one law is one text, however it is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.diff import diff
from parsers.errors import NotThisDocument, ReadingError, Unreadable
from parsers.records import PolicySection, content_hash
from parsers.registry import parser_named
from tests.parsers.code_hosts import documents, failed, read
from tests.parsers.golden import FIXTURES, assert_expected, outcome

HOSTS = ("amlegal", "codepublishing", "municode")
SUFFIX = {"amlegal": "json", "codepublishing": "html", "municode": "json"}
DOCUMENTS = [path for host in HOSTS for path in documents(host)]
MOVED = {
    "amlegal": ("541.03", "541.04"),
    "codepublishing": ("3.18.030", "3.18.040"),
    "municode": ("Sec. 12-42", "Sec. 12-43"),
}
HELD = {
    "amlegal/container.json": ["has_law"],
    "amlegal/reserved.json": ["has_law"],
    "amlegal/empty-html.json": ["has_law"],
    "amlegal/moved.json": ["not_moved"],
    "amlegal/section-twice.json": ["sections_unique"],
    "codepublishing/container.html": ["has_law"],
    "codepublishing/reserved.html": ["has_law"],
    "codepublishing/moved-in-place-of-the-law.html": ["not_moved", "still_here"],
    "codepublishing/moved-but-law-left.html": ["still_here"],
    "codepublishing/section-twice.html": ["sections_unique"],
    "municode/container.json": ["has_law"],
    "municode/reserved.json": ["has_law"],
    "municode/repealed.json": ["has_law"],
    "municode/moved.json": ["not_moved"],
    "municode/section-twice.json": ["sections_unique"],
}
REFUSED = {
    "amlegal/client.json": (NotThisDocument, "no text of a code"),
    "amlegal/table-of-contents.json": (NotThisDocument, "table of contents"),
    "amlegal/shell.html": (NotThisDocument, "script"),
    "amlegal/cut-short.json": (Unreadable, "no whole JSON"),
    "codepublishing/moved-in-place-of-the-page.html": (NotThisDocument, "it is not repealed"),
    "codepublishing/shell.html": (NotThisDocument, "which a script fills in"),
    "municode/client.json": (NotThisDocument, "no text of a code"),
    "municode/table-of-contents.json": (NotThisDocument, "table of contents"),
    "municode/no-docs.json": (NotThisDocument, "no node of a code"),
    "municode/shell.html": (NotThisDocument, "script"),
    "municode/cut-short.json": (Unreadable, "no whole JSON"),
}


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def version(host: str, words: str) -> str:
    return f"version-{words}.{SUFFIX[host]}"


@pytest.mark.parametrize("fixture", DOCUMENTS, ids=name_of)
def test_a_document_is_read_as_expected(fixture: Path) -> None:
    parser = parser_named(fixture.parent.name)
    assert_expected(fixture, outcome(parser, fixture.read_bytes(), {}))


@pytest.mark.parametrize("host", HOSTS)
def test_every_expectation_has_its_document(host: str) -> None:
    expected = (FIXTURES / host).glob("*.expected.json")
    names = {path.name.removesuffix(".expected.json") for path in expected}
    assert names == {path.stem for path in documents(host)}


@pytest.mark.parametrize("fixture", DOCUMENTS, ids=name_of)
def test_a_specimen_says_that_it_is_one(fixture: Path) -> None:
    assert b"SPECIMEN" in fixture.read_bytes()
    if name_of(fixture) not in REFUSED:
        notice = read(fixture.parent.name, fixture.name).edition.notice
        assert (notice or "").startswith("SPECIMEN")


@pytest.mark.parametrize("fixture", DOCUMENTS, ids=name_of)
def test_a_document_passes_is_held_or_is_refused(fixture: Path) -> None:
    name = name_of(fixture)
    if name in REFUSED:
        error, says = REFUSED[name]
        with pytest.raises(error, match=says):
            read(fixture.parent.name, fixture.name)
        return
    reading = read(fixture.parent.name, fixture.name)
    assert failed(reading) == HELD.get(name, [])
    assert all(check.passed for check in reading.checks if not check.required)


@pytest.mark.parametrize("host", HOSTS)
def test_a_text_that_is_only_wrapped_and_dressed_anew_is_the_same_edition(host: str) -> None:
    before = read(host, version(host, "3-silent-change"))
    after = read(host, version(host, "4-wrapped-anew"))
    assert content_hash(before.records) == content_hash(after.records)


@pytest.mark.parametrize("host", HOSTS)
def test_a_number_changed_in_silence_is_a_changed_text_with_the_same_note(host: str) -> None:
    before = read(host, version(host, "2-renumbered"))
    after = read(host, version(host, "3-silent-change"))
    (change,) = diff(before.rows(PolicySection), after.rows(PolicySection))
    assert isinstance(change.before, PolicySection)
    assert isinstance(change.after, PolicySection)
    assert change.before.history_note == change.after.history_note
    assert "48 hours" in change.before.body
    assert "24 hours" in change.after.body


@pytest.mark.parametrize("host", HOSTS)
def test_a_renumbered_section_is_followed_and_the_one_in_its_place_is_new(host: str) -> None:
    before = read(host, version(host, "1"))
    after = read(host, version(host, "2-renumbered"))
    changes = diff(before.rows(PolicySection), after.rows(PolicySection))
    pairs = [(change.before, change.after) for change in changes]
    moved = [
        (old.number, new.number)
        for old, new in pairs
        if isinstance(old, PolicySection)
        and isinstance(new, PolicySection)
        and "48 hours" in new.body
    ]
    come = [new.number for old, new in pairs if not old and isinstance(new, PolicySection)]
    assert moved == [MOVED[host]]
    assert MOVED[host][0] in come


@pytest.mark.parametrize(
    ("host", "data", "error"),
    [
        *((host, b"", NotThisDocument) for host in HOSTS),
        *((host, b" \n", NotThisDocument) for host in HOSTS),
        *((host, b"%PDF-1.7", Unreadable) for host in HOSTS),
        *((host, b"plain words", Unreadable) for host in HOSTS),
        *((host, b"<p>hello</p>", NotThisDocument) for host in HOSTS),
        ("municode", b"[]", NotThisDocument),
        ("municode", b"3", NotThisDocument),
        ("municode", b'{"Docs": [3, {"Title": "x"}]}', NotThisDocument),
        ("municode", b'{"Docs": null}', NotThisDocument),
        ("municode", b"[" * 100_000, Unreadable),
        ("amlegal", b"[]", NotThisDocument),
        ("amlegal", b'{"html": null}', NotThisDocument),
        ("amlegal", b"<p>codenav__section-body</p>", NotThisDocument),
    ],
)
def test_other_bytes_are_refused(host: str, data: bytes, error: type[ReadingError]) -> None:
    with pytest.raises(error):
        parser_named(host).read(data, {})

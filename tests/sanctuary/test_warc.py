"""Captures as WARC files: written for others to verify, and taken from the files of others."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from db.standing import standings
from sanctuary import importing_warc
from sanctuary.cli import export
from sanctuary.handing_out import kept_back
from sanctuary.warc.pieces import pieces
from sanctuary.warc.reading import Unreadable, WarcRecord
from sanctuary.warc.reading import records as found_in
from tests.db.history import history
from tests.sanctuary.commands import WEEK_1, Commands, list_page
from tests.sanctuary.loopback import Page, Publisher
from tests.sanctuary.watching import (
    SOURCES,
    THREE,
    TWO,
    run_on,
    watch_for_six_days,
)

ADDRESS = "http://freedonia.example:8000/list"
LIST = ("--source", "freedonia-list")


@pytest.fixture(scope="module")
def six_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """A history that was made once; no test writes to it."""
    with Publisher() as publisher, pytest.MonkeyPatch.context() as patch:
        yield watch_for_six_days(tmp_path_factory.mktemp("watched"), publisher, patch)


@pytest.fixture
def empty(tmp_path: Path) -> Commands:
    """A data directory without anything, that watches an invented address."""
    return Commands(tmp_path, SOURCES.format(host="freedonia.example:8000"))


def exported(watched: Commands, folder: Path, *words: object) -> Path:
    file = folder / "captures.warc.gz"
    answer = watched("export", "--warc", "-o", file, *words)
    assert answer.code == 0, answer.err
    return file


def records(file: Path) -> list[Any]:
    """Return the records of a file as its own library reads them, each with its body."""
    found = []
    with file.open("rb") as opened:
        for record in ArchiveIterator(opened):
            record.body = record.raw_stream.read()
            found.append(record)
    return found


def of_kind(file: Path, kind: str) -> list[Any]:
    return [record for record in records(file) if record.rec_type == kind]


def header(record: Any, name: str) -> str | None:
    value: str | None = record.rec_headers.get_header(name)
    return value


class Crawl:
    """A WARC file that another tool made."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=file.suffix == ".gz")
        self.writer.write_record(
            self.writer.create_warcinfo_record("x", {"software": "Crawler/3", "operator": "A. N."})
        )

    def add(
        self,
        body: bytes,
        *headers: tuple[str, str],
        status: str = "200 OK",
        uri: str = ADDRESS,
        date: str = "2025-06-01T10:00:00Z",
        **fields: str,
    ) -> None:
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        record = self.writer.create_warc_record(
            uri,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            warc_headers_dict={"WARC-Date": date, **named},
            http_headers=StatusAndHeaders(status, list(headers), "HTTP/1.1"),
        )
        self.writer.write_record(record)

    def save(self) -> Path:
        self.file.write_bytes(self.out.getvalue())
        return self.file


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path / "crawl.warc.gz")


# What is written.


def test_the_usual_tool_finds_every_digest_right(
    six_days: Commands, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = exported(six_days, tmp_path)
    with pytest.raises(SystemExit) as ended:
        warcio(["check", str(file)])
    assert ended.value.code == 0
    warcio(["recompress", str(file), str(tmp_path / "again.warc.gz")])
    assert "No Errors Found!" in capsys.readouterr().out


def test_the_same_captures_give_the_same_bytes(six_days: Commands, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = exported(six_days, tmp_path / "a"), exported(six_days, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_a_response_says_when_where_and_what_and_its_request_stands_beside_it(
    six_days: Commands, tmp_path: Path
) -> None:
    file = exported(six_days, tmp_path, *LIST)
    response = of_kind(file, "response")[0]
    request = of_kind(file, "request")[0]
    assert header(response, "WARC-Date") == "2025-06-01T10:00:00Z"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/list", header(response, "WARC-Target-URI") or "")
    assert header(response, "WARC-IP-Address") == "127.0.0.1"
    assert header(response, "X-Sanctuary-Document") == f"sha256:{hashlib.sha256(TWO).hexdigest()}"
    assert header(response, "X-Sanctuary-Proof") == "own"
    assert response.body == TWO
    assert response.http_headers.get_header("ETag") == '"1"'
    assert header(request, "WARC-Concurrent-To") == header(response, "WARC-Record-ID")
    assert request.http_headers.get_header("User-Agent").startswith("SanctuaryTracker/")
    assert request.http_headers.get_header("Host")


def test_what_was_not_modified_refers_to_what_it_confirms(
    six_days: Commands, tmp_path: Path
) -> None:
    file = exported(six_days, tmp_path, *LIST)
    first = of_kind(file, "response")[0]
    revisit = of_kind(file, "revisit")[0]
    assert (header(revisit, "WARC-Profile") or "").endswith("/server-not-modified")
    assert header(revisit, "WARC-Payload-Digest") == header(first, "WARC-Payload-Digest")
    assert header(revisit, "WARC-Refers-To") == header(first, "WARC-Record-ID")
    assert revisit.http_headers.get_statuscode() == "304"


def test_the_same_document_once_more_is_not_written_twice(
    six_days: Commands, tmp_path: Path
) -> None:
    file = exported(six_days, tmp_path, "--source", "freedonia-reports")
    bodies = [record.body for record in of_kind(file, "response")]
    assert len(bodies) == len(set(bodies))
    profiles = {header(record, "WARC-Profile") for record in of_kind(file, "revisit")}
    assert {(profile or "").rpartition("/")[2] for profile in profiles} == {
        "identical-payload-digest"
    }


def test_every_capture_is_there_with_all_that_is_known_of_it(
    six_days: Commands, tmp_path: Path
) -> None:
    told = [json.loads(record.body) for record in of_kind(exported(six_days, tmp_path), "metadata")]
    ((captures,),) = six_days.rows("SELECT count(*) FROM captures")
    assert len(told) == captures
    assert {each["verdict"] for each in told} == {"document", "unchanged", "blocked", "gone"}
    assert all(each["transport"]["peer"] and each["robots"] for each in told)


def test_days_and_source_choose(six_days: Commands, tmp_path: Path) -> None:
    words = (*LIST, "--since", "2025-06-02", "--until", "2025-06-03")
    dates = {header(each, "WARC-Date") for each in records(exported(six_days, tmp_path, *words))}
    assert dates == {"2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--warc"),
        (("--warc", "--since", "monday"), 2, "is no day like"),
        (("--warc", "--source", "nowhere"), 2, "there are: freedonia-list"),
        (("--warc", "--since", "2030-01-01"), 1, "no capture matches that"),
    ],
)
def test_wrong_words_write_nothing(
    six_days: Commands, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    file = tmp_path / "none.warc"
    answer = six_days("export", *words, "-o", file)
    assert (answer.code, answer.err.count("\n")) == (code, 1)
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_replaced(six_days: Commands, tmp_path: Path) -> None:
    file = tmp_path / "mine.warc.gz"
    file.write_text("mine")
    answer = six_days("export", "--warc", "-o", file)
    assert (answer.code, file.read_text()) == (1, "mine")
    assert "exists already" in answer.err


def test_headers_of_a_coded_form_that_is_not_kept_are_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(TWO)
    with Publisher() as publisher:
        watched = Commands(tmp_path, SOURCES.format(host=publisher.host))
        publisher.pages["/list"] = Page(packed, headers={"Content-Encoding": "gzip"})
        run_on(watched, monkeypatch, "2025-06-01")
    (response,) = of_kind(exported(watched, tmp_path, *LIST), "response")
    headers = response.http_headers
    assert response.body == TWO
    assert headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert headers.get_header("X-Archive-Orig-Content-Length") == str(len(packed))
    assert headers.get_header("Content-Length") == str(len(TWO))
    assert headers.get_header("Content-Encoding") is None


def test_a_file_that_a_person_saved_says_so(sanctuary: Commands, tmp_path: Path) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    (resource,) = of_kind(exported(sanctuary, tmp_path), "resource")
    assert resource.body == WEEK_1.read_bytes()
    assert header(resource, "X-Sanctuary-Proof") == "person"
    assert (header(resource, "WARC-Target-URI") or "").startswith("urn:sha256:")


@pytest.mark.parametrize("setting", ["counts", "off"])
def test_documents_with_rows_about_individuals_stay_where_the_setting_says_so(
    sanctuary: Commands, tmp_path: Path, setting: str
) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    text = sanctuary.sources_file.read_text()
    closed = text.replace("settings:", f"settings:\n  individual_rows: {setting}")
    sanctuary.sources_file.write_text(closed)
    file = exported(sanctuary, tmp_path)
    assert of_kind(file, "resource") == []
    (told,) = of_kind(file, "metadata")
    assert "individual_rows" in json.loads(told.body)["withheld"]


def test_what_is_written_meanwhile_is_not_handed_out(
    sanctuary: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sanctuary.sources_file.read_text()
    sanctuary.sources_file.write_text(
        text.replace("settings:", "settings:\n  individual_rows: counts")
    )
    page = tmp_path / "list.html"
    page.write_bytes(TWO)
    sanctuary("import", page, "--source", "specimen-list", "--captured-at", "2017-03-20")

    def looked_up(db: Any, setting: str) -> dict[str, str]:
        closed = kept_back(db, setting)
        sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-21")
        return closed

    monkeypatch.setattr(export, "kept_back", looked_up)
    (resource,) = of_kind(exported(sanctuary, tmp_path), "resource")
    assert resource.body == TWO
    assert len(sanctuary.rows("SELECT * FROM captures")) == 2


def test_what_is_withheld_is_told_and_not_handed_out(sanctuary: Commands, tmp_path: Path) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    sha256 = hashlib.sha256(WEEK_1.read_bytes()).hexdigest()
    sanctuary("withhold", sha256, "--reason", "an order")
    file = exported(sanctuary, tmp_path)
    assert of_kind(file, "resource") == []
    (told,) = of_kind(file, "metadata")
    assert json.loads(told.body)["withheld"] == "it is withheld"


# There and back.


def test_what_is_exported_and_imported_elsewhere_gives_the_same_history(
    six_days: Commands, tmp_path: Path
) -> None:
    file = exported(six_days, tmp_path)
    elsewhere = Commands(tmp_path, six_days.sources_file.read_text())
    for source in ("freedonia-reports", "freedonia-list"):
        answer = elsewhere("import", file, "--source", source)
        assert answer.code == 0, answer.err
    with six_days.looking() as db, elsewhere.looking() as copy:
        assert history(copy) == history(db)
    kinds = {kind for (kind,) in elsewhere.rows("SELECT DISTINCT kind FROM changes")}
    assert {"published", "added", "corrected", "withdrawn"} <= kinds


def test_what_was_asked_for_stays_known_where_a_redirect_led_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "watched").mkdir()
    with Publisher() as publisher:
        watched = Commands(tmp_path / "watched", SOURCES.format(host=publisher.host))
        publisher.pages["/list"] = Page(b"", 302, headers={"Location": "/new/list"})
        publisher.pages["/new/list"] = Page(TWO)
        run_on(watched, monkeypatch, "2025-06-01")
    file = exported(watched, tmp_path, *LIST)
    (response,) = of_kind(file, "response")
    assert (header(response, "WARC-Target-URI") or "").endswith("/new/list")
    elsewhere = Commands(tmp_path, watched.sources_file.read_text())
    elsewhere("import", file, *LIST)
    sql = "SELECT address, final_address FROM captures WHERE role = 'document' AND source_id = '{}'"
    assert elsewhere.rows(sql.format("freedonia-list")) == watched.rows(
        sql.format("freedonia-list")
    )


def test_a_document_stays_tied_to_the_page_that_linked_to_it(
    six_days: Commands, tmp_path: Path
) -> None:
    elsewhere = Commands(tmp_path, six_days.sources_file.read_text())
    elsewhere("import", exported(six_days, tmp_path), "--source", "freedonia-reports")
    tied = """SELECT page.captured_at, captures.address, captures.captured_at FROM captures
        JOIN captures AS page ON page.id = captures.found_in ORDER BY 3, 2"""
    assert elsewhere.rows(tied) == six_days.rows(tied)
    assert len(elsewhere.rows(tied)) == 11


def test_a_saved_file_goes_there_and_back_with_its_name(
    sanctuary: Commands, tmp_path: Path
) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    file = exported(sanctuary, tmp_path)
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Commands(tmp_path / "elsewhere")
    assert elsewhere("import", file, "--source", "specimen-ddor").out == "specimen-ddor: 1 new\n"
    assert elsewhere.rows("SELECT file_name FROM documents") == [(WEEK_1.name,)]
    assert elsewhere.rows("SELECT address, captured_at FROM captures") == [
        (None, "2017-03-20T00:00:00Z")
    ]


def test_a_second_import_writes_nothing(six_days: Commands, tmp_path: Path) -> None:
    file = exported(six_days, tmp_path)
    elsewhere = Commands(tmp_path, six_days.sources_file.read_text())
    elsewhere("import", file, *LIST)
    before = elsewhere.dump()
    again = elsewhere("import", file, *LIST)
    assert (again.code, elsewhere.dump()) == (0, before)
    assert "holds all of it already; nothing was written" in again.out


def test_captures_of_our_own_are_not_taken_a_second_time_on_somebodys_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Publisher() as publisher:
        watched = watch_for_six_days(tmp_path, publisher, monkeypatch)
    before = watched.dump()
    assert watched("import", exported(watched, tmp_path), *LIST).code == 0
    assert watched.dump() == before


# What others made.


def test_a_crawl_of_the_address_becomes_captures_on_the_word_of_who_imports_it(
    empty: Commands, crawl: Crawl
) -> None:
    crawl.add(TWO, ("Content-Type", "text/html"), ("Date", "Sun, 01 Jun 2025 10:00:00 GMT"))
    crawl.add(THREE, date="2025-06-08T10:00:00Z", WARC_IP_Address="192.0.2.7")
    crawl.add(b"<p>not ours", uri="http://freedonia.example:8000/other")
    assert empty("import", crawl.save(), *LIST).out == "freedonia-list: 2 new\n"
    ((address, proof, headers, transport), second) = empty.rows(
        "SELECT address, proof, headers, transport FROM captures"
    )
    assert (address, proof) == (ADDRESS, "person")
    assert ["Date", "Sun, 01 Jun 2025 10:00:00 GMT"] in json.loads(headers)
    assert json.loads(transport)["warc"]["made_by"] == "software Crawler/3; operator A. N."
    assert json.loads(second[3])["warc"]["ip_address"] == "192.0.2.7"
    assert empty.rows("SELECT kind, observed_after, observed_by FROM changes ORDER BY id") == [
        ("published", None, "2025-06-01T10:00:00Z"),
        ("added", "2025-06-01T10:00:00Z", "2025-06-08T10:00:00Z"),
    ]


def test_a_refusal_and_a_404_are_kept_as_that_and_never_as_the_document(
    empty: Commands, crawl: Crawl
) -> None:
    crawl.add(TWO)
    challenge = b"<html><title>Just a moment...</title>"
    crawl.add(challenge, status="403 Forbidden", date="2025-06-02T10:00:00Z")
    crawl.add(b"<h1>Not Found</h1>", status="404 Not Found", date="2025-06-03T10:00:00Z")
    answer = empty("import", crawl.save(), *LIST)
    assert (answer.code, answer.out) == (0, "freedonia-list: 1 new, 1 gone\n")
    assert f"{ADDRESS} of 2025-06-02T10:00:00Z: blocked" in answer.err
    assert empty.rows("SELECT verdict FROM captures ORDER BY captured_at") == [
        ("document",),
        ("blocked",),
        ("gone",),
    ]
    assert empty.rows("SELECT count(*) FROM editions") == [(1,)]


def test_a_page_that_was_taken_down_may_come_in_a_file_of_its_own(
    empty: Commands, tmp_path: Path
) -> None:
    first, second = Crawl(tmp_path / "first.warc.gz"), Crawl(tmp_path / "second.warc.gz")
    first.add(TWO)
    for day in ("02", "03"):
        second.add(b"", status="404 Not Found", date=f"2025-06-{day}T10:00:00Z")
    for each in (first, second):
        assert empty("import", each.save(), *LIST).code == 0
    assert empty.rows("SELECT kind, observed_after, observed_by FROM changes ORDER BY id") == [
        ("published", None, "2025-06-01T10:00:00Z"),
        ("withdrawn", "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"),
    ]


def test_a_redirect_is_no_document_and_says_where_it_led(empty: Commands, crawl: Crawl) -> None:
    onward = "http://freedonia.example:8000/new"
    crawl.add(b"", ("Location", onward), status="301 Moved Permanently")
    crawl.add(TWO, uri=onward)
    file = crawl.save()
    answer = empty("import", file, *LIST)
    assert empty.rows("SELECT verdict FROM captures WHERE verdict = 'document'") == []
    assert f"--address {onward} takes what it led on to" in answer.err
    assert empty("import", file, *LIST, "--address", onward).out == "freedonia-list: 1 new\n"


def test_codings_are_undone_of_content_and_of_transfer(empty: Commands, crawl: Crawl) -> None:
    packed = gzip.compress(TWO)
    chunked = b"%x;x=1\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (
        9,
        packed[:9],
        len(packed) - 9,
        packed[9:],
    )
    coded = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    crawl.add(chunked, *coded)
    crawl.add(packed, *coded, date="2025-06-02T10:00:00Z")  # the chunks are gone, the header stays
    assert empty("import", crawl.save(), *LIST).code == 0
    sha256 = hashlib.sha256(TWO).hexdigest()
    assert empty.rows("SELECT verdict, document_sha256 FROM captures") == [("document", sha256)] * 2


@pytest.mark.parametrize(
    ("body", "headers", "fields", "said"),
    [
        (
            b"ff\r\n" + TWO[:50],
            (("Transfer-Encoding", "chunked"),),
            {},
            "its last chunk is missing",
        ),
        (gzip.compress(TWO)[:-9], (("Content-Encoding", "gzip"),), {}, "cannot be unpacked"),
        (TWO[:99], (("Content-Length", str(len(TWO))),), {}, f"99 of {len(TWO)} bytes came"),
        (TWO[:99], (), {"WARC_Truncated": "length"}, "cut short (length)"),
    ],
)
def test_what_is_cut_short_is_no_document(
    empty: Commands,
    crawl: Crawl,
    body: bytes,
    headers: tuple[tuple[str, str], ...],
    fields: dict[str, str],
    said: str,
) -> None:
    crawl.add(body, *headers, **fields)
    answer = empty("import", crawl.save(), *LIST)
    assert said in answer.err
    assert empty.rows("SELECT verdict FROM captures") == [("truncated",)]


def test_a_bomb_is_stopped_at_the_limit(
    empty: Commands, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_warc, "LIMIT", 100_000)
    crawl.add(gzip.compress(b" " * 10_000_000), ("Content-Encoding", "gzip"))
    crawl.add(b" " * 10_000_000, date="2025-06-02T10:00:00Z")
    crawl.add(TWO, date="2025-06-03T10:00:00Z")
    answer = empty("import", crawl.save(), *LIST)
    assert (answer.code, answer.out) == (1, "freedonia-list: 1 new, 1 failed\n")
    assert "more than 100000 bytes, which is the limit" in answer.err
    assert empty.rows("SELECT verdict FROM captures") == [("truncated",), ("document",)]


def test_a_record_over_the_limit_is_not_held_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "bomb.warc.gz"
    file.write_bytes(gzip.compress(b"WARC/1.1\r\n" + b" " * 50_000_000))
    tracemalloc.start()
    (piece,) = pieces(file, 100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "which is the limit" in (piece.fault or "")
    assert peak < 5_000_000


def test_whatever_is_broken_in_a_file_is_told_and_never_raised(
    six_days: Commands, tmp_path: Path
) -> None:
    whole = exported(six_days, tmp_path).read_bytes()
    dice = random.Random(1)
    file = tmp_path / "broken.warc.gz"
    for number in range(60):
        data = bytearray(whole if number % 2 else gzip.decompress(whole))
        for _ in range(dice.choice((1, 5, 20))):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        file.write_bytes(data)
        assert all(isinstance(each, WarcRecord | Unreadable) for each in found_in(file, 10**7))


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "garbage"])
def test_a_damaged_record_costs_no_other(
    empty: Commands, tmp_path: Path, name: str, damage: str
) -> None:
    crawl = Crawl(tmp_path / name)
    marks = [0]
    for day in (1, 2, 3):
        crawl.add(
            list_page(*((f"{place}, Freedonia", f"Rule {day}") for place in "ABC")),
            date=f"2025-06-0{day}T10:00:00Z",
        )
        marks.append(crawl.out.tell())
    data = bytearray(crawl.out.getvalue())
    if damage == "flipped":
        at = marks[2] - 60
        data[at : at + 8] = bytes(byte ^ 0x55 for byte in data[at : at + 8])
        whole = ["2025-06-01T10:00:00Z", "2025-06-03T10:00:00Z"]
    elif damage == "cut":
        del data[marks[3] - 40 :]
        whole = ["2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"]
    else:
        # Within it is what looks like a beginning.
        data[marks[1] : marks[1]] = b"garbage \x1f\x8b\x08 \nWARC/1.0 \x1f\x8b\x08 garbage\r\n"
        whole = [f"2025-06-0{day}T10:00:00Z" for day in (1, 2, 3)]
    (tmp_path / name).write_bytes(data)
    answer = empty("import", tmp_path / name, *LIST)
    assert answer.code == 1
    assert answer.err.count("it was passed over") == 1
    assert f"{name}, record at byte " in answer.err
    assert empty.rows("SELECT captured_at FROM captures") == [(moment,) for moment in whole]


@pytest.mark.parametrize("field", ["WARC_Payload_Digest", "WARC_Block_Digest"])
def test_a_record_that_is_not_what_its_digest_says_is_an_error_of_that_record(
    empty: Commands, crawl: Crawl, field: str
) -> None:
    crawl.add(TWO, **{field: f"sha1:{'A' * 32}"})
    crawl.add(THREE, date="2025-06-02T10:00:00Z")
    answer = empty("import", crawl.save(), *LIST)
    assert (answer.code, answer.out) == (1, "freedonia-list: 1 new, 1 failed\n")
    assert "is not what its digest was made of" in answer.err


def test_a_digest_may_be_of_the_body_without_its_coding(empty: Commands, crawl: Crawl) -> None:
    digest = f"sha256:{hashlib.sha256(TWO).hexdigest()}"
    crawl.add(gzip.compress(TWO), ("Content-Encoding", "gzip"), WARC_Payload_Digest=digest)
    assert empty("import", crawl.save(), *LIST).out == "freedonia-list: 1 new\n"


def test_a_repeat_of_what_nobody_has_is_an_error_of_that_record(
    empty: Commands, crawl: Crawl
) -> None:
    crawl.add(TWO)
    crawl.writer.write_record(
        crawl.writer.create_revisit_record(
            ADDRESS, f"sha1:{'B' * 32}", "http://elsewhere.example/", "2020-01-01T00:00:00Z"
        )
    )
    answer = empty("import", crawl.save(), *LIST)
    assert (answer.code, answer.out) == (1, "freedonia-list: 1 new, 1 failed\n")
    assert "repeats a record that is neither in the file nor held" in answer.err


def revisit(crawl: Crawl, **fields: str) -> None:
    """Add a repeat of the day after, with these fields and no digest unless it is one of them."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    record = crawl.writer.create_warc_record(
        ADDRESS,
        "revisit",
        warc_headers_dict={"WARC-Date": "2025-06-02T10:00:00Z", **named},
        http_headers=StatusAndHeaders("304 Not Modified", [], "HTTP/1.1"),
    )
    crawl.writer.write_record(record)


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({}, (0, "freedonia-list: 1 unchanged\n")),
        ({"WARC_Payload_Digest": "crc99:00"}, (1, "freedonia-list: 1 failed\n")),
        ({"WARC_Payload_Digest": "shake_128:00"}, (1, "freedonia-list: 1 failed\n")),
    ],
)
def test_a_repeat_of_what_is_held_may_have_no_digest_but_none_that_cannot_be_checked(
    empty: Commands, tmp_path: Path, fields: dict[str, str], ends: tuple[int, str]
) -> None:
    first, second = Crawl(tmp_path / "first.warc.gz"), Crawl(tmp_path / "second.warc.gz")
    first.add(TWO)
    empty("import", first.save(), *LIST)
    held = {"WARC_Refers_To_Target_URI": ADDRESS, "WARC_Refers_To_Date": "2025-06-01T10:00:00Z"}
    revisit(second, **held, **fields)
    answer = empty("import", second.save(), *LIST)
    assert (answer.code, answer.out) == ends, answer.err


def test_a_repeat_that_names_nothing_is_of_no_record(empty: Commands, crawl: Crawl) -> None:
    crawl.add(TWO, WARC_Record_ID="<>")
    revisit(crawl)
    assert empty("import", crawl.save(), *LIST).out == "freedonia-list: 1 new, 1 failed\n"


def test_an_address_chooses_the_records(empty: Commands, crawl: Crawl) -> None:
    crawl.add(TWO, uri="http://mirror.example/list")
    crawl.add(THREE)
    file = crawl.save()
    empty("import", file, *LIST, "--address", "http://mirror.example/list")
    assert empty.rows("SELECT address FROM captures") == [("http://mirror.example/list",)]


def test_where_nothing_is_the_sources_the_addresses_are_named(
    empty: Commands, crawl: Crawl
) -> None:
    crawl.add(TWO, uri="http://mirror.example/\x1b[31mlist")
    answer = empty("import", crawl.save(), *LIST)
    assert answer.code == 1
    assert "--address names one of those it has: http://mirror.example/" in answer.err
    assert "\x1b" not in answer.err


def test_what_is_of_the_future_is_not_taken(empty: Commands, crawl: Crawl) -> None:
    crawl.add(TWO, date="2999-01-01T00:00:00Z")
    answer = empty("import", crawl.save(), *LIST)
    assert (answer.code, empty.rows("SELECT count(*) FROM captures")) == (1, [(0,)])
    assert "in the future" in answer.err


@pytest.mark.parametrize("data", [b"", b"no WARC file at all", b"\x1f\x8b\x08 nor this"])
def test_what_is_no_warc_file_is_one_line(empty: Commands, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(data)
    answer = empty("import", file, *LIST)
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "x.warc.gz" in answer.err


def test_a_warc_file_says_itself_when_it_was(empty: Commands, crawl: Crawl) -> None:
    crawl.add(TWO)
    answer = empty("import", crawl.save(), *LIST, "--captured-at", "2025-06-01")
    assert answer.code == 2
    assert "says itself when its captures were made" in answer.err


def test_an_import_does_not_hide_that_the_last_run_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Publisher() as publisher:
        watched = Commands(tmp_path, SOURCES.format(host=publisher.host))
        publisher.pages["/list"] = Page(b"<title>Just a moment...</title>", 403)
        run_on(watched, monkeypatch, "2025-06-01")
    saved = tmp_path / "list.html"
    saved.write_bytes(TWO)
    watched("import", saved, *LIST, "--captured-at", "2025-05-01")
    with watched.looking() as db:
        standing = {each.source_id: each for each in standings(db, "2025-06-02T00:00:00Z")}[
            "freedonia-list"
        ]
    assert "blocked" in (standing.last_failure or "")

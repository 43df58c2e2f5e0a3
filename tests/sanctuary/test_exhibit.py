"""``sanctuary exhibit``: what somebody needs who is to vouch for a change, a row or a capture."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from warcio.archiveiterator import ArchiveIterator

from sanctuary import __version__
from sanctuary.page_image import NotDrawn, page_image
from sanctuary.reading import ReadingLimits
from tests.sanctuary.commands import REVISION_1, WEEK_1, Commands, list_page
from tests.sanctuary.loopback import Publisher
from tests.sanctuary.watching import THREE, TWO, watch_for_six_days


@pytest.fixture(scope="module")
def six_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """A history that was made once; no test writes to it."""
    with Publisher() as publisher, pytest.MonkeyPatch.context() as patch:
        yield watch_for_six_days(tmp_path_factory.mktemp("watched"), publisher, patch)


class Exhibit:
    """An exhibit, unpacked in a folder as its recipient would."""

    def __init__(self, watched: Commands, name: str, folder: Path) -> None:
        self.file = folder / "exhibit.zip"
        answer = watched("exhibit", name, "-o", self.file)
        assert answer.code == 0, answer.err
        with zipfile.ZipFile(self.file) as packed:
            self.names = packed.namelist()
            packed.extractall(folder)
        self.folder = folder / self.names[0].split("/")[0]
        self.facts: dict[str, Any] = json.loads(self.read("facts.json"))
        self.sheet = self.read("FACTS.txt").decode()

    def read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def files(self, under: str) -> list[str]:
        return sorted(path.name for path in (self.folder / under).glob("*"))

    def whats(self) -> list[tuple[str, str]]:
        return [(each["what"], each["captured_at"][:10]) for each in self.facts["captures"]]


def change(watched: Commands, kind: str, table: str | None = None) -> str:
    """Return the id of a change of that kind."""
    found = watched("log", "--kind", kind, "--json").data()
    public_id: str = next(
        each["public_id"] for each in found if table in (None, each["table_name"])
    )
    return public_id


def row(watched: Commands, sql: str) -> Any:
    return watched.rows(sql)[0][0]


def test_a_change_comes_with_both_documents_and_the_captures_that_bound_it(
    six_days: Commands, tmp_path: Path
) -> None:
    exhibit = Exhibit(six_days, change(six_days, "added"), tmp_path)
    assert exhibit.whats() == [
        ("the last that showed the edition before", "2025-06-02"),
        ("the first that showed the edition after", "2025-06-04"),
    ]
    assert {exhibit.read(f"documents/{name}") for name in exhibit.files("documents")} == {
        TWO,
        THREE,
    }
    assert (
        exhibit.facts["subject"]["window"]
        == "between 2025-06-02 10:00 UTC and 2025-06-04 10:00 UTC"
    )
    assert "Added to List of Freedonia (Freedonia Ministry): Firefly, Freedonia" in exhibit.sheet
    assert "whose word the time is: ours: this tool fetched it" in exhibit.sheet
    assert "between 2025-06-02 10:00 UTC and 2025-06-04 10:00 UTC" in exhibit.sheet


def test_a_withdrawal_comes_with_both_captures_that_found_it_gone(
    six_days: Commands, tmp_path: Path
) -> None:
    exhibit = Exhibit(six_days, change(six_days, "withdrawn"), tmp_path)
    assert exhibit.whats() == [
        ("the last that showed the edition before", "2025-06-04"),
        ("the first that found it gone", "2025-06-05"),
        ("the last that found it gone, with none in between that showed it", "2025-06-06"),
    ]
    assert [each["verdict"] for each in exhibit.facts["captures"]] == ["document", "gone", "gone"]


def test_a_report_comes_with_the_page_that_linked_to_it(six_days: Commands, tmp_path: Path) -> None:
    listing = row(six_days, "SELECT min(id) FROM listings WHERE evidence LIKE '%page%'")
    exhibit = Exhibit(six_days, f"listings:{listing}", tmp_path)
    assert ("the page that linked to it", "2025-06-01") in exhibit.whats()
    assert REVISION_1.read_bytes() in {
        exhibit.read(f"documents/{name}") for name in exhibit.files("documents")
    }


def test_the_page_is_drawn_with_the_place_of_the_value_in_red(
    six_days: Commands, tmp_path: Path
) -> None:
    listing, evidence = six_days.rows(
        "SELECT id, evidence FROM listings WHERE evidence LIKE '%page%' ORDER BY id LIMIT 1"
    )[0]
    exhibit = Exhibit(six_days, f"listings:{listing}", tmp_path)
    (spot,) = json.loads(evidence)
    image = Image.open(io.BytesIO(exhibit.read(f"pages/row-page-{spot['page']}.png")))
    red = [
        (x, y)
        for x in range(image.width)
        for y in range(image.height)
        if image.getpixel((x, y)) == (200, 0, 0)
    ]
    found = (min(red)[0], min(y for _, y in red), max(red)[0], max(y for _, y in red))
    scale = 150 / 72
    assert found == pytest.approx([edge * scale for edge in spot["bbox"]], abs=8)


def test_a_row_of_a_page_comes_with_its_text_and_where_it_stands(
    six_days: Commands, tmp_path: Path
) -> None:
    listing = row(six_days, "SELECT min(id) FROM listings WHERE jurisdiction LIKE 'Pinky%'")
    exhibit = Exhibit(six_days, f"listings:{listing}", tmp_path)
    assert exhibit.facts["subject"]["values"]["jurisdiction"] == "Pinky, Freedonia"
    ((place,),) = [exhibit.facts["places"]]
    assert place["spots"][0].startswith("anchor ")
    assert exhibit.files("pages") == []


def test_a_capture_comes_with_those_before_and_after_it(six_days: Commands, tmp_path: Path) -> None:
    blocked = row(
        six_days,
        "SELECT id FROM captures WHERE verdict = 'blocked' AND source_id = 'freedonia-list'",
    )
    exhibit = Exhibit(six_days, f"capture:{blocked}", tmp_path)
    assert exhibit.whats() == [
        ("the capture of the same address before it", "2025-06-02"),
        ("the capture", "2025-06-03"),
        ("the capture of the same address after it", "2025-06-04"),
    ]


def test_both_headers_and_a_warc_are_in_it(six_days: Commands, tmp_path: Path) -> None:
    exhibit = Exhibit(six_days, change(six_days, "added"), tmp_path)
    assert b"User-Agent: SanctuaryTracker/" in exhibit.read("headers/01-request.txt")
    assert b'ETag: "1"\r\n' in exhibit.read("headers/01-response.txt")
    kinds = [
        record.rec_type for record in ArchiveIterator(io.BytesIO(exhibit.read("captures.warc.gz")))
    ]
    assert kinds[0] == "warcinfo"
    assert {"revisit", "response", "request", "metadata"} <= set(kinds)


def test_the_facts_tell_address_connection_clocks_robots_and_version(
    six_days: Commands, tmp_path: Path
) -> None:
    exhibit = Exhibit(six_days, change(six_days, "added"), tmp_path)
    first = exhibit.facts["captures"][0]
    assert first["address"].startswith("http://127.0.0.1:")
    assert first["transport"]["peer"].startswith("127.0.0.1:")
    assert first["robots"] == "no robots.txt (status 404)"
    assert first["clock"]["request_began"] == "2025-06-02T10:00:00Z"
    assert first["clock"]["server_date"]
    assert first["clock"]["server_ahead_seconds"] > 0  # the clock of the test stands in the past
    assert {run["tool_version"] for run in exhibit.facts["runs"]} == {__version__}
    for words in (
        "intercepted by: none recorded",
        "server ahead seconds",
        f"tool version: {__version__}",
    ):
        assert words in exhibit.sheet


def test_no_request_is_said_to_have_been_made_for_what_a_person_saved(
    sanctuary: Commands, tmp_path: Path
) -> None:
    page = tmp_path / "list.html"
    page.write_bytes(TWO)
    sanctuary("import", page, "--source", "specimen-list", "--captured-at", "2025-05-01")
    exhibit = Exhibit(sanctuary, "capture:1", tmp_path)
    (capture,) = exhibit.facts["captures"]
    assert capture["whose_word_the_time_is"] == "that of the person who imported it"
    assert set(capture["clock"].values()) == {None}
    assert "request began: none recorded" in exhibit.sheet


def test_the_hashes_hold_as_the_guide_says(six_days: Commands, tmp_path: Path) -> None:
    exhibit = Exhibit(six_days, change(six_days, "added"), tmp_path)
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=exhibit.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    packed = {name.partition("/")[2] for name in exhibit.names} - {"SHA256SUMS"}
    assert {line.partition(": ")[0] for line in checked.stdout.splitlines()} == packed
    guide = exhibit.read("README.txt").decode()
    assert "sha256sum -c SHA256SUMS" in guide
    source = exhibit.facts["source"]
    assert f"sanctuary parse documents/FILE --parser {source['parser']}" in guide
    assert f"parse documents/FILE --source {source['id']}" in guide


def test_the_chain_of_runs_can_be_followed_to_the_newest(
    six_days: Commands, tmp_path: Path
) -> None:
    exhibit = Exhibit(six_days, change(six_days, "added"), tmp_path)
    lines = exhibit.read("runs/manifests.jsonl").decode().splitlines()
    hashes = [hashlib.sha256(line.encode()).hexdigest() for line in lines]
    assert [json.loads(line)["previous"] for line in lines[1:]] == hashes[:-1]
    assert exhibit.facts["chain"]["sha256_of_the_newest"] == hashes[-1]
    assert row(six_days, "SELECT manifest_sha256 FROM runs ORDER BY id DESC") == hashes[-1]
    for run in exhibit.facts["runs"]:
        assert run["manifest_sha256"] in hashes


def test_the_same_history_gives_the_same_bytes(six_days: Commands, tmp_path: Path) -> None:
    name = change(six_days, "added")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = Exhibit(six_days, name, tmp_path / "a"), Exhibit(six_days, name, tmp_path / "b")
    assert first.file.read_bytes() == second.file.read_bytes()
    with zipfile.ZipFile(first.file) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_sheet_is_unsigned_and_says_that_a_document_is_a_specimen(
    six_days: Commands, tmp_path: Path
) -> None:
    listing = row(six_days, "SELECT min(id) FROM listings WHERE evidence LIKE '%page%'")
    exhibit = Exhibit(six_days, f"listings:{listing}", tmp_path)
    assert "NOTICE: SPECIMEN" in exhibit.sheet.splitlines()[2]
    assert "This sheet is unsigned." in exhibit.sheet
    assert "draws no conclusion" in " ".join(exhibit.sheet.split())
    assert exhibit.facts["notices"]


def test_names_and_words_of_others_do_no_harm(sanctuary: Commands, tmp_path: Path) -> None:
    hostile = tmp_path / "..\\..\\=cmd\x1b[31m \u202egnp.html"
    page = list_page(("\x1b]0;title\x07A, Zembla\u202e", "=HYPERLINK(1)"), ("B, Zembla", "Two"))
    hostile.write_bytes(page)
    sanctuary("import", hostile, "--source", "specimen-list", "--captured-at", "2025-06-01")
    exhibit = Exhibit(sanctuary, "listings:1", tmp_path)
    for name in exhibit.names:
        assert name.isascii()
        assert name.isprintable()
        assert ".." not in name
        assert "\\" not in name
    for text in (exhibit.sheet, exhibit.read("facts.json").decode()):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)


@pytest.mark.parametrize("setting", ["counts", "off"])
@pytest.mark.parametrize("name", ["declined_detainers:1", "listings:1", "capture:1"])
def test_what_holds_rows_about_individuals_is_refused_where_the_setting_says_so(
    sanctuary: Commands, tmp_path: Path, setting: str, name: str
) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    text = sanctuary.sources_file.read_text()
    closed = text.replace("settings:", f"settings:\n  individual_rows: {setting}")
    sanctuary.sources_file.write_text(closed)
    answer = sanctuary("exhibit", name, "-o", tmp_path / "x.zip")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "individual_rows does not let out" in answer.err
    assert not (tmp_path / "x.zip").exists()
    sanctuary.sources_file.write_text(text)
    assert sanctuary("exhibit", name, "-o", tmp_path / "x.zip").code == 0


def test_a_report_that_could_not_be_read_may_hold_rows_about_individuals(
    sanctuary: Commands, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(WEEK_1.read_bytes()[:-2000])
    sanctuary("import", broken, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    text = sanctuary.sources_file.read_text()
    sanctuary.sources_file.write_text(
        text.replace("settings:", "settings:\n  individual_rows: off")
    )
    answer = sanctuary("exhibit", "capture:1", "-o", tmp_path / "x.zip")
    assert answer.code == 1
    assert "may hold, rows about individuals" in answer.err


def test_what_is_withheld_is_in_no_exhibit(sanctuary: Commands, tmp_path: Path) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    sha256 = hashlib.sha256(WEEK_1.read_bytes()).hexdigest()
    sanctuary("withhold", sha256, "--reason", "an order")
    answer = sanctuary("exhibit", "capture:1", "-o", tmp_path / "x.zip")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert f"it needs document {sha256[:12]}, and it is withheld" in answer.err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("0123456789ab", "there is no such change"),
        ("listings:999999", "listings has no row of that id"),
        ("readings:1", "there is no table readings of rows; there are: agreements"),
        ("capture:999999", "there is no such capture"),
        ("#12", "it is no name of a change, a row or a capture"),
        ("listings:1; DROP TABLE", "it is no name of"),
        ("3020AD9B32A5", "it is no name of"),
    ],
)
def test_an_unknown_name_is_a_usage_error_in_one_line(
    six_days: Commands, tmp_path: Path, name: str, said: str
) -> None:
    answer = six_days("exhibit", name, "-o", tmp_path / "x.zip")
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_replaced(six_days: Commands, tmp_path: Path) -> None:
    file = tmp_path / "mine.zip"
    file.write_text("mine")
    answer = six_days("exhibit", "capture:1", "-o", file)
    assert (answer.code, file.read_text()) == (1, "mine")


def test_a_page_that_cannot_be_drawn_says_so() -> None:
    with pytest.raises(NotDrawn, match="page 1 could not be drawn"):
        page_image(b"%PDF-1.7 no page", 1, [(0, 0, 1, 1)], ReadingLimits())
    with pytest.raises(NotDrawn, match="page 99"):
        page_image(REVISION_1.read_bytes(), 99, [(0, 0, 1, 1)], ReadingLimits())

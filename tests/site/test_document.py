"""A document: its page, its bytes and the pictures of its pages, and when these are refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.connection import open_database
from db.settings import save_individual_rows
from db.withholding import Order, withhold_row
from sanctuary.handing_out import kept_back, why_kept_back
from sanctuary.page_image import page_image
from sanctuary.renders import FOLDER
from sanctuary.site import rendering
from sanctuary.site.document_file import Download, served_type
from tests.db.history import LIST, NOW, REPORT, listing, new_database
from tests.site.archived import PAGE, Archived, archived, pdf, put
from tests.site.histories import NOTICE
from tests.site.serving import Site, served
from tests.site.test_compare import text_of

PICTURE = page_image


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module")
def held(folder: Path) -> Archived:
    return archived(folder, publish="diff")


@pytest.fixture(scope="module")
def site(folder: Path, held: Archived) -> Iterator[Site]:
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def picture() -> bytes:
    """Return a picture that stands for every page where it does not matter which."""
    return PICTURE(pdf("Kinbote"), 1, (), rendering.LIMITS)


class Drawn:
    """Draws every page as the same picture, and counts how often."""

    def __init__(self, picture: bytes) -> None:
        self.picture = picture
        self.times = 0

    def __call__(self, *_: object) -> bytes:
        self.times += 1
        return self.picture


@pytest.fixture
def drawn(picture: bytes, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    found = Drawn(picture)
    monkeypatch.setattr(rendering, "page_image", found)
    return found


def test_its_page_tells_what_it_is_who_read_it_and_where_it_is_shown(
    site: Site, held: Archived
) -> None:
    answer = site.get(held.report.document)
    seen = text_of(answer.text)
    for said in (NOTICE, held.report.sha256, "application/pdf", "2017-01-28 to 2017-02-03"):
        assert said in seen
    for page in (1, 2):
        assert f'href="{held.report.document}/page/{page}.png"' in answer.text
    assert f'href="{held.report.evidence("listings")}?read_by=' in answer.text
    data = site.get(f"{held.report.document}.json").json()
    assert [each["table"] for each in data["readings"][0]["tables"]] == [
        "declined_detainers",
        "listings",
    ]
    assert data["captures"][0]["captured_at"] == "2017-03-20T10:00:00Z"


def test_bytes_go_out_as_an_attachment_that_no_browser_opens_as_ours(
    site: Site, held: Archived
) -> None:
    answer = site.get(f"{held.page.document}/file")
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{held.page.sha256[:12]}-script_.html"'
    )
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("stated", "served_as"),
    [
        ("application/pdf", "application/pdf"),
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("text/html\r\nSet-Cookie: a=b", "application/octet-stream"),
        ("<script>", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_a_media_type_is_handed_on_only_if_it_is_one(stated: str | None, served_as: str) -> None:
    assert served_type(stated) == served_as


def test_a_page_is_drawn_once_for_all_who_ask_at_the_same_time(
    site: Site, held: Archived, drawn: Drawn
) -> None:
    async def ask() -> list[int]:
        asked = [site.datasette.client.get(f"{held.report.document}/page/1.png") for _ in range(5)]
        return [each.status_code for each in await asyncio.gather(*asked)]

    assert site.run(ask()) == [200] * 5
    assert drawn.times == 1
    answer = site.get(f"{held.report.document}/page/1.png")
    assert (answer.content, drawn.times) == (drawn.picture, 1)
    assert answer.headers["content-type"] == "image/png"
    again = site.run(
        site.datasette.client.get(
            f"{held.report.document}/page/1.png",
            headers={"if-none-match": answer.headers["etag"]},
        )
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_that_cannot_be_drawn_is_not_found_and_not_tried_again_within_the_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = new_database(tmp_path)
    broken = put(db, LIST, b"%PDF-1.7 no page", (listing(),))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        monkeypatch.setattr(rendering, "clock", lambda: 0.0)
        first = site.get(f"{broken.document}/page/1.png")
        assert first.status_code == 404
        assert "There is no picture of page 1" in first.text
        drawn = Drawn(b"no picture")
        monkeypatch.setattr(rendering, "page_image", drawn)
        assert site.get(f"{broken.document}/page/1.png").status_code == 404
        assert drawn.times == 0
        assert "There is no picture of this page" in site.get(broken.evidence("listings")).text
        monkeypatch.setattr(rendering, "clock", lambda: 3600.0)
        site.get(f"{broken.document}/page/1.png")
        assert drawn.times == 1
        assert site.get(f"{broken.document}/page/0.png").status_code == 404
        assert site.get(f"{broken.document}/page/99999.png").status_code == 404


def test_too_many_who_wait_are_told_to_come_back(
    site: Site, held: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "MOST_WAITING", 0)
    answer = site.get(f"{held.report.document}/page/2.png")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_where_a_source_keeps_its_texts_no_page_file_or_passage_has_them(
    site: Site, held: Archived
) -> None:
    text = "No person shall be held"
    for form in ("", ".json"):
        answer = site.get(held.law.evidence("policy_sections") + form)
        assert answer.status_code == 200
        assert text not in answer.text
        assert "§ 9-1" in answer.text
    page = site.get(held.law.evidence("policy_sections")).text
    assert 'href="http://127.0.0.1/aros#s1"' in page
    assert "The text is not shown here" in page
    refused = site.get(f"{held.law.document}/file")
    assert refused.status_code == 403
    why = "its source does not let its whole text be shown here"
    assert why in refused.text
    for data in (
        site.get(f"{held.law.document}.json").json(),
        site.get(held.law.evidence("policy_sections") + ".json").json()["document"],
    ):
        assert data["file"] is None
        assert why in data["not_shown"]


@pytest.fixture
def closable(tmp_path: Path) -> Iterator[tuple[Path, Archived, Site]]:
    held = archived(tmp_path)
    with served(tmp_path / "tracker.db") as site:
        yield tmp_path, held, site


def test_what_is_withheld_is_refused_and_its_pictures_are_deleted(
    closable: tuple[Path, Archived, Site], drawn: Drawn
) -> None:
    folder, held, site = closable
    picture = f"{held.report.document}/page/1.png"
    assert site.get(picture).status_code == 200
    kept = folder / FOLDER
    assert list(kept.glob(f"{held.report.sha256}-*"))
    db = open_database(folder / "tracker.db")
    withhold_row(db, "listings", 3, Order("asked for", "Anna"), NOW)
    db.close()
    for path in (picture, f"{held.report.document}/file", held.report.document):
        answer = site.get(path)
        assert answer.status_code == 403
        assert "it is withheld" in answer.text
    assert not list(kept.glob(f"{held.report.sha256}-*"))
    assert site.get(held.report.evidence("listings", 3)).status_code == 404
    other = site.get(held.report.evidence("listings", 1)).text
    assert "There is no picture of this page: it is withheld" in other
    assert "report.pdf" not in other


@pytest.mark.parametrize("level", ["counts", "off"])
def test_below_full_no_document_or_picture_hands_out_individuals(
    closable: tuple[Path, Archived, Site], drawn: Drawn, level: str
) -> None:
    folder, held, site = closable
    picture = f"{held.report.document}/page/2.png"
    assert site.get(picture).status_code == 200
    db = open_database(folder / "tracker.db")
    save_individual_rows(db, level)
    db.close()
    for path in (picture, f"{held.report.document}/file"):
        answer = site.get(path)
        assert answer.status_code == 403
        assert "rows about individuals" in answer.text
    assert site.get(held.report.evidence("declined_detainers")).status_code == 403
    page = site.get(held.report.evidence("listings", 2))
    assert page.status_code == 200
    assert "declined_detainers" not in page.text
    assert "sanctuary exhibit" not in page.text
    assert site.get(f"{held.page.document}/file").status_code == 200


@pytest.mark.parametrize("level", ["full", "counts", "off"])
def test_one_document_is_kept_back_for_the_reason_that_all_are(tmp_path: Path, level: str) -> None:
    archived(tmp_path)
    db = open_database(tmp_path / "tracker.db")
    put(db, REPORT, pdf("unreadable"), ())
    withhold_row(db, "listings", 4, Order("asked for", "Anna"), NOW)
    save_individual_rows(db, level)
    all_of_them = kept_back(db, level)
    for (sha256,) in db.execute("SELECT sha256 FROM documents").fetchall():
        assert why_kept_back(db, sha256) == all_of_them.get(sha256)
    db.close()
    assert all_of_them


def test_a_document_that_nobody_knows_is_not_found(site: Site) -> None:
    for path in ("", "/file", "/page/1.png", ".json"):
        assert site.get(f"/tracker/-/document/{'0' * 64}{path}").status_code == 404


def test_a_document_that_nobody_takes_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanctuary.site.document_file.PATIENCE", 0.01)
    sent: list[str] = []

    async def take(message: dict[str, object]) -> None:
        sent.append(str(message["type"]))
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    asyncio.run(Download(b"law", {}).asgi_send(take))
    assert sent == ["http.response.start", "http.response.body"]
    assert Download.held == 0


def test_no_more_documents_are_held_than_memory_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sanctuary.site.document_file.MOST_HELD", 5)

    async def both() -> list[object]:
        statuses: list[object] = []
        begun, done = asyncio.Event(), asyncio.Event()

        async def wait(message: dict[str, object]) -> None:
            statuses.append(message.get("status"))
            begun.set()
            await done.wait()

        async def take(message: dict[str, object]) -> None:
            statuses.append(message.get("status"))

        first = asyncio.create_task(Download(b"law", {}).asgi_send(wait))
        await begun.wait()
        await Download(b"law", {}).asgi_send(take)
        done.set()
        await first
        return [status for status in statuses if status]

    assert asyncio.run(both()) == [200, 503]
    assert Download.held == 0

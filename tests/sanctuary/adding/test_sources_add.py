"""``sanctuary sources add`` over a publisher on loopback: each kind of thing, told and added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanctuary.adding.looking import Looker
from sanctuary.adding.proposing import Proposal
from sanctuary.adding.wishes import Wishes
from sanctuary.asking import new_client
from sanctuary.cli import sources_add
from sanctuary.reading import ReadingLimits
from sanctuary.shipped import shipped
from sanctuary.sources import Settings
from sanctuary.sources_file import load_sources
from sanctuary.workspace import Workspace
from scraper.client import Client
from tests.parsers.host_walk import walk_in
from tests.sanctuary.commands import SOURCES, Answer, Commands, list_page
from tests.sanctuary.loopback import HandClock, Page, Publisher

FIXTURES = Path(__file__).parents[2] / "fixtures"
CSV = FIXTURES / "table" / "csv-list.csv"
LIST = list_page(("Chicolini, Freedonia", "Rule One"), ("Pinky, Freedonia", "Rule Two"))
INDEX = b'<!doctype html><title>Jails</title><a href="jails-1.csv">1</a><a href="jails-2.csv">2</a>'

WATCHED = """\
  - id: jails
    title: Jails
    publisher: Freedonia
    address: http://{host}/jails/
    discover: {{kind: index, pattern: 'jails-2'}}
    parser: table
    options: {{record: table_rows, format: csv, columns: {{Jail: jail}}, key: [jail]}}
    editions: content
    why: For tests.
"""


def page(name: str, media_type: str = "text/html; charset=utf-8") -> Page:
    return Page((FIXTURES / name).read_bytes(), media_type=media_type)


@pytest.fixture(scope="module")
def shared() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages |= {
            "/list": Page(LIST),
            "/doj": page("doj-list/page.html"),
            "/dhs": page("dhs-list/page.html"),
            "/two": page("table/two-tables.html"),
            "/policy": page("page/brackwater-2023.html"),
            "/agreements.xlsx": page("ice-287g/participating.xlsx"),
            "/list.xlsx": page("table/xlsx-list.xlsx"),
            "/list.pdf": page("table/pdf-list.pdf"),
            "/letter.pdf": page("statement/letter.pdf"),
            "/jails.csv": page("table/csv-rows-of-types.csv", "text/csv"),
            "/jails/": Page(INDEX),
            "/jails/jails-1.csv": page("table/csv-rows-of-types.csv", "text/csv"),
            "/held.csv": page("table/csv-quotes-broken.csv", "text/csv"),
            "/blocked": Page(b"<html><title>Just a moment...</title>", 403),
            "/words": Page(b"Nothing that any parser reads.", media_type="text/plain"),
            "/shell": page("page/script-shell.html"),
            "/image": Page(b"\x89PNG\r\n\x1a\n\x00", media_type="image/png"),
        }
        yield publisher


@pytest.fixture
def publisher(shared: Publisher) -> Iterator[Publisher]:
    before = dict(shared.pages)
    shared.asked.clear()
    yield shared
    shared.pages.clear()
    shared.pages |= before


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.setattr(sources_add, "utc_now", HandClock())
    settings = f"  allow_hosts: ['{publisher.host}']\n  delay: 0s\n"
    sources = SOURCES.replace("\nsources:", f"\n{settings}sources:", 1)
    return Commands(tmp_path, sources + WATCHED.format(host=publisher.host))


def add(watched: Commands, publisher: Publisher, path: str, *words: str) -> Answer:
    return watched("sources", "add", f"http://{publisher.host}{path}", *words)


@pytest.fixture(scope="module")
def client(shared: Publisher) -> Iterator[Client]:
    settings = Settings.model_validate({"allow_hosts": [shared.host], "delay": "0s"})
    with new_client(settings, HandClock()) as client:
        yield client


@pytest.fixture
def looked(publisher: Publisher, client: Client) -> Callable[..., Proposal]:
    """Return what gives the proposal for a path, or an address."""

    def look(where: str, **wishes: Any) -> Proposal:
        address = f"http://{publisher.host}{where}" if where[0] == "/" else where
        looker = Looker(client, ReadingLimits(), HandClock(), Wishes(**wishes))
        return looker.at_address(address)

    return look


Look = Callable[..., Proposal]
KINDS = {
    "/list": ("a page with a table", "table", {"listings": 2}),
    "/doj": ("a page of a form that is known (doj-list)", "doj-list", {"listings": 7}),
    "/dhs": ("a page of a form that is known (dhs-list)", "dhs-list", {"listings": 8}),
    "/two": ("a page with a table", "table", {"listings": 1}),
    "/policy": ("a page with a text", "page", {"policies": 1, "policy_sections": 5}),
    "/agreements.xlsx": ("a workbook of a form", "ice-287g", {"agreements": 4}),
    "/list.xlsx": ("a workbook with a table", "table", {"listings": 6}),
    "/list.pdf": ("a PDF with a table", "table", {"listings": 5}),
    "/jails.csv": ("a CSV with a table", "table", {"table_rows": 5}),
    "/jails/": ("an index page with links to 2 documents (CSV)", "table", {"table_rows": 5}),
}


@pytest.mark.parametrize("path", KINDS)
def test_each_kind_is_told_and_read_once(looked: Look, path: str) -> None:
    what, parser, counts = KINDS[path]
    proposal = looked(path)
    assert proposal.reading is not None
    assert proposal.what.startswith(what)
    assert proposal.entry["parser"] == parser
    assert (proposal.reading.counts, proposal.reading.held) == (counts, ())
    assert proposal.reading.first


def test_an_index_is_watched_by_the_pattern_of_its_links(looked: Look) -> None:
    entry = looked("/jails/").entry
    assert (entry["title"], entry["id"]) == ("Jails", "jails")
    assert entry["discover"] == {
        "kind": "index",
        "pattern": r"/jails/jails[^/]*\.csv$",
        "take": "first",
    }
    named = looked("/jails/", pattern="jails-1").entry
    assert named["discover"]["pattern"] == "jails-1"


def test_what_is_added_is_read_without_asking_again(
    watched: Commands, publisher: Publisher
) -> None:
    before = watched.sources_file.read_text()
    answer = add(watched, publisher, "/list", "--yes", "--id", "freedonia", "--why", "For tests.")
    assert (answer.code, answer.err) == (0, "")
    assert "First reading: listings: 2; problems: none\nIt says of itself: SPECIMEN" in answer.out
    assert "\n  Chicolini, Freedonia | Rule One\n" in answer.out
    assert "It would be accepted." in answer.out
    assert "freedonia: 1 new" in answer.out
    assert publisher.asked == ["/list"]
    assert watched.sources_file.read_text().startswith(before.rstrip())
    assert watched.rows("SELECT source_id, role, verdict, captured_at FROM captures") == [
        ("freedonia", "document", "document", "2025-06-01T10:00:00Z")
    ]
    assert watched.rows("SELECT jurisdiction FROM current_listings ORDER BY 1") == [
        ("Chicolini, Freedonia",),
        ("Pinky, Freedonia",),
    ]
    assert watched("run", "freedonia").out == "freedonia: 1 unchanged\n"


def test_off_a_terminal_nothing_is_added_unless_it_is_said(
    watched: Commands, publisher: Publisher
) -> None:
    before = watched.sources_file.read_text()
    answer = add(watched, publisher, "/list")
    assert (answer.code, answer.err) == (0, "nothing is added; --yes adds it\n")
    assert watched.sources_file.read_text() == before
    assert not watched.data_dir.exists()


def test_on_a_terminal_it_asks_and_asks_why(
    watched: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources_add, "_agreed", lambda _: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "It names\nplaces: #1")
    watched("sources", "add", CSV, "--id", "freedonia")
    *_, added = load_sources(watched.sources_file).sources
    assert added.why == "It names places: #1"


def test_the_entry_holds_what_a_person_says_and_leaves_open_what_nobody_knows(
    watched: Commands, publisher: Publisher
) -> None:
    saved = FIXTURES / "page" / "brackwater-2023.html"
    said = ("--option", "drop=#share", "--parser", "page", "--jurisdiction", "Brackwater")
    add(watched, publisher, "/policy", "--yes", "--saved", str(saved), *said)
    *_, added = load_sources(watched.sources_file).sources
    assert added.options["drop"] == "#share"
    assert (added.jurisdiction, added.schedule) == ("Brackwater", "weekly")
    assert (added.publisher, added.why) == ("127.0.0.1", "Nobody has said yet why it matters.")
    assert "name who publishes it" in watched.sources_file.read_text()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/blocked", "refuses: a challenge of Cloudflare came back (status 403)"),
        ("/nothing", "gone: the server says it is not there (status 404)"),
        ("/letter.pdf", "name what reads it with --parser: ddor, "),
        ("/words", "no parser is known to read"),
        ("/image", "wrong_kind: an image came"),
        ("/shell", "empty: "),
    ],
)
def test_what_cannot_be_watched_is_told_with_the_way_out(
    watched: Commands, publisher: Publisher, path: str, said: str
) -> None:
    answer = add(watched, publisher, path, "--yes")
    assert answer.code == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_page_that_refuses_is_read_from_a_copy_that_a_person_saved(
    watched: Commands, publisher: Publisher, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(LIST)
    assert "--saved FILE" in add(watched, publisher, "/blocked").err
    answer = add(watched, publisher, "/blocked", "--saved", str(saved), "--yes", "--id", "saved")
    assert "sanctuary import" in answer.out
    *_, added = load_sources(watched.sources_file).sources
    assert (added.address, added.parser) == (f"http://{publisher.host}/blocked", "table")
    assert added.access == "unknown"
    assert publisher.asked == ["/blocked"], "of a saved copy nobody is asked"
    assert not watched.data_dir.exists()


def test_a_page_that_refuses_is_added_once_somebody_says_what_reads_it(looked: Look) -> None:
    entry = looked("/blocked", parser="page").entry
    assert (entry["access"], entry["when_refused"]) == ("refused", "wayback")
    assert entry["address_seen"] is False


def test_a_file_alone_has_no_address(watched: Commands) -> None:
    answer = watched("sources", "add", CSV, "--yes", "--id", "tarn")
    *_, added = load_sources(watched.sources_file).sources
    assert (answer.code, added.address, added.title) == (0, None, "csv-list.csv")


def test_what_would_be_held_is_told(watched: Commands, publisher: Publisher) -> None:
    answer = add(watched, publisher, "/held.csv")
    assert answer.code == 3
    assert "It would be held for review: The row that begins" in answer.out


def test_what_its_parser_does_not_read_is_not_added_unseen(
    watched: Commands, publisher: Publisher
) -> None:
    before = watched.sources_file.read_text()
    answer = add(watched, publisher, "/list", "--yes", "--id", "a-list", "--parser", "doj-list")
    assert (answer.code, watched.sources_file.read_text()) == (1, before)
    assert "a-list is not added, since its first reading gives nothing" in answer.err
    assert add(watched, publisher, "/list", "--parser", "doj-list").code == 1


def test_what_is_watched_already_is_not_added_again(
    watched: Commands, publisher: Publisher
) -> None:
    again = add(watched, publisher, "/jails/", "--yes", "--id", "other")
    assert (again.code, publisher.asked) == (1, [])
    assert "is watched already, as jails; --pattern takes other links" in again.err
    taken = add(watched, publisher, "/list", "--yes", "--id", "specimen-list")
    assert "there is a source specimen-list already" in taken.err
    other = add(watched, publisher, "/jails/", "--id", "other", "--pattern", "jails-1")
    assert other.code == 0


def test_the_file_that_ships_is_not_added_to(
    watched: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ships = shipped("sources.yml")
    before = ships.read_bytes()
    watched.sources_file.unlink()
    watched.sources_file.symlink_to(ships)
    answer = add(watched, publisher, "/list", "--yes")
    assert (answer.code, ships.read_bytes()) == (1, before)
    assert "`sanctuary init`" in answer.err


def test_machines_get_it_as_json(watched: Commands, publisher: Publisher) -> None:
    found = add(watched, publisher, "/list", "--json").data()
    assert (found["entry"]["parser"], found["added"]) == ("table", False)
    assert found["first_reading"]["counts"] == {"listings": 2}


def test_hostile_text_drives_neither_the_terminal_nor_the_file(
    watched: Commands, publisher: Publisher, tmp_path: Path
) -> None:
    evil = (
        "<!doctype html><title>A\x1b[31m: {x}\n- id: evil\n  why: '&#8238;</title><table>"
        "<tr><th>Place: #1</th><th>*a &amp; !t &#8238;</th></tr>"
        "<tr><td>\x1b[2Ja</td><td>b&#8238;</td></tr></table>"
    )
    (tmp_path / "evil.html").write_text(evil)
    answer = watched("sources", "add", tmp_path / "evil.html", "--yes", "--id", "strange")
    assert answer.code == 0, answer.err
    for text in (answer.out, answer.err, watched.sources_file.read_text()):
        assert "\x1b" not in text
        assert "\u202e" not in text
    *others, added = load_sources(watched.sources_file).sources
    assert "evil" not in {source.id for source in others}
    assert "\u202e" not in added.title


def test_a_host_that_is_asked_in_steps_is_walked(publisher: Publisher, looked: Look) -> None:
    walk = walk_in(FIXTURES / "municode" / "steps" / "version-1.json")
    for name, answer in walk.answers.items():
        path = name.removeprefix("https://api.municode.com")
        publisher.pages[path] = Page(answer, media_type="application/json")
    options = {**walk.options, "api": f"http://{publisher.host}"}
    proposal = looked(walk.address, options=options)
    assert proposal.entry["discover"] == {"kind": "host"}
    assert proposal.reading is not None
    assert proposal.reading.counts["policies"] == 1
    assert proposal.reading.held == ()


def test_nobody_is_asked_for_an_address_that_lacks_something(watched: Commands) -> None:
    lacks = watched("sources", "add", "https://library.municode.com/ze/onhava/codes/code")
    assert lacks.code == 1
    assert "nothing says which part of the code it is" in lacks.err


def test_what_cannot_be_kept_now_is_added_and_told(watched: Commands, publisher: Publisher) -> None:
    with Workspace(watched.data_dir).writing():
        answer = add(watched, publisher, "/list", "--yes", "--id", "freedonia")
    assert answer.code == 1
    assert "nothing of freedonia is kept yet" in answer.err
    assert "then `sanctuary run freedonia`" in answer.err
    assert load_sources(watched.sources_file).sources[-1].id == "freedonia"


def test_a_table_with_a_column_called_state_is_no_federal_list(
    watched: Commands, publisher: Publisher
) -> None:
    rows = (("Chicolini", "Freedonia"), ("Pinky", "Freedonia"), ("Zembla", "Freedonia"))
    cells = "".join(f"<tr><td>{name}</td><td>{state}</td></tr>" for name, state in rows)
    publisher.pages["/state"] = Page(
        f"<title>List</title><table><tr><th>Jurisdiction</th><th>State</th></tr>{cells}</table>".encode()
    )
    answer = add(watched, publisher, "/state")
    assert "a page with a table" in answer.out
    assert "listings: 3; problems: none" in answer.out
    assert "or: of the form doj-list, of which it lacks something: --parser doj-list" in answer.out


def test_an_address_that_the_gate_refuses_is_not_asked_for(watched: Commands) -> None:
    with Publisher() as inner:
        answer = watched("sources", "add", f"http://{inner.host}/list")
        assert (answer.code, inner.asked) == (1, [])
    assert "not public, and settings.allow_hosts does not name it; mend that" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["zembla.html"], 2, "is no file, and no address"),
        (["/list", "--parser", "zembla"], 1, "no parser 'zembla'"),
        (["/list", "--option", "select"], 1, "is no KEY=VALUE"),
        (["/list", "--option", "beds=1"], 1, "beds: "),
        (["/list", "--id", "A B"], 1, "allowed: small letters"),
        (["/jails/", "--pattern", "nothing"], 1, "no link of"),
        (["/jails/", "--pattern", "("], 1, "regular expression"),
    ],
)
def test_what_a_person_says_wrong_is_told_in_one_line(
    watched: Commands, publisher: Publisher, words: list[str], code: int, said: str
) -> None:
    what, *more = words
    answer = watched(
        "sources", "add", f"http://{publisher.host}{what}" if what[0] == "/" else what, *more
    )
    assert (answer.code, answer.err.count("\n")) == (code, 1)
    assert said in answer.err

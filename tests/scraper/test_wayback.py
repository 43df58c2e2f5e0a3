"""The Wayback Machine is asked for what it has, and believed only as far as it can be."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper import wayback
from scraper.client import Client
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from scraper.timing import Timing
from scraper.wayback import Excluded, Memento, NotPlayed, Unavailable, WaybackMachine
from scraper.wayback_index import Snapshot, led_on, read_listing
from tests.sanctuary.wayback_server import Kept, Sent, Wayback

LIST = "http://lists.freedonia.example/list"
PAGE = b"<html><body><p>The list of Freedonia.</p></body></html>"
SINCE, UNTIL = "20170101000000", "20181231235959"
DIGEST = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
GOOD = f"20170320120000 {LIST} 200 text/html {DIGEST}"


@pytest.fixture
def server() -> Iterator[Wayback]:
    with Wayback() as server:
        yield server


@pytest.fixture
def machine(server: Wayback, tmp_path: Path) -> Iterator[WaybackMachine]:
    network = Network("SanctuaryTracker/0 (+https://operator.example)", [server.host])
    manners = Manners(tmp_path, delay_seconds=0.0, attempts=2)
    timing = Timing(sleep=lambda _: None)
    with Client(network, manners, lambda: "2026-11-02T12:00:00Z", timing=timing) as client:
        yield WaybackMachine(client, server.address)


def listed(*lines: str) -> tuple[list[str], list[str]]:
    """Return the timestamps of what is listed, and what is said of the other lines."""
    listing = read_listing(list(lines), LIST, SINCE, UNTIL)
    said = [fault.rpartition(": ")[2] for fault in listing.faults]
    return [each.timestamp for each in listing.snapshots], said


def memento(machine: WaybackMachine, kept: Kept, kind: Kind = Kind.HTML) -> Memento:
    found = machine.memento(snapshot(kept), kind)
    assert isinstance(found, Memento), found
    return found


def snapshot(kept: Kept) -> Snapshot:
    return Snapshot(kept.timestamp, kept.original, kept.status, kept.media_type, kept.digest)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("20170320120000", "it has 1 fields, not 5"),
        (f"20170320120000 {LIST} 200 text/html", "it has 4 fields, not 5"),
        (f"20170320120000 {LIST} 200 text/html {DIGEST} 5", "it has 6 fields, not 5"),
        (f"20170230120000 {LIST} 200 text/html {DIGEST}", "its time is no time"),
        (f"201703201200 {LIST} 200 text/html {DIGEST}", "its time is no time"),
        (f"- {LIST} 200 text/html {DIGEST}", "its time is no time"),
        ("20170320120000 - 200 text/html " + DIGEST, "its address is none"),
        (f"20170320120000 {LIST}\\x 200 text/html {DIGEST}", "its address is none"),
        (f"20170320120000 {LIST} 200 text/html -", "its digest is none"),
        (f"20170320120000 {LIST} 2000 text/html {DIGEST}", "its status is none"),
        (f"20170320120000 {LIST} - text/html {DIGEST}", "it has no status"),
        (f"20170320120000 {LIST}-of-others 200 text/html {DIGEST}", "it is of another address"),
        (f"20160320120000 {LIST} 200 text/html {DIGEST}", "it is of a time that was not asked for"),
        (f"20991231120000 {LIST} 200 text/html {DIGEST}", "it is of a time that was not asked for"),
        (GOOD, "it stands there twice"),
        ("<html>Service Unavailable</html>", "it has 2 fields, not 5"),
    ],
)
def test_a_damaged_line_of_the_index_costs_that_line_only(line: str, fault: str) -> None:
    assert listed(GOOD, line) == (["20170320120000"], [fault])


@pytest.mark.parametrize(
    "original",
    [
        "https://lists.freedonia.example/list",
        "http://lists.freedonia.example:80/list",
        "http://www.lists.freedonia.example/list/",
        "http://LISTS.freedonia.example/List",
    ],
)
def test_scheme_port_and_spelling_of_an_address_do_not_matter(original: str) -> None:
    times, faults = listed(f"20170320120000 {original} 200 text/html {DIGEST}")
    assert (times, faults) == (["20170320120000"], [])


@pytest.mark.parametrize(
    ("original", "taken"), [("?b=2&A=1", 1), ("?a=1&b=2&", 1), ("?a=1&b=3", 0), ("", 0)]
)
def test_a_query_belongs_to_an_address_in_whatever_order(original: str, taken: int) -> None:
    line = f"20170320120000 {LIST}{original} 200 text/html {DIGEST}"
    assert len(read_listing([line], f"{LIST}?a=1&b=2", SINCE, UNTIL).snapshots) == taken


def test_lines_out_of_order_are_put_in_order() -> None:
    later = GOOD.replace("20170320", "20170321")
    assert listed(later, GOOD) == (["20170320120000", "20170321120000"], [])


def test_a_revisit_has_no_status_of_its_own() -> None:
    lines = [f"20170320120000 {LIST} {status} warc/revisit {DIGEST}" for status in ("-", "200")]
    for line in lines:
        (found,) = read_listing([line], LIST, SINCE, UNTIL).snapshots
        assert (found.status, found.media_type) == (None, None)


def test_a_redirect_whose_end_is_listed_is_not_followed() -> None:
    lines = [
        f"20170320120000 {LIST} 301 text/html {DIGEST}",
        f"20170320120001 https{LIST[4:]} 200 text/html {DIGEST}",
        f"20170320140000 {LIST} 301 text/html {DIGEST}",
    ]
    snapshots = read_listing(lines, LIST, SINCE, UNTIL).snapshots
    assert led_on(snapshots) == {("20170320120000", LIST)}


def test_an_index_in_parts_is_taken_to_its_end(server: Wayback, machine: WaybackMachine) -> None:
    server.page = 2
    for day in range(10, 15):
        server.keep(f"201703{day}000000", LIST, PAGE)
    listing = machine.captures(LIST, SINCE, UNTIL)
    assert [each.timestamp[6:8] for each in listing.snapshots] == ["10", "11", "12", "13", "14"]
    assert listing.faults == ()
    assert len(server.asked) == 3


def test_an_index_that_goes_round_in_a_circle_is_left(
    server: Wayback, machine: WaybackMachine
) -> None:
    server.index = lambda: Sent(200, {}, f"{GOOD}\n\nfreedonia%210\n".encode())
    with pytest.raises(Unavailable, match="circle"):
        machine.captures(LIST, SINCE, UNTIL)
    assert len(server.asked) == 2


@pytest.mark.parametrize(("lines", "said"), [(GOOD, "more than 5 lines"), ("", "circle")])
def test_an_index_without_end_is_left(
    server: Wayback,
    machine: WaybackMachine,
    monkeypatch: pytest.MonkeyPatch,
    lines: str,
    said: str,
) -> None:
    monkeypatch.setattr(wayback, "_MOST_LINES", 5)
    server.index = lambda: Sent(200, {}, f"{lines}\n\nx%21{len(server.asked)}\n".encode())
    with pytest.raises(Unavailable, match=said):
        machine.captures(LIST, SINCE, UNTIL)
    assert len(server.asked) < 10


def test_an_index_that_lists_nothing_lists_nothing(
    server: Wayback, machine: WaybackMachine
) -> None:
    assert machine.captures(LIST, SINCE, UNTIL).snapshots == ()


@pytest.mark.parametrize(
    "sent",
    [
        Sent(503, {}, b"busy"),
        Sent(429, {"Retry-After": "600"}),
        Sent(400, {}),
        Sent(200, {"Content-Length": "5000"}, b"2017"),
        Sent(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html>Down</html>"),
    ],
    ids=["busy", "too many requests", "bad request", "cut off", "a page"],
)
def test_an_index_that_does_not_come_whole_is_none(
    server: Wayback, machine: WaybackMachine, sent: Sent
) -> None:
    server.index = lambda: sent
    with pytest.raises(Unavailable, match="run it again later"):
        machine.captures(LIST, SINCE, UNTIL)


def test_an_archive_that_wants_a_rest_is_known_from_one_that_fails(
    server: Wayback, machine: WaybackMachine
) -> None:
    server.index = lambda: Sent(503, {})
    with pytest.raises(Unavailable) as busy:
        machine.captures(LIST, SINCE, UNTIL)
    server.index = lambda: Sent(429, {"Retry-After": "600"})
    with pytest.raises(Unavailable) as resting:
        machine.captures(LIST, SINCE, UNTIL)
    assert (busy.value.wants_rest, resting.value.wants_rest) == (False, True)


def test_an_address_that_was_taken_out_of_the_archive_is_refused(
    server: Wayback, machine: WaybackMachine
) -> None:
    said = b"org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: Blocked"
    server.index = lambda: Sent(403, {}, said)
    with pytest.raises(Excluded, match="does not show this address"):
        machine.captures(LIST, SINCE, UNTIL)


def test_what_robots_txt_of_the_archive_forbids_is_not_asked_for(
    server: Wayback, machine: WaybackMachine
) -> None:
    server.robots = Sent(200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /cdx/\n")
    with pytest.raises(Unavailable, match=r"robots\.txt"):
        machine.captures(LIST, SINCE, UNTIL)
    assert server.asked == []


def test_a_memento_is_the_bytes_and_headers_of_its_time(
    server: Wayback, machine: WaybackMachine
) -> None:
    kept = server.keep("20170320120000", LIST, PAGE)
    found = memento(machine, kept)
    assert found.body == PAGE
    assert found.address == f"{server.address}/web/20170320120000id_/{LIST}"
    assert (found.timestamp, found.captured_at) == ("20170320120000", "2017-03-20T12:00:00Z")
    assert dict(found.headers) == {"Content-Type": "text/html", "Server": "Freedonia/1.0"}
    assert "Memento-Datetime" in dict(found.archive_headers)
    assert found.judgement.verdict is Verdict.DOCUMENT
    assert found.digest_holds is True


def test_bytes_that_are_not_those_of_the_index_are_known(
    server: Wayback, machine: WaybackMachine
) -> None:
    kept = server.keep("20170320120000", LIST, PAGE)
    server.played["20170320120000"] = Kept(
        "20170320120000", LIST, PAGE.replace(b"list", b"lists")
    ).played()
    assert memento(machine, kept).digest_holds is False


def test_bytes_that_were_packed_when_they_were_captured_cannot_be_told_by_their_digest(
    server: Wayback, machine: WaybackMachine
) -> None:
    page = PAGE + b"<p>Freedonia</p>" * 50
    packed = gzip.compress(page)
    kept = server.keep("20170320120000", LIST, packed)
    headers = {"Content-Encoding": "gzip", "Content-Length": str(len(packed))}
    server.played["20170320120000"] = Kept("20170320120000", LIST, page, headers=headers).played()
    found = memento(machine, kept)
    assert found.digest_holds is None
    assert found.judgement.verdict is Verdict.DOCUMENT


def test_the_time_is_that_of_what_was_played_not_of_what_was_asked_for(
    server: Wayback, machine: WaybackMachine
) -> None:
    server.keep("20170401080000", LIST, PAGE)
    gone = Kept("20170320120000", LIST, PAGE)
    server.played["20170320120000"] = Sent(
        302, {"Location": f"{server.address}/web/20170401080000id_/{LIST}"}
    )
    found = memento(machine, gone)
    assert found.captured_at == "2017-04-01T08:00:00Z"
    assert found.key == ("20170401080000", LIST)
    assert found.digest_holds is None


def test_what_a_redirect_of_the_same_second_leads_to_is_not_measured_by_its_digest(
    server: Wayback, machine: WaybackMachine
) -> None:
    server.keep("20170320120000", f"https{LIST[4:]}", PAGE)
    moved = Kept("20170320120000", LIST, b"", status=301)
    there = f"/web/20170320120000id_/https{LIST[4:]}"
    server.kept.append(moved)
    server.redirects[moved.original] = there
    found = memento(machine, moved)
    assert (found.original, found.digest_holds) == (f"https{LIST[4:]}", None)


@pytest.mark.parametrize(
    ("body", "status", "verdict"),
    [
        (b"<html><title>Just a moment...</title></html>", 200, Verdict.BLOCKED),
        (b"<html><h1>Page Not Found</h1></html>", 404, Verdict.GONE),
        (b"", 200, Verdict.EMPTY),
        (b"%PDF-1.7 %%EOF", 200, Verdict.WRONG_KIND),
    ],
)
def test_what_the_archive_was_given_is_judged_as_if_we_had_been(
    server: Wayback, machine: WaybackMachine, body: bytes, status: int, verdict: Verdict
) -> None:
    kept = server.keep("20170320120000", LIST, body, status=status)
    assert memento(machine, kept).judgement.verdict is verdict


def test_a_capture_that_was_cut_off_is_truncated(server: Wayback, machine: WaybackMachine) -> None:
    kept = server.keep("20170320120000", LIST, PAGE, headers={"Content-Length": "100000"})
    assert memento(machine, kept).judgement.verdict is Verdict.TRUNCATED


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        (Sent(404, {}, b"<html>Not in archive</html>"), False),
        (Sent(403, {}, b"<html>AdministrativeAccessControlException</html>"), True),
        (Sent(404, {}, b"<html>This URL has been excluded from the Wayback Machine.</html>"), True),
    ],
    ids=["missing", "refused", "excluded"],
)
def test_what_the_archive_does_not_play_is_no_word_of_the_publisher(
    server: Wayback, machine: WaybackMachine, sent: Sent, refused: bool
) -> None:
    kept = server.keep("20170320120000", LIST, PAGE)
    server.played["20170320120000"] = sent
    found = machine.memento(snapshot(kept), Kind.HTML)
    assert isinstance(found, NotPlayed)
    assert found.refused is refused


@pytest.mark.parametrize(
    "location",
    [f"/web/20170320120000/{LIST}", "/elsewhere"],
    ids=["the page with its links rewritten", "out of its originals"],
)
def test_only_originals_of_the_archive_are_taken(
    server: Wayback, machine: WaybackMachine, location: str
) -> None:
    kept = server.keep("20170320120000", LIST, PAGE)
    server.played["20170320120000"] = Sent(302, {"Location": location})
    found = machine.memento(snapshot(kept), Kind.HTML)
    assert isinstance(found, NotPlayed)
    assert "none of its originals" in found.reason


def test_a_capture_of_the_future_is_not_taken(server: Wayback, machine: WaybackMachine) -> None:
    kept = server.keep("20170320120000", LIST, PAGE)
    server.played["20170320120000"] = Kept("29990101000000", LIST, PAGE).played()
    found = machine.memento(snapshot(kept), Kind.HTML)
    assert isinstance(found, NotPlayed)
    assert "in the future" in found.reason


def test_another_address_is_taken_only_where_the_publisher_led_there(
    server: Wayback, machine: WaybackMachine
) -> None:
    other = "http://other.freedonia.example/list"
    server.keep("20170320120000", other, PAGE)
    server.redirects[LIST] = f"/web/20170320120000id_/{other}"
    found = machine.memento(snapshot(Kept("20170320120000", LIST, PAGE)), Kind.HTML)
    assert isinstance(found, NotPlayed)
    assert other in found.reason
    moved = Kept("20170320120000", LIST, b"", status=301)
    assert memento(machine, moved).original == other


@pytest.mark.parametrize(
    "sent",
    [
        Sent(503, {}),
        Sent(200, {"Content-Type": "text/html"}, PAGE),
        Sent(200, {"Memento-Datetime": "Mon, 20 Mar 2017 12:00:00 GMT", "Content-Length": "999"}),
    ],
    ids=["busy", "no time", "broken off"],
)
def test_an_archive_in_trouble_is_asked_again_another_time(
    server: Wayback, machine: WaybackMachine, sent: Sent
) -> None:
    kept = server.keep("20170320120000", LIST, PAGE)
    server.played["20170320120000"] = sent
    with pytest.raises(Unavailable):
        machine.memento(snapshot(kept), Kind.HTML)


def test_the_archive_is_asked_to_save_a_page(server: Wayback, machine: WaybackMachine) -> None:
    assert machine.save(LIST) is None
    assert server.saved == [LIST]
    server.save = Sent(520, {})
    assert machine.save(LIST) == "status 520"

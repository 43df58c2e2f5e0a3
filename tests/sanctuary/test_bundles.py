"""A host that gives a document in steps: asked part by part, kept and read as one document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db import captures as captures_of
from parsers.bundle import Part, manifest, packed, parts_listed
from sanctuary import recording, walking
from sanctuary.cli import fetch
from scraper.archive import Archive
from tests.parsers.code_hosts import answers
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.loopback import NOT_FOUND, HandClock, Page, Publisher
from tests.sanctuary.stepping import (
    SOURCES,
    Host,
    TickingClock,
    answer,
    captures,
    clock,
    document,
    host,
    part,
    places,
    publisher,
    standing,
    told,
    watched,
)

__all__ = ["clock", "host", "publisher", "watched"]

pytestmark = pytest.mark.usefixtures("hostile_parsers")
MUNICODE = """\
  - id: freedonia-code
    title: Detainers in Freedonia
    publisher: Freedonia
    address: https://library.municode.com/wm/freedonia/codes/code_of_ordinances
    discover: {{kind: host}}
    parser: municode
    options: {{find: [Chapter 12, Article IV], api: "http://{}"}}
    editions: content
    why: For tests.
"""
REFUSED = Page(b"<html><title>Just a moment...</title></html>", 403)


def test_what_the_host_gives_in_steps_is_one_document(watched: Commands, host: Host) -> None:
    run = watched("run", "zembla")
    assert (run.code, run.out, run.err) == (0, "zembla: 1 new\n", "")
    assert host.publisher.asked == ["/zembla/contents", "/zembla/one", "/zembla/two"]
    assert captures(watched, "address") == [
        f"{host.address}/{name}" for name in ("contents", "one", "two")
    ]
    assert captures(watched) == ["document"] * 3
    assert captures(watched, "address, verdict, status, headers, reason", "document") == [
        (host.address, "document", None, "[]", "put together of 3 parts")
    ]
    kept = Archive.at(watched.data_dir / "archive").get(document(watched))
    listed = parts_listed(kept)
    assert listed is not None
    assert [each.sha256 for each in listed] == captures(watched, "document_sha256")
    assert places(watched) == ["Bornholm, Zembla", "Onhava, Zembla"]
    assert json.loads(watched.rows("SELECT evidence FROM listings")[1][0]) == [
        {"part": f"{host.address}/two", "anchor": "places[0]"}
    ]


def test_all_of_it_was_seen_when_the_last_part_was_asked_for(watched: Commands, host: Host) -> None:
    watched("run", "zembla")
    first, *_, last = captures(watched, "captured_at")
    began = "json_extract(transport, '$.bundle.began')"
    assert first < last
    assert captures(watched, f"captured_at, {began}", "document") == [(last, first)]


def test_parts_that_are_the_same_are_one_more_sighting(
    watched: Commands, host: Host, clock: TickingClock
) -> None:
    watched("run", "zembla")
    clock.now = "2025-06-02T10:00:00Z"
    run = watched("run", "zembla")
    assert run.out == "zembla: 1 unchanged\n"
    assert len(host.publisher.conditions) == 3
    assert captures(watched) == ["document"] * 3 + ["unchanged"] * 3
    ((_, until),) = watched.rows("SELECT public_from, public_until FROM editions")
    assert until == captures(watched, "captured_at")[-1] > "2025-06-02"
    assert len(set(captures(watched, "document_sha256", "document"))) == 1


def test_a_part_that_changes_makes_a_new_edition_between_two_walks(
    watched: Commands, host: Host, clock: TickingClock
) -> None:
    watched("run", "zembla")
    began, *_ = captures(watched, "captured_at")
    clock.now = "2025-06-02T10:00:00Z"
    host["one"] = answer(places=["Bornholm", "Yeslove"], next=[])
    assert watched("run", "zembla").out == "zembla: 1 new\n"
    assert captures(watched)[3:] == ["unchanged", "document", "unchanged"]
    (change,) = watched("log", "--kind", "added", "--json").data()
    assert change["place"] == "Yeslove, Zembla"
    # It may have changed as soon as the first part of the first walk was there, and by the last
    # part of the second all was seen.
    last = captures(watched, "captured_at")[-1]
    assert (change["observed_after"], change["observed_by"]) == (began, last)


def test_a_part_that_is_gone_is_no_repeal(
    watched: Commands, host: Host, clock: TickingClock
) -> None:
    watched("run", "zembla")
    host["one"] = NOT_FOUND
    for day in (2, 3, 5):
        clock.now = f"2025-06-0{day}T10:00:00Z"
        run = watched("run", "zembla")
        assert run.code == 1
        assert run.out == "zembla: 1 failed\n"
        assert f"part {host.address}/one" in run.err
        assert "look for it" in run.err
    assert captures(watched, role="document") == ["document", "error", "error", "error"]
    assert [each["kind"] for each in watched("log", "--json").data()] == ["went_dark", "published"]
    shown = standing(watched)
    assert not shown["gone"]
    assert not shown["taken_down"]
    assert f"part {host.address}/one" in shown["last_failure"]
    assert places(watched) == ["Bornholm, Zembla", "Onhava, Zembla"]


def test_a_first_part_that_is_not_there_is_a_failure_and_no_answer(
    watched: Commands, host: Host
) -> None:
    host["contents"] = NOT_FOUND
    watched("run", "zembla")
    shown = standing(watched)
    assert not shown["never_found"]
    assert shown["last_good"] is None


def test_a_host_that_refuses_a_part_leaves_the_document_blocked(
    watched: Commands, host: Host
) -> None:
    host["one"] = REFUSED
    run = watched("run", "zembla")
    assert run.out == "zembla: 1 failed\n"
    assert f"{host.address}: blocked: part {host.address}/one: a challenge" in run.err
    assert host.publisher.asked[-1] == "/zembla/one"
    assert captures(watched) == ["document", "blocked"]
    assert captures(watched, role="document") == ["blocked"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"nowhere": "another client"}, "another client; mend the entry"),
        ({"fails": "a bug"}, "the parser stepping failed on it (ZeroDivisionError: a bug)"),
        ({"spins": True}, "takes more than 1 s of a core"),
        ({"endless": True}, "it has more than 4 parts"),
        ({"next": [{"address": "file:///etc/passwd", "kind": "json"}]}, "no address that can be"),
        ({"next": [{"address": "http://127.0.0.1/", "kind": "exe"}]}, "is no reading"),
        ({"next": [{"address": "http://10.0.0.1/", "kind": "json"}]}, "not asked for"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_answers_that_lead_nowhere_end_the_walk_with_the_reason(
    watched: Commands,
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
    said: dict[str, Any],
    reason: str,
) -> None:
    monkeypatch.setattr(walking, "MOST_PARTS", 4)
    host["contents"] = answer(**said)
    for number in range(1, 9):
        host[f"contents?{number}"] = answer(endless=True)
    run = watched("run", "zembla")
    assert run.code == 1
    assert reason in run.err
    assert len(captures(watched)) <= 4
    assert captures(watched, role="document") in (["error"], ["blocked"])


def test_a_step_that_wants_what_is_there_ends_the_walk(watched: Commands, host: Host) -> None:
    host["two"] = answer(next=[host.json("one")])
    run = watched("run", "zembla")
    assert f"{host.address}/one was asked for twice" in run.err
    assert host.publisher.asked.count("/zembla/one") == 1


def test_a_parser_that_asks_for_nothing_makes_no_document(
    watched: Commands, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "next_wanted", lambda *_: ())
    assert "the parser stepping asks for nothing" in watched("run", "zembla").err
    assert captures(watched, "verdict, document_sha256", "document") == [("error", None)]


def test_parts_have_a_size_that_is_enough_for_any_policy(
    watched: Commands, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_MOST_BYTES", 300)
    host["one"] = answer(places=["x" * 300], next=[])
    assert "its parts have more than 300 bytes" in watched("run", "zembla").err


def test_a_page_opened_for_its_cookies_is_no_part_and_not_kept(
    watched: Commands, host: Host
) -> None:
    opened = {"address": f"{host.address}/open", "kind": "html", "keep": False}
    host.contents([opened, host.json("one")])
    for visit in ("a", "b"):
        page = list_page((visit, visit))
        host["open"] = Page(page, headers={"Set-Cookie": f"visit={visit}; Path=/"})
        assert watched("run", "zembla").code == 0
    assert host.publisher.cookies == [("/zembla/one", "visit=a"), ("/zembla/one", "visit=b")]
    assert len(set(captures(watched, "document_sha256", "document"))) == 1
    opened_captures = watched.rows(
        "SELECT role, verdict, document_sha256 FROM captures WHERE address LIKE '%/open'"
    )
    assert opened_captures == [("part", "document", None)] * 2
    assert watched.rows("SELECT 1 FROM documents WHERE media_type LIKE '%html%'") == []


def test_what_is_posted_names_the_part(watched: Commands, host: Host) -> None:
    posts = ['{"page": 1}', '{"page": 2}']
    host.contents([host.json("text", post=post) for post in posts])
    host[f"text#{posts[0]}"] = answer(places=["Uran"])
    host[f"text#{posts[1]}"] = answer(places=["Odevalla"])
    watched("run", "zembla")
    assert places(watched) == ["Odevalla, Zembla", "Uran, Zembla"]
    assert captures(watched, "address")[1:] == [f"{host.address}/text#{post}" for post in posts]


def test_a_host_that_wants_a_key_is_asked_for_its_page_without_one(
    watched: Commands, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.publisher.pages["/zembla"] = Page(b'<!doctype html><pre>{"places": ["Kalixhavn"]}</pre>')
    assert watched("run", "zembla-key").out == "zembla-key: 1 new\n"
    assert host.publisher.asked == ["/zembla"]
    assert places(watched) == ["Kalixhavn, Zembla"]
    with_key = watched.sources_file.read_text().replace(
        "  delay: 0s", "  delay: 0s\n  keys: {127.0.0.1: {api-key: ZEMBLA_KEY}}"
    )
    watched.sources_file.write_text(with_key)
    monkeypatch.setenv("ZEMBLA_KEY", "secret")
    assert watched("run", "zembla-key").out == "zembla-key: 1 new\n"
    assert host.publisher.asked[1:] == ["/zembla/contents", "/zembla/one", "/zembla/two"]


def test_a_server_that_lies_of_a_part_is_believed_no_more(
    watched: Commands, host: Host, clock: TickingClock
) -> None:
    tag = {"ETag": '"always"'}
    page = answer(places=["Bornholm"], next=[])
    host["one"] = Page(page.body, media_type=page.media_type, headers=tag)
    watched("run", "zembla")
    clock.now = "2025-06-02T10:00:00Z"
    watched("run", "zembla")
    assert captures(watched, "verdict, doubted", "document")[-1] == ("unchanged", 0)
    clock.now = "2025-06-20T10:00:00Z"
    changed = answer(places=["Yeslove"], next=[])
    host["one"] = Page(changed.body, media_type=page.media_type, headers=tag)
    watched("run", "zembla")
    assert captures(watched, "verdict, doubted", "document") == [
        ("document", 0),
        ("unchanged", 1),
        ("document", 0),
    ]
    changes = watched("log", "--kind", "added", "--json").data()
    assert {each["observed_after"][:10] for each in changes} == {"2025-06-01"}


class Killed(BaseException):
    """As if the process were killed."""


@pytest.mark.parametrize("after", range(4))
def test_a_run_that_dies_between_parts_is_run_again_to_the_same_history(
    tmp_path: Path, host: Host, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(fetch, "utc_now", HandClock())
    histories = []
    for name in ("calm", "died"):
        (tmp_path / name).mkdir()
        watched = Commands(tmp_path / name, SOURCES.format(host=host.publisher.host))
        if name == "died":
            die_after(after, watched, monkeypatch)
            assert captures(watched) == ["document"] * after
            assert captures(watched, role="document") == []
        assert watched("run", "zembla").out == "zembla: 1 new\n"
        histories.append(told(watched))
    assert histories[0] == histories[1]


def die_after(count: int, watched: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run until so many captures are recorded, and the bytes of the next are in the archive."""
    keep, left = captures_of.record_capture, count

    def dies(*args: Any) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return keep(*args)

    with monkeypatch.context() as patched:
        patched.setattr(recording, "record_capture", dies)
        with pytest.raises(Killed):
            watched("run", "zembla")


def test_bytes_that_name_the_documents_of_others_are_not_read(
    watched: Commands, host: Host, tmp_path: Path
) -> None:
    Host(host.publisher, "other")["one"] = answer(places=["Secret"], next=[])
    watched("run", "zembla")
    watched("run", "other")
    archive = Archive.at(watched.data_dir / "archive")
    theirs = archive.get(
        watched.rows("SELECT document_sha256 FROM captures WHERE address LIKE '%/other/one'")[0][0]
    )
    ours = archive.get(part(watched, "zembla/one"))
    for name, forged in (
        ("theirs", manifest([Part(f"{host.address}/one", theirs)])),
        ("renamed", manifest([Part(f"{host.address}/two", ours)])),
        ("a manifest", manifest([Part(host.address, archive.get(document(watched)))])),
    ):
        file = tmp_path / f"{name}.json"
        file.write_bytes(forged)
        answered = watched("import", file, "--source", "zembla")
        assert answered.code == 1
        assert "never came to zembla as that" in answered.err
    assert "Secret, Zembla" not in [
        row[0]
        for row in watched.rows(
            """SELECT jurisdiction FROM listings JOIN readings ON readings.id = reading_id
        WHERE source_id = 'zembla'"""
        )
    ]


@pytest.mark.parametrize("form", [manifest, packed])
def test_a_page_that_names_documents_of_ours_is_not_read_with_them(
    watched: Commands, host: Host, form: Callable[[list[Part]], bytes]
) -> None:
    watched("run", "zembla")
    ours = Archive.at(watched.data_dir / "archive").get(part(watched, "zembla/one"))
    forged = form([Part(f"{host.address}/one", ours)])
    host.publisher.pages["/page"] = Page(forged, media_type="application/json")
    run = watched("run", "zembla-page")
    assert run.out == "zembla-page: 1 failed\n"
    assert "never came to zembla-page as that; nobody here made it" in run.err


def test_a_part_of_that_name_has_to_have_come_to_the_same_source(
    watched: Commands, host: Host, tmp_path: Path
) -> None:
    watched("run", "zembla")
    file = tmp_path / "true-elsewhere.json"
    file.write_bytes(Archive.at(watched.data_dir / "archive").get(document(watched)))
    answered = watched("import", file, "--source", "zembla-key")
    assert answered.code == 1
    assert "never came to zembla-key as that" in answered.err


def test_a_broken_manifest_is_unreadable(watched: Commands, host: Host, tmp_path: Path) -> None:
    watched("run", "zembla")
    file = tmp_path / "broken.json"
    kept = Archive.at(watched.data_dir / "archive").get(document(watched))
    file.write_bytes(kept.replace(b'"sha256"', b'"sha1"'))
    answered = watched("import", file, "--source", "zembla")
    assert "the manifest of the bundle is broken; nobody here made it" in answered.err
    file.write_bytes(kept[:-5])
    assert "nobody here made it" in watched("import", file, "--source", "zembla").err


def test_a_manifest_that_is_imported_again_is_read_with_the_parts_that_came(
    watched: Commands, host: Host, tmp_path: Path
) -> None:
    watched("run", "zembla")
    file = tmp_path / "again.json"
    file.write_bytes(Archive.at(watched.data_dir / "archive").get(document(watched)))
    answered = watched("import", file, "--source", "zembla", "--captured-at", "2025-05-01T10:00")
    assert answered.code == 0
    assert watched.rows("SELECT public_from FROM editions") == [("2025-05-01T10:00:00Z",)]


def test_an_article_at_municode_comes_step_by_step_and_its_change_is_told(
    tmp_path: Path, publisher: Publisher, clock: TickingClock
) -> None:
    watched = Commands(
        tmp_path, SOURCES.format(host=publisher.host) + MUNICODE.format(publisher.host)
    )
    for version in ("version-1", "version-3-silent-change"):
        for name, body in answers("municode", version).items():
            path = name.removeprefix("https://api.municode.com")
            publisher.pages[path] = Page(body, media_type="application/json")
        run = watched("run", "freedonia-code")
        assert (run.out, run.err) == ("freedonia-code: 1 new\n", "")
        clock.now = "2025-06-02T10:00:00Z"
    changed = watched("log", "--kind", "changed", "--json").data()
    assert {each["table_name"] for each in changed} == {"policy_sections"}
    assert watched("verify").code == 0

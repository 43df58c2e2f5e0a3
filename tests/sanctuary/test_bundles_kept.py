"""A document of several parts when it is handed out, withheld, or lost by the archive."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from parsers.bundle import parts_of
from parsers.registry import Parser
from scraper.archive import Archive
from tests.sanctuary.commands import Commands
from tests.sanctuary.loopback import Page
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
BECAUSE = ("--reason", "names a minor")


def archive(watched: Commands) -> Archive:
    return Archive.at(watched.data_dir / "archive")


def test_an_exhibit_of_a_row_has_the_manifest_and_all_parts(
    watched: Commands, host: Host, tmp_path: Path
) -> None:
    watched("run", "zembla")
    file = tmp_path / "exhibit.zip"
    assert watched("exhibit", "listings:2", "--output", file).code == 0
    with zipfile.ZipFile(file) as packed:
        names = [name.partition("/")[2] for name in packed.namelist()]
        facts = json.loads(packed.read("exhibit-row-listings-2/facts.json"))
        (bundle,) = (packed.read(name) for name in packed.namelist() if "/bundles/" in name)
    wanted = {document(watched), *captures(watched, "document_sha256")}
    assert {each["sha256"] for each in facts["documents"]} == wanted
    assert len([name for name in names if name.startswith("documents/")]) == 4
    assert [each["role"] for each in facts["captures"]].count("part") == 3
    assert facts["places"][0]["spots"] == [f"part {host.address}/two, anchor places[0]"]
    assert [each.name for each in parts_of(bundle) or ()] == captures(watched, "address")
    (tmp_path / "bundle.json").write_bytes(bundle)
    read = watched("parse", tmp_path / "bundle.json", "--parser", "stepping")
    assert len(read.data()["records"]["listings"]) == 2


def test_an_exhibit_of_a_change_has_both_bundles_and_the_parts_of_each(
    watched: Commands, host: Host, tmp_path: Path, clock: TickingClock
) -> None:
    watched("run", "zembla")
    before, *parts = document(watched), part(watched, "one"), part(watched, "two")
    clock.now = "2025-06-02T10:00:00Z"
    host["one"] = answer(places=["Yeslove"], next=[])
    watched("run", "zembla")
    (change,) = watched("log", "--kind", "removed", "--json").data()
    file = tmp_path / "exhibit.zip"
    assert watched("exhibit", change["public_id"], "--output", file).code == 0
    with zipfile.ZipFile(file) as packed:
        facts = json.loads(packed.read(f"exhibit-change-{change['public_id']}/facts.json"))
        assert len([name for name in packed.namelist() if "/bundles/" in name]) == 2
    documents = [each["sha256"] for each in facts["documents"]]
    assert {before, document(watched), *parts, part(watched, "one")} < set(documents)
    assert len(documents) == len(set(documents)) == 6


def test_a_bundle_that_lost_most_of_its_rows_waits_for_a_person(
    watched: Commands, host: Host, clock: TickingClock
) -> None:
    host["one"] = answer(places=["Bornholm", "Uran", "Odevalla"], next=[])
    watched("run", "zembla")
    began, *_ = captures(watched, "captured_at")
    clock.now = "2025-06-02T10:00:00Z"
    host["one"] = answer(places=[], next=[])
    assert watched("run", "zembla").code == 3
    assert document(watched) in watched("held", "#2").out
    assert watched("log", "--kind", "removed", "--json").data() == []
    assert watched("accept", "#2", "--reason", "It says so.").code == 0
    removed = watched("log", "--kind", "removed", "--json").data()
    assert [each["observed_after"] for each in removed] == [began] * 3


def test_captures_of_parts_go_out_as_warc_and_come_in_again(
    watched: Commands, host: Host, tmp_path: Path, clock: TickingClock
) -> None:
    post = '{"page": 1}'
    host.contents([host.json("text", post=post), host.json("one")])
    host[f"text#{post}"] = answer(places=["Uran"], next=[host.json("one")])
    host.contents([host.json("one"), host.json("text", post=post)])
    host[f"text#{post}"] = answer(places=["Uran"])
    watched("run", "zembla")
    clock.now = "2025-06-02T10:00:00Z"
    watched("run", "zembla")
    file = tmp_path / "all.warc"
    assert watched("export", "--warc", "--output", file).code == 0
    written = file.read_bytes()
    assert b"POST /zembla/text HTTP/1.1" in written
    assert b'\r\n\r\n{"page": 1}\r\n' in written
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Commands(tmp_path / "elsewhere", SOURCES.format(host=host.publisher.host))
    assert elsewhere("import", file, "--source", "zembla").code == 0
    assert places(elsewhere) == places(watched) == ["Bornholm, Zembla", "Uran, Zembla"]
    what = "address, verdict, document_sha256"
    assert captures(elsewhere, what) == captures(watched, what)
    assert told(elsewhere)["editions"] == told(watched)["editions"]


def test_what_came_in_as_warc_changed_no_later_than_what_was_seen_says(
    watched: Commands, host: Host, tmp_path: Path, clock: TickingClock
) -> None:
    watched("run", "zembla")
    began, *_ = captures(watched, "captured_at")
    clock.now = "2025-06-02T10:00:00Z"
    host["one"] = answer(places=["Yeslove"], next=[])
    watched("run", "zembla")
    file = tmp_path / "all.warc"
    watched("export", "--warc", "--output", file)
    written = file.read_bytes()
    windows = []
    for name, claimed in (("true", began), ("no-time", "1" * 20), ("late", "2025-07" + began[7:])):
        (tmp_path / name).mkdir()
        elsewhere = Commands(tmp_path / name, SOURCES.format(host=host.publisher.host))
        file.write_bytes(written.replace(f"Began: {began}".encode(), f"Began: {claimed}".encode()))
        assert elsewhere("import", file, "--source", "zembla").code == 0
        (change,) = elsewhere("log", "--kind", "removed", "--json").data()
        windows.append(change["observed_after"])
    (last,) = watched.rows("SELECT captured_at FROM captures WHERE role = 'document' LIMIT 1")[0]
    assert windows == [began, last, last]


def test_a_page_in_a_warc_that_says_it_began_earlier_is_no_document_of_parts(
    watched: Commands, host: Host, tmp_path: Path
) -> None:
    host.publisher.pages["/zembla"] = Page(b'<!doctype html><pre>{"places": ["Kalixhavn"]}</pre>')
    watched("run", "zembla-key")
    file = tmp_path / "page.warc"
    watched("export", "--warc", "--output", file)
    role = b"X-Sanctuary-Role: document\r\n"
    claims = role + b"X-Sanctuary-Began: 2020-01-01T00:00:00Z\r\n"
    file.write_bytes(file.read_bytes().replace(role, claims))
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Commands(tmp_path / "elsewhere", SOURCES.format(host=host.publisher.host))
    assert elsewhere("import", file, "--source", "zembla-key").code == 0
    assert captures(elsewhere, "json_extract(transport, '$.bundle')", "document") == [None]


def test_verify_counts_parts_as_the_documents_that_they_are(watched: Commands, host: Host) -> None:
    watched("run", "zembla")
    verified = watched("verify", "--json")
    assert verified.code == 0
    assert verified.data()["documents"] == 4


def test_a_part_that_the_archive_has_lost_is_named_and_the_reading_stays(
    watched: Commands, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched("run", "zembla")
    lost = Path(archive(watched).place_of(part(watched, "one")))
    away = lost.rename(lost.with_name("away"))
    assert part(watched, "one") in watched("verify").out
    monkeypatch.setattr(Parser, "version", "2")
    replayed = watched("replay", "zembla", "--accept")
    assert "missing" in replayed.out
    assert part(watched, "one")[:12] in replayed.out + replayed.err
    assert places(watched) == ["Bornholm, Zembla", "Onhava, Zembla"]
    away.rename(lost)
    assert "missing" not in watched("replay", "zembla", "--accept").out


def test_backfill_says_that_there_is_nothing_to_ask_for(watched: Commands, host: Host) -> None:
    watched("run", "zembla")
    asked = watched("backfill", "zembla")
    assert asked.code == 2
    assert "in steps" in asked.err
    assert "there is nothing to ask it for" in asked.err


def test_with_a_part_that_is_withheld_go_the_bundles_that_have_it(
    watched: Commands, host: Host, clock: TickingClock
) -> None:
    watched("run", "zembla")
    first, withheld = document(watched), part(watched, "one")
    answered = watched("withhold", withheld, *BECAUSE)
    assert answered.code == 0
    assert places(watched) == []
    assert not archive(watched).has(withheld)
    assert not archive(watched).has(first)
    assert archive(watched).has(part(watched, "two"))
    assert watched("verify").code == 0
    # The host still gives it: neither the same document is shown again, nor another with it.
    assert watched("run", "zembla").code == 0
    assert places(watched) == []
    host["two"] = answer(places=["Uran"])
    run = watched("run", "zembla")
    assert "its part " in run.err
    assert "is withheld" in run.err
    assert places(watched) == []
    assert not archive(watched).has(withheld)
    host["one"] = answer(places=["Yeslove"], next=[])
    watched("run", "zembla")
    assert places(watched) == ["Uran, Zembla", "Yeslove, Zembla"]
    assert watched("verify").code == 0


def test_with_a_bundle_that_is_withheld_go_the_parts_that_it_was_read_from(
    watched: Commands, host: Host
) -> None:
    watched("run", "zembla")
    first, old, shared = document(watched), part(watched, "one"), part(watched, "two")
    host["one"] = answer(places=["Yeslove"], next=[])
    watched("run", "zembla")
    watched("withhold", first, *BECAUSE)
    has = archive(watched).has
    assert (has(first), has(old), has(shared)) == (False, False, True)
    assert has(part(watched, "contents"))
    assert places(watched) == ["Onhava, Zembla", "Yeslove, Zembla"]
    assert watched("verify").code == 0
    assert watched("withhold", first, "--delete").code == 0
    kept = {path.name for path in (watched.data_dir / "withheld").iterdir()}
    assert not {first, old} & kept


def test_what_led_to_a_text_that_is_withheld_stays_and_leads_to_the_next(
    watched: Commands, host: Host
) -> None:
    watched("run", "zembla")
    watched("withhold", document(watched), *BECAUSE)
    assert archive(watched).has(part(watched, "contents"))
    host["one"] = answer(places=["Yeslove"], next=[])
    host["two"] = answer(places=["Uran"])
    assert watched("run", "zembla").out == "zembla: 1 new\n"
    assert places(watched) == ["Uran, Zembla", "Yeslove, Zembla"]


def test_a_row_that_is_withheld_leaves_with_the_part_that_holds_it_now_and_later(
    watched: Commands, host: Host
) -> None:
    watched("run", "zembla")
    old = part(watched, "one")
    (number,) = watched.rows("SELECT id FROM listings WHERE jurisdiction LIKE 'Bornholm%'")[0]
    watched("withhold", f"listings:{number}", *BECAUSE)
    assert places(watched) == ["Onhava, Zembla"]
    assert not archive(watched).has(old)
    assert watched("run", "zembla").out == "zembla: 1 unchanged\n"
    host["one"] = answer(places=["Bornholm", "Uran"], next=[])
    assert watched("run", "zembla").code == 0
    assert places(watched) == ["Onhava, Zembla", "Uran, Zembla"]
    assert not archive(watched).has(part(watched, "one"))
    assert not archive(watched).has(old)
    assert watched("verify").code == 0
    held: list[Any] = watched.rows("SELECT 1 FROM readings WHERE status != 'accepted'")
    assert held == []
    assert standing(watched)["unreadable"] == []


def withhold_bornholm(watched: Commands) -> None:
    (number,) = watched.rows("SELECT id FROM listings WHERE jurisdiction LIKE 'Bornholm%'")[0]
    assert watched("withhold", f"listings:{number}", *BECAUSE).code == 0


def test_a_part_that_holds_a_withheld_row_leaves_though_an_unreadable_bundle_has_it_too(
    watched: Commands, host: Host
) -> None:
    watched("run", "zembla")
    host["two"] = answer(places=0)
    assert "failed on it" in watched("run", "zembla").err
    withhold_bornholm(watched)
    assert not archive(watched).has(part(watched, "one"))


def test_parts_that_a_bundle_without_the_withheld_row_has_too_come_back(
    watched: Commands, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched("run", "zembla")
    old, shared = part(watched, "one"), [part(watched, name) for name in ("contents", "two")]
    withhold_bornholm(watched)
    # Nobody knows yet which of the parts say more of the row.
    assert not any(archive(watched).has(each) for each in (old, *shared))
    host["one"] = answer(places=["Yeslove"], next=[])
    assert watched("run", "zembla").out == "zembla: 1 new\n"
    assert all(archive(watched).has(each) for each in shared)
    assert not archive(watched).has(old)
    kept = {path.name for path in (watched.data_dir / "withheld").iterdir()}
    assert old in kept
    assert not kept & set(shared)
    # An exhibit has the capture before it, too: of the second version that is the withheld one.
    host["one"] = answer(places=["Uran"], next=[])
    watched("run", "zembla")
    (number,) = watched.rows("SELECT id FROM listings WHERE jurisdiction LIKE 'Uran%'")[0]
    exhibit = watched("exhibit", f"listings:{number}", "--output", tmp_path / "exhibit.zip")
    assert exhibit.code == 0
    assert watched("verify").code == 0
    monkeypatch.setattr(Parser, "version", "2")
    assert "missing" not in watched("replay", "zembla", "--accept").out


def test_a_part_is_given_back_from_the_copy_where_the_archive_has_it_no_more(
    watched: Commands, host: Host
) -> None:
    watched("run", "zembla")
    shared = part(watched, "two")
    withhold_bornholm(watched)
    host["one"] = answer(places=["Yeslove"], next=[])
    watched("run", "zembla")
    copy = watched.data_dir / "withheld" / shared
    copy.write_bytes(archive(watched).get(shared))
    archive(watched).take_out(shared)
    assert watched("replay", "zembla", "--accept").code == 0
    assert archive(watched).has(shared)
    assert not copy.exists()


def test_parts_of_a_bundle_without_the_withheld_row_that_is_there_already_stay(
    watched: Commands, host: Host
) -> None:
    watched("run", "zembla")
    old = part(watched, "one")
    host["one"] = answer(places=["Yeslove"], next=[])
    watched("run", "zembla")
    withhold_bornholm(watched)
    has = archive(watched).has
    assert (has(old), has(part(watched, "contents")), has(part(watched, "two"))) == (
        False,
        True,
        True,
    )

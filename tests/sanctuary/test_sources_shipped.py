"""The policies that ship: each says whose it is, what lists say of it, and how its page answers."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from parsers.errors import ReadingError
from parsers.options import BadOptions
from parsers.records import Policy, PrintedName
from parsers.registry import parser_named
from places.gazetteer import load_gazetteer
from places.names import resolve
from sanctuary.decisions_file import load_decisions
from sanctuary.naming import Places
from sanctuary.notify.settings import NotifySettings
from sanctuary.shipped import shipped
from sanctuary.sources import Source
from sanctuary.sources_file import load_sources

SHIPPED = load_sources(shipped("sources.yml"))
WATCHED = SHIPPED.sources
DECISIONS = load_decisions(shipped("jurisdictions.yml"))
POLICIES = [source for source in WATCHED if source.jurisdiction]
ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
DOJ_LIST = REAL / "lists" / "doj_list_2025-08-05.csv"
DOJ = "DOJ list of 2025-08-05: "


def of(source_id: str) -> Source:
    return next(source for source in WATCHED if source.id == source_id)


def test_the_sources_that_read_policies_are_those_that_belong_to_a_jurisdiction() -> None:
    reading_policies = {s.id for s in WATCHED if Policy in parser_named(s.parser).tables}
    assert {source.id for source in POLICIES} == reading_policies
    assert len(POLICIES) == 38


@pytest.mark.parametrize("source", POLICIES, ids=lambda source: source.id)
def test_an_entry_says_the_same_to_its_parser(source: Source) -> None:
    """And its options hold: an empty document is refused for being one."""
    assert source.options.get("jurisdiction", source.jurisdiction) == source.jurisdiction
    assert source.options.get("address", source.address) == source.address
    with pytest.raises(ReadingError) as refused:
        parser_named(source.parser).read(b"", source.options)
    assert not isinstance(refused.value, BadOptions)


@pytest.mark.parametrize("source", POLICIES, ids=lambda source: source.id)
def test_what_may_still_change_is_looked_at_weekly(source: Source) -> None:
    assert source.editions == "content"
    if source.lifecycle == "active":
        assert source.schedule == "weekly"


def test_the_federal_lists_that_stand_are_looked_at_hourly() -> None:
    federal = [s for s in WATCHED if s.publisher.startswith("U.S. ") and s.lifecycle == "active"]
    assert {source.schedule for source in federal} == {"hourly"}
    assert len(federal) == 3


def test_nobody_is_told_anything_as_it_ships() -> None:
    assert SHIPPED.settings.notify == NotifySettings()


def places_of(source: Source) -> set[str]:
    """Return the ids of the places whose policy a source is."""
    assert source.jurisdiction is not None
    decision = DECISIONS.of_name(source.id, source.jurisdiction, {})
    gazetteer = load_gazetteer()
    if decision is not None:
        return {decision.jurisdiction}
    place = resolve(PrintedName(source.jurisdiction), gazetteer).jurisdiction
    assert place is not None, source.id
    both = source.jurisdiction.startswith("City and County of ")
    return {place.id, str(place.parent_id)} if both else {place.id}


@pytest.mark.parametrize("source", POLICIES, ids=lambda source: source.id)
def test_whose_policy_it_is_is_decided_by_the_rules_or_by_what_ships(source: Source) -> None:
    assert places_of(source)


def test_what_ships_decides_names_of_sources_that_ship() -> None:
    names = {(source.id, source.jurisdiction) for source in POLICIES}
    assert {(each.source, each.printed) for each in DECISIONS.names} <= names
    places = Places(DECISIONS)
    assert all(places.get(place) for _, _, place in DECISIONS.named())


def test_places_of_nearly_the_same_name_are_kept_apart() -> None:
    """Lists print a name that could be taken for each of these."""
    assert places_of(of("boulder-enforcement-of-immigration-laws")) == {"us/co/city/boulder"}
    indiana = places_of(of("east-chicago-immigration-enforcement-actions"))
    assert indiana == {"us/in/city/east-chicago"}
    assert places_of(of("hartford-vermont-welcoming-hartford")) == {"us/vt/city/hartford"}
    maryland = places_of(of("montgomery-county-maryland-promoting-community-trust"))
    assert maryland == {"us/md/county/montgomery"}
    assert places_of(of("tompkins-county-resolution-2017-21")) == {"us/ny/county/tompkins"}
    named = {s.jurisdiction for s in POLICIES if "us/ny/city/ithaca" in places_of(s)}
    assert named == {"City of Ithaca, NY"}


def test_what_is_not_the_publishers_own_says_so() -> None:
    for source in POLICIES:
        copied = re.search(r"\b(?:mirror|reprint|scan on)\b", source.title) is not None
        assert copied == (source.access == "mirror"), source.id


def test_what_a_host_refuses_says_since_when_and_what_is_done_then() -> None:
    refused = [source for source in POLICIES if source.access == "refused"]
    assert {source.parser for source in refused} == {"ecode360", "amlegal"}
    for source in refused:
        assert re.search(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", source.why), source.id
        assert source.when_refused == "wayback"


def test_the_text_of_ecode360_is_not_shown_whole() -> None:
    assert {s.publish for s in POLICIES if s.parser == "ecode360"} == {"diff"}


@pytest.mark.skipif(not DOJ_LIST.is_file(), reason="the list of 2025-08-05 is not at hand")
def test_what_is_said_of_the_list_of_2025_is_what_it_printed() -> None:
    rows = list(csv.DictReader(DOJ_LIST.read_text("utf-8").splitlines()))
    printed = {
        row["printed"]: resolve(PrintedName(row["printed"], level=row["level"]), load_gazetteer())
        for row in rows
    }
    states = {row["printed"] for row in rows if row["level"] == "state"}
    for source in POLICIES:
        for said in (said for said in source.lists_say if said.startswith(DOJ)):
            listed = {
                name
                for name, match in printed.items()
                if match.jurisdiction and match.jurisdiction.id in places_of(source)
            }
            assert (" listed as " in said or " listed twice, as " in said) == bool(listed), said
            assert all(name in said for name in listed), said
            assert set(re.findall(r"the state of ([A-Z][a-z]+(?: [A-Z][a-z]+)?)", said)) <= states


@pytest.mark.parametrize("source", POLICIES, ids=lambda source: source.id)
def test_what_stands_at_an_address_is_of_the_kind_that_is_taken_there(source: Source) -> None:
    """All addresses are pages. Where a service is asked, its page is what the archive has."""
    assert source.address is not None
    assert source.parser == "municode" or "html" in parser_named(source.parser).reads
    if source.parser == "municode":
        assert source.discover.kind == "host"
        assert source.when_refused is None

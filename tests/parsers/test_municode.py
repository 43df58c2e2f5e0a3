"""Municode: the nodes of a chunk group, each with its text, its notes kept apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parsers.errors import NotThisDocument
from parsers.options import BadOptions
from parsers.policy.municode import PARSER
from parsers.records import Reading
from tests.parsers import code_hosts
from tests.parsers.code_hosts import policy, sections

CODE = "https://library.municode.com/fr/freedonia/codes/code_of_ordinances"


def read(name: str, **options: Any) -> Reading:
    return code_hosts.read("municode", name, **options)


def test_an_enumerator_stands_with_its_text_and_a_note_apart_from_the_law() -> None:
    row = sections(read("version-1.json"))["Sec. 12-42"]
    first, second = row.body.splitlines()[:2]
    assert first.startswith("(a) Rule. A person may be held on a civil detainer for no more than")
    assert second == "(1) A judicial warrant under section 12-41 is shown; or"
    assert "reference" not in row.body
    assert (row.history_note or "").splitlines() == [
        "(Ord. No. 1802, § 2, 3-6-17; Ord. No. 1911, § 4(b), 2-12-2019)",
        "State law reference— Arrest, Freedonia Code § 19.2-81.",
    ]


def test_a_year_of_two_digits_and_one_cut_short_stay_as_printed() -> None:
    row = sections(read("version-1.json"))["Sec. 12-41"]
    assert [(e.date, e.date_text) for e in row.events] == [(None, "3-6-17"), (None, "11-13-0")]


def test_a_repeal_that_an_editor_notes_is_no_event_of_what_stands_there_now() -> None:
    row = sections(read("version-1.json"))["ARTICLE IV"]
    assert "repealed" in (row.history_note or "")
    assert (row.body, row.events) == ("", ())


def test_a_node_is_chosen_with_all_below_it_and_nothing_that_only_begins_alike() -> None:
    reading = read("other-headings.json", node="COOR_APXAZO_ART1GE")
    assert policy(reading).citation == "ARTICLE 1"
    numbers = ["ARTICLE 1", "§ 6-100", "3-101", "10.12.030", "Secs. 4202—4210"]
    assert list(sections(reading)) == numbers
    first, *inner = sections(reading).values()
    assert first.path == ()
    assert {row.path[0] for row in inner} == {"ARTICLE 1. - GENERAL"}
    with pytest.raises(NotThisDocument, match="no node of the answer is COOR_APXAZO_ART1;"):
        read("other-headings.json", node="COOR_APXAZO_ART1")


def test_one_section_alone_is_a_policy() -> None:
    reading = read("version-1.json", node="PTIICOOR_CH12POSA_ARTIVCIDE_S12-42HOCIDE")
    assert policy(reading).title == "Holding on civil detainers."
    assert [row.path for row in sections(reading).values()] == [()]


@pytest.mark.parametrize("address", [CODE, f"{CODE}/?nodeId=PTIICOOR"])
def test_the_address_of_the_code_gives_that_of_each_node(address: str) -> None:
    reading = read("version-1.json", address=address)
    article = f"{CODE}?nodeId=PTIICOOR_CH12POSA_ARTIVCIDE"
    assert policy(reading).address == article
    assert sections(reading)["Sec. 12-40"].anchor == f"{article}_S12-40PU"


def test_an_address_elsewhere_gives_no_links() -> None:
    reading = read("version-1.json", address="https://freedonia.example/code")
    assert policy(reading).address == "https://freedonia.example/code"
    assert {row.anchor for row in sections(reading).values()} == {None}


def test_what_is_adopted_and_not_yet_in_the_code_is_said() -> None:
    kinds = [problem.kind for problem in read("other-headings.json").problems]
    adopted = ["adopted_not_in_code", "amended_not_in_code"]
    assert kinds == [*adopted, "footnotes_not_read", "picture_not_read"]


def test_a_wrong_option_is_refused() -> None:
    with pytest.raises(BadOptions, match="node"):
        read("version-1.json", node="")


def test_a_paragraph_that_the_host_marks_as_a_note_is_one_whatever_it_says() -> None:
    doc = {
        "Id": "A_S1",
        "Title": "Sec. 1 - Parades.",
        "Content": '<div class="chunk-content"><p class="p0">No parades.</p>'
        '<p class="refeditorfn">Formerly § 9.</p>'
        '<p class="historynote0">(Code 1958, § 9)</p></div>',
    }
    (row,) = sections(PARSER.read(json.dumps({"Docs": [doc]}).encode(), {})).values()
    assert (row.body, row.history_note) == ("No parades.", "(Code 1958, § 9)\nFormerly § 9.")

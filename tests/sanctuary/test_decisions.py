"""``jurisdictions.yml``: a fault names its entry and key, and what stands there stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanctuary import decisions_file
from sanctuary.decisions import Decisions, FacilityDecision, NameDecision, OwnPlace
from sanctuary.decisions_file import (
    DecisionsError,
    add_decision,
    load_all_decisions,
    load_decisions,
)
from sanctuary.shipped import shipped

SAID: dict[str, Any] = {"by": "vera", "when": "2026-11-25", "why": "Looked at it."}
KINBOTE = NameDecision(
    source="zembla-list", printed="Kinbote: “No”", jurisdiction="zb/county/kinbote", **SAID
)
ENTRY = """# As the ministry said.
- source: zembla-list
  printed: Onhava, Zembla   # misspelt
  jurisdiction: zb/city/onhava
  by: vera
  when: 2026-11-25
  why: Looked at it.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jurisdictions.yml"


def fault(file: Path, text: str) -> str:
    file.write_text(text)
    with pytest.raises(DecisionsError) as refused:
        load_decisions(file)
    lines = str(refused.value).splitlines()
    assert all(line.startswith(f"{file}: ") for line in lines)
    return "\n".join(line.removeprefix(f"{file}: ") for line in lines)


def place(id: str, **values: str) -> str:
    described = {"kind": "city", "called": "X", "state": "ZB", **values}
    entry = ", ".join(f"{key}: {value}" for key, value in described.items())
    return f"- {{place: {id}, {entry}, by: v, when: 2026-11-25, why: w}}\n"


@pytest.mark.parametrize("text", [None, "", "# Nothing yet.\n", "[]"])
def test_where_nothing_is_decided_there_is_nothing(file: Path, text: str | None) -> None:
    if text is not None:
        file.write_text(text)
    assert load_decisions(file) == Decisions()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("when: 2026-11-25\n  ", ""), "when: it is missing"),
        (("zb/city/onhava", "Onhava"), "jurisdiction: allowed: the id of a jurisdiction"),
        (("zb/city/onhava", "null"), "jurisdiction: allowed: a text"),
        (("when: 2026-11-25", "when: today"), "when: "),
        (("zembla-list", "Zembla List"), "source: allowed: small letters"),
        (("by: vera", "who: vera"), "who: no such key; allowed: by, when, why, source, printed"),
        (("by: vera", "by: ''"), "by: allowed: a text that is not empty"),
    ],
)
def test_a_fault_names_the_entry_and_the_key(
    file: Path, change: tuple[str, str], said: str
) -> None:
    assert f"entry 1 (Onhava, Zembla): {said}" in fault(file, ENTRY.replace(*change))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names: []", "it is no list of decisions"),
        ("- [1, 2", "it cannot be read"),
        ("- {printed: A, printed: B}", "the key printed stands twice"),
        ("- Onhava", "entry 1: "),
        (ENTRY + ENTRY, "entry 2 (Onhava, Zembla): entry 1 decides the same; keep one"),
        (
            "- {place: zb/city/onhava, kind: hamlet, called: Onhava, state: zb, by: v, "
            "when: 2026-11-25, why: w}",
            "entry 1 (zb/city/onhava): kind: allowed: state, county",
        ),
        ("- \x01", "it cannot be read: unacceptable character #x0001"),
        ("[" * 20_000, "it cannot be read: lists within lists"),
        (place("zb/city/onhava", parent="zb/city/onhava"), "parent: it would lie in itself"),
        (
            place("zb/city/onhava", parent="zb/city/kinbote")
            + place("zb/city/kinbote", parent="zb/city/onhava"),
            "zb/city/kinbote: parent: it would lie in itself",
        ),
        (place("zb/city/onhava", kind="county"), "the id zb/city/onhava says another kind"),
        (place("zb/city/onhava", state="ZZ"), "the id zb/city/onhava says another state"),
    ],
)
def test_what_is_no_decision_is_refused(file: Path, text: str, said: str) -> None:
    assert said in fault(file, text)


def test_of_one_name_what_stands_around_it_can_decide_otherwise(file: Path) -> None:
    file.write_text(ENTRY + ENTRY.replace("  by:", "  level: county\n  by:").replace("city", "x"))
    decided = load_decisions(file)
    exact = decided.of_name("zembla-list", "Onhava, Zembla", {"level": "county"})
    assert exact is not None
    assert exact.jurisdiction == "zb/x/onhava"
    for around in ({}, {"level": "city"}, {"level": "county", "state": "Zembla"}):
        other = decided.of_name("zembla-list", "Onhava, Zembla", around)
        assert other is not None
        assert other.jurisdiction == "zb/city/onhava"


def test_a_new_decision_goes_to_the_end_and_what_stands_there_stays(file: Path) -> None:
    file.write_text(ENTRY)
    add_decision(file, KINBOTE)
    jail = FacilityDecision(
        source="zembla-report", facility="A", printed="B", location="zb/city/onhava", **SAID
    )
    add_decision(file, jail)
    assert file.read_text().startswith(ENTRY)
    decided = load_decisions(file)
    assert decided.names[1:] == (KINBOTE,)
    assert decided.facilities == (jail,)


def test_the_file_is_made_with_the_first_decision(tmp_path: Path) -> None:
    file = tmp_path / "new" / "jurisdictions.yml"
    add_decision(file, KINBOTE)
    assert load_decisions(file).names == (KINBOTE,)
    assert file.stat().st_mode & 0o077


def test_what_is_decided_already_is_not_decided_twice(file: Path) -> None:
    add_decision(file, KINBOTE)
    before = file.read_bytes()
    with pytest.raises(DecisionsError, match="it is decided already; change the entry there"):
        add_decision(file, KINBOTE.model_copy(update={"jurisdiction": "none"}))
    assert file.read_bytes() == before


@pytest.mark.parametrize("text", ["[]", "[{}]", "- source: zembla-list\n"])
def test_a_file_that_takes_no_entry_at_its_end_is_left_alone(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(DecisionsError):
        add_decision(file, KINBOTE)
    assert file.read_text() == text


def test_a_writer_that_dies_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(descriptor: int) -> None:
        raise OSError("the disk is full")

    file.write_text(ENTRY)
    monkeypatch.setattr(decisions_file.os, "fsync", dies)
    with pytest.raises(OSError, match="full"):
        add_decision(file, KINBOTE)
    assert file.read_text() == ENTRY
    assert list(file.parent.iterdir()) == [file]


def test_no_place_lies_in_itself_by_way_of_one_that_ships(file: Path) -> None:
    (ships, *_) = load_decisions(shipped("jurisdictions.yml")).places
    assert ships.parent is not None
    county = {"kind": "county", "state": "NY", "parent": ships.place}
    file.write_text(place(ships.parent, **county))
    load_decisions(file)
    with pytest.raises(DecisionsError, match="it would lie in itself"):
        load_all_decisions(file)


def test_your_decisions_count_before_those_that_ship(file: Path) -> None:
    ships = load_decisions(shipped("jurisdictions.yml"))
    first = ships.names[0]
    own = first.model_copy(update={"jurisdiction": "none"})
    add_decision(file, own)
    both = decisions_file.load_all_decisions(file)
    assert both.of_name(first.source, first.printed, {}) == own
    assert len(both.names) == len(ships.names)
    assert both.places == ships.places
    assert all(isinstance(each, OwnPlace) for each in both.places)

"""Names are resolved wherever something is written, by decisions first, in whichever order."""

from __future__ import annotations

from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.facilities import facilities
from db.resolved import resolved_names
from parsers.records import NameMatch
from places import gazetteer
from places.kept import NoPlaces
from sanctuary import naming
from sanctuary.decisions import Decisions, FacilityDecision, NameDecision, OwnPlace
from sanctuary.gazetteer import CannotResolve, load_places
from sanctuary.importing import SavedFile, import_file
from sanctuary.naming import UnknownPlace, begin_naming, find_place, resolve_names
from sanctuary.place_finding import jurisdiction_of_id
from sanctuary.sources_file import load_sources
from sanctuary.workspace import Workspace
from tests.db.history import LIST, REPORT, declined, listing, load, new_database, reading
from tests.sanctuary.commands import SOURCES, list_page

SAID: dict[str, Any] = {"by": "vera", "when": "2026-11-25", "why": "Looked at it."}
ONHAVA = OwnPlace(place="zb/city/onhava", kind="city", called="Onhava", state="ZB", **SAID)
DECIDED = NameDecision(
    source=LIST.id, printed="Onhava, Zembla", jurisdiction="zb/city/onhava", **SAID
)
REASON = "Decided by vera on 2026-11-25: Looked at it."
FIRST = "2025-06-01T10:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def listed(db: Database, *places: str, at: str = FIRST) -> None:
    rows = [listing(place, position=number) for number, place in enumerate(places, start=1)]
    load(db, LIST, at, reading(rows))


def named(db: Database, decisions: Decisions | None = None) -> dict[str, tuple[str | None, ...]]:
    """Resolve what is new, and return of each name its place, method and reason."""
    if decisions is not None:
        begin_naming(db, decisions)
    resolve_names(db)
    return {
        each.printed: (each.jurisdiction_id, each.method, each.reason)
        for each in resolved_names(db)
    }


def known(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT id FROM jurisdictions ORDER BY id")]


def test_the_rules_resolve_what_nobody_decided_and_all_it_lies_in_is_known(db: Database) -> None:
    listed(db, "Ithaca, New York", "Onhava, Zembla")
    found = named(db)
    assert found["Ithaca, New York"][0] == "us/ny/city/ithaca"
    assert found["Onhava, Zembla"][0] is None
    assert known(db) == ["us/ny", "us/ny/city/ithaca", "us/ny/county/tompkins"]
    assert db.table("geoid_changes").count > 10


def test_where_nothing_is_new_the_gazetteer_is_not_loaded(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(db, "Ithaca, New York")
    named(db, Decisions(names=(DECIDED,), places=(ONHAVA,)))

    def loaded() -> None:
        raise AssertionError("the gazetteer was loaded")

    monkeypatch.setattr(gazetteer, "load_gazetteer", loaded)
    named(db, Decisions(names=(DECIDED,), places=(ONHAVA,)))
    listed(db, "Ithaca, NY", at="2025-06-02T10:00:00Z")
    with pytest.raises(AssertionError, match="was loaded"):
        named(db)


def test_a_decision_counts_before_the_rules_and_is_taken_back_with_its_entry(db: Database) -> None:
    listed(db, "Onhava, Zembla", "Ithaca, New York")
    by_rules = named(db, Decisions())
    assert by_rules["Onhava, Zembla"][0] is None
    decided = Decisions(names=(DECIDED,), places=(ONHAVA,))
    assert named(db, decided)["Onhava, Zembla"] == ("zb/city/onhava", "decision", REASON)
    assert "zb/city/onhava" in known(db)
    assert named(db, Decisions()) == by_rules
    assert "zb/city/onhava" not in known(db)


def test_a_decision_holds_for_what_is_printed_exactly_so(db: Database) -> None:
    listed(db, "Onhava, Zembla", "onhava, Zembla", "Onhava , Zembla")
    found = named(db, Decisions(names=(DECIDED,), places=(ONHAVA,)))
    assert [place for place, _, _ in found.values()].count("zb/city/onhava") == 1
    other = DECIDED.model_copy(update={"source": "another-list"})
    assert named(db, Decisions(names=(other,), places=(ONHAVA,)))["Onhava, Zembla"][0] is None


def test_a_decision_with_what_stands_around_a_name_counts_there_alone(db: Database) -> None:
    under = DECIDED.model_copy(update={"state": "Zembla"})
    listed(db, "Onhava, Zembla")
    assert named(db, Decisions(names=(under,), places=(ONHAVA,)))["Onhava, Zembla"][0] is None


def test_a_place_is_as_a_person_describes_it_today(db: Database) -> None:
    """Also one that the rules make as printed, and a name that nobody decided."""
    paltz = "us/ny/town/ulster/new-paltz"
    listed(db, "Town of New Paltz, Ulster County, NY")

    def described(*places: OwnPlace) -> tuple[str, str]:
        named(db, Decisions(places=places))
        row = db.execute("SELECT name, authority FROM jurisdictions WHERE id = ?", [paltz])
        name, authority = row.fetchone()
        return name, authority

    own = OwnPlace(place=paltz, kind="town", called="The Town", state="NY", **SAID)
    assert described() == ("Town of New Paltz", "printed")
    assert described(own) == ("The Town", REASON)
    assert described(own.model_copy(update={"called": "It"})) == ("It", REASON)
    assert described() == ("Town of New Paltz", "printed")


def test_what_a_place_lies_in_is_as_a_person_describes_it_today(db: Database) -> None:
    inside = ONHAVA.model_copy(update={"parent": "zb/county/kinbote"})
    around = OwnPlace(place="zb/county/kinbote", kind="county", called="K.", state="ZB", **SAID)
    jail = FacilityDecision(
        source=REPORT.id,
        facility="Onhava Jail",
        printed="Kinbote, Zembla",
        location="zb/city/onhava",
        **SAID,
    )

    def called(name: str, **decided: Any) -> str:
        county = around.model_copy(update={"called": name})
        named(db, Decisions(places=(inside, county), **decided))
        said = "SELECT name FROM jurisdictions WHERE id = 'zb/county/kinbote'"
        return str(db.execute(said).fetchone()[0])

    listed(db, "Onhava, Zembla")
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([declined()], week=1))
    for decided in ({"names": (DECIDED,)}, {"facilities": (jail,)}):
        assert called("Kinbote County", **decided) == "Kinbote County"
        assert called("The County", **decided) == "The County"


def test_what_the_packages_do_not_give_is_said_in_one_line(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise NoPlaces("the data packages of places cannot be loaded")

    monkeypatch.setattr(gazetteer, "load_gazetteer", broken)
    for ask in (find_place, partial(jurisdiction_of_id, db)):
        with pytest.raises(CannotResolve, match="cannot be loaded"):
            ask("us/ny/city/ithaca")


@pytest.mark.parametrize(("kept", "terminal"), [(False, True), (True, True), (False, False)])
def test_a_terminal_is_told_when_the_places_are_made_first(
    kept: bool,
    terminal: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("places.kept.is_kept", lambda: kept)
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    load_places()
    told = "Making the list of places" in capsys.readouterr().err
    assert told == (terminal and not kept)


def test_that_a_name_is_of_no_place_is_a_decision_too(db: Database) -> None:
    listed(db, "Ithaca, New York")
    none = NameDecision(source=LIST.id, printed="Ithaca, New York", jurisdiction="none", **SAID)
    assert named(db, Decisions(names=(none,)))["Ithaca, New York"] == (None, "decision", REASON)
    (name,) = resolved_names(db)
    assert (name.status, name.is_undecided) == ("no place", False)


def test_a_decision_for_a_place_that_nobody_knows_is_refused_by_its_entry(db: Database) -> None:
    wrong = DECIDED.model_copy(update={"jurisdiction": "us/ny/city/ithica"})
    said = "zembla-list: Onhava, Zembla: jurisdiction: there is no us/ny/city/ithica"
    with pytest.raises(UnknownPlace, match=said):
        begin_naming(db, Decisions(names=(wrong,)))


def test_other_rules_resolve_anew_what_no_person_decided(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(db, "Ithaca, New York", "Onhava, Zembla")
    decided = Decisions(names=(DECIDED,), places=(ONHAVA,))
    named(db, decided)
    other = NameMatch(None, "other", "Other rules.")
    monkeypatch.setattr(naming.Places, "resolve", lambda self, name: other)
    assert named(db, decided)["Ithaca, New York"][0] == "us/ny/city/ithaca"
    monkeypatch.setattr(naming, "rules_version", lambda: "2")
    found = named(db, decided)
    assert found["Ithaca, New York"] == (None, "other", "Other rules.")
    assert found["Onhava, Zembla"][0] == "zb/city/onhava"


def test_names_are_the_same_in_whichever_order_they_came(tmp_path: Path) -> None:
    steps = (
        "Ithaca, New York",
        "Onhava, Zembla",
        "Town of New Paltz, Ulster County, NY",
        "TOWN OF NEW PALTZ, ULSTER COUNTY, NY",
    )
    found = set()
    for number, order in enumerate(permutations(steps)):
        db = new_database(tmp_path / str(number))
        for day, place in enumerate(order, start=1):
            listed(db, place, at=f"2025-06-0{day}T10:00:00Z")
            named(db, Decisions(names=(DECIDED,), places=(ONHAVA,)))
        rows = db.execute("SELECT * FROM jurisdictions ORDER BY id").fetchall()
        found.add(str((sorted(named(db).items()), rows)))
        db.close()
    assert len(found) == 1


def test_what_a_killed_command_left_is_resolved_by_the_next(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    listed(db, "Ithaca, New York")
    db.close()
    workspace = Workspace(tmp_path)
    with workspace.writing() as db:
        pass
    with workspace.looking() as db:
        assert [each.jurisdiction_id for each in resolved_names(db)] == ["us/ny/city/ithaca"]


def test_what_is_decided_of_names_is_not_kept_in_the_file(tmp_path: Path, db: Database) -> None:
    named(db, Decisions(names=(DECIDED,), places=(ONHAVA,)))
    db.close()
    assert b"Onhava" not in (tmp_path / "tracker.db").read_bytes()


def test_where_a_facility_stands_is_what_a_person_said(db: Database) -> None:
    load(db, REPORT, "2017-03-20T00:00:00Z", reading([declined()], week=1))
    jail = FacilityDecision(
        source=REPORT.id,
        facility="Onhava Jail",
        printed="Kinbote, Zembla",
        location="zb/city/onhava",
        operator="us/ny/county/tompkins",
        **SAID,
    )
    named(db, Decisions(facilities=(jail,), places=(ONHAVA,)))
    (facility,) = facilities(db)
    where = facility.whereabouts
    assert (where.location_id, where.operator_id) == ("zb/city/onhava", "us/ny/county/tompkins")
    assert where.reason == REASON
    assert {"zb/city/onhava", "us/ny"} <= set(known(db))
    assert all(each.jurisdiction_id is None for each in resolved_names(db))
    named(db, Decisions())
    (facility,) = facilities(db)
    assert facility.whereabouts.location_id is None
    assert known(db) == []


@pytest.mark.parametrize("typed", ["us/ny/city/ithaca", "Ithaca, NY", " Ithaca, New York "])
def test_a_place_is_found_by_what_a_person_types(typed: str) -> None:
    found = find_place(typed).jurisdiction
    assert found is not None
    assert found.id == "us/ny/city/ithaca"


def test_a_place_that_only_the_history_knows_is_found_in_it(db: Database) -> None:
    listed(db, "Onhava, Zembla")
    named(db, Decisions(names=(DECIDED,), places=(ONHAVA,)))
    for typed in ("zb/city/onhava", "onhava, zembla"):
        assert find_place(typed).jurisdiction is None
        found = find_place(typed, db).jurisdiction
        assert found is not None
        assert found.id == "zb/city/onhava"


def test_names_are_resolved_after_each_document_and_not_only_when_a_command_ends(
    tmp_path: Path,
) -> None:
    watched = tmp_path / "watched.yml"
    watched.write_text(SOURCES)
    sources = load_sources(watched)
    source = next(each for each in sources.sources if each.id == "specimen-list")
    data = list_page(("Ithaca, New York", "One"), ("B, Zembla", "Two"))
    page = SavedFile("list.html", data, FIRST, None)
    workspace = Workspace(tmp_path / "data")
    with workspace.writing() as db:
        import_file(db, workspace.archive, source, sources.settings, page, lambda: FIRST)
        found = {each.printed: each.jurisdiction_id for each in resolved_names(db)}
        assert found["Ithaca, New York"] == "us/ny/city/ithaca"

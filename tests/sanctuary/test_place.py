"""One place, many lists: its life in order of time, on the terminal and for machines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from db.notes import Note, add_note
from db.settings import save_individual_rows
from parsers.records import Check
from sanctuary.place import TABLES, PlaceLife, load_life, open_tables
from sanctuary.place_data import life_data
from sanctuary.place_finding import find, place_of_id
from sanctuary.place_lines import Line
from sanctuary.place_text import waiting
from sanctuary.workspace import Workspace
from tests.db.history import listing, load, reading
from tests.sanctuary.commands import WEEK_1, WEEK_2, Commands
from tests.sanctuary.places import COUNTY, OTHER, WRONG, life_of_county
from tests.site.histories import CAVEAT, HOSTILE, NOTICE

DOOMSDAY = "9999-12-31"
"""No window ends before it."""

CITY, TOWN = "us/zz/city/kinbote", "us/zz/city/onhava"
NASSAU = "us/ny/county/nassau"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place") / "history"
    life_of_county(folder).close()
    return folder


@pytest.fixture
def life(history: Path) -> PlaceLife:
    return life_of(history, COUNTY.id)


def life_of(history: Path, place: str, tables: frozenset[str] = TABLES) -> PlaceLife:
    with Workspace(history).looking() as db:
        return load_life(db, find(db, place), tables, DOOMSDAY)


def only(life: PlaceLife, kind: str, source: str | None = None) -> Line:
    (line,) = [
        line for line in life.lines if line.kind == kind and source in (None, line.source_id)
    ]
    return line


def weeks(sanctuary: Commands) -> None:
    for week, day in ((WEEK_1, "2017-03-20"), (WEEK_2, "2017-03-29")):
        words = ("--source", "specimen-ddor", "--captured-at", f"{day}T10:00Z")
        assert sanctuary("import", week, *words).code == 0


@pytest.mark.parametrize("asked", ["Nassau County, NY", "Nassau County, New York", NASSAU])
def test_when_was_nassau_county_listed_by_whom_why_and_when_did_it_come_off(
    sanctuary: Commands, asked: str
) -> None:
    weeks(sanctuary)
    data = sanctuary("place", asked, "--json").data()
    assert data["jurisdiction"] == {
        "id": NASSAU,
        "name": "Nassau County",
        "kind": "county",
        "state": "NY",
        "geoid": "36059",
    }
    issued, gone = data["life"]
    assert (issued["since"], issued["until"]) == ("2017-01-28", "2017-02-03")
    assert issued["sentence"] == (
        "38 detainers issued, says Section I of Weekly Declined Detainer Outcome Report (specimen) "
        "(Sanctuary Tracker's specimens)"
    )
    assert issued["printed"] == "Nassau, New York"
    why, seen = issued["details"]
    assert "jurisdictions that do not comply with detainers on a routine basis" in why
    assert seen == "The report was first seen in public by 2017-03-20 10:00 UTC."
    (caveat,) = issued["caveats"]
    assert "the outcome of these specific detainers is yet to be determined" in caveat
    (evidence,) = issued["evidence"]
    assert evidence["spots"][0]["page"] == 2
    assert gone["kind"] == "not named"
    assert (gone["since"], gone["until"]) == ("2017-02-04", "2017-02-10")
    assert gone["sentence"].startswith("Not named in Section I of Weekly Declined Detainer")
    assert gone["details"] == [
        "The report was first seen in public between 2017-03-20 10:00 UTC and 2017-03-29 10:00 UTC."
    ]
    (section_iii,) = data["lists"]
    assert not section_iii["named"]
    assert [window["state"] for window in section_iii["windows"]] == [
        "not observed",
        "not listed",
        "not observed",
        "not listed",
        "not observed",
    ]
    text = sanctuary("place", asked).out
    assert "Nassau County, NY" in text
    assert "38 detainers issued, says Section I" in text
    assert "  Section III of Weekly Declined Detainer Outcome Report (specimen)" in text
    assert (
        "not listed, as far as observed, between 2017-03-20 and 2017-03-31; on some days between "
        "nobody looked"
    ) in text
    assert "[SPECIMEN, NOT AN ICE DOCUMENT]" in text
    assert "removed" not in text.lower()


def test_a_place_that_no_list_names_is_not_called_unlisted_at_large(sanctuary: Commands) -> None:
    weeks(sanctuary)
    answer = sanctuary("place", "Suffolk County, NY")
    assert answer.code == 0
    assert "Suffolk County, NY" in answer.out
    assert "Weekly Declined Detainer Outcome Report (specimen) (Sanctuary" in answer.out
    assert "not listed, as far as observed, between 2017-03-20 and 2017-03-31" in answer.out
    assert "Nothing that is held names it." in answer.out
    assert "sanctuary" not in answer.out.replace("Sanctuary Tracker", "")


def test_a_name_that_may_be_the_place_leaves_open_whether_a_week_names_it(
    sanctuary: Commands,
) -> None:
    weeks(sanctuary)
    issued, week_2 = sanctuary("place", "Clark County, NV", "--json").data()["life"]
    assert issued["printed"] == "Clark, Nevada"
    assert week_2["kind"] == "not known"
    assert week_2["sentence"].startswith("Not known whether it is named in Section I of Weekly")
    assert "Not resolved there, in this state: Clark, Nevada." in week_2["details"]


def test_a_listing_has_its_windows_on_and_off(life: PlaceLife) -> None:
    first, other = life.lists
    assert first.name == "List of Counties (First Ministry)"
    assert first.words == (
        "listed on 2025-06-01",
        "not listed, as far as observed, on 2025-06-02",
        "listed on 2025-06-03",
        "not observed on 2025-06-04",
        "withdrawn, the whole list, since 2025-06-05",
    )
    assert other.words[-1] == "not observed since 2025-06-06"
    assert only(life, "removed", "county-list").when == (
        "between 2025-06-01 10:00 UTC and 2025-06-02 10:00 UTC"
    )
    back = only(life, "returned")
    assert back.said.startswith("Returned to List of Counties (First Ministry): Kinbote County")
    assert back.details == ("2017-01, Kinbote Rule", "Will not honor.")
    assert only(life, "withdrawn").when == "between 2025-06-03 10:00 UTC and 2025-06-05 10:00 UTC"


def test_lines_stand_in_the_order_of_time_with_evidence(life: PlaceLife) -> None:
    ends = [line.until for line in life.lines]
    assert ends == sorted(ends)
    for line in life.lines:
        assert line.publisher in line.said
        if line.kind not in ("not named", "withdrawn"):
            assert line.evidence, line.said
        assert re.match("by |between .* and |for .* to ", line.when)


def test_a_number_of_section_i_has_the_caveat_of_its_report(life: PlaceLife) -> None:
    assert only(life, "issued").caveats == (CAVEAT,)


def test_a_correction_is_marked_at_the_line_that_it_concerns_and_is_a_line(life: PlaceLife) -> None:
    (said,) = only(life, "issued").corrections
    assert said.endswith(WRONG)
    assert "Notices of Zembla" in said
    line = only(life, "correction")
    assert line.details == (WRONG,)
    assert [line.kind for line in life.lines if line.corrections] == ["issued"]


def test_a_misspelt_name_is_shown_as_printed_and_said_to_be(life: PlaceLife) -> None:
    line = only(life, "stood", "ministry-list")
    assert line.printed == "Kinbote Conty"
    assert line.misspelt == "“Conty” must be County."


def test_counts_of_section_ii_are_counts_and_obey_the_setting(tmp_path: Path) -> None:
    db = life_of_county(tmp_path / "history")
    for level, shown in (("full", 1), ("counts", 1), ("off", 0)):
        save_individual_rows(db, level)
        life = load_life(db, find(db, COUNTY.id), open_tables(db), DOOMSDAY)
        assert sum(line.kind == "declined" for line in life.lines) == shown
        data = str(life_data(life, "2026-01-01"))
        assert ("recorded as declined" in data) is bool(shown)
        assert "Syldavia" not in data
        assert "ARSON" not in data
        assert "Onhava Jail" not in data
    db.close()


def note(title: str, **beside: str) -> Note:
    nothing = dict.fromkeys(("source_id", "jurisdiction_id", "row_key", "public_id"))
    about: dict[str, Any] = {**nothing, **beside}
    return Note(
        kind="dispute",
        title=title,
        publisher="Kinbote County",
        issued="2025-06-04",
        text="We honor all of them.",
        address="javascript:alert(1)" if title == "Of the place" else "https://example.org/letter",
        document_sha256=None,
        added_by="A. Clerk",
        **about,
    )


def test_what_others_say_stands_beside_and_each_thing_once(tmp_path: Path) -> None:
    db = life_of_county(tmp_path / "history")
    (row_key,) = db.execute(
        "SELECT DISTINCT row_key FROM listings WHERE jurisdiction = 'Kinbote County, Zembla'"
    ).fetchone()
    (change,) = db.execute("SELECT public_id FROM changes WHERE kind = 'returned'").fetchone()
    notes = (
        note("Of the place", jurisdiction_id=COUNTY.id),
        note("Of the row", source_id="county-list", row_key=row_key),
        note("Of the change", public_id=change),
        note("Of another", jurisdiction_id=TOWN),
    )
    with db.atomic():
        for each in notes:
            add_note(db, each, (), "2025-07-01T00:00:00Z")
    life = load_life(db, find(db, COUNTY.id), TABLES, DOOMSDAY)
    lines = [line for line in life.lines if line.kind == "statement"]
    assert {line.title: line.address for line in lines} == {
        "Of the place": None,
        "Of the row": "https://example.org/letter",
        "Of the change": "https://example.org/letter",
    }
    assert {line.when for line in lines} == {"issued 2025-06-04"}
    told = "Dispute of Kinbote County about List of Counties, put here by A. Clerk: Of the change"
    assert lines[0].said == told, "in the order of time, then by what is said"
    (of_place,) = (line.said for line in lines if line.title == "Of the place")
    assert of_place == "Dispute of Kinbote County, put here by A. Clerk: Of the place"
    assert lines[0].details == ("We honor all of them.",)
    for table in ("notes", "statements"):
        shown = load_life(db, find(db, COUNTY.id), TABLES - {table}, DOOMSDAY)
        assert "statement" not in {line.kind for line in shown.lines}
    db.close()


def test_agreements_are_those_of_its_own_agencies(history: Path) -> None:
    (sheriff,) = life_of(history, COUNTY.id).agreements
    assert sheriff.words == (
        "Kinbote Sheriff, Task Force Model: participating, signed 2025-05-08, says Agreements of "
        "Zembla (Third Ministry), seen on 2025-06-01 10:00 UTC, last stated in the newest edition."
    )
    (police,) = life_of(history, TOWN).agreements
    assert police.agency == "Onhava Police"
    assert life_of(history, "us/zz").agreements == ()


def test_what_its_state_and_county_are_listed_for_is_not_its_own(history: Path) -> None:
    city = life_of(history, TOWN)
    assert {line.printed for line in city.lines if line.source_id == "ministry-list"} == {
        "Onhava, Zembla"
    }
    state, county = city.around
    assert (state.relation, county.relation) == ("its state", "its county")
    assert [each.source.id for each in state.lists] == ["ministry-list"]
    assert [each.source.id for each in county.lists] == ["county-list", "ministry-list"]
    assert not [line for line in city.lines if "Kinbote" in (line.printed or "")]


def test_places_of_the_same_name_stand_apart(history: Path, life: PlaceLife) -> None:
    assert [each.id for each in life.same_name] == [CITY]
    city = life_of(history, CITY)
    assert [each.id for each in city.same_name] == [COUNTY.id]
    first, *_ = city.lists
    assert first.named
    assert not next(each for each in city.lists if each.source.id == "county-list").named


def test_a_list_of_which_a_document_is_held_says_so_and_still_names_the_place(
    tmp_path: Path,
) -> None:
    db = life_of_county(tmp_path / "history")
    few = Check("enough_rows", False, True, "1 row where 30 are expected")
    one = reading([listing("Onhava, Zembla")], checks=(few,))
    load(db, OTHER, "2025-08-01T10:00:00Z", one, address=OTHER.address)
    db.close()
    held = next(each for each in life_of(tmp_path / "history", COUNTY.id).lists if each.held)
    assert (held.source.id, held.held, held.named) == (OTHER.id, 1, True)
    assert waiting(held).endswith(
        "1 document of this list is held for review, and not counted here."
    )


def test_names_that_are_not_resolved_are_said_and_not_counted(life: PlaceLife) -> None:
    waiting = {each.source.id: each.unresolved for each in life.lists}
    assert waiting == {"county-list": 1, "ministry-list": 0}
    assert "Nowhere, Zembla" not in {line.printed for line in life.lines}


def test_a_name_that_stands_for_no_place_has_what_is_printed_under_it(history: Path) -> None:
    life = life_of(history, "Nowhere, Zembla")
    data = life_data(life, "2026-01-01")
    assert data["jurisdiction"] is None
    assert data["lists"] == []
    assert [line["printed"] for line in data["life"] if line["printed"]] == ["Nowhere, Zembla"]


@pytest.mark.parametrize("table", sorted(TABLES - {"policies", "policy_sections", "quotes"}))
def test_a_table_that_may_not_be_seen_is_left_out(history: Path, table: str) -> None:
    def kinds(tables: frozenset[str]) -> set[str]:
        life = life_of(history, COUNTY.id, tables)
        found = {line.kind for line in life.lines}
        found |= {"agreements"} if life.agreements else set()
        found |= {"marked"} if any(line.corrections for line in life.lines) else set()
        return found | ({"lists"} if life.lists else set())

    gone = {
        "agreements": {"agreements"},
        "changes": {"removed", "returned", "withdrawn"},
        "corrections": {"correction", "marked"},
        "declined_counts": {"declined"},
        "detainer_counts": {"issued", "not named", "marked"},
        "listings": {"lists", "removed", "returned", "withdrawn"},
        "notes": set[str](),
        "statements": set[str](),
    }
    assert kinds(TABLES) - kinds(TABLES - {table}) == gone[table]


def in_(history: Path, sanctuary: Commands) -> Commands:
    sanctuary.data_dir = history
    return sanctuary


def test_what_may_be_several_places_is_none_of_them(history: Path, sanctuary: Commands) -> None:
    answer = in_(history, sanctuary)("place", "Franklin County")
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "'Franklin County' is no place: " in answer.err
    assert answer.err.rstrip().endswith(
        'name it with its state, as in "Nassau County, NY", or by its id'
    )
    assert "Franklin County, IA (us/ia/county/franklin)" in answer.err
    data = in_(history, sanctuary)("place", "Franklin County", "--json")
    assert data.code == 0
    assert data.data()["jurisdiction"] is None
    assert "us/ia/county/franklin" in {each["id"] for each in data.data()["candidates"]}


@pytest.mark.parametrize(
    "asked", ["Onhava County, NY", "us/ny/county/onhava", "", HOSTILE, "Onhava\nCounty, NY"]
)
def test_what_is_no_place_is_said_in_a_line(history: Path, sanctuary: Commands, asked: str) -> None:
    if asked == HOSTILE:
        asked = f"\x1b[31m{HOSTILE}, NY"
    answer = in_(history, sanctuary)("place", asked)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "\x1b" not in answer.err
    data = in_(history, sanctuary)("place", asked, "--json")
    assert (data.code, data.data()["jurisdiction"], data.data()["candidates"]) == (0, None, [])


def test_hostile_names_do_not_drive_the_terminal(history: Path, sanctuary: Commands) -> None:
    answer = in_(history, sanctuary)("place", HOSTILE)
    assert answer.code == 0
    assert HOSTILE in answer.out
    assert "\x1b" not in answer.out
    assert f"[{NOTICE}]" in answer.out


def keys(data: dict[str, Any]) -> set[str]:
    return set(data)


def test_the_keys_of_the_json_are_those_of_the_manual(history: Path, sanctuary: Commands) -> None:
    data = in_(history, sanctuary)("place", COUNTY.id, "--json").data()
    manual = (Path(__file__).parents[2] / "docs" / "place.md").read_text()
    lines = [line for line in data["life"] if line["kind"] == "issued"]
    told = keys(data) | keys(data["jurisdiction"]) | keys(data["lists"][0]) | keys(lines[0])
    told |= keys(lines[0]["evidence"][0]) | keys(data["agreements"][0])
    for key in told:
        assert f"`{key}`" in manual, key


def test_the_log_finds_a_place_by_its_id_and_by_its_name(
    history: Path, sanctuary: Commands
) -> None:
    found = in_(history, sanctuary)("log", "--place", COUNTY.id, "--json").data()
    assert {change["place"] for change in found} == {"Kinbote County, Zembla", "Kinbote Conty"}
    assert {change["jurisdiction_id"] for change in found} == {COUNTY.id}
    printed = in_(history, sanctuary)("log", "--place", "Conty", "--json").data()
    assert [change["place"] for change in printed] == ["Kinbote Conty"]
    by_print = in_(history, sanctuary)("log", "--place", "Kinbote County, Zembla", "--json").data()
    assert by_print == found
    assert in_(history, sanctuary)("log", "--place", "us/ny/county/nassau", "--json").data() == []


def test_an_id_is_found_though_nothing_names_it(history: Path) -> None:
    with Workspace(history).looking() as db:
        found = place_of_id(db, NASSAU)
        assert found is not None
        assert [each.id for each in found.chain] == ["us/ny"]
        assert place_of_id(db, "us/zz/county/nowhere") is None


def test_what_holds_today_is_not_said_of_tomorrow(history: Path) -> None:
    with Workspace(history).looking() as db:
        found, tables = find(db, COUNTY.id), open_tables(db)
        whole = load_life(db, found, tables, DOOMSDAY)
        ends = sorted(each.until for on in whole.lists for each in on.windows if each.until)
        today = ends[0]
        cut = load_life(db, found, tables, today)
    days = [day for on in cut.lists for each in on.windows for day in (each.since, each.until)]
    assert ends[-1] > today
    assert max(day for day in days if day) == today

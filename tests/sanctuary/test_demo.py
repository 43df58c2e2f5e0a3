"""The demo plays real runs over specimens, and says in each week what the week is about."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from sanctuary.cli import demo as demo_command
from sanctuary.demo import site as demo_site
from sanctuary.demo.answers import NOTICE
from sanctuary.demo.play import TEMPLATE
from sanctuary.demo.site import LAST_WEEK, WHAT_HAPPENS
from sanctuary.shipped import shipped
from tests.played import PlayedDemo
from tests.sanctuary.commands import Commands

INVENTED_STATES = {"Freedonia", "Ruritania", "Erewhon", "North Erewhon", "Westmarch"}
KNOWN_WORD_FOR_WORD = {
    "Ithaca, New York",
    "Travis County, Texas",
    "Iowa City, Johnson County, Iowa",
}
OF_A_REAL_PLACE = "ithaca-sanctuary-city"
QUOTED = "What lists quote of these laws, and what was found (`sanctuary quotes`)"


class Played:
    """The demo after its last week: what it printed, and its history."""

    def __init__(self, demo: PlayedDemo, folder: Path) -> None:
        self.out, self.folder = demo.out, demo.folder
        weekly, self.quoted = demo.out.split(f"\n{QUOTED}\n")
        self.intro, *weeks = re.split(r"(?m)^Week \d, ", weekly)
        self.weeks = dict(enumerate(weeks, start=1))
        self.commands = Commands(folder)
        self.commands.data_dir = demo.data_dir

    def lines(self, week: int) -> list[str]:
        """Return the first words of each line of a week, without windows and ids."""
        return [line.split("  ")[0] for line in self.weeks[week].splitlines()[1:] if line]


@pytest.fixture(scope="module")
def played(demo: PlayedDemo, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(demo, tmp_path_factory.mktemp("commands"))


DDOR = "Weekly Declined Detainer Outcome Report (specimen) (Sanctuary Tracker)"
FREEDONIA = (
    "Declined Detainer Report of Freedonia (specimen) "
    "(Freedonia Removal Agency, an invented agency)"
)
A_LIST = "List of jurisdictions (specimen) (Sanctuary Tracker)"
KNOWN_ROWS = (
    "Weekly Declined Detainer Outcome Report, with the rows that are known (specimen) "
    "(Sanctuary Tracker)"
)
ITHACA = (
    "Sanctuary City, City Code, Chapter 215, Article VI (specimen) "
    "(Sanctuary Tracker, after the City of Ithaca, New York)"
)
TOWN = (
    "Civil Detainers, Code of Ordinances, Chapter 12, Article IV (specimen) "
    "(Town of Freedonia, an invented town, on Municode)"
)
COUNTY = (
    "Civil Detainers, Codified Ordinances, Chapter 541 (specimen) "
    "(Freedonia County, an invented county, on American Legal's Code Library)"
)
CLAIMS = "List that quotes local law (specimen) (Sanctuary Tracker)"
LAWS = (ITHACA, TOWN, COUNTY)
NOTICES = "Notices on the reports' page (specimen) (Sanctuary Tracker)"


def test_it_begins_with_what_it_is(played: Played) -> None:
    assert played.out.startswith(f"{NOTICE}.\n")
    assert "its clock is moved on a week" in played.intro
    assert list(played.weeks) == list(range(1, LAST_WEEK + 1))
    for week, text in played.weeks.items():
        assert text.splitlines()[0].endswith(f": {WHAT_HAPPENS[week]}")


def test_week_1_publishes_and_changes_nothing(played: Played) -> None:
    assert {line for line in played.lines(1) if not line.startswith("[")} == {
        f"Published: {DDOR}, 2017-01-28..2017-02-03@1",
        f"Published: {FREEDONIA}, 2017-01-28..2017-02-03@1",
        f"Published: {KNOWN_ROWS}, 2017-01-28..2017-02-03@1",
        f"Published: {A_LIST}",
        f"Published: {NOTICES}",
        *(f"Published: {law}" for law in LAWS),
    }


def test_week_2_has_another_report_and_a_shorter_list(played: Played) -> None:
    lines = played.lines(2)
    week = f"{DDOR}, 2017-02-04..2017-02-10@1"
    assert f"Published: {week}" in lines
    assert f"Added to {week}: Mock City, Erewhon (City Council Resolution)" in lines
    assert f"Removed from {week}: Example County, Erewhon (County Jail’s Decision)" in lines
    assert f"Changed in {week}: Example County, Freedonia (County Ordinance 17-01)" in lines
    assert f"Removed from {A_LIST}: Placeholder County, Ruritania (Sheriff's Decision)" in lines
    assert not [line for line in lines if FREEDONIA in line]


def test_week_3_tells_that_a_file_was_replaced_without_a_word(played: Played) -> None:
    lines = played.lines(3)
    week = f"{DDOR}, 2017-02-11..2017-02-17@1"
    assert f"Published: {week}" in lines
    assert [line for line in lines if line.startswith(f"Returned to {week}: ")]
    revised = f"Corrected in {FREEDONIA}, 2017-01-28..2017-02-03@2"
    assert f"{revised}: changed Placeholder County, Freedonia" in lines
    assert f"{revised}: taken out Imaginary County, Freedonia" in lines
    assert f"{revised}: 2 detainers taken out of Section II" in lines
    assert f"{revised}: changed detainers issued nationwide" in lines
    assert not [line for line in lines if A_LIST in line or NOTICES in line]


def of_a_law(line: str) -> bool:
    """Say whether a line is about a law, or a field that differs in one."""
    return not line or any(law in line for law in LAWS)


def test_week_4_shows_the_notice_and_not_yet_that_the_list_is_gone(played: Played) -> None:
    lines = [line for line in played.lines(4) if not line.startswith("[")]
    assert [line for line in lines if not of_a_law(line)] == [
        f"Added to {NOTICES}: Correction: Due to a data processing error, the Jan. 28 - Feb 03, "
        "2017 specimen report attributed detainers to Example County, Freedonia, that were issued "
        "elsewhere."
    ]


def test_week_5_tells_that_the_list_was_taken_down_between_the_weeks(played: Played) -> None:
    first, line = [line for line in played.weeks[5].splitlines()[1:] if line and line[0] != "["]
    assert first.startswith(f"Published: {CLAIMS}  between ")
    assert line.startswith(f"Taken down: {A_LIST}  between ")
    (withdrawn,) = played.commands("log", "--kind", "withdrawn", "--json").data()
    weeks = [text[:10] for text in played.weeks.values()]
    assert withdrawn["observed_after"][:10] == weeks[2]
    assert withdrawn["observed_by"][:10] == weeks[3]


def test_ithacas_page_changes_in_nothing_but_its_note(played: Played) -> None:
    """As far as is known of two captures of the real one; line wraps are no change."""
    lines = [line for week in (2, 3, 4, 5) for line in played.lines(week) if ITHACA in line]
    assert lines == [
        f"Given another note in {ITHACA}: City of Ithaca, NY (Article VI Sanctuary City)"
    ]
    shown = played.commands("diff", OF_A_REAL_PLACE)
    assert shown.code == 0
    assert "4 rows, then 4: 1 changed." in shown.out
    assert "    history_note: {+[Adopted 2-1-2017 by Ord. No. 2017-03]+}" in shown.out
    assert shown.out.startswith("SPECIMEN of a page of eCode360; after what is known of it.")


@pytest.mark.parametrize(
    ("law", "place", "renumbered_in", "number"),
    [
        (TOWN, "Freedonia, Westmarch", 2, "Sec. 12-43"),
        (COUNTY, "Freedonia County, Westmarch", 3, "541.04"),
    ],
)
def test_a_law_is_renumbered_then_changed_without_a_note(
    played: Played, law: str, place: str, renumbered_in: int, number: str
) -> None:
    section = f"{law}: {place} ({number} holding on civil detainers.)".casefold()
    told = [line.casefold() for line in played.lines(renumbered_in)]
    assert f"renumbered in {section}" in told
    assert not [line for line in told if line.startswith("returned") and law.casefold() in line]
    assert f"changed without a new note in {section}" in [
        line.casefold() for line in played.lines(4)
    ]
    assert "more than [-48-]{+24+} hours, and only" in played.weeks[4]


def test_two_hosts_are_asked_in_steps_and_keep_every_answer(played: Played) -> None:
    parts = played.commands.rows(
        """SELECT source_id, count(DISTINCT address), count(DISTINCT document_sha256)
        FROM captures WHERE role = 'part' GROUP BY source_id ORDER BY source_id"""
    )
    assert [source for source, _, _ in parts] == ["specimen-county", "specimen-town"]
    assert all(addresses > 10 and documents > 10 for _, addresses, documents in parts)


def test_each_way_in_which_a_quote_can_stand_in_a_law_is_shown(played: Played) -> None:
    found = re.findall(r"(?m)^“(.+?)”, .*\n  (.*)$", played.quoted)
    assert sorted(found) == sorted(
        [
            (
                "warrantless detainer requests from the federal government under limited, "
                "specified circumstances",
                "Not found; the text of that time is not held",
            ),
            (
                "for no more than 24 hours",
                "Found word for word: Sec. 12-43 Holding on civil detainers.",
            ),
            (
                "a record of every detainer and of what was done on it",
                "Found, but not word for word: Sec. 12-42 Records.",
            ),
            (
                "48 hours",
                "Found in a version that is not known to have been public at that time: 541.03 "
                "HOLDING ON CIVIL DETAINERS.",
            ),
            (
                "written notice of each release",
                "Not found in the text that was public at that time",
            ),
        ]
    )
    assert "a record of every {+civil +}detainer" in played.quoted
    results = played.commands.rows("SELECT DISTINCT result FROM quotes")
    assert {result for (result,) in results} == {
        "verbatim",
        "near",
        "other_version",
        "absent",
        "no_text",
    }


def test_a_paraphrased_page_proves_nothing_of_what_a_report_of_2017_quotes(played: Played) -> None:
    """The claim is of 2017, and no text of that time is held: that it is absent is not said."""
    rows = played.commands.rows(
        """SELECT claimed_until, result, policy_section_id FROM quotes
        JOIN listings ON listings.id = listing_id WHERE jurisdiction = 'Ithaca, New York'"""
    )
    assert rows == [("2017-02-03", "no_text", None)]


def test_the_readme_shows_what_the_demo_prints(played: Played) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    section = readme.split("## What you see\n", 1)[1].split("\n## ", 1)[0]
    first, *shown = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    assert WHAT_HAPPENS[2].startswith(first.split(": ", 1)[1])
    assert shown
    for line in shown:
        for part in line.split("…"):
            assert part.strip() in played.weeks[2], line


def test_nothing_failed_or_was_held(played: Played) -> None:
    for standing in played.commands("status", "--json").data()["sources"]:
        assert standing["held"] == standing["unreadable"] == []
        assert standing["last_failure"] is None
    runs = played.commands.rows("SELECT command, summary FROM runs")
    assert [command for command, _ in runs] == ["run"] * LAST_WEEK
    outcomes = [each for _, summary in runs for each in json.loads(summary)["sources"]]
    assert not any(outcome["failed"] or outcome["held"] for outcome in outcomes)
    assert not any(outcome["messages"] for outcome in outcomes)


def test_every_capture_came_from_the_site_on_this_machine(played: Played) -> None:
    """But for the documents that are put together of what it answered."""
    captures = played.commands.rows("SELECT DISTINCT proof, address, transport FROM captures")
    assert {proof for proof, _, _ in captures} == {"own"}
    asked = [address for _, address, how in captures if "bundle" not in json.loads(how)]
    assert all(address.startswith("http://127.0.0.1:") for address in asked)


def test_whatever_is_shown_says_that_it_is_a_specimen(played: Played) -> None:
    notices = {notice for (notice,) in played.commands.rows("SELECT notice FROM readings")}
    assert notices
    assert all(notice.startswith("SPECIMEN") for notice in notices)
    for change in played.commands("log", "--json").data():
        assert change["notice"].startswith("SPECIMEN")
        assert change["source_id"].startswith("specimen-") or change["source_id"] == OF_A_REAL_PLACE
    titles = played.commands.rows("SELECT title FROM sources")
    assert all("(specimen)" in title for (title,) in titles)


def test_no_invented_fact_is_said_of_a_real_place(played: Played) -> None:
    """Lists and detainers hold invented places, and rows that are known word for word (what they
    say, the specimens' own tests hold); real counts are those that were reported."""
    for table in ("listings", "declined_detainers"):
        places = {p for (p,) in played.commands.rows(f"SELECT jurisdiction FROM {table}")}
        assert places
        for place in places - KNOWN_WORD_FOR_WORD:
            state = place.rpartition(", ")[2]
            assert state in INVENTED_STATES or "Ruritania" in place, place
    counts = played.commands.rows(
        "SELECT DISTINCT jurisdiction, detainers_issued FROM detainer_counts"
    )
    real = {(p, n) for p, n in counts if p.rpartition(", ")[2] not in INVENTED_STATES}
    assert real == {
        ("Clark, Nevada", 51),
        ("Nassau, New York", 38),
        ("Cook, Illinois", 13),
        ("Montgomery, Iowa", 12),
        ("Snohomish, Washington", 12),
        ("Franklin, New York", 9),
        ("Washington, Oregon", 7),
        ("Alachua, Florida", 5),
        ("Franklin, Iowa", 5),
        ("Franklin, Pennsylvania", 5),
        ("Los Angeles, California", 162),
        ("New York City, New York", 73),
        ("Kern, California", 65),
        ("Clark, Nevada", 54),
    }


def test_the_history_goes_nowhere_else(played: Played) -> None:
    assert [path.name for path in played.folder.iterdir()] == ["data of the demo"]


def test_the_command_plays_then_serves_from_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played_in: list[Path] = []
    served: list[tuple[Path, str, int]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_command, "play", lambda workspace: played_in.append(workspace.folder))
    monkeypatch.setattr(demo_command, "serve_database", lambda *words: served.append(words))
    answer = Commands(tmp_path)("demo", "--port", "0")
    assert answer.code == 0
    (folder,) = played_in
    ((database, host, port),) = served
    assert database == folder / "tracker.db"
    assert host == "127.0.0.1"
    assert f"http://127.0.0.1:{port}/" in answer.out
    assert f"http://127.0.0.1:{port}/tracker/-/policy/{OF_A_REAL_PLACE}" in answer.out
    assert f"  cd {folder}\n  export SANCTUARY_DATA=.\n  sanctuary log\n" in answer.out
    assert tmp_path not in folder.parents
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "history").exists()
    folder.rmdir()


def test_the_site_shows_nothing_before_its_week() -> None:
    site = demo_site.SpecimenSite(shipped("specimens"), shipped("policies"))
    with site:
        assert site.answer("/list/").status == 200
        assert site.answer("/reports/ddor-2017-02-04-thin-rules.pdf").status == 404
        assert site.answer("/../../etc/passwd").status == 404
        assert site.answer("/municode/../../etc/passwd").status == 404
        assert site.answer("/claims/").status == 404
        site.week = 4
        assert site.answer("/list/").status == 404
        assert b"correction" in site.answer("/reports/").body
        assert NOTICE.encode() in site.answer("/reports/").body


def test_every_source_is_watched_as_often_as_the_demo_plays() -> None:
    sources = yaml.safe_load(TEMPLATE.read_text())["sources"]
    assert {each.get("schedule") for each in sources} == {"weekly"}, "else days are not observed"

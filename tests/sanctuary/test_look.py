"""``diff``, ``log``, ``status`` and ``sources`` show what the history holds."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.sanctuary.commands import REVISION_1, REVISION_2, WEEK_1, WEEK_2, Commands


@pytest.fixture
def weeks(sanctuary: Commands) -> Commands:
    for file, source, day in (
        (WEEK_1, "specimen-ddor", "2017-03-20"),
        (WEEK_2, "specimen-ddor", "2017-03-29"),
        (REVISION_1, "specimen-freedonia", "2017-03-01"),
        (REVISION_2, "specimen-freedonia", "2017-03-08"),
    ):
        assert sanctuary("import", file, "--source", source, "--captured-at", day).code == 0
    return sanctuary


def test_two_weeks_differ_row_by_row_in_section_iii_and_by_count_in_the_others(
    weeks: Commands,
) -> None:
    tables = weeks("diff", "specimen-ddor", "--format", "json").data()["tables"]
    assert tables["listings"]["compared"] == "rows"
    assert {change["kind"] for change in tables["listings"]["changes"]} >= {"added", "removed"}
    for name in ("detainer_counts", "declined_detainers"):
        assert tables[name]["compared"] == "counts"
        assert tables[name]["changes"] == []
    issued = {"name": "detainers_issued", "before": 157, "after": 503}
    assert tables["detainer_counts"]["numbers"] == [issued]
    assert tables["report_totals"]["numbers"] == [
        {"name": "detainers_issued_nationwide", "before": 3083, "after": 2825},
        {"name": "detainers_issued_listed", "before": 157, "after": None},
    ]


def test_counts_stand_in_every_form_of_the_difference(weeks: Commands) -> None:
    text = weeks("diff", "specimen-ddor").out
    assert "Detainers issued nationwide: 3,083, then 2,825." in text
    assert "Detainers issued to the listed jurisdictions: 157, then not stated." in text
    assert (
        "Detainers issued: 157, then 503."
        in weeks("diff", "specimen-ddor", "--format", "markdown").out
    )
    lines = list(csv.DictReader(io.StringIO(weeks("diff", "specimen-ddor", "--format", "csv").out)))
    counted = {
        (r["table"], r["field"]): (r["before"], r["after"]) for r in lines if r["kind"] == "counted"
    }
    assert counted["detainer_counts", "detainers_issued"] == ("157", "503")
    assert counted["declined_detainers", "rows"] == ("26", "12")


def test_two_revisions_differ_row_by_row_in_all_tables(weeks: Commands) -> None:
    tables = weeks(
        "diff",
        "specimen-freedonia",
        "2017-01-28..2017-02-03@1",
        "2017-01-28..2017-02-03",
        "--format",
        "json",
    ).data()["tables"]
    assert all(table["compared"] == "rows" for table in tables.values())
    assert tables["declined_detainers"]["changes"]


def test_the_specimen_notice_stands_wherever_the_data_is_shown(weeks: Commands) -> None:
    notice = "SPECIMEN, NOT AN ICE DOCUMENT"
    assert notice in weeks("diff", "specimen-ddor").out
    assert notice in weeks("diff", "specimen-ddor", "--format", "markdown").out
    assert notice in weeks("diff", "specimen-ddor", "--format", "json").data()["notices"][0]
    assert notice in weeks("log").out
    assert notice in weeks("log", "--json").data()[0]["notice"]


def test_the_log_counts_section_ii_and_names_nobody(weeks: Commands) -> None:
    corrected = weeks("log", "--kind", "corrected", "--json").data()
    (counted,) = [c for c in corrected if c["table_name"] == "declined_detainers"]
    assert counted["place"] is None
    assert "taken out of Section II" in counted["sentence"]
    facilities = weeks.rows("SELECT DISTINCT facility FROM declined_detainers")
    everything = weeks("log").out + weeks("log", "--json").out + weeks("log", "--csv").out
    assert facilities
    assert not [name for (name,) in facilities if name in everything]


def test_the_log_is_filtered_and_cut_and_comes_as_csv(weeks: Commands) -> None:
    everything = weeks("log", "--json").data()
    times = [change["observed_by"] for change in everything]
    assert times == sorted(times, reverse=True)
    since = weeks("log", "--since", "2017-03-29", "--json").data()
    assert {change["observed_by"][:10] for change in since} == {"2017-03-29"}
    rows = list(csv.DictReader(io.StringIO(weeks("log", "--csv").out)))
    assert len(rows) == len(everything)
    assert "more; --limit 0 shows all" in weeks("log", "--limit", "1").out
    assert weeks("log", "--place", "no such place").out == "No change matches that.\n"


def test_an_explicit_limit_holds_for_machines_too(weeks: Commands) -> None:
    assert len(weeks("log", "--json", "--limit", "2").data()) == 2
    assert len(weeks("log", "--csv", "--limit", "3").out.splitlines()) == 1 + 3
    assert len(weeks("log", "--json", "--limit", "0").data()) == len(weeks("log", "--json").data())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("log", "--source", "nowhere"), 2, "no source 'nowhere' in the history; there are:"),
        (("status", "--data-dir", "x"), 2, "--data-dir goes before the command"),
        (("diff", "nowhere"), 1, "there is no edition of nowhere yet"),
        (("diff", "specimen-ddor", "1999-01-01"), 1, "has no such edition"),
        (("log", "--since", "spring"), 2, "is no day like"),
        (("log", "--json", "--csv"), 2, "exclude one another"),
        (("log", "--kind", "vanished"), 2, "vanished"),
        (("sources", "nowhere"), 2, "there are:"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(
    weeks: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = weeks(*words)
    assert answer.code == code
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_single_edition_has_nothing_to_be_compared_with(sanctuary: Commands) -> None:
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    answer = sanctuary("diff", "specimen-ddor")
    assert answer.code == 1
    assert "has one edition only, 2017-01-28 to 2017-02-03, revision 1" in answer.err


@pytest.mark.parametrize("command", ["diff specimen-ddor", "log", "status", "serve"])
def test_looking_before_anything_was_written_says_how_to_begin(
    sanctuary: Commands, command: str
) -> None:
    answer = sanctuary(*command.split())
    assert answer.code == 1
    assert "`sanctuary run` fetches it" in answer.err
    assert not sanctuary.data_dir.exists()


def test_sources_lists_what_is_watched_and_the_editions_of_one(weeks: Commands) -> None:
    assert "specimen-freedonia  (active, parser ddor)" in weeks("sources").out
    one = weeks("sources", "specimen-freedonia").out
    assert "2017-01-28 to 2017-02-03, revision 2" in one
    held = weeks("sources", "specimen-ddor", "--json").data()[0]["editions_held"]
    assert [edition["name"] for edition in held] == [
        "2017-01-28..2017-02-03@1",
        "2017-02-04..2017-02-10@1",
    ]


POLICY = """
sources:
  - id: zembla-list
    title: List of Zembla
    publisher: Zembla Ministry
    address: null
    parser: doj-list
    editions: content
    why: For tests.
  - id: onhava-detainers
    title: Civil detainers
    publisher: City of Onhava, on a host
    address: https://code.example/onhava
    parser: page
    editions: content
    jurisdiction: City of Onhava, Zembla
    lists_say: ["List of Zembla, 2025-08-05: Onhava, Zembla"]
    access: refused
    when_refused: wayback
    publish: diff
    why: The law behind a row.
"""


def test_sources_are_listed_by_what_they_are_and_whose(tmp_path: Path) -> None:
    assert Commands(tmp_path, POLICY)("sources").out.splitlines() == [
        "Reports and lists",
        "  zembla-list  (active, parser doj-list)",
        "    Zembla Ministry: List of Zembla",
        "    no address: `sanctuary import` takes its documents",
        "",
        "Policies of City of Onhava, Zembla",
        "  onhava-detainers  (active, parser page)",
        "    City of Onhava, on a host: Civil detainers",
        "    https://code.example/onhava",
        "    refuses tools; then the Wayback Machine's newest capture is taken",
        "",
    ]


def test_one_policy_is_shown_with_what_lists_say_of_it(tmp_path: Path) -> None:
    answer = Commands(tmp_path, POLICY)("sources", "onhava-detainers")
    assert answer.out.splitlines()[3:] == [
        "  refuses tools; then the Wayback Machine's newest capture is taken",
        "  a site shows what changed, not the whole text",
        "  The law behind a row.",
        "Policy of City of Onhava, Zembla",
        "  List of Zembla, 2025-08-05: Onhava, Zembla",
    ]
    (one,) = Commands(tmp_path, POLICY)("sources", "onhava-detainers", "--json").data()
    assert one["lists_say"] == ["List of Zembla, 2025-08-05: Onhava, Zembla"]
    assert (one["jurisdiction"], one["access"]) == ("City of Onhava, Zembla", "refused")


def test_the_sources_of_the_folder_come_before_those_that_ship(
    sanctuary: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from sanctuary.cli import cli

    monkeypatch.chdir(tmp_path)
    shipped = CliRunner().invoke(cli, ["sources"])
    assert "ddor-weekly" in shipped.stdout
    (tmp_path / "sources.yml").write_text(sanctuary.sources_file.read_text())
    own = CliRunner().invoke(cli, ["sources"])
    assert "specimen-list" in own.stdout
    assert "ddor-weekly" not in own.stdout

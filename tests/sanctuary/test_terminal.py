"""What is printed for people: hostile text does nothing, and each colour means something."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from db.log import Wanted, logged
from sanctuary.safe_text import json_safe
from sanctuary.terminal import print_changes
from tests.db.history import LIST, listing, load, new_database, reading
from tests.sanctuary.commands import Commands, list_page

ESCAPES = "\x1b]0;title\x07\x1b[2J\u202e\u200b\x9b31m"
CONTROLS = set("\x1b\x07\x9b\u202e\u200b")
FAKE = "A\r\nRemoved from List: B"


def printed(what: object, items: object, *, coloured: bool = False) -> str:
    out = Console(
        file=io.StringIO(), width=300, force_terminal=coloured, markup=False, highlight=False
    )
    what(out, items)  # type: ignore[operator]
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


@pytest.fixture
def hostile(sanctuary: Commands, tmp_path: Path) -> Commands:
    """A list of which every cell attacks the terminal, the spreadsheet or the page."""
    before = list_page(("Honest, Zembla", "Rule"), (f"Evil{ESCAPES}, Zembla", "[red]Old[/red]"))
    after = list_page(
        ("Honest, Zembla", "Rule"),
        (f"Evil{ESCAPES}, Zembla", f"[bold]Old[/bold]{ESCAPES}"),
        (f"=1+1{ESCAPES}, Zembla", "Rule"),
    )
    for day, page in enumerate((before, after), start=1):
        file = tmp_path / f"{day}{ESCAPES}.html"
        file.write_bytes(page)
        answer = sanctuary(
            "import", file, "--source", "specimen-list", "--captured-at", f"2025-06-0{day}"
        )
        assert answer.code == 0
    return sanctuary


@pytest.mark.parametrize(
    "command",
    [
        "log",
        "log --json",
        "log --csv",
        "diff specimen-list",
        "diff specimen-list --format json",
        "diff specimen-list --format csv",
        "diff specimen-list --format markdown",
        "status",
        "status --json",
        "sources specimen-list",
        "sources specimen-list --json",
    ],
)
def test_no_command_prints_a_control_character(hostile: Commands, command: str) -> None:
    answer = hostile(*command.split())
    assert answer.code == 0
    assert answer.out
    assert not set(answer.out + answer.err) & CONTROLS


def test_machines_get_the_text_as_it_was(hostile: Commands) -> None:
    ((stored,),) = hostile.rows(
        "SELECT jurisdiction FROM current_listings WHERE jurisdiction LIKE '=1+1%'"
    )
    assert "\u202e" in stored
    places = [change["place"] for change in hostile("log", "--json").data()]
    assert stored in places


def test_no_cell_of_the_log_is_a_formula(hostile: Commands) -> None:
    for words in (("log", "--csv"), ("diff", "specimen-list", "--format", "csv")):
        cells = [cell for row in csv.reader(io.StringIO(hostile(*words).out)) for cell in row]
        assert any(cell.startswith("'=1+1") for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_name_of_a_file_is_cleaned_in_what_import_and_parse_say(
    hostile: Commands, tmp_path: Path
) -> None:
    again = hostile("import", tmp_path / f"1{ESCAPES}.html", "--source", "specimen-list")
    assert "holds this document already" in again.out
    bad = tmp_path / f"bad{ESCAPES}.html"
    bad.write_bytes(b"no page at all")
    unread = hostile("parse", bad, "--source", "specimen-list")
    assert unread.code == 1
    imported = hostile("import", bad, "--source", "specimen-list")
    assert imported.code == 1
    for answer in (again, unread, imported):
        assert not set(answer.out + answer.err) & CONTROLS
        assert (answer.out + answer.err).count("\n") <= 2


def test_a_place_cannot_fake_a_line_of_the_log(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]))
    load(db, LIST, "2025-06-02T10:00:00Z", reading([listing(), listing(FAKE)]))
    lines = printed(print_changes, logged(db, Wanted())).splitlines()
    assert len(lines) == 2
    assert not any(line.startswith("Removed") for line in lines)


def test_long_texts_are_cut_around_what_differs(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    long = "Will not honor a detainer without a warrant of a judge. " * 20
    for day, hours in ((1, 48), (2, 24)):
        row = listing(criteria=(f"{long}Within {hours} hours. {long}",))
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading([row]))
    text = printed(print_changes, logged(db, Wanted(kind="changed")))
    assert "Within [-48-]{+24+} hours." in text
    assert " … " in text
    assert len(text) < 500


def test_the_notice_of_specimens_stands_above_what_it_holds_for(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla")]))
    for day, name in ((2, "B"), (3, "C")):
        what = reading([listing(f"{name}, Zembla")])
        specimen = replace(what, edition=replace(what.edition, notice="SPECIMEN"))
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", specimen)
    lines = printed(print_changes, logged(db, Wanted())).splitlines()
    assert [line[:10] for line in lines] == [
        "[SPECIMEN]",
        "Added to L",
        "Removed fr",
        "Added to L",
        "Removed fr",
        "Published:",
    ]


def test_json_escapes_what_could_drive_a_terminal_and_says_the_same() -> None:
    for value in (ESCAPES, "“curly”\n§", "\ue000 private", "\U000f0000"):
        text = json_safe(json.dumps({"a": value}, ensure_ascii=False, indent=2))
        assert json.loads(text) == {"a": value}
        assert not set(text) & set("\x1b\x9b\u202e\u200b\ue000\U000f0000")

"""What became of a section is told in a word for each thing, in every form of a difference."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.log import Wanted, logged
from db.selectors import last_editions
from parsers.records import PolicySection
from sanctuary.difference import Difference, difference
from sanctuary.difference_formats import to_csv, to_json, to_markdown
from sanctuary.sections import in_words, what_happened
from sanctuary.sentences import field_lines, sentence
from tests.db.history import LIST, listing, load, new_database, reading
from tests.db.policies import DETAINERS, PURPOSE, page, policy, section
from tests.sanctuary.test_difference import terminal

LISTED = "List of Zembla (Zembla Ministry)"
NEW_NOTE = "[Amended 3-1-2019 by Ord. No. 2019-4]"
HELD = section("§ 9-2", DETAINERS, heading="Detainers", host_id="82")
TO_24 = DETAINERS.replace("48", "24")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["body", "history_note"], "amended"),
        (["heading", "history_note"], "amended"),
        (["body"], "changed without a new note"),
        (["host_id", "number", "anchor"], "renumbered"),
        (["number", "history_note"], "renumbered"),
        (["number", "body", "history_note"], "renumbered and amended"),
        (["number", "path", "body"], "renumbered and moved and changed without a new note"),
        (["path"], "moved"),
        (["anchor"], "moved"),
        (["host_id", "anchor"], "moved"),
        (["history_note"], "given another note"),
        (["history_note", "anchor"], "given another note"),
    ],
)
def test_the_fields_that_differ_say_what_became_of_a_section(fields: list[str], words: str) -> None:
    assert in_words(what_happened("policy_sections", "changed", fields)) == words


@pytest.mark.parametrize(
    ("table", "kind"),
    [("listings", "changed"), ("policy_sections", "added"), ("policy_sections", "removed")],
)
def test_of_other_rows_and_of_those_that_came_or_went_nothing_more_is_said(
    table: str, kind: str
) -> None:
    assert what_happened(table, kind, ["body", "number"]) == ()


def told(db: Database, before: PolicySection, *after: PolicySection) -> list[str]:
    load(db, LIST, "2025-06-01T10:00:00Z", page(before))
    load(db, LIST, "2025-06-02T10:00:00Z", page(*after))
    return [sentence(change) for change in logged(db, Wanted()) if change.kind != "published"]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            replace(HELD, body=TO_24, history_note=NEW_NOTE),
            f"Amended in {LISTED}: Onhava, Zembla (§ 9-2 Detainers)",
        ),
        (
            replace(HELD, body=TO_24),
            f"Changed without a new note in {LISTED}: Onhava, Zembla (§ 9-2 Detainers)",
        ),
        (
            replace(HELD, number="§ 9-3", host_id="99"),
            f"Renumbered in {LISTED}: Onhava, Zembla (§ 9-3 Detainers)",
        ),
        (
            replace(HELD, path=("Chapter 12: Police",)),
            f"Moved in {LISTED}: Onhava, Zembla (§ 9-2 Detainers)",
        ),
        (
            replace(HELD, history_note=NEW_NOTE, number=None),
            f"Renumbered in {LISTED}: Onhava, Zembla (Detainers)",
        ),
        (
            replace(HELD, history_note=None),
            f"Given another note in {LISTED}: Onhava, Zembla (§ 9-2 Detainers)",
        ),
    ],
)
def test_a_sentence_says_it_first(db: Database, after: PolicySection, said: str) -> None:
    assert told(db, HELD, after) == [said]


def test_sections_that_come_and_go_are_called_by_number_and_heading(db: Database) -> None:
    new = section("§ 9-7", PURPOSE, heading=None)
    assert sorted(told(db, HELD, new)) == [
        f"Added to {LISTED}: Onhava, Zembla (§ 9-7)",
        f"Removed from {LISTED}: Onhava, Zembla (§ 9-2 Detainers)",
    ]


def test_a_section_of_a_page_that_names_no_place_is_called_by_itself(db: Database) -> None:
    nowhere = policy(jurisdiction=None)
    load(db, LIST, "2025-06-01T10:00:00Z", page(HELD, of=nowhere))
    load(db, LIST, "2025-06-02T10:00:00Z", page(replace(HELD, body=TO_24), of=nowhere))
    (change,) = logged(db, Wanted(kind="changed"))
    assert sentence(change).endswith(": § 9-2 Detainers")


def test_changes_of_sections_are_found_by_the_place_of_their_policy(db: Database) -> None:
    told(db, HELD, replace(HELD, path=("Chapter 12: Police", "Article I")))
    (change,) = logged(db, Wanted(place="onhava", state="zembla"))
    assert field_lines(change) == [
        "path: Chapter 9: Peace / Article II → Chapter 12: Police / Article I"
    ]


@pytest.fixture
def silent(db: Database) -> Difference:
    """A text that was changed without a new note, and wrapped anew by the way."""
    before = replace(HELD, body=f"{DETAINERS}\n(a) The “order” of a judge; or\n(b) *none*, then.")
    after = replace(
        before,
        body=before.body.replace("48", "24").replace("not hold", "not\nhold").replace(", then", ""),
    )
    load(db, LIST, "2025-06-01T10:00:00Z", page(before))
    load(db, LIST, "2025-06-02T10:00:00Z", page(after))
    return difference(db, *last_editions(db, LIST.id, 2))


def test_the_terminal_shows_a_redline_with_its_paragraphs(silent: Difference) -> None:
    text = terminal(silent, coloured=False)
    assert "~ changed without a new note § 9-2 Detainers" in text
    assert "for more than [-48-]{+24+} hours after" in text
    assert "(a) The “order” of a judge; or\n        (b) *none*[-, then-]." in text
    assert text.count("[-") == 2


def test_json_says_what_happened_and_has_the_redline(silent: Difference) -> None:
    table = json.loads(to_json(silent))["tables"]["policy_sections"]
    (change,) = table["changes"]
    assert change["kind"] == "changed"
    assert change["happened"] == ["silent"]
    (field,) = change["fields"]
    marks = [piece for piece in field["redline"] if piece["mark"] != "same"]
    assert marks == [
        {"mark": "gone", "text": "48"},
        {"mark": "new", "text": "24"},
        {"mark": "gone", "text": ", then"},
    ]
    assert change["evidence_after"] == [{"anchor": "div#s1"}]


def test_markdown_marks_words_by_elements_that_hold_beside_any_sign(silent: Difference) -> None:
    text = to_markdown(silent)
    assert "## Sections of the policy" in text
    assert "- **changed without a new note** § 9-2 Detainers\n  - body: " in text
    assert "more than <del>48</del><ins>24</ins> hours after" in text
    assert "judge; or<br>(b) \\*none\\*<del>, then</del>\\." in text


def test_csv_says_what_happened(silent: Difference) -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv(silent)))
    assert (row["kind"], row["happened"], row["row"], row["field"]) == (
        "changed",
        "changed without a new note",
        "§ 9-2 Detainers",
        "body",
    )


def test_a_quote_that_alone_changed_in_a_listing_is_marked(db: Database) -> None:
    """A row whose content has its signs as printed differs in them."""
    for day, sign in ((1, "“"), (2, '"')):
        rows = [listing(criteria=("No.",), policy=f"A {sign}Rule")]
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading(rows))
    found = difference(db, *last_editions(db, LIST.id, 2))
    assert 'policy: A [-“-]{+"+}Rule' in terminal(found, coloured=False)

"""The archive read anew with today's parsers: seen before it happens, and never told as news."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from parsers.records import Problem, Reading
from parsers.registry import parser_named
from sanctuary import accepting, readers, replaying
from tests.sanctuary.commands import Commands, list_page

Fault: TypeAlias = "Callable[[Reading], Reading | Problem]"
FOUR = tuple((f"{name}, Zembla", "Rule") for name in "ABCD")
SOURCE = "specimen-list"


def read_here(name: str, data: bytes, options: Mapping[str, Any], *_: object) -> Reading | Problem:
    """Read in this process, as quick as a test wants it."""
    return parser_named(name).read(data, options)


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "read_document", read_here)


@contextmanager
def parser(module: Any, fault: Fault, revision: int = 0) -> Iterator[None]:
    """Let ``module`` read with another revision of the parser, which has a fault."""

    def read(*args: Any) -> Reading | Problem:
        found = read_here(*args)
        return fault(found) if isinstance(found, Reading) else found

    with pytest.MonkeyPatch.context() as patch:
        for each in (module, readers):
            patch.setattr(
                each, "find_parser", lambda name: replace(parser_named(name), revision=revision)
            )
        patch.setattr(readers, "read_document", read)
        yield


def loses(count: int) -> Fault:
    """Return the fault of not seeing the last ``count`` rows."""
    return lambda reading: replace(reading, records=reading.records[: len(reading.records) - count])


def none(reading: Reading) -> Reading:
    return reading


def too_slow(_: Reading) -> Problem:
    return Problem("too_slow", "reading it takes more than 600 s")


def unreadable(_: Reading) -> Problem:
    return Problem("unreadable", "it has no table")


def import_page(
    sanctuary: Commands, tmp_path: Path, day: int, rows: tuple[tuple[str, str], ...]
) -> int:
    file = tmp_path / f"{day}.html"
    file.write_bytes(list_page(*rows))
    at = f"2025-06-{day:02}"
    return sanctuary("import", file, "--source", SOURCE, "--captured-at", at).code


@pytest.fixture
def misread(sanctuary: Commands, tmp_path: Path) -> Commands:
    """Two pages of three and four rows, of which an old parser saw two and three."""
    with parser(accepting, loses(1)):
        import_page(sanctuary, tmp_path, 1, FOUR[:3])
        import_page(sanctuary, tmp_path, 2, FOUR)
    return sanctuary


def told(sanctuary: Commands, *words: str) -> list[tuple[str, str, str]]:
    changes = sanctuary("log", "--json", *words).data()
    return sorted((each["kind"], each["place"] or "", each["cause"]) for each in changes)


def test_it_shows_what_would_differ_and_writes_nothing(misread: Commands) -> None:
    before = misread.dump()
    answer = misread("replay", SOURCE)
    assert answer.code == 0
    assert misread.dump() == before
    assert "specimen-list #1, 1.html: differs, 1 added" in answer.out
    assert "+ added C, Zembla (Rule)" in answer.out
    assert "specimen-list: 2 differs" in answer.out
    assert "editions: 2 before, 2 after; changes: 1 new, 1 told no more" in answer.out
    assert "nothing was written; --accept lets the new readings stand" in answer.out


def test_what_differs_is_there_for_machines_too(misread: Commands) -> None:
    (source,) = misread("replay", SOURCE, "--json").data()
    assert (source["outcomes"]["differs"], source["accepted"]) == (2, False)
    first = source["documents"][0]
    assert first["editions"] == ["#1"]
    assert first["difference"]["counts"]["added"] == 1


def test_accepting_lets_the_new_readings_stand_and_marks_what_differs(misread: Commands) -> None:
    assert told(misread) == [("added", "C, Zembla", "publisher"), ("published", "", "publisher")]
    assert misread("replay", SOURCE, "--accept").code == 0
    assert misread.rows("SELECT count(*) FROM current_listings") == [(7,)]
    assert misread.rows("SELECT cause, count(*) FROM edition_readings GROUP BY 1 ORDER BY 1") == [
        ("first", 2),
        ("replay", 2),
    ]
    assert told(misread) == [("published", "", "publisher")]
    assert told(misread, "--cause", "replay") == [("added", "D, Zembla", "replay")]
    assert len(told(misread, "--cause", "all")) == 2


def test_the_log_marks_our_reading_and_says_whose_it_is(misread: Commands) -> None:
    misread("replay", "--accept")
    answer = misread("log", "--cause", "replay")
    assert "D, Zembla (Rule) (our reading, not the publisher)" in answer.out
    assert ",replay," in misread("log", "--cause", "replay", "--csv").out
    assert "our reading" not in misread("log").out


def test_run_again_it_has_nothing_to_do(misread: Commands) -> None:
    misread("replay", "--accept")
    before = misread.dump()
    answer = misread("replay", "--accept")
    assert (answer.code, answer.out) == (
        0,
        "specimen-list: today's parser has read every document already\n",
    )
    assert misread.dump() == before


def test_it_ends_as_if_todays_parser_had_been_there_from_the_start(
    misread: Commands, tmp_path: Path
) -> None:
    misread("replay", "--accept")
    (tmp_path / "fresh").mkdir()
    fresh = Commands(tmp_path / "fresh")
    import_page(fresh, tmp_path, 1, FOUR[:3])
    import_page(fresh, tmp_path, 2, FOUR)
    for sql in (
        "SELECT revision, public_from, public_until FROM editions ORDER BY 1",
        "SELECT revision, jurisdiction, position FROM current_listings ORDER BY 1, 2",
        "SELECT kind, place, observed_after, observed_by FROM current_changes ORDER BY 1, 2",
    ):
        assert misread.rows(sql) == fresh.rows(sql)


@pytest.mark.parametrize(
    "step", ["keep_reading", "replace_readings", "count_editions", "current_ids"]
)
def test_killed_anywhere_it_leaves_the_old_history_and_can_be_run_again(
    misread: Commands, step: str
) -> None:
    before = misread.dump()
    calls = 0
    real = getattr(replaying, step)

    def dies(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2 or step == "replace_readings":
            raise KeyboardInterrupt
        return real(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replaying, step, dies)
        assert misread("replay", "--accept").code == 1
    assert misread.dump() == before
    assert misread("replay", "--accept").code == 0
    assert misread.rows("SELECT count(*) FROM current_listings") == [(7,)]


@pytest.fixture
def held(sanctuary: Commands, tmp_path: Path) -> Commands:
    """A page of four rows, of which a newer parser sees one: #2 is held, #1 stands."""
    import_page(sanctuary, tmp_path, 1, FOUR)
    with parser(replaying, loses(3), 99):
        answer = sanctuary("replay", "--accept")
    assert answer.code == 3
    assert "specimen-list #1, 1.html: held, 3 removed" in answer.out
    assert "the list went from 4 rows to 1" in answer.out
    return sanctuary


def test_a_parser_that_loses_half_of_what_stands_is_held_and_the_old_reading_stays(
    held: Commands,
) -> None:
    assert held.rows("SELECT count(*) FROM current_listings") == [(4,)]
    assert "held: #2 of specimen-list" in held("status").out
    assert "meanwhile its older reading #1 stands" in held("status").out
    assert told(held, "--cause", "all") == [("published", "", "publisher")]


def test_an_ordinary_import_goes_on_with_the_reading_that_stands(
    held: Commands, tmp_path: Path
) -> None:
    with parser(accepting, loses(3), 99):
        assert import_page(held, tmp_path, 5, FOUR) == 0
    assert held.rows("SELECT count(*) FROM readings") == [(2,)]
    assert held.rows("SELECT public_until FROM editions") == [("2025-06-05T00:00:00Z",)]


def test_accepting_the_held_reading_makes_it_current_as_ours(held: Commands) -> None:
    answer = held("accept", "#2", "--by", "vera", "--reason", "three are in a footnote")
    assert "#1, which it showed, stays stored" in answer.out
    assert held.rows("SELECT count(*) FROM current_listings") == [(1,)]
    assert held.rows("SELECT cause FROM edition_readings ORDER BY id DESC LIMIT 1") == [("replay",)]


def test_rejecting_the_held_reading_settles_it(held: Commands) -> None:
    answer = held("reject", "#2", "--reason", "the parser is at fault")
    assert "stays current by reading #1" in answer.out
    assert held("held").out == "Nothing waits for a decision.\n"
    with parser(replaying, loses(3), 99):
        again = held("replay", "--accept")
    assert (again.code, again.out) == (
        0,
        "specimen-list: today's parser has read every document already\n",
    )


def test_what_is_held_is_not_read_again_and_still_waits(held: Commands) -> None:
    with parser(replaying, loses(3), 99):
        again = held("replay", "--accept")
    assert again.code == 3
    assert "specimen-list: waiting for a decision: 1; see `sanctuary held`" in again.out


def test_a_version_that_is_back_takes_up_its_old_reading(misread: Commands, tmp_path: Path) -> None:
    misread("replay", "--accept")
    with parser(replaying, loses(1)):
        answer = misread("replay", "--accept")
    assert answer.code == 0
    assert misread.rows("SELECT count(*) FROM readings") == [(4,)]
    assert misread.rows("SELECT count(*) FROM current_listings") == [(5,)]
    assert import_page(misread, tmp_path, 5, FOUR) == 0
    assert misread.rows("SELECT DISTINCT reading_id FROM sightings") == [(1,), (2,)]
    assert told(misread) == [("added", "C, Zembla", "publisher"), ("published", "", "publisher")]


def test_what_says_the_same_is_accepted_whatever_is_expected_today(
    sanctuary: Commands, tmp_path: Path
) -> None:
    with parser(accepting, none):
        import_page(sanctuary, tmp_path, 1, FOUR)
    text = sanctuary.sources_file.read_text()
    sanctuary.sources_file.write_text(text.replace("min_rows: 2", "min_rows: 9"))
    answer = sanctuary("replay", "--accept")
    assert answer.code == 0
    assert "specimen-list #1, 1.html: same" in answer.out
    assert sanctuary.rows("SELECT reading_id FROM sightings") == [(2,)]


def test_a_document_that_can_be_read_now_is_news_of_its_publisher(
    sanctuary: Commands, tmp_path: Path
) -> None:
    import_page(sanctuary, tmp_path, 1, FOUR[:3])
    with parser(accepting, unreadable):
        import_page(sanctuary, tmp_path, 2, FOUR)
    answer = sanctuary("replay", "--accept")
    assert answer.code == 0
    assert "specimen-list no edition yet, 2.html: readable" in answer.out
    assert told(sanctuary)[0] == ("added", "D, Zembla", "publisher")


def test_a_document_that_can_be_read_no_more_keeps_its_reading(
    sanctuary: Commands, tmp_path: Path
) -> None:
    import_page(sanctuary, tmp_path, 1, FOUR)
    with parser(replaying, unreadable, 99):
        answer = sanctuary("replay", "--accept")
    assert answer.code == 3
    assert "specimen-list #1, 1.html: unreadable (it has no table)" in answer.out
    assert sanctuary.rows("SELECT count(*) FROM current_listings") == [(4,)]
    assert "unreadable: #2 of specimen-list" in sanctuary("status").out


def test_a_limit_may_be_tried_again_and_a_fault_of_the_document_not(
    sanctuary: Commands, tmp_path: Path
) -> None:
    revision = parser_named("table").revision
    with parser(accepting, too_slow, revision):
        import_page(sanctuary, tmp_path, 1, FOUR)
    with parser(accepting, unreadable, revision):
        import_page(sanctuary, tmp_path, 2, FOUR[:3])
    answer = sanctuary("replay", "--accept")
    assert "specimen-list: 1 readable" in answer.out
    assert answer.code == 3
    assert sanctuary.rows("SELECT count(*) FROM current_listings") == [(4,)]
    assert sanctuary.rows("SELECT kind FROM problems") == [("unreadable",)]


def test_a_document_that_a_person_rejected_is_held_and_not_let_in(
    sanctuary: Commands, tmp_path: Path
) -> None:
    with parser(accepting, loses(3)):
        import_page(sanctuary, tmp_path, 1, FOUR)
    sanctuary("reject", "#1", "--by", "vera", "--reason", "a test page")
    assert import_page(sanctuary, tmp_path, 1, FOUR) == 0
    assert sanctuary.rows("SELECT count(*) FROM readings") == [(1,)]
    answer = sanctuary("replay", "--accept")
    assert answer.code == 3
    assert "vera rejected its reading #1 (a test page)" in answer.out
    assert sanctuary.rows("SELECT count(*) FROM editions") == [(0,)]


def test_a_document_that_the_archive_has_lost_is_told_and_the_others_are_read(
    misread: Commands,
) -> None:
    (sha256,) = misread.rows(
        "SELECT sha256 FROM documents JOIN captures ON sha256 = "
        "document_sha256 ORDER BY captured_at LIMIT 1"
    )[0]
    for file in (misread.data_dir / "archive").rglob(f"{sha256}*"):
        file.unlink()
    answer = misread("replay", "--accept")
    assert answer.code == 1
    assert "specimen-list #1, 1.html: missing" in answer.out
    assert "restore it from a copy of the archive" in answer.out
    assert misread.rows("SELECT count(*) FROM current_listings") == [(6,)]


def test_a_document_that_is_withheld_is_left_alone(misread: Commands) -> None:
    (sha256,) = misread.rows("SELECT min(sha256) FROM documents")[0]
    misread("withhold", sha256, "--reason", "a court wants it so")
    answer = misread("replay", "--accept")
    assert answer.code == 0
    assert "specimen-list: 1 differs" in answer.out


def test_an_unknown_source_is_a_usage_error_and_an_empty_history_has_nothing(
    sanctuary: Commands,
) -> None:
    assert sanctuary("replay", "nowhere").code == 2
    empty = sanctuary("replay")
    assert (empty.code, empty.out) == (1, "")
    assert "no history in" in empty.err


def test_a_long_difference_is_cut_for_people_only(sanctuary: Commands, tmp_path: Path) -> None:
    rows = tuple((f"Place {number}, Zembla", "Rule") for number in range(60))
    with parser(accepting, loses(25)):
        import_page(sanctuary, tmp_path, 1, rows)
    assert "… and 5 more; --json has all" in sanctuary("replay").out
    (source,) = sanctuary("replay", "--json").data()
    (table,) = source["documents"][0]["difference"]["tables"].values()
    assert len(table["changes"]) == 25

"""Asking only for what has changed, without believing a server too far."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sanctuary.commands import REVISION_1, REVISION_2, Commands
from tests.sanctuary.loopback import NOT_FOUND, HandClock, Page, Publisher
from tests.sanctuary.test_run import clock, publisher, watched
from tests.sanctuary.watching import THREE, TWO, index, pdf

__all__ = ["clock", "publisher", "watched"]

SUNDAY, MONDAY = "Sun, 01 Jun 2025 08:00:00 GMT", "Mon, 02 Jun 2025 08:00:00 GMT"
LIST = "freedonia-list"


def dated(page: Page, moment: str) -> Page:
    return replace(page, headers={"Last-Modified": moment})


@pytest.fixture(autouse=True)
def _the_list_says_which_version_it_is(publisher: Publisher) -> None:
    publisher.pages["/list"] = dated(Page(TWO), SUNDAY)


def at(clock: HandClock, day: int, hour: int = 10) -> None:
    clock.now = f"2025-06-{day:02}T{hour:02}:00:00Z"


def verdicts(sanctuary: Commands, address: str = "/list") -> list[str]:
    sql = f"SELECT verdict FROM captures WHERE address LIKE '%{address}' ORDER BY id"
    return [row[0] for row in sanctuary.rows(sql)]


def test_what_has_not_changed_is_not_sent_again_and_is_a_sighting(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    at(clock, 2)
    run = watched("run", LIST)
    assert run.out == "freedonia-list: 1 unchanged\n"
    assert publisher.conditions == [("/list", SUNDAY)]
    assert verdicts(watched) == ["document", "unchanged"]
    assert watched.rows("SELECT public_from, public_until FROM editions") == [
        ("2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")
    ]


def test_what_has_changed_is_sent_and_read(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    publisher.pages["/list"] = dated(Page(THREE), MONDAY)
    at(clock, 2)
    assert watched("run", LIST).out == "freedonia-list: 1 new\n"


def test_after_a_failure_the_whole_document_is_asked_for(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    publisher.pages["/list"] = Page(b"", 403)
    at(clock, 2)
    watched("run", LIST)
    publisher.pages["/list"] = dated(Page(TWO), SUNDAY)
    at(clock, 3)
    watched("run", LIST)
    assert verdicts(watched) == ["document", "blocked", "document"]


def test_what_is_held_for_review_is_asked_for_whole(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    publisher.pages["/list"] = dated(Page(b"<html><body>Nothing here</body></html>"), MONDAY)
    at(clock, 2)
    watched("run", LIST)
    at(clock, 3)
    watched("run", LIST)
    assert publisher.conditions == [("/list", SUNDAY)] * 2
    assert verdicts(watched) == ["document"] * 3


def test_once_in_a_while_the_whole_document_is_asked_for_all_the_same(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    at(clock, 7)
    watched("run", LIST)
    at(clock, 8)
    watched("run", LIST)
    assert verdicts(watched) == ["document", "unchanged", "document"]


def test_other_bytes_under_the_same_validator_are_found_out(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    publisher.pages["/list"] = dated(Page(THREE), SUNDAY)
    for day in (5, 8, 9):
        at(clock, day)
        watched("run", LIST)
    assert verdicts(watched) == ["document", "unchanged", "document", "document"]
    ((message,),) = watched.rows("SELECT message FROM problems WHERE kind = 'validators'")
    assert "answers that nothing had were taken back: 1" in message
    added = watched("log", "--kind", "added", "--json").data()
    windows = {(change["observed_after"], change["observed_by"]) for change in added}
    assert windows == {("2025-06-01T10:00:00Z", "2025-06-08T10:00:00Z")}


def test_an_index_page_that_has_not_changed_still_leads_to_its_documents(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/reports/"] = dated(index("one.pdf"), SUNDAY)
    watched("run", "freedonia-reports")
    publisher.pages["/reports/one.pdf"] = pdf(REVISION_2)
    at(clock, 2)
    assert watched("run", "freedonia-reports").out == "freedonia-reports: 1 new\n"
    assert verdicts(watched, "/reports/") == ["document", "unchanged"]


def test_a_link_that_is_no_longer_there_is_told(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/reports/"] = index("one.pdf", "two.pdf")
    publisher.pages["/reports/two.pdf"] = pdf(REVISION_1)
    watched("run", "freedonia-reports")
    publisher.pages["/reports/"] = index("two.pdf")
    at(clock, 2)
    run = watched("run", "freedonia-reports")
    assert run.code == 0
    assert run.err == (
        f"freedonia-reports: http://{publisher.host}/reports/one.pdf: the page that linked to it "
        "on 2025-06-01 10:00 UTC does so no more\n"
    )


def test_an_address_that_never_gave_a_document_is_never_found_and_no_alarm(
    watched: Commands, publisher: Publisher
) -> None:
    publisher.pages["/list"] = NOT_FOUND
    run = watched("run", LIST)
    assert (run.code, run.out) == (0, "freedonia-list: 1 never found\n")
    assert watched.rows("SELECT count(*) FROM changes") == [(0,)]


def spoil(sanctuary: Commands) -> None:
    """Damage all that the archive holds."""
    for file in (sanctuary.data_dir / "archive").rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"damaged")


def test_what_is_damaged_here_is_asked_for_whole_and_mended(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    spoil(watched)
    at(clock, 2)
    watched("run", LIST)
    assert publisher.conditions == []
    assert watched("verify").code == 0


def test_an_index_page_that_is_damaged_here_still_leads_to_its_documents(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/reports/"] = dated(index("one.pdf"), SUNDAY)
    watched("run", "freedonia-reports")
    spoil(watched)
    at(clock, 2)
    assert watched("run", "freedonia-reports").out == "freedonia-reports: 1 unchanged\n"


def test_an_index_page_that_is_withheld_still_leads_to_its_documents(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/reports/"] = dated(index("one.pdf"), SUNDAY)
    watched("run", "freedonia-reports")
    (page,) = watched.rows("SELECT document_sha256 FROM captures WHERE role = 'index'")
    watched("withhold", page[0], "--reason", "For tests.")
    at(clock, 2)
    assert watched("run", "freedonia-reports").out == "freedonia-reports: 1 unchanged\n"


def test_a_document_that_is_withheld_need_not_be_sent_again(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", LIST)
    ((sha256,),) = watched.rows("SELECT document_sha256 FROM captures")
    watched("withhold", sha256, "--reason", "For tests.")
    at(clock, 2)
    watched("run", LIST)
    assert verdicts(watched) == ["document", "unchanged"]

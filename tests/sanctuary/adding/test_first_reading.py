"""What is shown of a first reading, and what an entry may not be added beside."""

from __future__ import annotations

import pytest

from sanctuary.adding.first_reading import first_reading
from sanctuary.adding.free import WatchedAlready, check_free
from sanctuary.sources import Source, Sources
from tests.db.history import declined, listing, reading

JAILS = Source.model_validate(
    {
        "id": "jails",
        "title": "Jails",
        "publisher": "Freedonia",
        "address": "https://freedonia.example/jails",
        "discover": {"kind": "index", "pattern": "jails-2"},
        "parser": "ddor",
        "editions": "period",
        "why": "For tests.",
    }
)


def test_no_row_about_an_individual_is_shown() -> None:
    read = reading([declined(), declined("Onhava Gaol"), listing("Kinbote, Zembla")], week=1)
    found = first_reading(JAILS, read, "2025-06-01T10:00:00Z")
    (shown,) = found.first
    assert shown.startswith("Kinbote, Zembla")


@pytest.mark.parametrize("pattern", [None, "jails-2"])
def test_the_same_links_of_a_page_are_not_watched_twice(pattern: str | None) -> None:
    watched = Sources(sources=[JAILS])
    with pytest.raises(WatchedAlready):
        check_free(watched, JAILS.address, "other", pattern)
    check_free(watched, JAILS.address, "other", "jails-1")

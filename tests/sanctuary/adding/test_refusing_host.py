"""What an entry says of a host that refuses tools, and has terms."""

from __future__ import annotations

from sanctuary.adding.code_hosts import code_host
from sanctuary.adding.proposing import Way, entry_of
from sanctuary.adding.wishes import Wishes


def entry(address: str) -> dict[str, object]:
    host = code_host(address, {})
    assert host is not None
    way = Way("a document", host.parser)
    return entry_of(Wishes(), way, address, "Onhava", host=host, answered=False)


def test_a_site_shows_what_changed_and_not_the_text_of_a_host_with_terms() -> None:
    found = entry("https://ecode360.com/900001")
    assert (found["publish"], found["access"]) == ("diff", "refused")
    assert found["when_refused"] == "wayback"


def test_the_wayback_machine_has_no_host_that_is_asked_in_steps() -> None:
    found = entry("https://library.municode.com/ze/onhava/codes/code?nodeId=X")
    assert found["discover"] == {"kind": "host"}
    assert not {"when_refused", "publish"} & found.keys()

"""The same bytes and the same parser version give the same records, always."""

from __future__ import annotations

import copy
import json

import pytest

from tests.parsers.revisions import FOLDERS, LEDGER, changed, ledger

WRITTEN = json.loads(LEDGER.read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_expectations_change_only_with_the_revision_of_the_parser(name: str) -> None:
    assert not changed(name, WRITTEN, ledger()), f"raise the revision of {name}, then write anew"


def test_every_expectation_is_written_down() -> None:
    assert ledger() == WRITTEN, "python -m tests.parsers.revisions writes them down"


def test_a_change_under_the_same_revision_is_seen() -> None:
    now = copy.deepcopy(WRITTEN)
    fixture = next(iter(now["ddor"]["expectations"]))
    now["ddor"]["expectations"][fixture] = "another"
    assert changed("ddor", WRITTEN, now) == [fixture]
    now["ddor"]["revision"] += 1
    assert changed("ddor", WRITTEN, now) == []

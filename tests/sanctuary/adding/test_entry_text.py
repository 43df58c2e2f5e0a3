"""An entry is written so that YAML reads what was meant, whatever a publisher's text says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sanctuary.adding.entry_text import entry_text
from sanctuary.safe_text import terminal_safe
from sanctuary.sources_file import StrictLoader

HOSTILE = [
    "a: b",
    "x\n- id: evil",
    "# no comment",
    "*anchor",
    "!!python/object:os.system",
    "'\"",
    "\x1b[2J",
    "\u202egnp.exe",
    "\x85next",
    "\u2028next",
    "off",
    "2025-01-01",
    "%{}[]",
    "- ",
    "\t",
    "\xa0",
    "\ufeffx",
    "~",
    "é “quoted” " * 20,
]


def loaded(text: str) -> Any:
    return yaml.load(f"sources:\n{text}", StrictLoader)["sources"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text(text: str) -> None:
    entry = {"id": "x", "title": text, "options": {"columns": {text: "a"}, "find": [text, text]}}
    written = entry_text(entry, {"title": "Ours."})
    assert loaded(written) == [entry]
    assert terminal_safe(written) == written


TEXTS = st.text(max_size=120)


@given(TEXTS, st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=2))
@settings(max_examples=40, phases=[Phase.generate])
def test_whatever_is_written_is_read_again(text: str, columns: dict[str, str]) -> None:
    entry = {"id": "x", "why": text, "options": {"columns": columns}}
    try:
        yaml.safe_load(yaml.safe_dump(entry))
    except yaml.YAMLError:  # what no YAML can hold, such as half of a surrogate pair
        return
    assert loaded(entry_text(entry, {})) == [entry]


def test_comments_stand_above_their_keys_at_any_indentation() -> None:
    entry = {"id": "x", "options": {"a": 1}, "why": "W"}
    assert entry_text(entry, {"options": "Look.", "why": "Say."}, 0) == (
        "- id: x\n  # Look.\n  options:\n    a: 1\n  # Say.\n  why: W\n"
    )

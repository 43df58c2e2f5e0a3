"""An entry is put behind the last one; nothing else in the file changes, or nothing at all."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from sanctuary.adding.appending import NotAdded, append_entry
from sanctuary.errors import SourcesError
from sanctuary.sources_file import load_sources

ENTRY: dict[str, Any] = {
    "id": "onhava-list",
    "title": "List: of Onhava #1",
    "publisher": "Onhava",
    "address": "https://onhava.example/list",
    "parser": "doj-list",
    "editions": "content",
    "why": "For tests.",
}
FIRST = """\
  - id: zembla   # ours
    title: Zembla
    publisher: Zembla Ministry
    address: null
    parser: ddor
    editions: period
    why: >-
      For tests,
      and no more.
"""
LAYOUTS = {
    "plain": f"sources:\n{FIRST}",
    "without a line feed at the end": f"sources:\n{FIRST}".rstrip("\n"),
    "settings behind": f"# top\nsources:\n{FIRST}\n# of the settings\nsettings:\n  delay: 1s\n",
    "comments at the end": f"sources:\n{FIRST}    # of Zembla\n  # so is this\n\n# the end\n",
    "not indented": "sources:\n" + FIRST.replace("\n  ", "\n")[2:],
    "indented by four": "sources:\n" + FIRST.replace("\n  ", "\n    ").replace("  -", "    -", 1),
    "carriage returns": f"sources:\n{FIRST}\nsettings: {{}}\n".replace("\n", "\r\n"),
    "a mark of the document": f"---\nsources:\n{FIRST}...\n",
    "a byte order mark": f"\ufeffsources:\n{FIRST}",
    "a hyphen on a line of its own": f"sources:\n  -\n{FIRST.replace('  - id', '    id')}",
    "an anchor": f"sources: &all\n{FIRST}",
    "letters beyond ASCII": f"# é 🙂\nsources:\n{FIRST}# ü\n",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_letter_of_the_file_stays(tmp_path: Path, layout: str) -> None:
    file = tmp_path / "sources.yml"
    file.write_bytes(layout.encode())
    before = load_sources(file)
    added = append_entry(file, ENTRY, {"why": "Say why."})
    after = load_sources(file)
    assert (after.sources, after.settings) == ([*before.sources, added], before.settings)
    text = file.read_bytes().decode()
    start = text.index("onhava-list")
    end = text.index("For tests.", start) + len("For tests.")
    head = text[: text.rindex("-", 0, start)].rstrip()
    assert layout.startswith(head)
    assert layout.endswith(text[end:].lstrip())
    assert len(layout.split()) == len(text[:start].split()) + len(text[end:].split()) - 2
    assert ("\r\n" in layout) == ("\r\n" in text)
    assert "\n" not in text.replace("\r\n", "") or "\r\n" not in layout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "sources: [{id: z, title: Z, publisher: Z, address: null, parser: ddor, "
            "editions: period, why: Z}]\n",
            "add the entry by hand",
        ),
        (f"sources:\n{FIRST.replace('>-', '|+')}\n\n\n", "add it by hand"),
        (f"sources:\n{FIRST.replace('zembla ', 'onhava-list ')}", "it stands twice"),
        (f"sources:\n{FIRST}nonsense\n", "it cannot be read"),
    ],
)
def test_a_file_that_cannot_take_it_is_as_it_was(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "sources.yml"
    file.write_text(text)
    with pytest.raises((NotAdded, SourcesError), match=said):
        append_entry(file, ENTRY, {})
    assert file.read_text() == text
    assert list(tmp_path.iterdir()) == [file]


def test_rights_stay_and_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yml", tmp_path / "sources.yml"
    file.write_text(f"sources:\n{FIRST}")
    file.chmod(0o640)
    link.symlink_to(file)
    append_entry(link, ENTRY, {})
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "onhava-list" in file.read_text()

"""The pages that are made from the code: what each holds, and writing them anew.

``python -m tests.docs.pages``, or ``make docs``, writes all of them. A test says which one is old.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sanctuary.site.api_markdown import markdown as api
from tests.docs.architecture import drawing
from tests.docs.commands import commands
from tests.docs.dictionary import dictionary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

MADE: dict[str, Callable[[], str]] = {
    "api.md": api,
    "architecture.svg": drawing,
    "commands.md": commands,
    "dictionary.md": dictionary,
}
"""Each file of docs/ that is made, and what makes it."""


if __name__ == "__main__":
    for name, make in MADE.items():
        (DOCS / name).write_text(make(), "utf-8")

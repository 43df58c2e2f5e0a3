"""The links of the Markdown files, and where they lead.

``python -m tests.docs.links`` lists those that lead to other sites, which no test asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FOLDERS = ("docs", "tests", "benchmarks", "deploy")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)|<(https?://[^>\s]+)>")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_SPELT_OUT = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Link:
    """A link as it stands in a file."""

    file: Path
    target: str

    @property
    def external(self) -> bool:
        """Whether it leads to another site."""
        return "://" in self.target or self.target.startswith("mailto:")


def markdown_files(root: Path = ROOT) -> list[Path]:
    """Return every Markdown file of the project but what tests expect to come out."""
    below = (path for name in _FOLDERS for path in sorted((root / name).rglob("*.md")))
    return [*sorted(root.glob("*.md")), *(p for p in below if ".expected" not in p.suffixes)]


def links_of(file: Path) -> Iterator[Link]:
    """Yield the links of a file; what stands in code is none."""
    text = _FENCED.sub("", file.read_text("utf-8"))
    for match in _LINK.finditer(_CODE.sub(_blank, text)):
        yield Link(file, match.group(1) or match.group(2))


def _blank(code: re.Match[str]) -> str:
    return " " * len(code.group())


def anchors_of(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a text."""
    found: dict[str, int] = {}
    anchors = set()
    for heading in _HEADING.findall(_FENCED.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        name = _SPELT_OUT.sub("", words).replace(" ", "-")
        times = found.get(name, 0)
        found[name] = times + 1
        anchors.add(f"{name}-{times}" if times else name)
    return anchors


def leads_nowhere(link: Link) -> bool:
    """Say whether a link to a file or heading of the project has none."""
    if link.external:
        return False
    path, _, anchor = link.target.partition("#")
    file = (link.file.parent / path) if path else link.file
    if not file.exists():
        return True
    return bool(anchor) and anchor not in anchors_of(file.read_text("utf-8"))


if __name__ == "__main__":
    for each in (link for file in markdown_files() for link in links_of(file) if link.external):
        print(f"{each.file.relative_to(ROOT)}: {each.target}")

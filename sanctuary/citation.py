"""A citation of what a document says, in the forms that writers and their programs take."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sanctuary.safe_text import json_safe, one_line

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True)
class Cited:
    """What a citation names. Nothing in it is inferred: what is not known is left out."""

    publisher: str
    title: str
    """Of the list or report."""
    edition: str
    """Which one, in words."""
    row: str | None
    """The row of it, in words; None for the document as a whole."""
    sha256: str
    address: str | None
    """Where the document was asked for."""
    captured: str | None
    """The day of the capture, and whose word that is, in words."""
    notice: str | None
    """What the document says of itself if it is no official one."""
    page: str
    """The absolute address of the page that shows all this."""

    @property
    def key(self) -> str:
        """What names it in a bibliography: the same for the same document and row."""
        row = re.sub(r"[^a-z0-9]+", "-", (self.row or "").lower()).strip("-")
        return "-".join(filter(None, ("sanctuary-tracker", self.sha256[:12], row)))

    @property
    def note(self) -> str:
        """What the usual fields have no room for, in one line."""
        parts = (
            self.notice,
            self.row,
            f"document sha256 {self.sha256}",
            f"from {self.address}" if self.address else None,
            f"captured {self.captured}" if self.captured else None,
        )
        return "; ".join(one_line(part) for part in parts if part)


def as_text(cited: Cited) -> str:
    """Return the citation as a sentence."""
    return one_line(
        f"{cited.publisher}, “{cited.title}”, {cited.edition}; {cited.note}. "
        f"Sanctuary Tracker, {cited.page}"
    )


def as_bibtex(cited: Cited) -> str:
    """Return the citation as an entry of BibTeX."""
    fields = {
        "author": "{" + _tex(cited.publisher) + "}",  # a body, not a person with a first name
        "title": "{" + _tex(f"{cited.title}, {cited.edition}") + "}",
        "howpublished": _tex("Sanctuary Tracker"),
        "url": re.sub(r"[{}\\\s]", "", cited.page),
        "note": _tex(cited.note),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{cited.key},\n{lines}\n}}"


def as_csl(cited: Cited) -> str:
    """Return the citation as CSL-JSON (citationstyles.org), which Zotero and pandoc take."""
    item = {
        "id": cited.key,
        "type": "document",
        "author": [{"literal": one_line(cited.publisher)}],
        "title": one_line(f"{cited.title}, {cited.edition}"),
        "archive": "Sanctuary Tracker",
        "archive_location": f"sha256:{cited.sha256}",
        "URL": cited.page,
        "note": cited.note,
    }
    return json_safe(json.dumps([item], ensure_ascii=False, indent=2))


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in one_line(text))

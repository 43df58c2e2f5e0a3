"""What can go wrong while reading, by what the caller can do about it."""

from __future__ import annotations


class ReadingError(Exception):
    """Base of all that a parser raises: this document gives no reading, others go on."""

    def __init__(self, reason: str, *, remedy: str, page: int | None = None) -> None:
        """Take the reason and the remedy as clauses without a full stop, and the page from 1."""
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.page = page

    def __str__(self) -> str:
        where = f"page {self.page}: " if self.page is not None else ""
        return f"{where}{self.reason}; {self.remedy}"


class Unreadable(ReadingError):
    """The bytes are broken, locked or of another kind: the document has to be had again."""


class NotThisDocument(ReadingError):
    """The bytes are readable but not the document the parser is for: another parser may do."""

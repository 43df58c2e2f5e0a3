"""What can go wrong with the database, by what the caller can do about it."""

from __future__ import annotations

from pathlib import Path


class DatabaseError(Exception):
    """Base of all that the history raises."""


class DamagedDatabase(DatabaseError):
    """The file cannot be used as it is: a person restores a copy or names another."""

    def __init__(self, path: Path, reason: str) -> None:
        """Take the file and the reason as a clause without a full stop."""
        super().__init__(
            f"{path}: {reason}; restore a copy, or move it away and import the archive again"
        )
        self.path = path
        self.reason = reason


class CannotOpen(DatabaseError):
    """The file cannot be opened or brought up to date just now: the disk is full or denies it."""

    def __init__(self, path: Path, reason: str) -> None:
        """Take the file and what SQLite says."""
        super().__init__(f"{path}: {reason}; make room or check the rights, then run again")
        self.path = path
        self.reason = reason


class NewerDatabase(DatabaseError):
    """A later version of this tool has migrated the file: the tool has to be updated."""

    def __init__(self, path: Path, unknown: list[str]) -> None:
        """Take the file and the names of the migrations that are not known here."""
        super().__init__(
            f"{path} was written by a newer version (it has {', '.join(unknown)}); "
            "update sanctuary-tracker"
        )
        self.path = path
        self.unknown = unknown


class NoSuchEdition(DatabaseError):
    """A selector names no edition that is held: the caller asks for another."""

    def __init__(self, selector: str, reason: str, remedy: str) -> None:
        """Take the selector as it was given, the reason and what to do, as clauses."""
        super().__init__(f"{selector}: {reason}; {remedy}")
        self.selector = selector


class NoSuchReading(DatabaseError):
    """No held reading answers to the name that was given: the caller names another."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        """Take the name as it was given, the reason and what to do, as clauses."""
        super().__init__(f"{name}: {reason}; {remedy}")
        self.name = name


class NothingToWithhold(DatabaseError):
    """Nothing in the history answers to the name that was given: the caller names another."""

    def __init__(self, name: str, reason: str) -> None:
        """Take the name as it was given, and the reason as a clause."""
        super().__init__(f"{name}: {reason}; nothing was withheld")
        self.name = name


class NoSuchNote(DatabaseError):
    """No note that stands answers to the id that was given: the caller names another."""

    def __init__(self, note_id: int, reason: str) -> None:
        """Take the id, and the reason as a clause without a full stop."""
        super().__init__(f"note {note_id}: {reason}; `sanctuary note list` has them all")
        self.note_id = note_id


class UnfitSearch(DatabaseError):
    """What is searched for cannot be: the caller asks for less, or in other words."""

    def __init__(self, reason: str) -> None:
        """Take the reason as a clause without a full stop."""
        super().__init__(f"{reason}; search for fewer or other words")
        self.reason = reason

"""What a command did for one source, and what is made of an error that nobody expected."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from sqlite_utils import Database

from db.captures import record_problem
from db.errors import DatabaseError
from parsers.records import Problem
from sanctuary.clock import Clock
from sanctuary.errors import ClusterFails, CommandError
from scraper.errors import ArchiveUnreachable, NotArchived, ScraperError


@dataclass
class Outcome:
    """What a run or an import did for one source."""

    source_id: str
    new: int = 0
    """Documents that began an edition."""
    unchanged: int = 0
    """Documents that showed an edition that is held already."""
    gone: int = 0
    never_found: int = 0
    """Addresses that are not there and never gave a document: no news of the publisher."""
    held: int = 0
    failed: int = 0
    messages: list[str] = field(default_factory=list)
    """A line for each document that is held or could not be had or read."""

    def fail(self, message: str) -> None:
        """Count a failure, and say in one line what it was."""
        self.failed += 1
        self.messages.append(message)

    def is_empty(self) -> bool:
        """Say whether nothing was done at all."""
        return not (
            self.new or self.unchanged or self.gone or self.never_found or self.held or self.failed
        )


def counts_of(outcome: Outcome) -> dict[str, int]:
    """Return how often each thing came of a source, by its name; what did not is left out."""
    return {
        name: count for name, count in asdict(outcome).items() if isinstance(count, int) and count
    }


@contextmanager
def one_failure(db: Database, outcome: Outcome, what: str, clock: Clock) -> Iterator[None]:
    """Make what goes wrong inside a failure of this source, so that what follows still runs.

    It is kept as a problem of the source. What would go wrong for every source is raised: the
    archive cannot be reached, or it or the database cannot be written, or the cluster fails.
    """
    try:
        yield
    except (ArchiveUnreachable, ClusterFails, NotArchived, DatabaseError):
        raise
    except sqlite3.Error as error:
        if not isinstance(error, sqlite3.IntegrityError):
            raise
        _note(db, outcome, what, _unexpected(error), clock)
    except (CommandError, ScraperError) as error:
        _note(db, outcome, what, str(error), clock)
    except Exception as error:  # noqa: BLE001 - told and kept; other sources must not suffer
        _note(db, outcome, what, _unexpected(error), clock)


def _unexpected(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"unexpected {type(error).__name__}{f' ({said})' if said else ''}; please report it"


def _note(db: Database, outcome: Outcome, what: str, said: str, clock: Clock) -> None:
    outcome.fail(f"{what}: {said}")
    problem = Problem("failed", f"{what}: {said}")
    record_problem(db, outcome.source_id, None, problem, clock())

"""What differs between two answers of one source, each asked on the three clocks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from sqlite_utils import Database

from db.observations import KnownEdition, known_editions, observations
from db.sources import Source, load_source, source_ids
from db.timeline import ListState
from sanctuary.difference import Difference, difference, without_window
from sanctuary.stated import (
    NoSuchSource,
    NothingStated,
    Question,
    edition_of,
    state_in_words,
    stated_edition,
)
from sanctuary.wording import counted


def two_questions(
    as_of: tuple[str, ...], as_published_on: tuple[str, ...], as_known_on: str | None
) -> tuple[Question, ...]:
    """Return the questions of both sides, from two days on a clock or one that holds for both.

    With one day on each clock, the second question is what is newest; without a day, there is none.
    Raises ValueError for more than two days on a clock.
    """
    if max(len(as_of), len(as_published_on)) > 2:
        raise ValueError("a difference has two sides: give each option twice at most")
    if not as_of and not as_published_on:
        return ()
    if max(len(as_of), len(as_published_on)) == 1:
        days = next(iter(as_of), None), next(iter(as_published_on), None)
        return Question(*days, as_known_on), Question(as_known_on=as_known_on)
    periods, publics = (
        (*days, *days)[:2] if days else (None, None) for days in (as_of, as_published_on)
    )
    return tuple(
        Question(period, public, as_known_on)
        for period, public in zip(periods, publics, strict=True)
    )


def difference_as_known(
    db: Database, source_id: str, questions: tuple[Question, ...], known_on: str | None, today: str
) -> Difference:
    """Return what changed from the answer to the one question to that to the other.

    Without questions these are the last two editions, as known on a day. Raises NoSuchSource,
    NothingStated, and NoSuchEdition if a document is withheld.
    """
    if source_id not in source_ids(db):
        raise NoSuchSource(source_id, source_ids(db))
    source = load_source(db, source_id)
    before, after, said = _both(db, source, questions, known_on, today)
    one, other = edition_of(db, source, before), edition_of(db, source, after)
    if known_on is None:
        found = difference(db, one, other)
    else:
        start, end = _window(before, after)
        found = replace(without_window(db, one, other), observed_after=start, observed_by=end)
    return replace(found, caveats=(*said, *found.caveats))


def _both(
    db: Database,
    source: Source,
    questions: tuple[Question, ...],
    known_on: str | None,
    today: str,
) -> tuple[KnownEdition, KnownEdition, tuple[str, ...]]:
    """Return the two editions, and what became of either by the day it is asked about."""
    if questions:
        answers = [(each, *stated_edition(db, source, each, today)) for each in questions]
        (_, one, _), (_, other, _) = answers
        said = (
            state_in_words(edition, each, today, state)
            for each, edition, state in answers
            if state not in (None, ListState.PUBLIC)
        )
        return one, other, tuple(dict.fromkeys(said))
    editions = known_editions(source, observations(db, source.id, known_on))
    if len(editions) < 2:
        raise NothingStated(
            source.id,
            f"{counted(len(editions), 'edition')} known on {known_on}, and a difference needs two",
            f"`sanctuary show {source.id}` shows one",
        )
    return (*list(pairwise(editions))[-1], ())


def _window(before: KnownEdition, after: KnownEdition) -> tuple[str | None, str | None]:
    """Return between which two captures, of those known then, the one gave way to the other.

    A list shows one edition at a time; a report stays up beside the next.
    """
    if _order(after) <= _order(before):
        return None, None
    end = after.public_from
    seen = [each.captured_at for each in before.observations if each.captured_at < end]
    beside = (before.period_start, before.period_end) != (after.period_start, after.period_end)
    return (min(seen) if beside else max(seen)) if seen else None, end


def _order(edition: KnownEdition) -> tuple[str, str, int]:
    return (edition.period_start or "", edition.period_end or "", edition.revision)

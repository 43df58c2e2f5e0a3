"""What changed last, in sentences: few changes one by one, a long run of them as one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.comparison import load_editions
from db.log import LoggedChange, change_told
from db.news import Run, Step, newest_steps
from db.sources import load_source
from sanctuary.sentences import between, sentence, sentence_of_many
from sanctuary.site.changes_published import change_as_published

_ONE_BY_ONE = 4
"""So many changes of one step are told each; of more those of one kind share a sentence."""
_NAMED = 3
"""So many of them are named in it."""


@dataclass(frozen=True)
class Item:
    """One sentence of news: about one change, or about many of one kind."""

    said: str
    kind: str
    count: int
    public_id: str | None
    """Of the change, if it is one."""


@dataclass(frozen=True)
class News:
    """All that changed with one edition of a source, or once in its life."""

    source_id: str
    title: str
    publisher: str
    when: str
    """``between … and …``: never a moment."""
    observed_after: str | None
    observed_by: str
    items: tuple[Item, ...]
    before: str | None
    """The selector of the edition before it; None where there is none, or it is the same."""
    after: str | None
    """The selector of the edition that it made; None where it made none."""
    notice: str | None
    """What the document says of itself if it is no official one."""


def newest_news(db: Database, count: int, tables: Collection[str]) -> list[News]:
    """Return what changed last in any source, the newest first: ``count`` steps at most.

    Of changes to rows those to the ``tables`` that may be seen.
    """
    return [_news(db, step) for step in newest_steps(db, count, tables)]


def _news(db: Database, step: Step) -> News:
    publish = load_source(db, step.source_id).publish
    few = sum(len(run.public_ids) for run in step.runs) <= _ONE_BY_ONE
    told = [
        (
            run,
            [_told(db, each, publish) for each in run.public_ids[: _ONE_BY_ONE if few else _NAMED]],
        )
        for run in step.runs
    ]
    first = told[0][1][0]
    before, after = _selectors(db, step)
    return News(
        source_id=step.source_id,
        title=first.source_title,
        publisher=first.publisher,
        when=between(step.observed_after, step.observed_by),
        observed_after=step.observed_after,
        observed_by=step.observed_by,
        items=tuple(item for run, some in told for item in _items(run, some, few=few)),
        before=before,
        after=after,
        notice=first.notice,
    )


def _told(db: Database, public_id: str, publish: str) -> LoggedChange:
    return change_as_published(change_told(db, public_id), publish)


def _items(run: Run, some: list[LoggedChange], *, few: bool) -> Iterator[Item]:
    count = len(run.public_ids)
    if not few and count > 1:
        yield Item(sentence_of_many(some, count), run.kind, count, None)
        return
    for change in some:
        yield Item(sentence(change), change.kind, 1, change.public_id)


def _selectors(db: Database, step: Step) -> tuple[str | None, str | None]:
    ids = (step.edition_before_id, step.edition_after_id)
    found = {each.id: each.selector for each in load_editions(db, filter(None, ids))}
    before, after = (found.get(each or 0) for each in ids)
    return (None if before == after else before), after

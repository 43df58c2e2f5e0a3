"""Handing out what is queued: which rule wants it, to whom it goes, and when.

Each item is handed out once, by the rules of that moment: a rule that is added later tells of what
comes, not of what was. The database knows no rule; this module knows no message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

from sqlite_utils import Database

from db.deliveries import OVERTAKEN, Planned, deliveries_of, drop, plan, waiting_of
from db.log import LoggedChange, logged_by_ids
from db.outbox import CHANGE, HELD, Item, mark_handed_out, prune, queued
from db.settings import individual_rows
from db.targets import forget_targets
from parsers.records import INDIVIDUAL_TABLES
from sanctuary.clock import in_utc
from sanctuary.notify.digests import told_at
from sanctuary.notify.matching import Wish, look_up
from sanctuary.notify.returning import Returning
from sanctuary.notify.settings import AT_ONCE, OPERATORS, Rule
from sanctuary.sections import AMENDED, SILENT
from sanctuary.sentences import happened, is_readable_again
from sanctuary.sources import Sources

KEPT = timedelta(days=90)
"""How long it is known what became of an item."""
TOO_OLD = "it was public for too long before it was recorded here to be news"
NOBODY = "nobody asked for it"
NOT_SHOWN = "it is about individuals, of whom the site shows nothing"
CAME_BACK = "it came back within the grace period"
_NOTHING = (0, "", None, None)
_MAY_HAVE_COME = ("sent", "sending", "unknown")


def hand_out(db: Database, watched: Sources, now: str) -> int:
    """Decide of all that is queued whom it is told and when; return the number of deliveries.

    To be called when a command has written what it had to, and names are resolved. What was handed
    out long ago is forgotten.
    """
    with db.atomic():
        items = queued(db)
        if individual_rows(db) == "off":
            drop(db, waiting_of(db, INDIVIDUAL_TABLES), NOT_SHOWN, now)
        handing = _HandingOut(db, watched, now)
        planned = handing.plans(items) if items else []
        prune(db, in_utc(handing.now - KEPT))
        forget_targets(db, watched.settings.notify.targets)
    return len(planned)


class _HandingOut:
    """Hands out items by the rules of ``watched``."""

    def __init__(self, db: Database, watched: Sources, now: str) -> None:
        self._db = db
        self._watched = watched
        self._settings = watched.settings.notify
        self._returning = Returning(db, watched)
        self.now = datetime.fromisoformat(now)

    @cached_property
    def _wishes(self) -> list[Wish]:
        return look_up(self._db, self._watched)

    def plans(self, items: Iterable[Item]) -> list[Planned]:
        """Write the deliveries of ``items``, and of each item that it was handed out."""
        planned: list[Planned] = []
        reasons: list[tuple[int, str | None]] = []
        for item, found in self._each(items):
            if isinstance(found, str):
                reasons.append((item.id, found))
                continue
            # One target is told a thing once at a time, however many rules ask for it.
            own: dict[tuple[str, str], Planned] = {}
            for each in found:
                own.setdefault((each.target, each.due_at), each)
            plan(self._db, own.values())
            planned += own.values()
            reasons.append((item.id, None if own else NOBODY))
        mark_handed_out(self._db, reasons, in_utc(self.now))
        return planned

    def _each(self, items: Iterable[Item]) -> Iterator[tuple[Item, list[Planned] | str]]:
        """Yield each item with whom it is told, or with why nobody is told."""
        changes: list[Item] = []
        for item in items:
            if item.kind == CHANGE:
                changes.append(item)
            elif item.kind == HELD:
                yield item, self._of_held(item)
            else:
                yield item, list(self._of_target(item))
        yield from self._of_changes(changes)

    def _of_changes(self, items: list[Item]) -> Iterator[tuple[Item, list[Planned] | str]]:
        stands = _standing(self._db)
        ids: dict[int, Item] = {}
        off = individual_rows(self._db) == "off"
        for item in items:
            change_id, observed_by, recorded_at, table_name = stands.get(item.key, _NOTHING)
            if not change_id:
                yield item, OVERTAKEN
            elif self._is_too_old(observed_by, recorded_at):
                yield item, TOO_OLD
            elif not self._settings.targets:
                yield item, NOBODY
            elif off and table_name in INDIVIDUAL_TABLES:
                yield item, NOT_SHOWN
            else:
                ids[change_id] = item
        for item, change in zip(ids.values(), logged_by_ids(self._db, [*ids]), strict=True):
            yield item, self._of_change(item, change)

    def _of_change(self, item: Item, change: LoggedChange) -> list[Planned] | str:
        if self._returning.is_back(change):
            return CAME_BACK
        planned = [*self._to_operators(item, change), *self._by_rules(item, change)]
        went = self._returning.what_went(change)
        if went is None:
            return planned
        before = deliveries_of(self._db, CHANGE, went.public_id)
        drop(self._db, [each.id for each in before], CAME_BACK, in_utc(self.now))
        # Who was told that it went is told that it is back.
        told = {each.target for each in before if each.state in _MAY_HAVE_COME}
        return [each for each in planned if each.target in told] or CAME_BACK

    def _to_operators(self, item: Item, change: LoggedChange) -> Iterator[Planned]:
        if change.kind == "went_dark" or is_readable_again(change):
            yield from self._at_once(item, OPERATORS, self._settings.operators)

    def _by_rules(self, item: Item, change: LoggedChange) -> Iterator[Planned]:
        if change.kind == "went_dark" and self._came_and_is_held(change):
            return
        earliest = max(self.now, self._returning.waited_until(change))
        for wish in self._wishes:
            rule = wish.rule
            if wish.wants(change) and not self._is_mere_note(change, rule):
                at = in_utc(told_at(rule, self._settings, earliest))
                for target in rule.to:
                    yield Planned(item.id, rule.name, target, rule.when, at)

    def _came_and_is_held(self, change: LoggedChange) -> bool:
        """Say whether a source only counts as dark because a person has not decided yet."""
        found = self._db.execute(
            """SELECT 1 FROM captures JOIN readings USING (document_sha256, source_id)
            WHERE source_id = ? AND readings.status = 'held'
            AND captured_at > ? AND captured_at <= ?""",
            [change.source_id, change.observed_after, change.observed_by],
        )
        return found.fetchone() is not None

    def _is_mere_note(self, change: LoggedChange, rule: Rule) -> bool:
        """Say whether a rule is not told of a change because no word of the law is another."""
        words = happened(change)
        if not words or {AMENDED, SILENT} & {*words}:
            return False
        told = self._settings.codifier_notes
        return told == "never" or (told == "digest" and rule.when == AT_ONCE)

    def _of_held(self, item: Item) -> list[Planned] | str:
        source_id, sha256 = item.key.split(" ")
        public_from, recorded_at = self._db.execute(
            """SELECT min(captured_at), min(recorded_at) FROM captures
            WHERE document_sha256 = ? AND source_id = ?""",
            [sha256, source_id],
        ).fetchone()
        if self._is_too_old(public_from, recorded_at):
            return TOO_OLD
        planned = list(self._at_once(item, OPERATORS, self._settings.operators))
        for wish in self._wishes:
            if wish.wants_held(source_id):
                planned += self._at_once(item, wish.rule.name, wish.rule.to)
        return planned

    def _of_target(self, item: Item) -> Iterator[Planned]:
        """Tell of a target the operators by their other targets, else whoever can be told."""
        about = item.key.split(" ")[0]
        others = [each for each in self._settings.operators if each != about]
        if not others:
            others = [each for each in self._settings.targets if each != about]
        yield from self._at_once(item, OPERATORS, others)

    def _is_too_old(self, public_from: str, recorded_at: str | None) -> bool:
        """Say whether something was public for too long before this database had it.

        What it had in time stays news, however long a person takes to accept it.
        """
        had = self.now if recorded_at is None else datetime.fromisoformat(recorded_at)
        return had - datetime.fromisoformat(public_from) > self._settings.not_older_than

    def _at_once(self, item: Item, rule: str, to: Collection[str]) -> Iterator[Planned]:
        for target in to:
            yield Planned(item.id, rule, target, AT_ONCE, in_utc(self.now))


def _standing(db: Database) -> dict[str, tuple[int, str, str | None, str | None]]:
    """Return the queued changes that stand, by public id.

    Of each its id, when it was observed, when the capture of that was recorded, and its table.
    """
    rows = db.execute(
        """SELECT key, changes.id, observed_by,
            (SELECT min(captures.recorded_at) FROM captures
                WHERE captures.source_id = changes.source_id AND role IN ('document', 'index')
                AND captured_at = observed_by),
            table_name
        FROM outbox INDEXED BY outbox_queued
        JOIN changes ON public_id = key AND superseded_at IS NULL
        WHERE handed_out_at IS NULL AND outbox.kind = 'change'"""
    )
    return {row[0]: row[1:] for row in rows}

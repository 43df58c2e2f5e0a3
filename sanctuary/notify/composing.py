"""From what is to be told to the message that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.held import HeldReading, held_reading
from db.log import LoggedChange, changes_told
from db.outbox import CHANGE, HELD, WORKING, Item, held_reading_id
from db.settings import individual_rows
from db.sources import load_source
from db.targets import targets
from parsers.records import INDIVIDUAL_TABLES
from sanctuary.notify.changes_told import sections_of
from sanctuary.notify.harmless import harmless_title
from sanctuary.notify.links import PublicAddresses, link_of_held
from sanctuary.notify.message import LONGEST_TITLE, Entry, Group, Link, Message, Section
from sanctuary.sentences import sentence
from sanctuary.wording import counted, day_and_time, describe

UNOFFICIAL = "[no official document] "
"""Stands before a title where all that is told comes from documents that say so of themselves."""
_PROBLEMS = 5
"""Problems of a held reading that are named."""


@dataclass(frozen=True)
class Telling:
    """To whom and how a message goes."""

    rhythm: str
    """``at once``, ``daily`` or ``weekly``."""
    rules: tuple[str, ...]
    """The rules that asked for it."""
    site: str | None
    """Where the pages are; None if the settings do not say."""


def composed(db: Database, items: Sequence[Item], telling: Telling) -> Message:
    """Return the message that tells of ``items``, of which there is one at least."""
    of_targets = [_of_target(db, item) for item in items if item.kind not in (CHANGE, HELD)]
    held = [held_reading(db, held_reading_id(db, item)) for item in items if item.kind == HELD]
    changes = _changes(db, [item.key for item in items if item.kind == CHANGE])
    told = sections_of(db, changes, telling.site)
    sections = [
        *([Section("Notifications", (), (Group(None, tuple(of_targets)),))] if of_targets else []),
        *(_of_held(db, each, telling.site) for each in held),
        *told.sections,
    ]
    closing: list[str] = []
    links: list[Link] = []
    if changes:
        closing.append("A change has no moment: it was made between two captures.")
        if telling.site:
            links.append(Link("all changes", PublicAddresses(telling.site).changes()))
    by = "rule" if len(telling.rules) == 1 else "rules"
    closing.append(f"Sanctuary Tracker, {telling.rhythm}; {by}: {', '.join(telling.rules)}.")
    return Message(
        title=_title(db, changes, held, of_targets, telling.rhythm),
        sections=tuple(sections),
        closing=tuple(closing),
        links=tuple(links),
        left_out=told.left_out,
    )


def _changes(db: Database, public_ids: Sequence[str]) -> list[LoggedChange]:
    """Return the changes, but for counts of rows about individuals that the settings keep off."""
    changes = changes_told(db, public_ids)
    if individual_rows(db) != "off":
        return changes
    return [each for each in changes if each.table_name not in INDIVIDUAL_TABLES]


def _title(
    db: Database,
    changes: Sequence[LoggedChange],
    held: Sequence[HeldReading],
    of_targets: Sequence[Entry],
    rhythm: str,
) -> str:
    """Return the gist on one line: what is held and what fails before what changed."""
    said = [each.sentence for each in of_targets]
    if held:
        sources = [load_source(db, each.source_id) for each in held]
        names = dict.fromkeys(f"{source.title} ({source.publisher})" for source in sources)
        said.append(f"Held, not accepted: {'; '.join(names)}")
    if changes:
        said.append(_gist(changes))
    notices = [*(each.notice for each in changes), *(each.notice for each in held)]
    lead = UNOFFICIAL if notices and all(notices) and not of_targets else ""
    when = "" if rhythm == "at once" else f"{rhythm.capitalize()}: "
    return harmless_title(f"{lead}{when}{'; '.join(said)}", LONGEST_TITLE)


def _gist(changes: Sequence[LoggedChange]) -> str:
    if len(changes) == 1:
        return sentence(changes[0])
    count = counted(len(changes), "change")
    sources = dict.fromkeys(f"{each.source_title} ({each.publisher})" for each in changes)
    if len(sources) == 1:
        return f"{count} in {next(iter(sources))}"
    return f"{count} in {len(sources)} sources"


def _of_held(db: Database, held: HeldReading, site: str | None) -> Section:
    """Return what is said of a reading that was held, and of what became of it since."""
    source = load_source(db, held.source_id)
    name = f"{source.title} ({source.publisher})"
    which = held.file_name or held.document_sha256[:12]
    lines = [f"{check.message}." for check in held.failed if check.required]
    lines += [f"To look at: {check.message}." for check in held.failed if not check.required]
    lines += [f"A problem: {problem.message}." for problem in held.problems[:_PROBLEMS]]
    if len(held.problems) > _PROBLEMS:
        lines.append(f"And {counted(len(held.problems) - _PROBLEMS, 'problem')} more.")
    if held.status == "held":
        lines += [_meanwhile(held), *_how_to_decide(held)]
    elif held.decided_by:
        when = day_and_time(held.decided_at or "")
        lines.append(
            f"Since then it was {held.status} by {held.decided_by} on {when}: "
            f"{held.decision_reason}"
        )
    else:
        lines.append(f"Since then it is {held.status}.")
    waits = held.status == "held" and site
    to = PublicAddresses(site or "")
    entry = Entry(
        sentence=f"Held, not accepted: {name}, {which}",
        lines=tuple(lines),
        links=(link_of_held(to, held.source_id, held.document_sha256),) if waits else (),
    )
    return Section(name, (held.notice,) if held.notice else (), (Group(None, (entry,)),))


def _meanwhile(held: HeldReading) -> str:
    if held.before is None:
        return "Meanwhile nothing of it is shown; there is no edition to compare it with."
    if held.before.period:
        return f"Meanwhile {describe(held.before)} stays current."
    return (
        f"Meanwhile the edition first seen {day_and_time(held.before.public_from)} stays current."
    )


def _how_to_decide(held: HeldReading) -> list[str]:
    # The number of a reading is that of one database file; its document's hash stays.
    name = held.document_sha256[:12]
    return [
        f"`sanctuary held {name}` shows it; then `sanctuary accept {name} --reason …` or "
        f"`sanctuary reject {name} --reason …`."
    ]


def _of_target(db: Database, item: Item) -> Entry:
    """Return what is said of a target that fails, or works again."""
    name, _, since = item.key.partition(" ")
    if item.kind == WORKING:
        return Entry(f"The target {name} of notifications works again")
    state = next((each for each in targets(db) if each.name == name), None)
    lines = []
    if state is not None and state.last_error is not None:
        lines.append(f"The last attempt: {state.last_error}.")
    lines.append(
        "`sanctuary notify list` shows what waits for it; `sanctuary notify test` tries it."
    )
    sentence_of_it = f"The target {name} of notifications fails since {day_and_time(since)}"
    return Entry(sentence_of_it, tuple(lines))

"""What changed last, by edition: changes of one kind between the same two editions are one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlite_utils import Database

from parsers.records import INDIVIDUAL_TABLES

_ORDER = (
    *("withdrawn", "restored", "went_dark", "published"),
    *("removed", "added", "returned", "renamed", "changed", "corrected"),
)
"""What happened to a source before its rows, and what went before what came."""


@dataclass(frozen=True)
class Run:
    """Changes of one kind to rows of one table, or to the source itself."""

    kind: str
    table_name: str | None
    public_ids: tuple[str, ...]
    """In the order of the states and places that the changes print."""


@dataclass(frozen=True)
class Step:
    """All that changed from one edition of a source to the next, or once in its life."""

    source_id: str
    edition_before_id: int | None
    edition_after_id: int | None
    observed_after: str | None
    observed_by: str
    runs: tuple[Run, ...] = ()


def newest_steps(db: Database, count: int, tables: Collection[str]) -> list[Step]:
    """Return the newest ``count`` steps of all sources that changed anything, the newest first.

    Of changes to rows those to ``tables`` alone. Changes by replay are no news, and rows about
    individuals make none here.
    """
    wanted = sorted(frozenset(tables) - INDIVIDUAL_TABLES)
    rows = db.execute(
        f"""SELECT source_id, edition_before_id, edition_after_id, observed_after, observed_by,
            kind, table_name, coalesce(state, ''), coalesce(place, ''), row_key, public_id
        FROM changes WHERE superseded_at IS NULL AND cause != 'replay'
        AND (table_name IS NULL OR table_name IN ({", ".join("?" * len(wanted))}))
        ORDER BY observed_by DESC, id DESC""",
        wanted,
    )
    found: dict[Step, dict[tuple[str, str | None], list[tuple[str, ...]]]] = {}
    for *step, kind, table, state, place, row_key, public_id in rows:
        key = Step(*step)
        if key not in found:
            # Of one second all are read: which of them are shown does not depend on their ids.
            if len(found) >= count and next(reversed(found)).observed_by != key.observed_by:
                break
            found[key] = defaultdict(list)
        found[key][kind, table].append((state, place, row_key, public_id))
    steps = [_with_runs(step, found[step]) for step in found]
    # By nothing that depends on the order of loading.
    steps.sort(
        key=lambda step: (step.source_id, step.observed_after or "", step.runs[0].public_ids)
    )
    return sorted(steps, key=lambda step: step.observed_by, reverse=True)[:count]


def _with_runs(step: Step, by_kind: dict[tuple[str, str | None], list[tuple[str, ...]]]) -> Step:
    runs = [
        Run(kind, table, tuple(change[-1] for change in sorted(changes)))
        for (kind, table), changes in by_kind.items()
    ]
    runs.sort(key=lambda run: (_ORDER.index(run.kind), run.table_name or ""))
    return Step(
        step.source_id,
        step.edition_before_id,
        step.edition_after_id,
        step.observed_after,
        step.observed_by,
        tuple(runs),
    )

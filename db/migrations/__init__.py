"""The schema, one step a release. A step that was released is never edited."""

from __future__ import annotations

from sqlite_utils import Database

# The steps are taken in the order in which they are imported.
# isort: off
from db.migrations import first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth
from db.migrations import eleventh, twelfth, thirteenth, fourteenth

# isort: on
from db.migrations.registry import migrations

APPLICATION_ID = 0x53544B52
"""``STKR``: the mark by which our pages know a database as the tracker's."""
STEPS = (
    first.m001_first_schema,
    second.m002_fetching_on_a_schedule,
    third.m003_policies,
    fourth.m004_claims_and_law,
    fifth.m005_parts_of_documents,
    sixth.m006_identity_and_lists,
    seventh.m007_three_clocks,
    eighth.m008_one_identity,
    ninth.m009_rows_of_any_table,
    tenth.m010_corrected_rows,
    eleventh.m011_what_stands,
    twelfth.m012_prepared,
    thirteenth.m013_growing,
    fourteenth.m014_outbox,
)
MIGRATION_NAMES = frozenset(step.name for step in migrations.pending(Database(memory=True)))
"""Every step known to this version."""

__all__ = ["APPLICATION_ID", "MIGRATION_NAMES", "STEPS", "migrations"]

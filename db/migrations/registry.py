"""The steps of the schema in their order, kept by sqlite-utils."""

from __future__ import annotations

from sqlite_utils.migrations import Migrations

migrations = Migrations("sanctuary-tracker")

"""Databases of another version: they lack what our pages are made from, or mean it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from datasette.views.base import DatasetteError

from db.connection import is_older, steps_of_later
from sanctuary.site.ours import read

if TYPE_CHECKING:
    from datasette.database import Database

_SAID = (
    "This history was written by an earlier version, and this page needs what that one did not "
    "keep. `sanctuary run` brings it up to date; its tables are shown meanwhile."
)
_NEWER = (
    "This history was written by a newer version, and this page could say something wrong of it. "
    "`pip install --upgrade sanctuary-tracker` helps; its tables are shown meanwhile."
)
_up_to_date: WeakSet[Database] = WeakSet()


async def refuse_older(database: Database) -> None:
    """Answer with the status 503 if a database of ours has another schema than that of today.

    Raises DatasetteError, which Datasette shows as a page or as JSON.
    """
    if database in _up_to_date:
        return
    if await read(database, is_older):
        raise DatasetteError(_SAID, title="This history is not up to date", status=503)
    if await read(database, steps_of_later):
        raise DatasetteError(_NEWER, title="This history is of a newer version", status=503)
    _up_to_date.add(database)

"""What Datasette asks of its metadata again and again, and is asked once here.

For each table that a page mentions it copies all metadata, deeply, to see who may see that table: a
twentieth of a second for ten tables. What a file says does not change while it is served; where a
plugin has a say, it is asked each time.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from datasette.plugins import pm

if TYPE_CHECKING:
    from datasette.app import Datasette


def ask_metadata_once(datasette: Datasette) -> None:
    """Let what the metadata say of who may see a table be looked up once for each table."""
    if not pm.hook.get_metadata.get_hookimpls():
        datasette._table_permission_allows = cache(datasette._table_permission_allows)

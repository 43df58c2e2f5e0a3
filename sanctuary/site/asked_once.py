"""What Datasette asks of its metadata again and again, and is asked once here.

For each table that a page mentions it copies all metadata, deeply, to see who may see that table: a
twentieth of a second for ten tables. What a file says does not change while it is served; where a
plugin has a say, it is asked each time.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette.app import Datasette


def ask_metadata_once(datasette: Datasette) -> None:
    """Let what the metadata say of who may see a table be looked up once for each table."""
    # At the top of this module it would look for plugins while this one is half imported.
    plugins = importlib.import_module("datasette.plugins").pm
    if not plugins.hook.get_metadata.get_hookimpls():
        datasette._table_permission_allows = cache(datasette._table_permission_allows)

"""What stands around every page of a site with a database of ours: menu, search, landmarks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from jinja2 import Environment

from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import our_databases

if TYPE_CHECKING:
    from datasette.app import Datasette


@hookimpl
def prepare_jinja2_environment(
    env: Environment, datasette: Datasette
) -> Callable[[], Awaitable[None]]:
    """Tell all templates whether Datasette's own pages get our frame (``base.html``).

    It is no variable of a page: Datasette asks no plugin for those of its pages of errors.
    """

    async def prepare() -> None:
        env.globals["sanctuary_framed"] = bool(await our_databases(datasette))

    return prepare

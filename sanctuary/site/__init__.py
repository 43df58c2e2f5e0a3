"""The pages, as a Datasette plugin: it does nothing to a database that is not the tracker's."""

from __future__ import annotations

from sanctuary.site.frame import prepare_jinja2_environment
from sanctuary.site.hardening import asgi_wrapper, prepare_connection, startup
from sanctuary.site.marks import render_cell
from sanctuary.site.navigation import (
    database_actions,
    extra_template_vars,
    menu_links,
)
from sanctuary.site.permissions import permission_allowed
from sanctuary.site.routes import register_routes
from sanctuary.site.unfit import handle_exception

__all__ = [
    "asgi_wrapper",
    "database_actions",
    "extra_template_vars",
    "handle_exception",
    "menu_links",
    "permission_allowed",
    "prepare_connection",
    "prepare_jinja2_environment",
    "register_routes",
    "render_cell",
    "startup",
]

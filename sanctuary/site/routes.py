"""The addresses of our pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanctuary.site import compare, front, held, place, policy, report, search
from sanctuary.site.hooks import hookimpl


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Give every database of ours its pages."""
    return [
        (r"/$", front.respond_home),
        (r"/(?P<database>[^/\.]+)/-/front(\.(?P<form>json))?$", front.respond),
        (r"/(?P<database>[^/\.]+)/-/compare(\.(?P<form>json|csv|md))?$", compare.respond),
        (r"/(?P<database>[^/\.]+)/-/held$", held.respond),
        (r"/(?P<database>[^/\.]+)/-/search(\.(?P<form>json))?$", search.respond),
        (
            r"/(?P<database>[^/\.]+)/-/report(/(?P<source>[^/\.]+)(/(?P<selector>[^/\.]+))?)?"
            r"(\.(?P<form>json))?$",
            report.respond,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/place(/(?P<place>[a-z0-9/-]+))?(\.(?P<form>json))?$",
            place.respond,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/policy/(?P<source>[^/\.]+)(\.(?P<form>json))?$",
            policy.respond,
        ),
    ]

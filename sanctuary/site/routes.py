"""The addresses of our pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanctuary.site import (
    api,
    change,
    changes,
    compare,
    database_file,
    document,
    document_file,
    download,
    downloads,
    evidence,
    front,
    health,
    held,
    place,
    policies,
    policy,
    report,
    search,
)
from sanctuary.site.hooks import hookimpl


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Give every database of ours its pages."""
    return [
        (r"/$", front.respond_home),
        (r"/(?P<database>[^/\.]+)/-/front(\.(?P<form>json))?$", front.respond),
        (r"/(?P<database>[^/\.]+)/-/compare(\.(?P<form>json|csv|md))?$", compare.respond),
        (r"/(?P<database>[^/\.]+)/-/held$", held.respond),
        (r"/(?P<database>[^/\.]+)/-/health(\.(?P<form>json))?$", health.respond),
        (r"/(?P<database>[^/\.]+)/-/changes(\.(?P<form>json|csv|atom))?$", changes.respond),
        (
            r"/(?P<database>[^/\.]+)/-/change/(?P<public_id>[^/\.]+)(\.(?P<form>json))?$",
            change.respond,
        ),
        (r"/(?P<database>[^/\.]+)/-/api$", api.respond),
        (r"/(?P<database>[^/\.]+)/-/downloads(\.(?P<form>json|csv))?$", downloads.respond),
        (r"/(?P<database>[^/\.]+)/-/database\.db$", database_file.respond),
        (
            r"/(?P<database>[^/\.]+)/-/download/(?P<table>[a-z0-9_]+)"
            r"\.(?P<form>csv|json|parquet)$",
            download.respond,
        ),
        (r"/(?P<database>[^/\.]+)/-/search(\.(?P<form>json))?$", search.respond),
        (
            r"/(?P<database>[^/\.]+)/-/evidence/(?P<source>[^/\.]+)/(?P<sha256>[0-9a-f]{64})"
            r"/(?P<table>[^/\.]+)/(?P<position>[1-9][0-9]{0,8})(\.(?P<form>json))?$",
            evidence.respond,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/document/(?P<sha256>[0-9a-f]{64})(\.(?P<form>json))?$",
            document.respond,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/document/(?P<sha256>[0-9a-f]{64})/file$",
            document_file.respond,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/document/(?P<sha256>[0-9a-f]{64})"
            r"/page/(?P<page>[1-9][0-9]{0,3})\.png$",
            document_file.respond_page,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/report(/(?P<source>[^/\.]+)(/(?P<selector>[^/\.]+))?)?"
            r"(\.(?P<form>json))?$",
            report.respond,
        ),
        (
            r"/(?P<database>[^/\.]+)/-/place(/(?P<place>[a-z0-9/-]+))?(\.(?P<form>json))?$",
            place.respond,
        ),
        (r"/(?P<database>[^/\.]+)/-/policy(\.(?P<form>json))?$", policies.respond),
        (
            r"/(?P<database>[^/\.]+)/-/policy/(?P<source>[^/\.]+)(\.(?P<form>json))?$",
            policy.respond,
        ),
    ]

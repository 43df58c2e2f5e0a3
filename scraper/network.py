"""How the operator's network lets requests out, and whom it believes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Network:
    """Who asks, and through what. Nothing of it is taken from the environment."""

    user_agent: str
    """As every request says it: ``product/version (+contact)``. robots.txt knows the product."""
    allow_hosts: Collection[str] = ()
    """Private ``host:port`` that the gate lets pass."""
    proxy: str | None = None
    """``http://host:port`` or https, through which all requests go. It resolves the names."""
    proxy_login: str | None = field(default=None, repr=False)
    """``user:password`` for the proxy."""
    ca_bundle: Path | None = None
    """A file of certificates (PEM) that are believed in place of the usual ones."""

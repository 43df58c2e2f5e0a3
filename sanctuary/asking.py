"""The one client that all requests of a command go through, as the settings want it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import platformdirs

from sanctuary import __version__
from sanctuary.clock import Clock
from sanctuary.errors import HalfAKey, NoLogin
from sanctuary.secrets import Secrets
from sanctuary.sources import Settings
from scraper.client import Client
from scraper.manners import Manners
from scraper.network import Network
from scraper.timing import Timing
from scraper.wayback import PACE_SECONDS

TIMING = Timing()
"""How requests wait for their turn; tests put one in its place that does not."""


Waiting = Callable[[], AbstractContextManager[None]]
"""Entered for as long as a document is being fetched."""


def new_client(
    settings: Settings,
    clock: Clock,
    waiting: Waiting = nullcontext,
    made: type[Client] = Client,
) -> Client:
    """Return the client of a command, of the class ``made``; use it as a context manager.

    What processes of this machine have to agree on is kept in the user's cache folder. Raises
    NoLogin if the secret that holds the proxy's login is not there, HalfAKey if some of those of a
    key are, BadSecrets for a file of secrets and BadNetwork for a setting that cannot be used.
    """
    secrets = Secrets(settings.secrets)
    network = Network(
        user_agent=settings.user_agent(__version__),
        allow_hosts=settings.allow_hosts,
        proxy=settings.proxy,
        proxy_login=_login(secrets, settings.proxy_login),
        ca_bundle=settings.ca_bundle,
        keys=_keys(secrets, settings.keys),
        connections=settings.hosts_at_once,
    )
    manners = Manners(
        shared=platformdirs.user_cache_path("sanctuary-tracker", appauthor=False) / "hosts",
        delay_seconds=settings.delay.total_seconds(),
    )
    return made(network, manners, clock, timing=TIMING, waiting=waiting)


def new_wayback_client(settings: Settings, clock: Clock, waiting: Waiting = nullcontext) -> Client:
    """Return a client that asks no more often than the Wayback Machine can bear."""
    pace = max(settings.delay, timedelta(seconds=PACE_SECONDS))
    return new_client(settings.model_copy(update={"delay": pace}), clock, waiting)


def _login(secrets: Secrets, name: str | None) -> str | None:
    if name is None:
        return None
    login = secrets.get(name)
    if login is None:
        raise NoLogin(name)
    return login


def _keys(secrets: Secrets, wanted: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return by host the headers of the keys that there are; empty is as good as not set.

    A host without a key is asked without: the file of sources may be somebody else's.
    """
    keys = {}
    for host, names in wanted.items():
        found = {header: secrets.get(name) for header, name in names.items()}
        missing = [name for header, name in names.items() if found[header] is None]
        if not missing:
            keys[host] = {header: value for header, value in found.items() if value}
        elif len(missing) < len(names):
            raise HalfAKey(host, missing[0])
    return keys

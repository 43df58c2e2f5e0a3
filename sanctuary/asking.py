"""The one client that all requests of a command go through, as the settings want it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import platformdirs

from sanctuary import __version__
from sanctuary.clock import Clock
from sanctuary.errors import HalfAKey, NoLogin
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
    NoLogin if the environment lacks the variable that holds the proxy's login, HalfAKey if it has
    some of the variables of a key only, and BadNetwork if a setting cannot be used.
    """
    network = Network(
        user_agent=settings.user_agent(__version__),
        allow_hosts=settings.allow_hosts,
        proxy=settings.proxy,
        proxy_login=_login(settings.proxy_login),
        ca_bundle=settings.ca_bundle,
        keys=_keys(settings.keys),
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


def _login(variable: str | None) -> str | None:
    if variable is None:
        return None
    try:
        return os.environ[variable]
    except KeyError:
        raise NoLogin(variable) from None


def _keys(wanted: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return by host the headers of the keys that there are; empty is as good as not set.

    A host without a key is asked without: the file of sources may be somebody else's.
    """
    keys = {}
    for host, variables in wanted.items():
        missing = [name for name in variables.values() if not os.environ.get(name)]
        if not missing:
            keys[host] = {header: os.environ[name] for header, name in variables.items()}
        elif len(missing) < len(variables):
            raise HalfAKey(host, missing[0])
    return keys

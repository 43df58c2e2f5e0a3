"""The one client that all requests of a command go through, as the settings want it."""

from __future__ import annotations

import os
from datetime import timedelta

import platformdirs

from sanctuary import __version__
from sanctuary.clock import Clock
from sanctuary.errors import NoLogin
from sanctuary.sources import Settings
from scraper.client import Client
from scraper.manners import Manners
from scraper.network import Network
from scraper.timing import Timing
from scraper.wayback import PACE_SECONDS

TIMING = Timing()
"""How requests wait for their turn; tests put one in its place that does not."""


def new_client(settings: Settings, clock: Clock) -> Client:
    """Return the client of a command; use it as a context manager.

    What processes of this machine have to agree on is kept in the user's cache folder. Raises
    NoLogin if the environment lacks the variable that holds the proxy's login, and BadNetwork if a
    setting cannot be used.
    """
    network = Network(
        user_agent=settings.user_agent(__version__),
        allow_hosts=settings.allow_hosts,
        proxy=settings.proxy,
        proxy_login=_login(settings.proxy_login),
        ca_bundle=settings.ca_bundle,
    )
    manners = Manners(
        shared=platformdirs.user_cache_path("sanctuary-tracker", appauthor=False) / "hosts",
        delay_seconds=settings.delay.total_seconds(),
    )
    return Client(network, manners, clock, timing=TIMING)


def new_wayback_client(settings: Settings, clock: Clock) -> Client:
    """Return a client that asks no more often than the Wayback Machine can bear."""
    pace = max(settings.delay, timedelta(seconds=PACE_SECONDS))
    return new_client(settings.model_copy(update={"delay": pace}), clock)


def _login(variable: str | None) -> str | None:
    if variable is None:
        return None
    try:
        return os.environ[variable]
    except KeyError:
        raise NoLogin(variable) from None

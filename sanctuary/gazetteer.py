"""The gazetteer as commands ask for it: what takes long is said, what fails is one line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sanctuary.errors import CommandError

if TYPE_CHECKING:
    from places.gazetteer import Gazetteer


class CannotResolve(CommandError):
    """The gazetteer cannot be had: names wait until it can."""


def load_places() -> Gazetteer:
    """Return the gazetteer; on a terminal it is said if it has to be made first.

    Raises CannotResolve if the data packages cannot be read.
    """
    # Most commands never ask, and need not wait until this is loaded.
    from places.gazetteer import load_gazetteer
    from places.kept import NoPlaces, is_kept

    if sys.stderr.isatty() and not is_kept():
        click.echo("Making the list of places from the data packages, up to a minute…", err=True)
    try:
        return load_gazetteer()
    except NoPlaces as error:
        raise CannotResolve(str(error)) from error

"""The option of all commands that read many documents: ``--cluster``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

_ADDRESS = re.compile(r"(tcp|tls)://[^/?#@\s]+:\d+")


def _checked(_: click.Context, __: click.Parameter, address: str | None) -> str | None:
    if address is not None and not _ADDRESS.fullmatch(address):
        raise click.BadParameter(f"{address!r} is no address like tcp://10.0.0.5:8786")
    return address


def cluster_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--cluster``; it takes the address of a scheduler, or None."""
    return click.option(
        "--cluster",
        metavar="ADDRESS",
        callback=_checked,
        help="Read on the Dask cluster whose scheduler is at tcp://HOST:PORT.",
    )(command)

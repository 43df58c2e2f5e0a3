"""Where an archive can be: in a folder of this machine, or at an address that fsspec knows.

The address is the operator's own, never one that was scraped, so that the gate does not look at
it. It holds no password: each backend has its own way to be told one, by the environment or by a
file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from scraper.errors import BadArchiveAddress
from scraper.local_shelf import LocalShelf
from scraper.remote_shelf import RemoteShelf
from scraper.shelf import Shelf

_NAMED = re.compile(r"[A-Za-z0-9_\[][A-Za-z0-9_.:\[\]-]*")
"""A user, server or bucket. ``~/.ssh/config`` can hand the first two to a program, which must not
take them for options or commands."""
_SCHEME = re.compile("([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True)
class _Backend:
    """What is to be known of a protocol of fsspec."""

    renames: bool = False
    """Whether a file is whole only once it is renamed; an object store puts it as a whole."""
    user: bool = False
    """Whether the part before the host names a user or a container, which is no secret."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What its file system is told."""


_UNLISTED = {"use_listings_cache": False}
"""What a store holds is asked each time: others put there, too."""
_SSH = {
    # Else sshfs believes any server; so asyncssh asks the file ~/.ssh/known_hosts.
    "known_hosts": (),
    "connect_timeout": 15,
    "login_timeout": 30,
    # A server that says nothing for three times as many seconds is gone.
    "keepalive_interval": 15,
}
_BACKENDS = {
    # With more at once it asks for the length of an object before it reads that.
    "s3": _Backend(options={**_UNLISTED, "max_concurrency": 1}),
    "gs": _Backend(options=_UNLISTED),
    "az": _Backend(user=True, options=_UNLISTED),
    "abfs": _Backend(user=True, options=_UNLISTED),
    "sftp": _Backend(renames=True, user=True, options=_SSH),
    "memory": _Backend(),
}
ALLOWED = (
    "a folder as an absolute path",
    # What is in memory lasts no longer than who asks.
    *(f"{name}://" for name in _BACKENDS if name != "memory"),
)


def shelf_at(address: str | Path) -> Shelf:
    """Return the shelf of an address. Nothing is asked or made yet.

    Raises BadArchiveAddress for one where no archive can be.
    """
    if isinstance(address, Path):
        return LocalShelf(address)
    scheme = _SCHEME.match(address)
    if scheme is None or scheme[1].lower() == "file":
        return LocalShelf(_folder(address))
    protocol = scheme[1].lower()
    backend = _BACKENDS.get(protocol)
    if backend is None:
        raise BadArchiveAddress(f"{scheme[1]}:// keeps no archive; allowed: {', '.join(ALLOWED)}")
    _check(address, backend)
    # fsspec knows protocols in lower case only.
    address = f"{protocol}{address[len(protocol) :]}".rstrip("/")
    return RemoteShelf(address, backend.options, renames=backend.renames)


def _folder(address: str) -> Path:
    parts = urlsplit(address) if "://" in address else None
    if parts is not None and parts.netloc not in ("", "localhost"):
        raise BadArchiveAddress("a file:// of another machine is none of this one; mount it here")
    path = Path(unquote(parts.path) if parts is not None else address)
    if not path.is_absolute() or re.search(r"[\x00-\x1f]", str(path)):
        raise BadArchiveAddress(f"it is neither a folder as an absolute path nor {ALLOWED[1]} …")
    return path


def _check(address: str, backend: _Backend) -> None:
    try:
        parts = urlsplit(address)
        is_port = parts.port != 0
    except ValueError:
        # What Python says of it can quote a login.
        raise BadArchiveAddress("it is no address that can be read") from None
    login, _, host = parts.netloc.rpartition("@")
    if ":" in login or (login and not backend.user):
        raise BadArchiveAddress(
            "no login belongs in it: the backend takes that from the environment or a file"
        )
    if parts.query or parts.fragment or "::" in address or re.search(r"[\s\x00-\x1f\\]", address):
        raise BadArchiveAddress("no ?, #, ::, backslash or white space belongs in it")
    if not host and parts.scheme != "memory":
        raise BadArchiveAddress("it names no bucket or server")
    if not (is_port and all(_NAMED.fullmatch(each) for each in (login, host) if each)):
        raise BadArchiveAddress("no bucket, user or server has such a name or port")

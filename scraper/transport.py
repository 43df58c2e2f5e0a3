"""What of the connection vouches for a capture: who was really talked to, and how."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Tls:
    """What was agreed on, and who the other side said it was."""

    version: str | None
    """``TLSv1.3``."""
    cipher: str | None
    fingerprint: str | None
    """The sha256 of the server's certificate (DER), 64 lower-case digits."""
    verified: bool
    """Whether somebody who is trusted vouched for the certificate."""


@dataclass(frozen=True)
class Connection:
    """The connection that an answer came by."""

    http_version: str
    """``HTTP/1.1`` or ``HTTP/2``."""
    peer: str | None
    """``ip:port`` at the other end; the proxy's, where there is one."""
    tls: Tls | None
    """None for http."""


@dataclass(frozen=True)
class Transport:
    """How a capture was made."""

    http_version: str | None
    """None, as ``peer``, if there was no answer."""
    peer: str | None
    tls: Tls | None
    intercepted_by: str | None
    """What the operator's settings put between: ``proxy …``, ``ca_bundle …``; None if nothing."""
    redirects: tuple[str, ...]
    """The addresses that led on, in order; the one that answered is not among them."""
    attempts: tuple[str, ...]
    """What came of each request before the last, a clause each."""
    seconds: float
    """From the beginning of the fetch to its end, waiting included."""

    def to_json(self) -> str:
        """Return it as a JSON object, the same for the same facts."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def connection_of(response: httpx.Response, verified: bool) -> Connection:
    """Return the connection of a response whose body is still to come: afterwards it is closed."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream else None
    return Connection(
        http_version=response.http_version,
        peer=_peer(peer) if peer else None,
        tls=_tls(stream.get_extra_info("ssl_object") if stream else None, verified),
    )


def _peer(address: tuple[Any, ...]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _tls(session: Any, verified: bool) -> Tls | None:
    if session is None:
        return None
    certificate = session.getpeercert(True)
    cipher = session.cipher()
    return Tls(
        version=session.version(),
        cipher=cipher[0] if cipher else None,
        fingerprint=hashlib.sha256(certificate).hexdigest() if certificate else None,
        verified=verified,
    )

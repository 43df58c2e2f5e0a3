"""How the operator's network lets requests out, and whom it believes.

Nothing is taken from the environment: neither a proxy nor a certificate may come between unseen.
What the settings put between is recorded with every capture.
"""

from __future__ import annotations

import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpcore
import httpx

from scraper.errors import BadNetwork


@dataclass(frozen=True)
class Network:
    """Who asks, and through what."""

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
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """By host: the headers that carry the operator's key for its API."""
    connections: int = 10
    """At a time, to all hosts together."""

    @property
    def product(self) -> str:
        """The product of the User-Agent, as robots.txt names it (RFC 9309, section 2.2.1)."""
        return self.user_agent.partition("/")[0]

    @property
    def intercepted_by(self) -> str | None:
        """What the settings put between the tool and a server, None if nothing."""
        between = [f"proxy {self.proxy}"] if self.proxy else []
        if self.ca_bundle:
            between.append(f"ca_bundle {self.ca_bundle}")
        return ", ".join(between) or None

    def open_hosts(self) -> set[str]:
        """Return the ``host:port`` that may be private: those allowed, and the proxy."""
        if self.proxy is None:
            return set(self.allow_hosts)
        url = _proxy_url(self.proxy)
        port = url.port or (443 if url.scheme == "https" else 80)
        host = f"[{url.host}]" if ":" in url.host else url.host
        return {*self.allow_hosts, f"{host}:{port}"}

    def trust(self, verify: bool) -> ssl.SSLContext:
        """Return whom a connection believes: anyone, where it is not to verify.

        Raises BadNetwork if the file of certificates cannot be used.
        """
        if not verify:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        if self.ca_bundle is None:
            return httpx.create_ssl_context(trust_env=False)
        try:
            return ssl.create_default_context(cafile=str(self.ca_bundle))
        except (OSError, ValueError) as error:
            reason = f"{self.ca_bundle} holds no certificates that can be read ({error})"
            raise BadNetwork("ca_bundle", reason) from None


class Pool(httpx.HTTPTransport):
    """httpx's transport over connections of our own making, for which it has no argument."""

    def __init__(
        self, network: Network, backend: httpcore.NetworkBackend, verify_tls: bool
    ) -> None:
        """Take what connects to hosts. Raises BadNetwork if a setting cannot be used."""
        trust, most = network.trust(verify_tls), network.connections
        if network.proxy is None:
            self._pool = httpcore.ConnectionPool(
                ssl_context=trust,
                max_connections=most,
                max_keepalive_connections=most,
                http2=True,
                keepalive_expiry=5.0,
                network_backend=backend,
            )
            return
        url = _proxy_url(network.proxy)
        user, _, password = (network.proxy_login or "").partition(":")
        self._pool = httpcore.HTTPProxy(
            proxy_url=str(url),
            proxy_auth=(user.encode(), password.encode()) if user else None,
            proxy_ssl_context=network.trust(True) if url.scheme == "https" else None,
            ssl_context=trust,
            max_connections=most,
            max_keepalive_connections=most,
            http2=True,
            keepalive_expiry=5.0,
            network_backend=backend,
        )


def _proxy_url(proxy: str) -> httpx.URL:
    try:
        url = httpx.URL(proxy)
    except (httpx.InvalidURL, UnicodeError):
        raise BadNetwork("proxy", "the address cannot be read") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise BadNetwork("proxy", "it is no http://host:port or https://host:port")
    if url.userinfo:
        raise BadNetwork("proxy", "it holds a password, which goes into proxy_login")
    return url

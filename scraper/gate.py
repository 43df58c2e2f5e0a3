"""The gate that every request passes, each redirect too: addresses come from outside.

Only http and https to public hosts. A name that resolves to any private, loopback, link-local,
shared (RFC 6598), multicast or reserved address is refused, unless the operator's allow-list names
the host and port. The connection goes to an address that was checked: the name is not asked for
again, when the answer could be another one.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection, Iterable
from contextlib import suppress

import httpcore
import httpx

from scraper.errors import NotResolved, Refused

_NOT_NAMED = ", and settings.allow_hosts does not name it"
_USERINFO = re.compile(r"[^/?#]*//[^/?#]*@")
_ASSIGNED = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out for the public internet (IANA, IPv6 Address Space)."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 as networks without it see it (RFC 6052)."""
_SPECIAL = (
    # Of IANA's special-purpose registries, what older versions of `ipaddress` call global.
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),
    ipaddress.IPv6Network("3fff::/20"),
)


def admit(address: str) -> httpx.URL:
    """Return ``address`` as the client is to request it, so that none reads it differently.

    A fragment is no part of that (RFC 9110, section 7.1). What its host is at is checked by
    ``Gate`` when the connection is made. Raises Refused with the reason.
    """
    if "\\" in address or any(char.isspace() for char in address):
        raise Refused(address, "the address has a backslash or a blank")
    if _USERINFO.match(address):
        raise Refused(address, "the address holds a user name or a password")
    try:
        url = httpx.URL(address.partition("#")[0])
        host = url.host
    # idna's errors are UnicodeErrors; httpx lets those of a false `xn--` name through.
    except (httpx.InvalidURL, UnicodeError):
        raise Refused(address, "the address cannot be read") from None
    if url.scheme not in ("http", "https"):
        raise Refused(address, f"{url.scheme or 'no scheme'} is neither http nor https")
    if not host:
        raise Refused(address, "the address names no host")
    if url.port is not None and not 0 < url.port < 65536:
        raise Refused(address, f"{url.port} is no port")
    return url


def origin(url: httpx.URL) -> str:
    """Return scheme, host and port of an address that was admitted (RFC 6454, section 4)."""
    return str(url.copy_with(raw_path=b"/")).rstrip("/")


def check_literal(url: httpx.URL, allow_hosts: Collection[str]) -> None:
    """Check what can be checked of an address whose name a proxy is to resolve.

    Raises Refused if the host is this machine by name, or an IP address that is not public, in
    whatever form systems read one (``127.1``, ``2130706433``), and not allowed all the same.
    """
    host = url.host.rstrip(".")
    where = _where(url.host, url.port or (443 if url.scheme == "https" else 80))
    if where in allow_hosts:
        return
    if host == "localhost" or host.endswith(".localhost"):
        raise Refused(where, f"it is this machine{_NOT_NAMED}")
    address = _literal(host)
    if address is not None and not is_public(address):
        raise Refused(where, f"it is {address}, which is not public{_NOT_NAMED}")


class Gate(httpcore.NetworkBackend):
    """The network as the client sees it: it resolves a name, checks what it is at, and connects."""

    def __init__(self, allow_hosts: Collection[str], network: httpcore.NetworkBackend) -> None:
        """Take which ``host:port`` may be private, and the network that connects to addresses."""
        self._allow_hosts = frozenset(allow_hosts)
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address of ``host`` that answers.

        Raises Refused if any of its addresses is not public, NotResolved if it has none just now,
        and httpcore's ConnectError or TimeoutException if none answers.
        """
        *others, last = self._checked(host, port)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
        return self._network.connect_tcp(last, port, timeout, local_address, socket_options)

    def _checked(self, host: str, port: int) -> list[str]:
        addresses = _resolve(host, port)
        where = _where(host, port)
        if where not in self._allow_hosts:
            for address in addresses:
                if not is_public(address):
                    raise Refused(where, f"it is at {address}, which is not public{_NOT_NAMED}")
        return addresses


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet.

    An IPv4 address within an IPv6 one (mapped, NAT64, 6to4) is what counts of it.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _embedded(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _ASSIGNED:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in each for each in _SPECIAL)


def _where(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _literal(host: str) -> str | None:
    """Return the IP address that a host is, None if it is a name."""
    with suppress(ValueError):
        return str(ipaddress.ip_address(host.partition("%")[0]))
    with suppress(OSError, ValueError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour


def _resolve(host: str, port: int) -> list[str]:
    """Return the addresses of ``host`` in the order in which the system would try them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, OverflowError):
        raise NotResolved(host, "the name has no address") from None
    if not found:
        raise NotResolved(host, "the name has no address")
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))

"""The gate that every request passes, each redirect too: addresses come from outside.

Only http and https to public hosts. A name that resolves to any private, loopback, link-local,
shared (RFC 6598), multicast or reserved address is refused, unless the operator's allow-list names
the host and port.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection

import httpx

from scraper.errors import NotResolved, Refused

_PORTS = {"http": 80, "https": 443}
_USERINFO = re.compile(r"[^/?#]*//[^/?#]*@")


def admit(address: str, allow_hosts: Collection[str]) -> httpx.URL:
    """Return ``address`` as the client is to request it, so that none reads it differently.

    ``allow_hosts`` holds ``host:port`` entries that may be private; nothing else opens the gate.
    Raises Refused with the reason, and NotResolved if the name has no address just now.
    """
    if "\\" in address or any(char.isspace() for char in address):
        raise Refused(address, "the address has a backslash or a blank")
    if _USERINFO.match(address):
        raise Refused(address, "the address holds a user name or a password")
    try:
        url = httpx.URL(address)
        host = url.host
    # idna's errors are UnicodeErrors; httpx lets those of a false `xn--` name through.
    except (httpx.InvalidURL, UnicodeError):
        raise Refused(address, "the address cannot be read") from None
    if url.scheme not in _PORTS:
        raise Refused(address, f"{url.scheme or 'no scheme'} is neither http nor https")
    if not host:
        raise Refused(address, "the address names no host")
    port = url.port or _PORTS[url.scheme]
    if (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") in allow_hosts:
        return url
    for found in _resolve(url.raw_host.decode("ascii"), port):
        if not is_public(found):
            raise Refused(address, f"{host} is at {found}, which is not public")
    return url


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, an IPv4 one mapped into v6 too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise NotResolved(host, f"the name has no address ({error})") from None
    return sorted({str(entry[4][0]) for entry in found})

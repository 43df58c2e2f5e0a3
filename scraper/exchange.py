"""One request and what came of it, through the gate and within the limits."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field

import httpx

from scraper.conditional import conditional
from scraper.deadline import Deadline
from scraper.decoding import ACCEPTED, Unpacked, too_long, unpack
from scraper.errors import TellsKey
from scraper.gate import Gate, admit, check_literal
from scraper.judge import Response
from scraper.keys import SEEN, tells
from scraper.network import Network, Pool
from scraper.timing import Timing
from scraper.transport import Connection, connection_of

_log = logging.getLogger(__name__)
_JSON = "application/json"
Headers = tuple[tuple[str, str], ...]
"""Name and value, in order and as they were sent."""


@dataclass(frozen=True)
class Limits:
    """How much of a server's time, and of ours, one fetch may take."""

    hops: int = 5
    """Redirects that are followed."""
    body_bytes: int = 100 * 1024 * 1024
    """Of the body, as it came and unpacked."""
    connect_seconds: float = 20.0
    between_bytes_seconds: float = 60.0
    total_seconds: float = 600.0
    """For a fetch with its robots.txt, redirects, waits and retries, but for the time the system
    takes to resolve names."""


@dataclass(frozen=True)
class Ask:
    """A request of one hop."""

    address: str
    headers: dict[str, str]
    """Besides those of every request."""
    cookies: httpx.Cookies
    """What the hops before were given, and this one is given in turn."""
    verify_tls: bool = True
    post: str | None = None
    """A JSON text that is posted; None for a GET."""
    key: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers that carry a key: what is recorded says that it was sent, and not what it is."""


@dataclass(frozen=True)
class Reply:
    """What came, and by which way."""

    response: Response
    """Its body goes no further than the limit."""
    too_long: bool
    """Whether the body is longer than the limit."""
    request_headers: Headers
    connection: Connection


class Exchange:
    """Asks for one address at a time in each thread. Knows neither manners nor redirects."""

    def __init__(self, network: Network, limits: Limits, timing: Timing) -> None:
        """Raise BadNetwork if a setting of the network cannot be used."""
        self.deadline = Deadline(limits.total_seconds, timing.monotonic)
        self._is_closed = False
        self._timing = timing
        self._network = network
        self._limits = limits
        self._gate = Gate(network.open_hosts(), self.deadline)
        self._pools = {verify: self._pool(verify) for verify in (True, False)}
        self._timeout = httpx.Timeout(
            limits.between_bytes_seconds, connect=limits.connect_seconds
        ).as_dict()
        self._headers = {
            "User-Agent": network.user_agent,
            "Accept": "*/*",
            "Accept-Language": "en, *;q=0.5",
            "Accept-Encoding": ACCEPTED,
        }

    def close(self) -> None:
        """Close all connections. A thread that is still at work asks for nothing more."""
        self._is_closed = True
        for pool in self._pools.values():
            pool.close()

    def ask(self, ask: Ask, body_bytes: int | None = None) -> Reply:
        """Return what came, with its body as far as it came within the limit.

        Raises Refused if the gate does not let the request through, NotResolved if the host has no
        address just now, TellsKey if the answer has the key in it, and httpx's HTTPError if there
        is no answer that can be understood; and RuntimeError once it is closed.

        The transport is asked, not ``httpx.Client``: that one reads the address of a redirect even
        where it does not follow it, and raises what is no HTTPError for some of them.
        """
        url = admit(ask.address)
        if self._is_closed:
            raise RuntimeError("the client is closed")
        if self._network.proxy is not None:
            check_literal(url, self._network.allow_hosts)
        request = self._request(url, ask)
        limit = body_bytes or self._limits.body_bytes
        began = self._timing.monotonic()
        facts: dict[str, object] = {"method": request.method, "address": str(url)}
        try:
            with closing(self._pools[ask.verify_tls].handle_request(request)) as response:
                response.request = request
                ask.cookies.extract_cookies(response)
                connection = connection_of(response, ask.verify_tls)
                facts |= {"status": response.status_code}
                packed = _read(response, limit)
                facts |= {"bytes": response.num_bytes_downloaded}
        except Exception as error:
            facts |= {"error": f"{type(error).__name__}: {error}"}
            raise
        finally:
            facts |= {"ms": round(1000 * (self._timing.monotonic() - began))}
            _log.info("asked", extra={"facts": facts})
        body = unpack(packed.body, response.headers.get("content-encoding", ""), limit)
        if tells(ask.key, body.body, response.headers):
            raise TellsKey(url.host)
        return Reply(
            response=Response(
                status=response.status_code,
                headers=_text(response.headers),
                body=body.body,
                received=response.num_bytes_downloaded,
                cut_off=packed.fault or body.fault,
                conditional=conditional(ask.headers),
            ),
            too_long=packed.too_long or body.too_long,
            request_headers=_without(ask.key, _text(request.headers)),
            connection=connection,
        )

    def _request(self, url: httpx.URL, ask: Ask) -> httpx.Request:
        headers = httpx.Headers({**self._headers, **ask.headers})
        if ask.post is not None:
            headers.update({"Accept": _JSON, "Content-Type": _JSON})
        headers.update(ask.key)
        return httpx.Request(
            "GET" if ask.post is None else "POST",
            url,
            headers=headers,
            cookies=ask.cookies,
            content=None if ask.post is None else ask.post.encode(),
            extensions={"timeout": self._timeout},
        )

    def _pool(self, verify_tls: bool) -> Pool:
        return Pool(self._network, self._gate, verify_tls)


def _read(response: httpx.Response, limit: int) -> Unpacked:
    """Return the body as it comes, as far as it comes."""
    body = bytearray()
    try:
        for part in response.iter_raw():
            body += part
            if len(body) > limit:
                return Unpacked(bytes(body[:limit]), too_long(limit), True)
    except httpx.TransportError as error:
        fault = f"the rest of it did not come ({type(error).__name__}: {error})"
        return Unpacked(bytes(body), fault, False)
    return Unpacked(bytes(body), None, False)


def _without(key: Mapping[str, str], sent: Headers) -> Headers:
    secret = {name.lower() for name in key}
    return tuple((name, SEEN if name.lower() in secret else value) for name, value in sent)


def _text(headers: httpx.Headers) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)

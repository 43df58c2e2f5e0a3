"""One client: honest about who asks, patient within limits, through the gate at each hop."""

from __future__ import annotations

import string
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import quote, urljoin

import httpcore
import httpx

from scraper.deadline import Deadline
from scraper.decoding import ACCEPTED, too_long, unpack
from scraper.errors import NotResolved, Refused
from scraper.gate import Gate, admit
from scraper.judge import Judgement, Kind, Response, Verdict, judge
from scraper.manners import Manners
from scraper.network import Network
from scraper.timing import Timing

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


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
    """For a fetch with all its redirects, but for the time the system takes to resolve names."""


@dataclass(frozen=True)
class Validators:
    """What a server said of the version that is known here (RFC 9110, section 8.8)."""

    etag: str | None
    last_modified: str | None
    address: str
    """Whose version it is: the ``final_address`` of the fetch that brought it."""


@dataclass(frozen=True)
class Fetched:
    """What one attempt brought, judged."""

    address: str
    final_address: str
    """Where the last redirect led."""
    fetched_at: str
    """ISO 8601 in UTC, when the request began."""
    status: int | None
    """None if there was no answer."""
    headers: tuple[tuple[str, str], ...]
    """Name and value, in the order and spelling in which they came."""
    content_type: str | None
    body: bytes
    """Unpacked; empty if none came, or more than the limit."""
    verdict: Verdict
    reason: str


class Client:
    """A client for one run; use it as a context manager."""

    def __init__(
        self,
        network: Network,
        manners: Manners,
        clock: Callable[[], str],
        limits: Limits | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Take who asks and how, and the clock that says when a fetch began (ISO 8601 in UTC)."""
        self._clock = clock
        self._limits = limits or Limits()
        self._deadline = Deadline(self._limits.total_seconds)
        self._transport = _Transport(Gate(network.allow_hosts, self._deadline))
        self._headers = {
            "User-Agent": network.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": ACCEPTED,
        }
        self._timeout = httpx.Timeout(
            self._limits.between_bytes_seconds, connect=self._limits.connect_seconds
        )

    def __enter__(self) -> Client:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        self._transport.close()

    def fetch(
        self,
        address: str,
        wanted: Kind,
        validators: Validators | None = None,
        verify_tls: bool = True,
    ) -> Fetched:
        """Fetch ``address`` and judge what came. Never raises for what a server does.

        An answer that did not come, or that the gate refused to ask for, is a ``Fetched`` with
        the verdict ``error`` and no status.
        """
        fetched_at = self._clock()
        self._deadline.start()
        # Of this fetch only: what a server answers may not depend on what was fetched before.
        cookies = httpx.Cookies()
        at = address
        try:
            for _ in range(self._limits.hops + 1):
                response = self._request(admit(at), cookies)
                onward = _redirect(at, response)
                if onward is None:
                    return _fetched(address, at, fetched_at, response, judge(response, wanted))
                at = onward
            reason = f"more than {self._limits.hops} redirects"
        except Refused as error:
            reason = f"not asked for, {error}"
        except NotResolved as error:
            reason = f"{error}; check the network, then run again"
        except httpx.HTTPError as error:
            reason = f"no usable answer ({type(error).__name__}: {error})"
        return _fetched(address, at, fetched_at, None, Judgement(Verdict.ERROR, reason))

    def _request(self, url: httpx.URL, cookies: httpx.Cookies) -> Response:
        """Return what came from ``url``, with its body as far as it came within the limits.

        The transport is asked, not ``httpx.Client``: that one reads the address of a redirect even
        where it does not follow it, and raises what is no HTTPError for some of them.
        """
        request = httpx.Request(
            "GET",
            url,
            headers=self._headers,
            cookies=cookies,
            extensions={"timeout": self._timeout.as_dict()},
        )
        limit = self._limits.body_bytes
        packed, cut_off = bytearray(), None
        with closing(self._transport.handle_request(request)) as response:
            response.request = request
            cookies.extract_cookies(response)
            try:
                for part in response.iter_raw():
                    packed += part
                    if len(packed) > limit:
                        packed.clear()
                        cut_off = too_long(limit)
                        break
            except httpx.TransportError as error:
                cut_off = f"the rest of it did not come ({type(error).__name__}: {error})"
        codings = response.headers.get("content-encoding", "")
        body, fault = unpack(bytes(packed), codings, limit)
        return Response(
            status=response.status_code,
            headers=tuple(
                (n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers.raw
            ),
            body=body,
            received=response.num_bytes_downloaded,
            cut_off=cut_off or fault,
        )


class _Transport(httpx.HTTPTransport):
    """httpx's transport over a network of ours, for which it has no argument."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            # Neither a proxy nor a certificate of the environment may come between unseen.
            ssl_context=httpx.create_ssl_context(trust_env=False),
            http2=True,
            keepalive_expiry=5.0,
            network_backend=network,
        )


def _redirect(address: str, response: Response) -> str | None:
    """Return where ``response`` sends the client on to, None if it is the answer itself.

    Raises Refused if that address cannot be read.
    """
    location = response.header("location")
    if response.status not in _REDIRECTS or not location:
        return None
    # Servers send blanks and letters beyond ASCII as they are; browsers quote their bytes.
    quoted = quote(location.encode("latin-1"), safe=string.punctuation)
    try:
        return urljoin(address, quoted)
    except ValueError:
        raise Refused(location, "the address of the redirect cannot be read") from None


def _fetched(
    address: str,
    final_address: str,
    fetched_at: str,
    response: Response | None,
    judgement: Judgement,
) -> Fetched:
    return Fetched(
        address=address,
        final_address=final_address,
        fetched_at=fetched_at,
        status=response.status if response else None,
        headers=response.headers if response else (),
        content_type=response.header("content-type") if response else None,
        body=response.body if response else b"",
        verdict=judgement.verdict,
        reason=judgement.reason,
    )

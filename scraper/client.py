"""One client: honest about who asks, polite, patient within limits, through the gate at each hop.

Every request of the tool goes through it, whatever it is for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from types import TracebackType

import httpx

from scraper.asking import Asker, Trail, host_of
from scraper.conditional import Validators, conditions, speaks_of_another
from scraper.errors import Disallowed, Later, NotReached, NotResolved, Refused, TellsKey
from scraper.exchange import Ask, Exchange, Headers, Limits, Reply
from scraper.gate import admit
from scraper.judge import Judgement, Kind, Response, Verdict, judge
from scraper.keys import Keys
from scraper.manners import Manners
from scraper.network import Network
from scraper.redirects import posted_on, redirect
from scraper.retrying import described, remedy
from scraper.robots import Robots
from scraper.timing import Timing, in_utc
from scraper.transport import Transport
from scraper.visit import Visit

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What one attempt brought, as it came."""

    address: str
    final_address: str
    """Where the last redirect led."""
    fetched_at: str
    """ISO 8601 in UTC, when the last request began."""
    came: Response | Judgement
    """The answer; where there was none, what is to be said of that."""
    request_headers: Headers
    """Of the last request, as they were sent; empty if there was no answer."""
    robots: str | None
    """What robots.txt says of the last address, as a clause; None if nobody got as far."""
    retry_after: str | None
    """Before when the host wants no further request, ISO 8601 in UTC, at most a day from then; it
    is not asked before, by no process. None if it says nothing."""
    transport: Transport

    @property
    def response(self) -> Response | None:
        """The answer, None if there was none."""
        return self.came if isinstance(self.came, Response) else None

    @property
    def reason(self) -> str:
        """Why there was no answer, as a clause; empty if there was one."""
        return "" if isinstance(self.came, Response) else self.came.reason

    def judged(self, wanted: Kind) -> Judgement:
        """Return what it is to someone who wants a document of kind ``wanted``."""
        if not isinstance(self.came, Response):
            return self.came
        led = replace(self.came, address=self.address, final_address=self.final_address)
        return judge(led, wanted)


@dataclass(frozen=True)
class Fetched:
    """What one attempt brought, judged."""

    address: str
    final_address: str
    """Where the last redirect led."""
    fetched_at: str
    """ISO 8601 in UTC, when the last request began."""
    status: int | None
    """None if there was no answer."""
    headers: Headers
    """Name and value, in the order and spelling in which they came."""
    content_type: str | None
    body: bytes
    """Unpacked; empty if none came, or more than the limit."""
    verdict: Verdict
    reason: str
    request_headers: Headers
    """As ``robots``, ``retry_after`` and ``transport`` what it is of an ``Answer``."""
    robots: str | None
    retry_after: str | None
    transport: Transport


class Client:
    """A client for one run and all its threads; use it as a context manager."""

    def __init__(
        self,
        network: Network,
        manners: Manners,
        clock: Callable[[], str],
        limits: Limits | None = None,
        timing: Timing | None = None,
        waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Take who asks and how, and the clock that says when a request began (ISO 8601 in UTC).

        What ``waiting`` returns is entered for as long as a document is being fetched. Raises
        BadNetwork if a setting of the network cannot be used.
        """
        self._network = network
        self._keys = Keys(network.keys)
        self._clock = clock
        self._limits = limits or Limits()
        self._timing = timing or Timing()
        self._waiting = waiting
        self._exchange = Exchange(network, self._limits, self._timing)
        self._asker = Asker(self._exchange, manners, clock, self._timing)
        folder = manners.shared / "robots"
        self._robots = Robots(folder, network.product, self._asker, self._timing)

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
        self._exchange.close()

    def has_key(self, host: str) -> bool:
        """Say whether the operator has a key for the API of ``host``."""
        return self._keys.has(host)

    def fetch(
        self,
        address: str,
        wanted: Kind,
        validators: Validators | None = None,
        verify_tls: bool = True,
        *,
        visit: Visit | None = None,
        post: str | None = None,
    ) -> Fetched:
        """Fetch ``address`` and judge what came. Never raises for what a server does.

        An answer that did not come, or that the gate refused to ask for, is a ``Fetched`` with
        the verdict ``error`` and no status; one that robots.txt forbids to ask for is ``blocked``.
        Takes and raises what ``get`` does.
        """
        with self._waiting():
            answer = self._get(address, validators, verify_tls, visit, post)
            response, judgement = answer.response, answer.judged(wanted)
        facts = {"address": address, "verdict": judgement.verdict, "reason": judgement.reason}
        _log.info("judged", extra={"facts": facts})
        return Fetched(
            address=address,
            final_address=answer.final_address,
            fetched_at=answer.fetched_at,
            status=response.status if response else None,
            headers=response.headers if response else (),
            content_type=response.header("content-type") if response else None,
            body=response.body if response else b"",
            verdict=judgement.verdict,
            reason=judgement.reason,
            request_headers=answer.request_headers,
            robots=answer.robots,
            retry_after=answer.retry_after,
            transport=answer.transport,
        )

    def get(
        self,
        address: str,
        validators: Validators | None = None,
        verify_tls: bool = True,
        *,
        visit: Visit | None = None,
        post: str | None = None,
    ) -> Answer:
        """Ask for ``address`` and for where it leads. Never raises for what a server does.

        With ``validators`` the server may answer that the version they are of has not changed.
        Without ``verify_tls`` any certificate will do, of the host of ``address`` only: where a
        redirect leads to another, that one is verified. Within a ``visit`` it carries the cookies
        of the requests before. With ``post``, a JSON text, that is posted: only where asking so
        changes nothing, as it is tried again like any request; ``validators`` do not count then.
        Raises NotShared if the folder that processes share cannot be used.
        """
        with self._waiting():
            return self._get(address, validators, verify_tls, visit, post)

    def _get(
        self,
        address: str,
        validators: Validators | None,
        verify_tls: bool,
        visit: Visit | None,
        post: str | None,
    ) -> Answer:
        self._exchange.deadline.start()
        began = self._timing.monotonic()
        trail = Trail(address, self._clock())
        # Without a visit what a server answers may not depend on what was fetched before.
        cookies = (visit or Visit()).cookies
        first = Ask(address, {}, cookies, verify_tls, post)
        came = self._came(trail, first, validators if post is None else None)
        reply = came if isinstance(came, Reply) else None
        connection = reply.connection if reply else None
        return Answer(
            address=address,
            final_address=trail.at,
            fetched_at=trail.fetched_at,
            came=_within_limit(came) if isinstance(came, Reply) else came,
            request_headers=reply.request_headers if reply else (),
            robots=trail.robots,
            retry_after=trail.retry_after,
            transport=Transport(
                http_version=connection.http_version if connection else None,
                peer=connection.peer if connection else None,
                tls=connection.tls if connection else None,
                intercepted_by=self._network.intercepted_by,
                redirects=tuple(trail.redirects),
                attempts=tuple(trail.attempts),
                seconds=round(self._timing.monotonic() - began, 3),
            ),
        )

    def _came(self, trail: Trail, first: Ask, validators: Validators | None) -> Reply | Judgement:
        try:
            return self._follow(trail, first, validators)
        except Disallowed as error:
            return Judgement(Verdict.BLOCKED, f"not asked for, {error}")
        except Refused as error:
            reason = f"not asked for, {error}"
        except Later as error:
            trail.retry_after = in_utc(error.moment)
            reason = f"not asked for yet, {error}"
        except TellsKey as error:
            reason = str(error)
        except (NotReached, NotResolved) as error:
            reason = f"{error}; {remedy(error)}"
        except httpx.HTTPError as error:
            reason = f"no usable answer ({described(error)})"
        return Judgement(Verdict.ERROR, reason)

    def _follow(self, trail: Trail, first: Ask, validators: Validators | None) -> Reply | Judgement:
        """Return the answer at the end of all redirects, each of which passes gate and rules."""
        host, post, is_own = host_of(trail.at), first.post, True
        for _ in range(self._limits.hops + 1):
            at = trail.at
            verify = first.verify_tls or host_of(at) != host
            is_own = is_own and host_of(at) == host
            permission = self._robots.permission(at, verify)
            trail.robots = permission.said
            if not permission.allowed:
                trail.retry_after = permission.retry_after
                raise Disallowed(at, permission.said)
            headers = conditions(validators, at, self._timing.wall())
            key = self._keys.headers(admit(at)) if is_own and verify else {}
            ask = Ask(at, headers, first.cookies, verify, post, key)
            reply = self._asker.ask(ask, permission.delay, trail)
            response = reply.response
            etag, date = response.header("etag"), response.header("last-modified")
            if response.status == 304 and speaks_of_another(headers, etag, date):
                trail.attempts.append("status 304 of another version than was asked about")
                reply = self._asker.ask(replace(ask, headers={}), permission.delay, trail)
            onward = redirect(at, reply.response)
            if onward is None:
                return reply
            post = posted_on(post, at, reply.response, onward)
            trail.redirects.append(at)
            trail.at = onward
        return Judgement(Verdict.ERROR, f"more than {self._limits.hops} redirects")


def _within_limit(reply: Reply) -> Response:
    return replace(reply.response, body=b"") if reply.too_long else reply.response

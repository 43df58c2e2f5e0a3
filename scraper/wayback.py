"""The Wayback Machine: what it lists of an address, the bytes it has, and asking it to keep more.

Mementos are asked for with ``id_``, which gives the bytes as they were captured, and the headers of
that time as ``X-Archive-Orig-…``. When a memento was made is taken from ``Memento-Datetime`` (RFC
7089), never from what was asked for: the archive answers with the nearest capture it can play.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlencode

from scraper.client import Answer, Client
from scraper.conditional import http_date
from scraper.errors import ScraperError
from scraper.judge import Judgement, Kind, Response, judge
from scraper.timing import in_utc
from scraper.wayback_index import (
    FIELDS,
    Key,
    Listing,
    Snapshot,
    is_redirect,
    is_same,
    read_listing,
)

PACE_SECONDS = 2.5
"""Between two requests. The archive lets 30 a minute through to its index, as those who keep
edgi-govdata-archiving/wayback were told (its issue 206 of June 2026), and blocks who passes over
its 429 for an hour or more (issue 137). This is 24."""

_PAGE = 5000
"""Lines that the index is asked for at a time."""
_MOST_LINES = 500_000
"""Of one address; a capture an hour for thirty years is half of them."""
_ORIGINAL = "x-archive-orig-"
_MEMENTO = re.compile(r"/web/(\d{14})([a-z]{2}_)?/(.+)")
_EXCLUDED = re.compile(r"AccessControl|Blocked Site|excluded from the Wayback", re.IGNORECASE)


class Unavailable(ScraperError):
    """The archive cannot answer just now: what is missing can be had later."""

    def __init__(self, address: str, reason: str, wants_rest: bool = False) -> None:
        """Take what was asked for, the reason as a clause, and whether the archive wants a rest."""
        super().__init__(
            f"{address}: the Wayback Machine gave no usable answer ({reason}); "
            "run it again later, it goes on from there"
        )
        self.wants_rest = wants_rest


class Excluded(ScraperError):
    """The archive does not show an address: somebody had it taken out."""

    def __init__(self, address: str) -> None:
        """Take the address that was asked for."""
        super().__init__(
            f"{address}: the Wayback Machine does not show this address; "
            "`sanctuary import` takes copies that people saved"
        )


@dataclass(frozen=True)
class Memento:
    """A capture as the archive played it."""

    address: str
    """Where it stands in the archive."""
    timestamp: str
    """When it was made, which need not be when was asked for: ``YYYYMMDDhhmmss``."""
    original: str
    captured_at: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """Those of the publisher, under their own names."""
    archive_headers: tuple[tuple[str, str], ...]
    body: bytes
    judgement: Judgement
    digest_holds: bool | None
    """Whether the bytes are those that the index speaks of. None if that cannot be known: they
    are another capture's, or were packed when they were captured."""
    answer: Answer

    @property
    def key(self) -> Key:
        """What names it in the archive."""
        return self.timestamp, self.original

    @property
    def media_type(self) -> str | None:
        """What the publisher called it."""
        return next((v for n, v in self.headers if n.lower() == "content-type"), None)


@dataclass(frozen=True)
class NotPlayed:
    """The archive lists a capture and does not play it: asking again is of no use."""

    reason: str
    """A clause without a full stop."""
    refused: bool
    """Whether it will not, rather than cannot."""
    answer: Answer


class WaybackMachine:
    """An archive that is asked through our own client, as any other host."""

    def __init__(self, client: Client, server: str) -> None:
        """Take the client, whose delay is at least ``PACE_SECONDS``, and where the archive is."""
        self._client = client
        self.server = server.rstrip("/")

    def captures(self, address: str, since: str, until: str) -> Listing:
        """Return what the index lists of ``address``, from one timestamp to another, both included.

        Raises Unavailable if not all of it came, Excluded if the archive does not show the address.
        """
        lines: list[str] = []
        keys: set[str] = set()
        resume: str | None = None
        while True:
            part, resume = self._page(address, since, until, resume)
            lines += part
            if resume is None:
                return read_listing(lines, address, since, until)
            if resume in keys or not any(part):
                raise Unavailable(address, "its index goes round in a circle")
            if len(lines) > _MOST_LINES:
                raise Unavailable(address, f"its index has more than {_MOST_LINES} lines")
            keys.add(resume)

    def _page(
        self, address: str, since: str, until: str, resume: str | None
    ) -> tuple[list[str], str | None]:
        query = {
            "url": address,
            "fl": ",".join(FIELDS),
            "from": since,
            "to": until,
            "limit": str(_PAGE),
            "showResumeKey": "true",
        }
        if resume is not None:
            query["resumeKey"] = resume
        answer = self._client.get(f"{self.server}/cdx/search/cdx?{urlencode(query)}")
        response = _whole(answer, address)
        if response.status == 403 or _is_excluded(response):
            raise Excluded(address)
        if response.status != 200:
            raise Unavailable(address, f"status {response.status}")
        lines = response.body.decode("utf-8", errors="replace").splitlines()
        if lines and lines[0].lstrip().lower().startswith(("<!doctype", "<html")):
            raise Unavailable(address, "a page came in place of the index")
        # A blank line, and the key that the next part begins with.
        if len(lines) > 1 and not lines[-2].strip() and lines[-1].strip():
            return lines[:-2], unquote(lines[-1].strip().replace("+", " "))
        return lines, None

    def address_of(self, snapshot: Snapshot) -> str:
        """Return where the archive plays ``snapshot`` as it was captured."""
        return f"{self.server}/web/{snapshot.timestamp}id_/{snapshot.original}"

    def memento(self, snapshot: Snapshot, wanted: Kind) -> Memento | NotPlayed:
        """Return the bytes of ``snapshot``, judged as a document of kind ``wanted`` of its time.

        Raises Unavailable if the archive cannot answer just now.
        """
        address = self.address_of(snapshot)
        answer = self._client.get(address)
        response = _whole(answer, address)
        played = _MEMENTO.match(answer.final_address.removeprefix(self.server))
        if played is None or played[2] != "id_":
            reason = f"the archive led to {answer.final_address}, which is none of its originals"
            return NotPlayed(reason, False, answer)
        made = http_date(response.header("memento-datetime"))
        if made is None:
            return _not_played(address, answer, response)
        captured_at = in_utc(made)
        leads_on = snapshot.status is None or is_redirect(snapshot)
        if not leads_on and not is_same(played[3], snapshot.original):
            return NotPlayed(f"the archive played {played[3]} in its place", False, answer)
        if captured_at > answer.fetched_at:
            reason = f"the archive says that it was made at {captured_at}, in the future"
            return NotPlayed(reason, False, answer)
        timestamp = re.sub(r"\D", "", captured_at)
        headers = _original_headers(response)
        as_asked = timestamp == snapshot.timestamp and not answer.transport.redirects
        return Memento(
            address=answer.final_address,
            timestamp=timestamp,
            original=played[3],
            captured_at=captured_at,
            status=response.status,
            headers=headers,
            archive_headers=tuple(
                (n, v) for n, v in response.headers if not n.lower().startswith(_ORIGINAL)
            ),
            body=response.body,
            judgement=judge(_as_it_was(response, headers, snapshot.original, played[3]), wanted),
            digest_holds=_holds(snapshot.digest, response, headers) if as_asked else None,
            answer=answer,
        )

    def save(self, address: str) -> str | None:
        """Ask the archive to keep ``address`` as it is now; return why it does not, None if asked.

        That it was asked is no proof that it did. Without an account the archive takes three or
        four addresses a minute, and 200 a day (akamhy/waybackpy, issue 187;
        overcast07/wayback-machine-spn-scripts, pull request 43).
        """
        answer = self._client.get(f"{self.server}/save/{address}")
        if not isinstance(answer.came, Response):
            return answer.came.reason
        status = answer.came.status
        return None if 200 <= status < 400 else f"status {status}"


def _whole(answer: Answer, address: str) -> Response:
    """Return the response to a request, if it is one and came to its end.

    Raises Unavailable where it is the archive that does not answer.
    """
    response, wants_rest = answer.came, answer.retry_after is not None
    if not isinstance(response, Response):
        raise Unavailable(address, response.reason, wants_rest)
    is_memento = response.header("memento-datetime") is not None
    if not is_memento and (response.status == 429 or response.status >= 500):
        wants_rest = wants_rest or response.status == 429
        raise Unavailable(address, f"status {response.status}", wants_rest)
    if response.cut_off is not None:
        raise Unavailable(address, response.cut_off)
    return response


def _is_excluded(response: Response) -> bool:
    error = response.header("x-archive-wayback-runtime-error") or ""
    start = error + response.body[:4096].decode("utf-8", errors="replace")
    return response.status in (401, 403, 404, 451) and bool(_EXCLUDED.search(start))


def _not_played(address: str, answer: Answer, response: Response) -> NotPlayed:
    if response.status in (401, 403, 451) or _is_excluded(response):
        reason = f"the archive does not show it (status {response.status})"
        return NotPlayed(reason, True, answer)
    if response.status in (404, 410):
        reason = f"the archive lists it and does not have it (status {response.status})"
        return NotPlayed(reason, False, answer)
    raise Unavailable(address, f"status {response.status} without the time of a memento")


def _original_headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name[len(_ORIGINAL) :], value)
        for name, value in response.headers
        if name.lower().startswith(_ORIGINAL)
    )


def _as_it_was(
    response: Response, headers: tuple[tuple[str, str], ...], address: str, final_address: str
) -> Response:
    """Return the publisher's response: the archive packs a body its own way, or not at all."""
    return Response(
        status=response.status,
        headers=headers,
        body=response.body,
        received=max(response.received, len(response.body)),
        address=address,
        final_address=final_address,
    )


def _holds(digest: str, response: Response, headers: tuple[tuple[str, str], ...]) -> bool | None:
    """Say whether a body has the digest of the index, None if it was packed in another way.

    The digest is of the body as the publisher sent it, with its content coding (WARC 1.1, 5.9).
    """
    if (
        base64.b32encode(hashlib.sha1(response.body, usedforsecurity=False).digest()).decode(
            "ascii"
        )
        == digest
    ):
        return True
    packed = any(name.lower() in ("content-encoding", "transfer-encoding") for name, _ in headers)
    return None if packed or response.header("content-encoding") else False

"""Looking at an address or a file, and proposing how it is watched."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urldefrag

from parsers.bundle import Wanted, packed
from parsers.records import Reading
from sanctuary.accepting import Progress
from sanctuary.adding.code_hosts import CodeHost, code_host
from sanctuary.adding.first_reading import first_reading
from sanctuary.adding.index import Linked, documents_linked, links_to
from sanctuary.adding.proposing import Proposal, Way, checked, comments_on, entry_of
from sanctuary.adding.survey import Survey, survey
from sanctuary.adding.telling import is_list_or_policy, way_of
from sanctuary.adding.wishes import NotProposed, Wishes
from sanctuary.clock import Clock
from sanctuary.reading import ReadingLimits, find_parser, read_document
from sanctuary.walking import Answered, Walk
from scraper.bodies import Kind, called, fits, kind_of
from scraper.client import Client
from scraper.judge import Judgement, Verdict
from scraper.visit import Visit

_SAVED = (
    "save it with a browser, and look at that file: sanctuary sources add {address} --saved FILE; "
    "it comes to the history by `sanctuary import`"
)
_REMEDIES = {
    Verdict.GONE: "check the address",
    Verdict.WRONG_KIND: "no parser reads that",
    Verdict.EMPTY: "{saved}",
    Verdict.TRUNCATED: "try it again",
    Verdict.ERROR: "mend that, or try it again later",
}
_KNOWN = "or name what reads it with --parser, and the Wayback Machine's captures are taken"


@dataclass(frozen=True)
class Came:
    """A document that came, and what it is."""

    data: bytes
    kind: Kind
    address: str | None
    """Where the last redirect led; None of a file."""
    survey: Survey


@dataclass(frozen=True)
class Looker:
    """Looks at what a publisher has, through the one gate, and at nothing before it is judged."""

    client: Client
    limits: ReadingLimits
    clock: Clock
    wishes: Wishes
    progress: Progress = lambda _: None

    def at_address(self, address: str) -> Proposal:
        """Return what to watch at an address.

        Raises NotProposed, with the way out, if it refuses, is not there, or is nothing that any
        parser reads.
        """
        wishes = self.wishes
        host = code_host(address, wishes.options)
        if host is not None and wishes.parser in (None, host.parser):
            return self._on_host(host, host.address or urldefrag(address).url)
        address = urldefrag(address).url
        came = self._fetched(address)
        if isinstance(came, Judgement):
            return self._refused(address, came, None)
        linked, what = self._linked(came)
        if linked is None:
            return self._of(came, address, None)
        document = self._fetched(linked.links[0])
        if isinstance(document, Judgement):
            raise NotProposed(
                f"{address} links to {linked.links[0]}, of which came: {document.verdict}, "
                f"{document.reason}; name others with --pattern, or look at it later"
            )
        titled = replace(document, survey=replace(document.survey, title=came.survey.title))
        return self._of(titled, address, linked, before=what)

    def at_file(self, data: bytes, name: str, address: str | None) -> Proposal:
        """Return what to watch of a file that a person saved, from ``address`` if that is known.

        Raises NotProposed if no parser reads it.
        """
        wishes = self.wishes
        host = code_host(address, wishes.options) if address else None
        kind = kind_of(data)
        if kind is None:
            raise NotProposed(f"{name} is {called(data, kind)}, which no parser reads")
        kind = _kind(data, kind)
        came = Came(data, kind, address, survey(data, kind, self.limits))
        if host is not None and wishes.parser in (None, host.parser):
            host = replace(host, in_steps=False)
            way = Way(f"a page of {host.name}", host.parser, host.options)
            title = came.survey.title or name
            return self._proposal(way, data, address, title, host=host, answered=None)
        return self._of(came, address, None, name=name, answered=None)

    def _on_host(self, host: CodeHost, address: str) -> Proposal:
        if host.lacks is not None:
            raise NotProposed(f"{address} is on {host.name}: {host.lacks}")
        way = Way(
            what=f"a document on {host.name}"
            + (", which is asked in steps" if host.in_steps else ""),
            parser=host.parser,
            options=host.options,
            others=(host.advice,) if host.advice else (),
        )
        if host.in_steps:
            came = self._walked(way, host, address)
        else:
            kind = Kind(find_parser(host.parser).wants(self.wishes.options))
            self.progress(f"fetching {address}")
            fetched = self.client.fetch(address, kind)
            is_there = fetched.verdict is Verdict.DOCUMENT
            judged = Judgement(fetched.verdict, fetched.reason)
            came = fetched.body if is_there else judged
        if isinstance(came, Judgement):
            return self._refused(address, came, way, host)
        return self._proposal(way, came, address, "", host=host)

    def _walked(self, way: Way, host: CodeHost, address: str) -> bytes | Judgement:
        """Ask a host in steps; return the packed answers, or why they are not all there."""
        source = checked(entry_of(self.wishes, way, address, address, host=host))

        def ask(wanted: Wanted, visit: Visit) -> Answered:
            self.progress(f"fetching {wanted.name}")
            kind = Kind(wanted.kind)
            fetched = self.client.fetch(wanted.address, kind, visit=visit, post=wanted.post)
            return Answered(fetched, fetched.body)

        walk = Walk(source, self.limits, self.clock, ask, nullcontext)
        whole = walk.whole()
        if whole.document is None:
            return Judgement(whole.verdict, whole.reason)
        return packed(walk.parts)

    def _fetched(self, address: str) -> Came | Judgement:
        """Return what came of an address whose kind is not known, or how it was judged."""
        self.progress(f"fetching {address}")
        answer = self.client.get(address)
        response = answer.response
        kind = kind_of(response.body) if response is not None else None
        judged = answer.judged(_kind(response.body, kind) if response and kind else Kind.HTML)
        if response is None or judged.verdict is not Verdict.DOCUMENT or kind is None:
            return judged
        data = response.body
        self.progress(f"looking at what {address} holds")
        kind = _kind(data, kind)
        return Came(data, kind, answer.final_address, survey(data, kind, self.limits))

    def _linked(self, came: Came) -> tuple[Linked | None, str]:
        """Return the documents that a page links to, if it is an index of documents."""
        wishes = self.wishes
        if came.kind is not Kind.HTML or came.address is None:
            return None, ""
        if wishes.pattern is not None:
            linked = links_to(came.data, came.address, wishes.pattern)
            return linked, _index_of(linked)
        found = documents_linked(came.data, came.address)
        if wishes.parser is not None or not found:
            return None, ""
        if is_list_or_policy(came.survey, found):
            return None, ""
        return found[0], _index_of(found[0])

    def _of(
        self,
        came: Came,
        address: str | None,
        linked: Linked | None,
        *,
        before: str = "",
        name: str = "",
        answered: bool | None = True,
    ) -> Proposal:
        """Return the proposal for a document that is at the address, or linked there."""
        others: tuple[str, ...] = ()
        if linked is None and came.address is not None and came.kind is Kind.HTML:
            others = tuple(
                f"an index of {len(each.links)} documents ({each.extension[1:].upper()}): "
                f"--pattern {shlex.quote(each.pattern)}"
                for each in documents_linked(came.data, came.address)[:2]
            )
        way = way_of(came.kind, came.survey, self.wishes)
        way = replace(way, what=before + way.what, others=(*way.others, *others))
        title = came.survey.title or name
        return self._proposal(way, came.data, address, title, linked=linked, answered=answered)

    def _proposal(
        self,
        way: Way,
        data: bytes,
        address: str | None,
        title: str,
        *,
        linked: Linked | None = None,
        host: CodeHost | None = None,
        answered: bool | None = True,
    ) -> Proposal:
        """Read a document once, and return the proposal with what that gave."""

        def entry_titled(title: str) -> dict[str, Any]:
            return entry_of(
                self.wishes, way, address, title, linked=linked, host=host, answered=answered
            )

        self.progress(f"reading it by {way.parser}")
        options: Mapping[str, Any] = checked(entry_titled(title)).options
        read = read_document(way.parser, data, options, self.limits)
        claimed = read.edition.title if isinstance(read, Reading) else None
        entry = entry_titled(title or claimed or "")
        return Proposal(
            what=way.what,
            entry=entry,
            comments=comments_on(entry, way, self.wishes),
            others=way.others,
            reading=first_reading(checked(entry), read, self.clock()),
        )

    def _refused(
        self, address: str, judged: Judgement, way: Way | None, host: CodeHost | None = None
    ) -> Proposal:
        """Return the proposal for what refuses but is known; raise NotProposed for all else."""
        saved = _SAVED.format(address=shlex.quote(address))
        if judged.verdict is not Verdict.BLOCKED:
            said = f"{judged.verdict}: {judged.reason}"
            raise NotProposed(f"{address}: {said}; {_REMEDIES[judged.verdict].format(saved=saved)}")
        if way is None and self.wishes.parser is not None:
            way = Way("what refuses tools", self.wishes.parser)
        if way is None:
            raise NotProposed(
                f"{address} refuses: {judged.reason}. That does not say that it is gone: {saved}, "
                f"{_KNOWN}"
            )
        entry = entry_of(self.wishes, way, address, "", host=host, answered=False)
        checked(entry)
        return Proposal(
            what=way.what,
            entry=entry,
            comments=comments_on(entry, way, self.wishes),
            others=(*way.others, saved),
            reading=None,
            refusal=judged.reason,
        )


def _kind(data: bytes, kind: Kind) -> Kind:
    """Return the kind of a document: a text with columns is a CSV."""
    return Kind.CSV if kind is Kind.TEXT and fits(data, kind, Kind.CSV) else kind


def _index_of(linked: Linked) -> str:
    kind = linked.extension[1:].upper() or "documents"
    many = "one document" if len(linked.links) == 1 else f"{len(linked.links)} documents"
    return f"an index page with links to {many} ({kind}); the first is "

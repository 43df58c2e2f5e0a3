"""What is to be done with each capture that the Wayback Machine's index lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from db.archived import Archived
from scraper.judge import Kind
from scraper.wayback_index import Key, Snapshot, is_redirect

_SAYS_GONE = (404, 410)


class Step(StrEnum):
    """What to do."""

    HELD = "held"
    """Nothing: an earlier call did it."""
    DOWNLOAD = "download"
    SEEN_AGAIN = "seen_again"
    """Its bytes are known by their digest: it is one more sighting of them."""
    REFUSED = "refused"
    """The archive was refused, too: what its index says is enough."""
    REDIRECT = "redirect"
    """Nothing: it only led on to a capture that is listed, too."""
    UNLINKED = "unlinked"
    """Nothing: the index page did not link to the document then."""
    LEFT = "left"
    """Another call has to download it."""


@dataclass(frozen=True)
class Work:
    """An address, and what the archive lists of it that is asked for."""

    address: str
    role: str
    kind: Kind
    steps: tuple[tuple[Snapshot, Step | None], ...]
    """The step where it is certain, None where it depends on what is held by then."""
    counts: Callable[[str], bool]
    """Whether a capture of that time says something of the source."""
    faults: tuple[str, ...]


@dataclass
class Held:
    """What the history holds of what the archive has of a source. Grows as steps are taken."""

    keys: set[tuple[str, str, Key]] = field(default_factory=set)
    """Of all captures that are recorded: role, address and what names it in the archive."""
    known: dict[tuple[str, str, int | None], Archived] = field(default_factory=dict)
    """By role, digest and status what was made of bytes; documents also without a status."""

    documents: dict[tuple[str, str], str] = field(default_factory=dict)
    """By role and address the last document that was recorded."""

    def add(self, capture: Archived) -> None:
        """Take account of a capture that is recorded."""
        if capture.document_sha256 is not None:
            self.documents[capture.role, capture.address] = capture.document_sha256
        listed, served = capture.wayback["listed"], capture.wayback["served"]
        for each in (listed, served):
            if each is not None:
                key = (each["timestamp"], each["original"])
                self.keys.add((capture.role, capture.address, key))
        if capture.wayback["bytes_are_its"]:
            role, digest = capture.role, listed["digest"]
            self.known.setdefault((role, digest, listed["status"]), capture)
            if capture.verdict == "document":
                self.known.setdefault((role, digest, None), capture)

    def latest(self, work: Work) -> str | None:
        """Return the hash of the last document of an address that was recorded, if there is one."""
        return self.documents.get((work.role, work.address))

    def holds(self, role: str, address: str, key: Key) -> bool:
        """Say whether a capture of the archive is recorded."""
        return (role, address, key) in self.keys

    def same(self, role: str, snapshot: Snapshot) -> Archived | None:
        """Return the capture that brought the bytes of ``snapshot``, None if none did.

        A revisit has no status of its own: it stands for a document only.
        """
        return self.known.get((role, snapshot.digest, snapshot.status))

    def step(self, role: str, address: str, snapshot: Snapshot) -> Step:
        """Return what to do with a capture that the index lists for ``address``."""
        if self.holds(role, address, snapshot.key):
            return Step.HELD
        status = snapshot.status
        if status is not None and status >= 400 and status not in _SAYS_GONE:
            return Step.REFUSED
        if not is_redirect(snapshot) and self.same(role, snapshot) is not None:
            return Step.SEEN_AGAIN
        return Step.DOWNLOAD


@dataclass
class Tally:
    """What the index lists of one address, and what is, or was, to be done with it."""

    address: str
    role: str
    listed: int = 0
    held: int = 0
    downloads: int = 0
    seen_again: int = 0
    refused: int = 0
    redirects: int = 0
    unlinked: int = 0
    left: int = 0
    faults: list[str] = field(default_factory=list)
    """A clause for each line of the index that was passed over."""

    def count(self, step: Step) -> None:
        """Count one more capture."""
        name = {
            Step.HELD: "held",
            Step.DOWNLOAD: "downloads",
            Step.SEEN_AGAIN: "seen_again",
            Step.REFUSED: "refused",
            Step.REDIRECT: "redirects",
            Step.UNLINKED: "unlinked",
            Step.LEFT: "left",
        }[step]
        self.listed += 1
        setattr(self, name, getattr(self, name) + 1)


def planned(held: Held, work: Work) -> Tally:
    """Return what would be done with ``work`` if all that is downloaded is as the index says."""
    tally = Tally(work.address, work.role, faults=list(work.faults))
    coming: set[tuple[str, int | None]] = set()
    for snapshot, certain in work.steps:
        step = certain or held.step(work.role, work.address, snapshot)
        if step is Step.DOWNLOAD and not is_redirect(snapshot):
            if (snapshot.digest, snapshot.status) in coming:
                step = Step.SEEN_AGAIN
            coming.add((snapshot.digest, snapshot.status))
            if snapshot.status not in _SAYS_GONE:
                coming.add((snapshot.digest, None))
        tally.count(step)
    return tally


def always(_: str) -> bool:
    """Say of any capture that it says something of the source: for ``Work.counts``."""
    return True

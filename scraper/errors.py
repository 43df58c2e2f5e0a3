"""What can go wrong at the door, by what the caller can do about it."""

from __future__ import annotations

from pathlib import Path

from scraper.timing import in_utc


class ScraperError(Exception):
    """Base of all that the scraper raises."""


class Refused(ScraperError):
    """The gate does not let a request through: the address is skipped, not tried again."""

    def __init__(self, address: str, reason: str) -> None:
        """Take the address and the reason as a clause without a full stop."""
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class NotResolved(ScraperError):
    """No address is known for a host just now: it can be tried later."""

    def __init__(self, host: str, reason: str) -> None:
        """Take the host and what the resolver says."""
        super().__init__(f"{host}: {reason}")
        self.host = host
        self.reason = reason


class TellsKey(ScraperError):
    """An answer repeats the key that it was asked with: it is not kept, as the key is not."""

    def __init__(self, host: str) -> None:
        """Take the host that answers so."""
        super().__init__(f"the answer of {host} repeats the key that it was sent; it is not kept")


class Disallowed(ScraperError):
    """The robots.txt of a host does not let us ask for an address."""

    def __init__(self, address: str, reason: str) -> None:
        """Take the address and what its robots.txt says, as a clause without a full stop."""
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class NotReached(ScraperError):
    """The robots.txt of a host could not be asked for: nobody answers there just now."""

    def __init__(self, host: str, reason: str) -> None:
        """Take the host and what came in place of an answer."""
        super().__init__(f"{host} cannot be reached, not even for its robots.txt ({reason})")
        self.host = host
        self.reason = reason


class Later(ScraperError):
    """A host wants no request for longer than a fetch waits: it is to be tried again later."""

    def __init__(self, host: str, moment: float, reason: str) -> None:
        """Take the host, the moment in seconds since 1970, and the reason as a clause."""
        super().__init__(f"{host} is not to be asked before {in_utc(moment)}: {reason}")
        self.host = host
        self.moment = moment
        self.reason = reason


class BadNetwork(ScraperError):
    """A setting of the network cannot be used: nothing is fetched until somebody mends it."""

    def __init__(self, setting: str, reason: str) -> None:
        """Take the name of the setting and the reason as a clause without a full stop."""
        super().__init__(f"{setting}: {reason}; mend it in the settings, then run again")
        self.setting = setting
        self.reason = reason


class NotShared(ScraperError):
    """What processes must agree on cannot be kept, so that no host can be asked politely."""

    def __init__(self, path: Path, reason: str) -> None:
        """Take the file or folder and the reason as a clause without a full stop."""
        super().__init__(f"{path}: {reason}; check the rights and the room there, then run again")
        self.path = path
        self.reason = reason


class NotArchived(ScraperError):
    """The archive could not keep the bytes: the run stops, since nothing may be lost."""

    def __init__(self, place: str, reason: str) -> None:
        """Take the file that was to be and the reason as a clause without a full stop."""
        super().__init__(
            f"{place}: {reason}; make room or check the rights and the way there, then run again"
        )
        self.place = place
        self.reason = reason


class BadArchiveAddress(ScraperError):
    """No archive can be at an address; says why, as a clause without a full stop."""


class ArchiveUnreachable(ScraperError):
    """The archive does not answer, or not to us: nothing is known of what it holds.

    No document is lost by that, and all can be tried again.
    """

    def __init__(self, address: str, reason: str) -> None:
        """Take the address of the archive and the reason as a clause without a full stop."""
        super().__init__(
            f"the archive at {address} cannot be reached ({reason}); nothing is known to be lost: "
            "check the network and the login, then run it again"
        )
        self.address = address
        self.reason = reason


class DamagedArchive(ScraperError):
    """What the archive holds under a hash is missing, unreadable or something else.

    A person must look.
    """

    def __init__(self, sha256: str, reason: str) -> None:
        """Take the hash and the reason as a clause without a full stop."""
        super().__init__(f"document {sha256[:12]}: {reason}; restore it from a copy of the archive")
        self.sha256 = sha256
        self.reason = reason

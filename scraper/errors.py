"""What can go wrong at the door, by what the caller can do about it."""

from __future__ import annotations

from pathlib import Path


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


class NotArchived(ScraperError):
    """The archive could not keep the bytes: the run stops, since nothing may be lost."""

    def __init__(self, path: Path, reason: str) -> None:
        """Take the file that was to be and the reason as a clause without a full stop."""
        super().__init__(f"{path}: {reason}; make room or check the rights, then run again")
        self.path = path
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

"""What the test kit found of one point of the contract."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of the contract, and whether it holds."""

    point: str
    """As ``docs/parsers.md`` names it."""
    holds: bool | None
    """None for what is no fault of the parser but should be known, or cannot be told here."""
    said: str
    """One sentence in plain words."""
    is_held: bool = False
    """The document would wait for a person: a required check of it failed."""

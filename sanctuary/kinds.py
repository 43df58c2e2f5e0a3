"""The kinds of change that a history knows."""

from __future__ import annotations

from typing import Literal, get_args

ChangeKind = Literal[
    "added",
    "removed",
    "returned",
    "changed",
    "renamed",
    "corrected",
    "published",
    "withdrawn",
    "restored",
    "went_dark",
]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

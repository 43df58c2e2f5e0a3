"""Whether a parser holds the contract of docs/parsers.md: the test kit for those who write one."""

from __future__ import annotations

from sanctuary.contract.documents import check_document
from sanctuary.contract.entries import check_entry
from sanctuary.contract.finding import Finding

__all__ = ["Finding", "check_document", "check_entry"]

"""A folder to begin with: ``sanctuary init``."""

from __future__ import annotations

from sanctuary.starting.folder import Begun, begin_folder
from sanctuary.starting.shipped_entries import NoSuchEntry, shipped_entries

__all__ = ["Begun", "NoSuchEntry", "begin_folder", "shipped_entries"]

"""Datasette's marker for hooks, with the type that its package does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import datasette

if TYPE_CHECKING:
    from pluggy import HookimplMarker

hookimpl: HookimplMarker = datasette.hookimpl

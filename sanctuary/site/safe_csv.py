"""Datasette's CSV, in which no cell is a formula or drives a terminal."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from sanctuary.safe_text import cell_safe


class _Writer:
    """A writer of CSV that makes each text safe."""

    def __init__(self, file: Any) -> None:
        self._plain = csv.writer(file)

    def writerow(self, row: Iterable[Any]) -> Any:
        """Write a row; return what writing it to the file returned, which Datasette awaits."""
        return self._plain.writerow(
            [cell_safe(each) if isinstance(each, str) else each for each in row]
        )


def make_csv_safe() -> None:
    """Let Datasette write its CSV with a writer that makes each text safe."""
    # Datasette leaves no other way in: it asks the module for a writer, and has no hook.
    importlib.import_module("datasette.views.base").__dict__["csv"] = SimpleNamespace(
        writer=_Writer
    )

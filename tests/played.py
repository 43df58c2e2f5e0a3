"""The demo, played once for all tests of a run: its data folder and what it printed."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from filelock import FileLock

from sanctuary.demo.play import play
from sanctuary.workspace import Workspace


@dataclass(frozen=True)
class PlayedDemo:
    """The demo after its last week."""

    folder: Path
    """In which it was played; nothing else lies there."""
    out: str

    @property
    def data_dir(self) -> Path:
        """Where its history is. It is for many tests: none writes there."""
        return self.folder / "data of the demo"


def played_demo(shared: Path) -> PlayedDemo:
    """Play the demo below ``shared``, or return what another worker of the same run played."""
    folder, printed = shared / "demo", shared / "demo.txt"
    with FileLock(shared / "demo.lock"):
        if not printed.exists():
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as out:
                patch.chdir(folder)
                play(Workspace(PlayedDemo(folder, "").data_dir))
            printed.write_text(out.getvalue(), "utf-8")
    return PlayedDemo(folder, printed.read_text("utf-8"))

"""The command as it is installed, and the lines of a crontab that call it.

What calls ``run --due`` from outside (a crontab, ``systemd_units``, ``github_workflow``) does so
more often than anything is due, and knows no schedule: that is in ``sources.yml``.
"""

from __future__ import annotations

import hashlib
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installed:
    """The command as it is installed, and what it is to be run over. All paths are absolute."""

    executable: Path
    data_dir: Path
    sources_file: Path

    @property
    def words(self) -> list[str]:
        """The command line up to the command itself."""
        return [
            str(self.executable),
            "--data-dir",
            str(self.data_dir),
            "--sources",
            str(self.sources_file),
        ]


def installed(data_dir: Path, sources_file: Path) -> Installed:
    """Return the command of this installation over that folder and file, with absolute paths."""
    # Not resolved: the name in a virtual environment is what finds its packages.
    executable = Path(sys.argv[0]).absolute()
    if executable.name != "sanctuary" or not executable.is_file():
        executable = Path(sys.executable).with_name("sanctuary")
    return Installed(executable, data_dir.absolute(), sources_file.absolute())


def cron(command: Installed) -> str:
    """Return lines for a crontab: ``run --due`` every five minutes, ``status --check`` each day.

    Of a crontab's line, a percent sign begins the input of the command unless a backslash stands
    before it, see crontab(5).
    """
    words = shlex.join(command.words).replace("%", r"\%")
    return f"""\
# Sanctuary Tracker: put these lines into your crontab with `crontab -e`.
# What fails, and what is past its deadline, is sent to this address by mail:
#MAILTO=you@example.org
*/5 * * * * {words} run --due >/dev/null
{minute_of(command)} 8 * * * {words} status --check
"""


def minute_of(command: Installed) -> int:
    """Return a minute of the hour, never the full one, that differs between installations."""
    digest = hashlib.sha256(str(command.data_dir).encode()).digest()
    return 5 + int.from_bytes(digest[:8]) % 50

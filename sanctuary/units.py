"""What runs ``sanctuary run --due`` from outside: a crontab line, systemd units, a workflow.

All call it more often than anything is due, and none knows a schedule: that is in ``sources.yml``.
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
{_minute(command)} 8 * * * {words} status --check
"""


def systemd(command: Installed) -> str:
    """Return a service and a timer, one after the other, each under the name of its file.

    How words are quoted: systemd.service(5), "Command lines"; specifiers: systemd.unit(5).
    """
    exec_start = " ".join(_systemd_word(word) for word in [*command.words, "run", "--due"])
    writable = _systemd_word(str(command.data_dir), dollars=False)
    return f"""\
# Sanctuary Tracker: save the two parts below under the names that they begin with, then
#   systemctl daemon-reload && systemctl enable --now sanctuary.timer
# The folder has to be there, and belong to the user `sanctuary`:
#   useradd --system sanctuary
#   install -d -o sanctuary {shlex.quote(str(command.data_dir))}
# For a dead-man's switch, let another machine or timer look at the exit code of
#   {shlex.join(command.words)} status --check

# /etc/systemd/system/sanctuary.service
[Unit]
Description=Sanctuary Tracker: fetch what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={exec_start}
# 3: a reading is held for review, which is no failure of the service.
SuccessExitStatus=3
User=sanctuary
UMask=0027
# When each host was asked last is kept in the user's cache.
CacheDirectory=sanctuary-tracker
Environment=XDG_CACHE_HOME=%C
TimeoutStartSec=4h
CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
ReadWritePaths={writable}
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

# /etc/systemd/system/sanctuary.timer
[Unit]
Description=Sanctuary Tracker: see every five minutes what is due

[Timer]
OnCalendar=*:0/5
RandomizedDelaySec=30
Persistent=true

[Install]
WantedBy=timers.target
"""


def _systemd_word(word: str, *, dollars: bool = True) -> str:
    """Return a word in quotes with nothing in it that systemd would replace.

    A dollar sign is replaced on command lines only.
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if dollars else escaped}"'


def _minute(command: Installed) -> int:
    """Return a minute of the hour, never the full one, that differs between installations."""
    digest = hashlib.sha256(str(command.data_dir).encode()).digest()
    return 5 + int.from_bytes(digest[:8]) % 50


def github(command: Installed) -> str:
    """Return a workflow for a repository that holds this project and a ``sources.yml``.

    The history lives on a branch of its own, of one commit that each run replaces, so that the
    repository does not grow by a database an hour.
    """
    return _WORKFLOW.replace("MINUTE", str(_minute(command)))


_WORKFLOW = """\
# Sanctuary Tracker: save this as .github/workflows/sanctuary.yml in a copy of the project that
# holds your sources.yml. The history is kept on the branch `history`; clone that to look at it.
#
# GitHub switches off the schedule of a repository in which nothing happened for 60 days, and runs
# come late or not at all when it is busy. Only somebody outside can notice that: give the secret
# SANCTUARY_PING the address of a dead-man's switch, a service that expects to be called each hour
# and writes to you when it was not. GitHub takes no file above 100 MB: before tracker.db is as
# large as that, move to a machine of your own.
name: Sanctuary Tracker

on:
  schedule:
    # Not at the full hour, at which everybody comes.
    - cron: "MINUTE * * * *"
  workflow_dispatch:

permissions: {}

# One at a time; one that is under way is let finish.
concurrency:
  group: sanctuary
  cancel-in-progress: false

jobs:
  run:
    runs-on: ubuntu-24.04
    timeout-minutes: 55
    permissions:
      contents: write # to keep the branch `history`
    env:
      SANCTUARY_DATA: data
    steps:
      - uses: actions/checkout@v5.0.0

      - uses: actions/setup-python@v6.0.0
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: requirements.lock

      - name: Install
        run: |
          pip install --require-hashes --requirement requirements.lock
          pip install --no-deps .

      - name: Fetch the history
        id: history
        run: |
          # 2: there is no such branch yet. Anything else is no reason to begin a new history.
          found=0
          git ls-remote --exit-code --heads origin history || found=$?
          case $found in
            0)
              git fetch --depth=1 origin history
              git worktree add --detach data FETCH_HEAD
              echo "before=$(git rev-parse FETCH_HEAD)" >> "$GITHUB_OUTPUT"
              ;;
            2)
              git worktree add --detach --no-checkout data
              git -C data read-tree --empty
              ;;
            *) exit "$found" ;;
          esac

      - name: Fetch what is due
        timeout-minutes: 45
        run: |
          # 3: something is held for review; `sanctuary status` says what.
          sanctuary --sources sources.yml run --due || [ $? -eq 3 ]

      - name: Keep the history
        if: ${{ !cancelled() && steps.history.outcome == 'success' }}
        env:
          BEFORE: ${{ steps.history.outputs.before }}
        run: |
          cd data
          git add --all -- . ':!.lock*' ':!*-shm'
          export GIT_AUTHOR_NAME=sanctuary GIT_AUTHOR_EMAIL=sanctuary@localhost
          export GIT_COMMITTER_NAME=sanctuary GIT_COMMITTER_EMAIL=sanctuary@localhost
          commit=$(git commit-tree -m "The history" "$(git write-tree)")
          git push --force-with-lease="history:$BEFORE" origin "$commit:refs/heads/history"

      - name: See that no source has gone dark
        if: ${{ !cancelled() && steps.history.outcome == 'success' }}
        run: sanctuary --sources sources.yml status --check

      - name: Call the dead-man's switch
        env:
          PING: ${{ secrets.SANCTUARY_PING }}
        run: |
          if [ -n "$PING" ]; then
            curl --fail --silent --show-error --max-time 10 --retry 3 --output /dev/null "$PING"
          fi
"""

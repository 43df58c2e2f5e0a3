"""Units of systemd: a timer or a watching process, the site, and who is told when one fails.

How words are quoted: systemd.service(5), "Command lines"; specifiers: systemd.unit(5).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from sanctuary.units import Installed, minute_of

_FOLDER = "/etc/systemd/system"


def timer(command: Installed) -> str:
    """Return units, each under the name of its file: ``run --due`` every five minutes."""
    service = _service(
        "fetch what is due",
        command,
        ["run", "--due"],
        f"""\
Type=oneshot
# 3: a reading is held for review, which is no failure of the service.
SuccessExitStatus=3
TimeoutStartSec=4h
{_SECRETS}
""",
        on_network=True,
    )
    parts = {
        "sanctuary.service": service,
        "sanctuary.timer": _timer("see every five minutes what is due", "*:0/5", 30),
        **_check(command),
        **_failed(),
    }
    return _printed(command, parts, "sanctuary.timer sanctuary-check.timer")


def watch(command: Installed) -> str:
    """Return units, each under the name of its file: ``watch``, started anew when it fails."""
    service = _service(
        "watch",
        command,
        ["watch"],
        f"""\
Type=exec
Restart=on-failure
RestartSec=30
# It finishes the sources that are under way.
TimeoutStopSec=5min
{_SECRETS}
""",
        on_network=True,
        # Two of them would only stand in each other's way.
        unit=f"Conflicts=sanctuary.timer\n{_GIVES_UP}",
        install=True,
    )
    parts = {"sanctuary-watch.service": service, **_check(command), **_failed()}
    return _printed(command, parts, "sanctuary-watch.service sanctuary-check.timer")


def site(command: Installed) -> str:
    """Return units, each under the name of its file: ``serve`` on loopback, without the network.

    It writes beside the database, as SQLite must, but not to the documents.
    """
    archive = _word(f"-{command.data_dir / 'archive'}", dollars=False)
    service = _service(
        "the site",
        command,
        ["serve", "--port", "8001"],
        f"""\
Type=exec
Restart=on-failure
RestartSec=30
# metadata.yml of this folder is used, if there is one.
WorkingDirectory={_path(str(command.sources_file.parent))}
ReadOnlyPaths={archive}
# An archive that is elsewhere, or other machines that are let in, need these two lines to go.
IPAddressDeny=any
IPAddressAllow=localhost
""",
        on_network=False,
        unit=_GIVES_UP,
        install=True,
    )
    return _printed(command, {"sanctuary-site.service": service, **_failed()}, "sanctuary-site")


def _printed(command: Installed, parts: Mapping[str, str], enabled: str) -> str:
    """Return the parts one after the other, below what is to be done with them."""
    files = "\n".join(f"# {_FOLDER}/{name}\n{text}" for name, text in parts.items())
    data = shlex.quote(str(command.data_dir))
    return f"""\
# Sanctuary Tracker: save the parts below under the names that they begin with, then
#   systemctl daemon-reload && systemctl enable --now {enabled}
# The folder has to be there, and belong to the user `sanctuary`:
#   useradd --system sanctuary
#   install -d -o sanctuary -g sanctuary -m 0750 {data}

{files}"""


_GIVES_UP = """\
# Only who gives up has failed, and is told of: after five minutes of trying.
StartLimitIntervalSec=30min
StartLimitBurst=10
"""
_SECRETS = """\
# Keys, logins and addresses that the settings name by variable, for the eyes of root (mode 0600).
EnvironmentFile=-/etc/sanctuary-tracker.env"""


def _service(
    does: str,
    command: Installed,
    words: list[str],
    own: str,
    *,
    on_network: bool,
    unit: str = "",
    install: bool = False,
) -> str:
    """Return a service that runs a command, and has no right that it does not need."""
    exec_start = " ".join(_word(word) for word in [*command.words, *words])
    online = "Wants=network-online.target\nAfter=network-online.target\n"
    wanted = "\n[Install]\nWantedBy=multi-user.target\n"
    return f"""\
[Unit]
Description=Sanctuary Tracker: {does}
{online if on_network else ""}{unit}OnFailure=sanctuary-failed@%n.service

[Service]
ExecStart={exec_start}
{own}User=sanctuary
UMask=0027
# The list of places, and when each host was asked last.
CacheDirectory=sanctuary-tracker
Environment=XDG_CACHE_HOME=%C
ReadWritePaths={_word(str(command.data_dir), dollars=False)}
# Those who read documents for it are its own to end.
KillMode=mixed
{_HARDENED}{wanted if install else ""}"""


_HARDENED = """\
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
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""


def _timer(does: str, calendar: str, delay: int) -> str:
    return f"""\
[Unit]
Description=Sanctuary Tracker: {does}

[Timer]
OnCalendar={calendar}
RandomizedDelaySec={delay}
Persistent=true

[Install]
WantedBy=timers.target
"""


def _check(command: Installed) -> dict[str, str]:
    """Return what fails each day on which a source is past its deadline."""
    service = _service(
        "see that no source has gone dark",
        command,
        ["status", "--check"],
        "Type=oneshot\n",
        on_network=False,
    )
    when = f"*-*-* 08:{minute_of(command):02}"
    return {
        "sanctuary-check.service": service,
        "sanctuary-check.timer": _timer("see each day that no source has gone dark", when, 0),
    }


def _failed() -> dict[str, str]:
    """Return what writes to root when a unit has failed; its instance is the name of that."""
    return {
        "sanctuary-failed@.service": """\
[Unit]
Description=Sanctuary Tracker: tell that %i has failed
# Of each unit once a day: a publisher that does not answer fails a run each hour.
StartLimitIntervalSec=20h
StartLimitBurst=1

[Service]
Type=oneshot
# Needs `mail` and something that delivers it: on Debian bsd-mailx, and nullmailer or the like.
ExecStart=/bin/sh -c 'journalctl -u "$$1" -n 30 --no-pager | mail -s "$$1 failed" root' sh %i
User=sanctuary
SupplementaryGroups=systemd-journal
"""
    }


def _word(word: str, *, dollars: bool = True) -> str:
    """Return a word in quotes with nothing in it that systemd would replace.

    A dollar sign is replaced on command lines only.
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if dollars else escaped}"'


def _path(path: str) -> str:
    """Return a path for a setting that takes one to the end of its line, and no quotes."""
    return path.replace("%", "%%")

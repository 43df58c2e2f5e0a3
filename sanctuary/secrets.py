"""Secrets: by name, from the environment or from one file that nobody else may read.

Keys, logins and the addresses of those who are told are named in the settings and stand nowhere in
them. What was read as a secret is left out of all that is said afterwards (``without_secrets``).
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from sanctuary.errors import BadSecrets

_SHORTEST = 8
"""Characters of a part of an address that is left out wherever it stands: tokens have more, and
shorter ones are words of any sentence."""
_SHORTEST_OF_LOGIN = 4
"""Likewise of a login, or of what is no address."""
_NO_SECRETS = frozenset({"format", "html", "markdown", "overflow", "split", "text", "truncate"})
"""Words of an address by Apprise that say how to send, not whereto."""
_known: set[str] = set()


@dataclass(frozen=True)
class Secrets:
    """The secrets of a command: those of its environment, and then those of a file."""

    file: Path | None
    """Lines of ``NAME=value``; None where there is no file (``settings.secrets``)."""

    def get(self, name: str) -> str | None:
        """Return the secret of that name, None if there is none; empty is as good as none.

        Raises BadSecrets if it is not in the environment, and the file cannot be used.
        """
        value = os.environ.get(name) or self._of_file.get(name)
        if not value:
            return None
        _known.update(_parts(value))
        return value

    @cached_property
    def _of_file(self) -> dict[str, str]:
        return {} if self.file is None else read_secrets(self.file)


def read_secrets(file: Path) -> dict[str, str]:
    """Return the secrets of a file by name: a line is ``NAME=value``, empty or a ``#`` remark.

    Raises BadSecrets if it cannot be read, has another line, belongs to somebody else, or others
    than its owner may read or write it.
    """
    try:
        with file.open(encoding="utf-8") as opened:
            # Of the open file: another one cannot be put in its place in between.
            _check_rights(file, os.fstat(opened.fileno()))
            lines = opened.read().splitlines()
    except FileNotFoundError:
        remedy = f"write it (`touch {file} && chmod 600 {file}`), or name another"
        raise BadSecrets(file, "it is not there", remedy) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise BadSecrets(file, f"it cannot be read ({reason})", "mend that") from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(r"\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)", line)
        if match is None:
            raise BadSecrets(file, f"line {number} is no NAME=value", "mend that line")
        if match[1] in found:
            raise BadSecrets(file, f"{match[1]} stands twice in it", "leave one of the two")
        found[match[1]] = match[2].strip()
    return found


def without_secrets(text: str) -> str:
    """Return ``text`` with ``…`` for each secret that this process has read, and for their parts.

    An address holds its token in a part of it, and whoever complains may name that part alone.
    """
    for part in sorted(_known, key=len, reverse=True):
        text = text.replace(part, "…")
    return text


def _check_rights(file: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise BadSecrets(file, "it belongs to another user", f"chown {os.geteuid()} {file}")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise BadSecrets(file, "others than its owner may read or write it", f"chmod 600 {file}")


def _parts(secret: str) -> set[str]:
    """Return a secret with all that its own signs divide it into, as it is and decoded."""
    scheme, _, rest = secret.rpartition("://")
    login, at, _ = re.split(r"[/?#]", rest)[0].rpartition("@")
    words = _words(login if at or scheme else rest, _SHORTEST_OF_LOGIN)
    whole = {each for each in (secret, rest) if len(each) >= _SHORTEST_OF_LOGIN}
    return whole | words | (_words(rest, _SHORTEST) - _NO_SECRETS)


def _words(text: str, shortest: int) -> set[str]:
    found = [word for part in re.split(r"[/@:?&=,+ ]+", text) for word in (part, unquote(part))]
    return {word for word in found if len(word) >= shortest}

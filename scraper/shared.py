"""Small files that the processes of one user share: one for each host or origin.

Each is JSON under a name that is a hash. A file that is damaged counts as none: what it held is
found out again. A folder that cannot be written to is an error, since what nobody keeps, nobody
can agree on.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from scraper.errors import NotShared


class SharedFile:
    """What processes know of one thing, and the lock under which they change it."""

    def __init__(self, folder: Path, name: str) -> None:
        """Take the folder, which is made if it is not there, and the name of the thing."""
        self._path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Let no other process hold it for as long as the context lasts.

        A process that dies lets go. Raises TimeoutError if another one holds it for longer than
        ``patience`` seconds, and NotShared if the folder cannot be written to.
        """
        lock = FileLock(self._path.with_suffix(".lock"))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=patience)
        except Timeout:
            raise TimeoutError from None
        except OSError as error:
            raise self._unusable(error) from error
        try:
            yield
        finally:
            lock.release()

    def read(self) -> dict[str, Any] | None:
        """Return what is known: None if there is no file, an empty dict if it is damaged.

        Raises NotShared if it is there and cannot be opened.
        """
        try:
            known = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError):
            return {}
        except OSError as error:
            raise self._unusable(error) from error
        return known if isinstance(known, dict) else {}

    def write(self, known: dict[str, Any]) -> None:
        """Put down what is known, whole or not at all. Raises NotShared if that fails."""
        temporary = self._path.with_suffix(f".{secrets.token_hex(8)}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_text(json.dumps(known))
                temporary.replace(self._path)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> NotShared:
        return NotShared(self._path.parent, error.strerror or str(error))

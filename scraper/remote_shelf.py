"""A shelf that fsspec reaches: a bucket of an object store, or a folder of a server.

What was written is read back before anybody relies on it. Where the store replaces an object as a
whole or not at all, a file is put under its name; elsewhere it is put under another and renamed.

Whatever a backend raises that is not the absence of a file is Unreachable: a store that does not
answer, refuses us or fails has lost nothing that anybody knows of.
"""

from __future__ import annotations

import errno
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from scraper.shelf import NotAsWritten, Unreachable, is_folder, is_part, new_part

_KEPT_BYTES = 64 * 1024 * 1024
"""Of files that were read or written last: a page and what it is stored against are asked for
several times in a command."""
_ANSWER_SECONDS = 60
"""For a question that a store answers in a few words, all tries of its backend together."""
_TRANSFER_SECONDS = 900
"""For a file, or the beginnings of many: a server can hold the connection and send nothing."""
_FEW = 10
"""Files of which a few words are asked; those of a whole folder are thousands."""
_LONGEST_REASON = 300


class RemoteShelf:
    """Files behind an address; what its functions do says ``scraper.shelf``."""

    def __init__(self, address: str, options: Mapping[str, Any], *, renames: bool) -> None:
        """Take the address, what fsspec is told beside it, and whether a file gets its name last.

        Nothing is asked before something is read or written.
        """
        self.address = address
        self.folder: Path | None = None
        self._options = options
        self._renames = renames
        self._recent = _Recent()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; those of late from memory."""
        data = self._recent.get(name)
        if data is None:
            data = self._read_anew(name)
            self._recent.keep(name, data)
        return data

    def heads(self, names: Sequence[str], count: int) -> list[bytes]:
        """Return the first ``count`` bytes of each file; many are asked for at a time."""
        heads = {name: self._recent.get(name) for name in names}
        asked = [name for name in names if heads[name] is None]
        for name, head in zip(asked, self._beginnings(asked, count), strict=True):
            with self._asking():
                if isinstance(head, Exception):
                    raise head
            heads[name] = head
        return [(heads[name] or b"")[:count] for name in names]

    def held(self, names: Sequence[str]) -> set[str]:
        """Return those of the names of which a file is here."""
        if self._renames:
            return {name for name in names if self._is_file(name)}
        # A store answers several of these at a time, and each sooner than what an object is.
        found = set()
        for name, head in zip(names, self._beginnings(names, 1), strict=True):
            with suppress(FileNotFoundError), self._asking():
                # No byte can be had of an object that has none.
                if isinstance(head, Exception) and getattr(head, "errno", None) != errno.EINVAL:
                    raise head
                found.add(name)
        return found

    def write(self, name: str, data: bytes) -> None:
        """Write a file or replace it, and read it back.

        Raises NotAsWritten if that gives other bytes; where files are renamed, what was there
        stays then.
        """
        self._recent.drop(name)
        if self._renames:
            self._write_and_rename(name, data)
        else:
            with self._asking():
                self._ask("pipe_file", self._path(name), data, at_length=True)
            self._read_back(name, data)
        self._recent.keep(name, data)

    def settle(self, name: str) -> None:
        """Do nothing: a file that was read from here is as safe as the store makes it."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is here."""
        self._recent.drop(name)
        with suppress(FileNotFoundError), self._asking():
            self._ask("rm_file", self._path(name))

    def folders(self) -> list[str]:
        """Return the folders that files can be in, in order."""
        return [
            name for name, kind, _ in self._entries("") if kind == "directory" and is_folder(name)
        ]

    def listed(self, folder: str = "") -> list[str]:
        """Return what is in one of the folders, or all that is in the shelf itself, in order."""
        return [name for name, _, _ in self._entries(folder)]

    def parts(self) -> Iterator[str]:
        """Return the temporary files: they lie beside the folders, so that one question does."""
        if self._renames:
            yield from filter(is_part, self.listed())

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the lengths of the files of a folder: a store counts no blocks."""
        return {name: size for name, _, size in self._entries(folder)}

    def whole_size(self) -> int:
        """Return the length of all files together."""
        try:
            with self._asking():
                return int(self._ask("du", self._root, at_length=True))
        except FileNotFoundError:
            return 0

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        # Most archives are folders of this machine, and need not wait until this is loaded.
        from fsspec.core import url_to_fs

        files, root = url_to_fs(self.address, **self._options)
        return files, root.rstrip("/")

    @property
    def _files(self) -> Any:
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1]

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    def _beginnings(self, names: Sequence[str], count: int) -> list[bytes | Exception]:
        """Return how each file begins, or why that cannot be told; maybe more of it than asked."""
        if not names:
            return []
        with self._asking():
            paths = [self._path(name) for name in names]
            many = len(names) > _FEW
            found = self._ask("cat_ranges", paths, 0, count, on_error="return", at_length=many)
            return list(found)

    def _is_file(self, name: str) -> bool:
        try:
            with self._asking():
                return bool(self._ask("info", self._path(name))["type"] == "file")
        except FileNotFoundError:
            return False

    def _read_anew(self, name: str) -> bytes:
        with self._asking():
            return bytes(self._ask("cat_file", self._path(name), at_length=True))

    def _write_and_rename(self, name: str, data: bytes) -> None:
        part = new_part()
        try:
            with self._asking():
                self._ask("makedirs", self._path(name.rpartition("/")[0]), exist_ok=True)
                self._ask("pipe_file", self._path(part), data, at_length=True)
            self._read_back(part, data)
            with self._asking():
                self._ask("mv", self._path(part), self._path(name))
        except BaseException:
            with suppress(OSError):
                self.remove(part)
            raise

    def _read_back(self, name: str, data: bytes) -> None:
        if self._read_anew(name) != data:
            raise NotAsWritten("other bytes were read back than were written")

    def _entries(self, folder: str) -> list[tuple[str, str, int]]:
        """Return name, type and length of what is in a folder, in order; nothing if it is none."""
        try:
            with self._asking():
                path = self._path(folder)
                found = self._ask("ls", path, detail=True)
        except FileNotFoundError:
            return []
        entries = (
            (each["name"].rstrip("/").rpartition("/")[2], each["type"], int(each["size"] or 0))
            for each in found
            # An object store may show a folder as an empty object of its name.
            if each["name"].strip("/") != path.strip("/")
        )
        return sorted((f"{folder}/{name}" if folder else name, *rest) for name, *rest in entries)

    def _ask(self, question: str, *args: Any, at_length: bool = False, **named: Any) -> Any:
        """Ask the store by a function of its file system; give up one that does not answer."""
        if self._files.async_impl:
            named["timeout"] = _TRANSFER_SECONDS if at_length else _ANSWER_SECONDS
        return getattr(self._files, question)(*args, **named)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if _is_of_the_bucket(error):
                raise Unreachable(_said(error)) from error
            raise
        except Exception as error:  # each backend has errors of its own
            self._hang_up()
            raise Unreachable(_said(error)) from error

    def _hang_up(self) -> None:
        """Connect anew when next something is asked: a connection that broke stays broken."""
        opened = self.__dict__.pop("_opened", None)
        if opened is not None:
            type(opened[0]).clear_instance_cache()


class _Recent:
    """Files by name, the oldest of which go when there are too many bytes."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        with self._lock:
            if name in self._files:
                self._files.move_to_end(name)
            return self._files.get(name)

    def keep(self, name: str, data: bytes) -> None:
        with self._lock:
            self._take(name)
            self._files[name] = data
            self._size += len(data)
            while self._size > _KEPT_BYTES:
                self._take(next(iter(self._files)))

    def drop(self, name: str) -> None:
        with self._lock:
            self._take(name)

    def _take(self, name: str) -> None:
        self._size -= len(self._files.pop(name, b""))


def _is_of_the_bucket(error: FileNotFoundError) -> bool:
    """Say whether not the file is missing but all of the bucket: S3 says that by a code."""
    response = getattr(error.__cause__, "response", None)
    return isinstance(response, dict) and response.get("Error", {}).get("Code") == "NoSuchBucket"


def _said(error: Exception) -> str:
    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    if said == "FSTimeoutError":
        said = "it does not answer"
    # An endpoint or a proxy of the environment can have a login in it.
    said = re.sub(r"//[^/\s@]*@", "//…@", said)[:_LONGEST_REASON]
    if isinstance(error, ImportError):
        return f"{said}; the extra sanctuary-tracker[remote] brings what S3 and SFTP need"
    return said

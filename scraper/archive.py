"""Every document byte for byte, under the name of its sha256: ``archive/ab/abcdef….zst``.

A document is stored packed: whole, or against another one that it resembles (``packing`` says how
that looks, and how to unpack both without this program). The other one is stored whole. Documents
of the archive's first form lie as they are, as ``archive/ab/abcdef…``.

The files lie on a shelf: in a folder of this machine, or behind an address that fsspec knows
(``archive_address``). A document has one file at any time. That is replaced as a whole, so whoever
dies leaves the old file or the new one, and two who put at once do no harm. Only one process may
``sweep`` or ``take_out``, while nobody puts: the lock for that is the caller's.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scraper import packing
from scraper.archive_address import shelf_at
from scraper.errors import ArchiveUnreachable, DamagedArchive, NotArchived
from scraper.findings import BaseMissing, Damaged, Finding, Leftover, Stray, Unreadable
from scraper.shelf import NotAsWritten, Shelf, Unreachable, is_part

_PACKED = ".zst"
_NAME = re.compile(rf"([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})(?:{re.escape(_PACKED)})?")


class _BaseLost(DamagedArchive):
    """The document that another is stored against cannot be read."""

    def __init__(self, sha256: str, base: DamagedArchive) -> None:
        super().__init__(
            sha256, f"it is stored against {base.sha256[:12]}, which fails: {base.reason}"
        )
        self.base = base


class Archive:
    """Documents that never change.

    What only looks raises ArchiveUnreachable where the archive does not answer.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Take where the files lie; ``at`` finds that by its address."""
        self._shelf = shelf

    @classmethod
    def at(cls, address: str | Path) -> Archive:
        """Return the archive of a folder, or of an address that fsspec knows.

        Nothing is asked or made before the first document is. Raises BadArchiveAddress for an
        address where none can be.
        """
        return cls(shelf_at(address))

    @property
    def address(self) -> str:
        """Where it is, as ``at`` takes it."""
        return self._shelf.address

    @property
    def folder(self) -> Path | None:
        """The folder of this machine that it is, None if it is elsewhere."""
        return self._shelf.folder

    @staticmethod
    def hash_of(data: bytes) -> str:
        """Return the name of ``data``: its sha256 in 64 lower-case digits."""
        return hashlib.sha256(data).hexdigest()

    def place_of(self, sha256: str) -> str:
        """Return path or address of the file that a document is stored in, or would be.

        Raises ValueError for a text that is no sha256, so that no name leads out of the archive.
        """
        packed, raw = _names(sha256)
        with self._asking():
            here = self._shelf.held([packed, raw])
        return self._place(raw if here == {raw} else packed)

    def holds(self, sha256: str) -> bool:
        """Say whether a file of that document is here, without a look into it."""
        with self._asking():
            return bool(self._shelf.held(_names(sha256)))

    def has(self, sha256: str) -> bool:
        """Say whether the document of that hash is here and whole; its bytes are read for it."""
        try:
            self.get(sha256)
        except DamagedArchive:
            return False
        return True

    def put(self, data: bytes, like: str | None = None) -> str:
        """Keep ``data`` and return its hash; once this returns, a power cut does not lose it.

        Takes the hash of a document that it probably resembles, such as the one before at the same
        address: it is stored against that one, or the one that one is stored against, if this at
        least halves what it takes. ``like`` need not be here. A damaged file of the document is
        replaced. Raises NotArchived if any of it fails, or if what a store took does not read back;
        then nothing half written is left.
        """
        sha256 = self.hash_of(data)
        packed, raw = _names(sha256)
        with self._keeping(packed):
            here = self._shelf.held([packed, raw])
            if here and self.has(sha256):
                self._shelf.settle(packed)
            elif packed in here:
                # Others may be stored against it: what is mended is whole.
                self._write(packed, sha256, packing.pack(data))
            elif raw in here:
                self._write(raw, sha256, data)
            else:
                self._write(packed, sha256, packing.pack_smaller(data, self._base(like)))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the document of that hash.

        Raises DamagedArchive if it is not there, cannot be read, or has bytes of another hash; or
        if that is so of the document that it is stored against.
        """
        with suppress(_BaseLost):
            return self._document(sha256, ())
        # Who takes the base out stores this one anew before.
        return self._document(sha256, ())

    def hashes(self) -> Iterator[str]:
        """Return the hashes of all documents, in order, without a look into their files."""
        with self._asking():
            folders = self._shelf.folders()
        for folder in folders:
            with self._asking():
                found = [_NAME.fullmatch(name) for name in self._shelf.listed(folder)]
            yield from sorted({match[2] for match in found if match})

    def is_new(self) -> bool:
        """Say whether no document was ever put here."""
        return next(self.hashes(), None) is None

    def copy_to(self, other: Archive, wanted: Iterable[str] | None = None) -> Iterator[str]:
        """Copy every file as it lies, or those of ``wanted``, and return each hash after.

        A document that is whole there stays as it is stored there, and what one is stored against
        comes before it: whoever stops this leaves none there that cannot be read. One that is
        damaged here is copied as it is. Raises NotArchived if one cannot be read or written.
        """
        copied: set[str] = set()
        for sha256 in self.hashes() if wanted is None else wanted:
            self._copy(sha256, other, copied)
            yield sha256

    def stored_sizes(self, documents: Iterable[str]) -> dict[str, int]:
        """Return how many bytes each document takes, without what it is stored against.

        They are bytes of the disk, or of the objects of a store. One that is not here is left out.
        """
        by_folder: dict[str, list[str]] = defaultdict(list)
        for sha256 in documents:
            by_folder[_names(sha256)[0].partition("/")[0]].append(sha256)
        found = {}
        for folder, wanted in by_folder.items():
            with self._asking():
                sizes = self._shelf.sizes(folder)
            for sha256 in wanted:
                taken = [sizes[name] for name in _names(sha256) if name in sizes]
                if taken:
                    found[sha256] = sum(taken)
        return found

    def size(self) -> int:
        """Return how many bytes the archive takes, as ``stored_sizes`` counts them."""
        with self._asking():
            return self._shelf.whole_size()

    def check(self) -> Iterator[Finding]:
        """Read every file and return what is wrong, in the order of names; nothing is changed.

        No more than one document and what it is stored against is in memory at a time.
        """
        try:
            with self._asking():
                here, folders = self._shelf.listed(), self._shelf.folders()
        except OSError as error:
            yield Unreadable(self.address, error.strerror or str(error))
            return
        for name in here:
            if name in folders:
                yield from self._check_folder(name)
            elif is_part(name) and name in self._shelf.parts():
                yield Leftover(self._place(name))
            else:
                yield Stray(self._place(name))

    def sweep(self) -> int:
        """Remove what writers that died have left, and return how many files that were.

        However young they are: the caller holds the lock, so nobody is writing them. Raises
        NotArchived if one cannot be removed.
        """
        count = 0
        with self._keeping():
            for name in self._shelf.parts():
                self._shelf.remove(name)
                count += 1
        return count

    def take_out(self, sha256: str) -> bytes:
        """Remove a document for good and return it; the caller has put it where it goes before.

        Documents stored against it are stored anew first. Whoever dies in this can call it again:
        no other document is lost at any step. The bytes are not overwritten, and can be on the disk
        and in copies of the archive for long. Raises DamagedArchive if the document or one stored
        against it cannot be read, and NotArchived if the folder cannot be written to; then the
        document is still here.
        """
        data = self.get(sha256)
        self.sweep()
        with self._keeping(_names(sha256)[0]):
            self._set_free_from(sha256)
            for name in _names(sha256):
                self._shelf.remove(name)
        return data

    def _document(self, sha256: str, above: tuple[str, ...]) -> bytes:
        """Return a document that is needed for those ``above``, each stored against the next."""
        fault = DamagedArchive(sha256, "it is not in the archive")
        for name in _names(sha256):
            try:
                return self._unpacked(name, sha256, above)
            except FileNotFoundError:
                continue
            except DamagedArchive as damaged:
                fault = damaged
        raise fault

    def _unpacked(self, name: str, sha256: str, above: tuple[str, ...]) -> bytes:
        try:
            with self._asking():
                data = self._shelf.read(name)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DamagedArchive(sha256, f"it cannot be read ({error.strerror})") from error
        if name.endswith(_PACKED):
            try:
                data = packing.unpack(data, self._unpacked_base(data, sha256, above))
            except packing.NotUnpacked as error:
                raise DamagedArchive(sha256, f"it cannot be unpacked ({error})") from error
        if self.hash_of(data) != sha256:
            raise DamagedArchive(sha256, "its bytes have changed")
        return data

    def _unpacked_base(self, stored: bytes, sha256: str, above: tuple[str, ...]) -> bytes | None:
        """Return what ``stored`` is packed against.

        That is stored whole, unless it was lost and put again: then it may have a base, too.
        """
        base = packing.packed_against(stored)
        if base is None:
            return None
        if base in (*above, sha256):
            raise DamagedArchive(sha256, "it is stored against itself")
        try:
            return self._document(base, (*above, sha256))
        except DamagedArchive as damaged:
            raise _BaseLost(sha256, damaged) from damaged

    def _base(self, like: str | None) -> tuple[str, bytes] | None:
        """Return the document stored whole that ``like`` is or is stored against; None if none."""
        passed: set[str] = set()
        while like is not None and like not in passed:
            passed.add(like)
            try:
                further = self._stored_against(like)
                if further is None:
                    return like, self.get(like)
            except (OSError, DamagedArchive):
                return None
            like = further
        return None

    def _stored_against(self, sha256: str) -> str | None:
        with self._asking():
            try:
                (head,) = self._shelf.heads([_names(sha256)[0]], packing.HEAD_SIZE)
            except FileNotFoundError:
                return None
        return packing.packed_against(head)

    def _bound_to(self, sha256: str) -> Iterator[str]:
        """Return the documents that are stored against one, in order."""
        for folder in self._shelf.folders():
            names = [name for name in self._shelf.listed(folder) if _NAME.fullmatch(name)]
            packed = [name for name in names if name.endswith(_PACKED)]
            for name, head in zip(
                packed, self._shelf.heads(packed, packing.HEAD_SIZE), strict=True
            ):
                if packing.packed_against(head) == sha256:
                    yield name[3 : 3 + 64]

    def _set_free_from(self, sha256: str) -> None:
        """Store anew what is stored against a document: the first whole, others against that."""
        base = None
        for each in list(self._bound_to(sha256)):
            data, name = self.get(each), _names(each)[0]
            stored = packing.pack_smaller(data, base)
            self._write(name, each, stored, self._shelf.read(name))
            if packing.packed_against(stored) is None:
                base = each, data

    def _write(self, name: str, sha256: str, stored: bytes, before: bytes | None = None) -> None:
        """Write the file of a document in the place of ``before``, which comes back if it fails."""
        try:
            self._shelf.write(name, stored)
        except NotAsWritten:
            # Another process can have put the same document just now, packed in another way.
            if not self.has(sha256):
                if before is not None:
                    self._shelf.write(name, before)
                raise

    def _copy(self, sha256: str, other: Archive, copied: set[str]) -> None:
        """Copy the files of a document, unless it is one of ``copied``, which it is then."""
        if sha256 in copied:
            return
        copied.add(sha256)
        with other._keeping(_names(sha256)[0]):
            if other.has(sha256):
                return
        with self._keeping(_names(sha256)[0]):
            names = sorted(self._shelf.held(_names(sha256)))
            stored = {name: self._shelf.read(name) for name in names}
        for name, data in stored.items():
            base = packing.packed_against(data) if name.endswith(_PACKED) else None
            if base is not None:
                self._copy(base, other, copied)
            with other._keeping(name):
                other._shelf.write(name, data)

    def _place(self, name: str) -> str:
        return f"{self.address}/{name}"

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except Unreachable as error:
            raise ArchiveUnreachable(self.address, str(error)) from error

    @contextmanager
    def _keeping(self, name: str = "") -> Iterator[None]:
        place = self._place(name) if name else self.address
        try:
            yield
        except packing.NotUnpacked as error:
            raise NotArchived(place, str(error)) from error
        except ArchiveUnreachable as error:
            raise NotArchived(place, f"it cannot be reached ({error.reason})") from error
        except Unreachable as error:
            raise NotArchived(place, f"it cannot be reached ({error})") from error
        except OSError as error:
            raise NotArchived(place, error.strerror or str(error)) from error

    def _check_folder(self, folder: str) -> Iterator[Finding]:
        try:
            with self._asking():
                names = self._shelf.listed(folder)
        except OSError as error:
            yield Unreadable(self._place(folder), error.strerror or str(error))
            return
        for name in names:
            place, match = self._place(name), _NAME.fullmatch(name)
            if is_part(name):
                yield Leftover(place)
            elif not match:
                yield Stray(place)
            else:
                try:
                    self._unpacked(name, match[2], ())
                except FileNotFoundError:
                    continue  # taken out since it was listed
                except _BaseLost as lost:
                    yield BaseMissing(place, match[2], lost.base.sha256, lost.base.reason)
                except DamagedArchive as damaged:
                    yield Damaged(place, match[2], damaged.reason)


def _names(sha256: str) -> tuple[str, str]:
    """Return the names that the file of a document can have: packed, and as it is."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is no sha256")
    raw = f"{sha256[:2]}/{sha256}"
    return f"{raw}{_PACKED}", raw

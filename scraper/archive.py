"""Every document byte for byte, under the name of its sha256: ``archive/ab/abcdef….zst``.

A document is stored packed: whole, or against another one that it resembles (``packing`` says how
that looks, and how to unpack both without this program). The other one is stored whole. Documents
of the archive's first form lie as they are, as ``archive/ab/abcdef…``.

A document has one file at any time. It is replaced by renaming, so whoever dies leaves the old file
or the new one, and two who put at once do no harm. Only one process may ``sweep`` or ``take_out``,
while nobody puts: the lock for that is the caller's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper import packing
from scraper.errors import DamagedArchive, NotArchived
from scraper.findings import BaseMissing, Damaged, Finding, Leftover, Stray, Unreadable
from scraper.shelf import Shelf, is_part

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
    """A folder of documents that never change."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made when the first document comes."""
        self.root = root
        self._shelf = Shelf(root)

    @staticmethod
    def hash_of(data: bytes) -> str:
        """Return the name of ``data``: its sha256 in 64 lower-case digits."""
        return hashlib.sha256(data).hexdigest()

    def path_of(self, sha256: str) -> Path:
        """Return the file that a document is stored in, or would be; ``get`` gives its bytes.

        Raises ValueError for a text that is no sha256, so that no name leads out of the folder.
        """
        packed, raw = _names(sha256)
        name = raw if self._shelf.holds(raw) and not self._shelf.holds(packed) else packed
        return self.root / name

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
        replaced. Raises NotArchived if any of it fails; then nothing half written is left.
        """
        sha256 = self.hash_of(data)
        packed, raw = _names(sha256)
        with _keeping(self.root / packed):
            if self.has(sha256):
                self._shelf.settle(packed)
            elif self._shelf.holds(packed):
                # Others may be stored against it: what is mended is whole.
                self._shelf.write(packed, packing.pack(data))
            elif self._shelf.holds(raw):
                self._shelf.write(raw, data)
            else:
                self._shelf.write(packed, _packed(data, self._base(like)))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the document of that hash.

        Raises DamagedArchive if it is not there, cannot be read, or has bytes of another hash; or
        if that is so of the document that it is stored against.
        """
        return self._document(sha256, ())

    def hashes(self) -> Iterator[str]:
        """Return the hashes of all documents, in order, without a look into their files."""
        for folder in self._shelf.folders():
            found = (_NAME.fullmatch(name) for name in self._shelf.listed(folder))
            yield from sorted({match[2] for match in found if match})

    def stored_size(self, sha256: str) -> int:
        """Return how many bytes of the disk a document takes, without what it is stored against.

        Raises DamagedArchive if it is not there.
        """
        sizes = [self._shelf.size(name) for name in _names(sha256) if self._shelf.holds(name)]
        if not sizes:
            raise DamagedArchive(sha256, "it is not in the archive")
        return sum(sizes)

    def size(self) -> int:
        """Return how many bytes of the disk the archive takes."""
        return self._shelf.whole_size()

    def check(self) -> Iterator[Finding]:
        """Read every file and return what is wrong, in the order of names; nothing is changed.

        No more than one document and what it is stored against is in memory at a time.
        """
        try:
            here, folders = self._shelf.listed(), self._shelf.folders()
        except OSError as error:
            yield Unreadable(self.root, error.strerror or str(error))
            return
        for name in here:
            if name in folders:
                yield from self._check_folder(name)
            else:
                yield Stray(self.root / name)

    def sweep(self) -> int:
        """Remove what writers that died have left, and return how many files that were.

        However young they are: the caller holds the lock, so nobody is writing them. Raises
        NotArchived if one cannot be removed.
        """
        count = 0
        with _keeping(self.root):
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
        with _keeping(self.path_of(sha256)):
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
        packed, _ = _names(sha256)
        if not self._shelf.holds(packed):
            return None
        return packing.packed_against(self._shelf.head(packed, packing.HEAD_SIZE))

    def _set_free_from(self, sha256: str) -> None:
        """Store anew what is stored against a document: the first whole, others against that."""
        bound = [each for each in self.hashes() if self._stored_against(each) == sha256]
        base = None
        for each in bound:
            data = self.get(each)
            stored = _packed(data, base)
            self._shelf.write(_names(each)[0], stored)
            if packing.packed_against(stored) is None:
                base = each, data

    def _check_folder(self, folder: str) -> Iterator[Finding]:
        try:
            names = self._shelf.listed(folder)
        except OSError as error:
            yield Unreadable(self.root / folder, error.strerror or str(error))
            return
        for name in names:
            path, match = self.root / name, _NAME.fullmatch(name)
            if is_part(name):
                yield Leftover(path)
            elif not match:
                yield Stray(path)
            else:
                try:
                    self._unpacked(name, match[2], ())
                except FileNotFoundError:
                    continue  # taken out since it was listed
                except _BaseLost as lost:
                    yield BaseMissing(path, match[2], lost.base.sha256, lost.base.reason)
                except DamagedArchive as damaged:
                    yield Damaged(path, match[2], damaged.reason)


def _names(sha256: str) -> tuple[str, str]:
    """Return the names that the file of a document can have: packed, and as it is."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is no sha256")
    raw = f"{sha256[:2]}/{sha256}"
    return f"{raw}{_PACKED}", raw


@contextmanager
def _keeping(path: Path) -> Iterator[None]:
    try:
        yield
    except packing.NotUnpacked as error:
        raise NotArchived(path, str(error)) from error
    except OSError as error:
        raise NotArchived(path, error.strerror or str(error)) from error


def _packed(data: bytes, base: tuple[str, bytes] | None) -> bytes:
    """Return ``data`` as it is stored: against ``base`` if that halves it, else whole."""
    whole = packing.pack(data)
    if base is None or max(len(data), len(base[1])) > packing.LARGEST_AGAINST:
        return whole
    against = packing.pack_against(data, *base)
    return against if 2 * len(against) <= len(whole) else whole

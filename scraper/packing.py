"""How a document lies in the archive: a zstd frame (RFC 8878), whole or against another document.

A frame that is whole is a plain ``.zst`` file: ``zstd -d FILE``. A page that is its neighbour but
for a nonce is a frame that has the neighbour for its dictionary and holds the difference only. In
front of that stands a skippable frame, which zstd passes over and ``head -c 96 FILE`` shows::

    unpack with zstd -d -D <sha256 of the other document>

The dictionary is the other document as it is, unpacked, and need not be named after its hash:
``zstd -d -D OTHER FILE``. Every frame states its size and ends with a checksum.
"""

from __future__ import annotations

import re
import struct

import zstandard

from scraper.errors import ScraperError

LARGEST_AGAINST = 32 * 1024 * 1024
"""Bytes of a document that is packed against another, and of the other: more is packed whole.

``zstd -D`` takes no larger dictionary; packing at this size takes half a gigabyte of memory.
"""
HEAD_SIZE = 96
"""How many bytes of a stored file tell what it is stored against."""

_LEVEL = 12
_TEXT = b"unpack with zstd -d -D %s\n"
_MARK = struct.pack("<II", 0x184D2A50, len(_TEXT) - 2 + 64)
"""Begins a skippable frame: its magic number and how long it is (RFC 8878, 3.1.2)."""
_HEAD = re.compile(re.escape(_MARK) + re.escape(_TEXT).replace(b"%s", b"([0-9a-f]{64})"))
_MOST_OF_A_BYTE = 32 * 1024
"""A block is at most 128 KiB, and at least 3 bytes of head and one of content (3.1.1.2)."""


class NotUnpacked(ScraperError):
    """What is stored is no frame that unpacks to its end; says why, as a clause."""


def pack(data: bytes) -> bytes:
    """Return ``data`` as a frame that is whole.

    Raises NotUnpacked if the frame does not give it back: the bytes exist nowhere else yet.
    """
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    return _proved(compressor.compress(data), data, None)


def pack_against(data: bytes, sha256: str, other: bytes) -> bytes:
    """Return ``data`` as a frame that holds how it differs from ``other``, whose hash is given.

    Raises NotUnpacked if the frame does not give it back.
    """
    reach = (len(data) + len(other)).bit_length()
    # The tables of a level are made for small dictionaries: without as many places as the other
    # document has, all but the end of it is forgotten.
    places = max(17, len(other).bit_length())
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL,
        source_size=len(data),
        dict_size=len(other),
        window_log=max(zstandard.WINDOWLOG_MIN, reach),
        hash_log=places,
        chain_log=places,
        write_content_size=True,
        write_checksum=True,
    )
    compressor = zstandard.ZstdCompressor(
        dict_data=_dictionary(other), compression_params=parameters
    )
    return _proved(_MARK + _TEXT % sha256.encode() + compressor.compress(data), data, other)


def pack_smaller(data: bytes, base: tuple[str, bytes] | None) -> bytes:
    """Return ``data`` as a frame against ``base``, a hash and its bytes, if that halves it.

    Else it is whole. Raises NotUnpacked if the frame does not give it back.
    """
    whole = pack(data)
    if base is None or max(len(data), len(base[1])) > LARGEST_AGAINST:
        return whole
    against = pack_against(data, *base)
    return against if 2 * len(against) <= len(whole) else whole


def packed_against(stored: bytes) -> str | None:
    """Return the hash of the document that is needed to unpack ``stored``, None if none is.

    The first ``HEAD_SIZE`` bytes are enough.
    """
    head = _HEAD.match(stored)
    return head[1].decode() if head else None


def unpack(stored: bytes, other: bytes | None) -> bytes:
    """Return the document of a frame; ``other`` is what it is packed against, None if nothing.

    No more memory is taken than a frame of that length can fill. Raises NotUnpacked if it is
    damaged, cut off or followed by anything.
    """
    head = _HEAD.match(stored)
    frame = stored[head.end() :] if head else stored
    try:
        size = zstandard.frame_content_size(frame)
        if not 0 <= size <= len(frame) * _MOST_OF_A_BYTE:
            raise NotUnpacked("it states a size that cannot be")
        dictionary = _dictionary(other) if other else None
        decompressor = zstandard.ZstdDecompressor(dict_data=dictionary)
        # It fills the stated size, no more and no less, or fails.
        return decompressor.decompress(frame, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise NotUnpacked(str(error)) from error


def _proved(stored: bytes, data: bytes, other: bytes | None) -> bytes:
    if unpack(stored, other) != data:
        raise NotUnpacked("it unpacks to other bytes than were packed")
    return stored


def _dictionary(other: bytes) -> zstandard.ZstdCompressionDict:
    """Take ``other`` as it is, even if it begins like a trained dictionary."""
    return zstandard.ZstdCompressionDict(other, dict_type=zstandard.DICT_TYPE_RAWCONTENT)

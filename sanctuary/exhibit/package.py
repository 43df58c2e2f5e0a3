"""Packing an exhibit: a ZIP file, the same for the same history and the same version."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from sqlite_utils import Database

from db.provenance import Headers, Proven
from parsers.bundle import Part, packed
from parsers.records import Box, PageSpot, Spot
from sanctuary import __version__
from sanctuary.bundles import listed_in
from sanctuary.document_name import safe_name
from sanctuary.exhibit.facts import (
    capture_facts,
    manifests_from,
    reading_facts,
    run_facts,
    source_facts,
)
from sanctuary.exhibit.sheet import GUIDE, sheet
from sanctuary.exhibit.subject import Place, Subject, find_subject, with_parts
from sanctuary.handing_out import NotHandedOut, kept_back
from sanctuary.page_image import NotDrawn, page_image
from sanctuary.reading import ReadingLimits
from sanctuary.sources import Settings
from sanctuary.warc.writing import write_warc
from scraper.archive import Archive

_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the ZIP: the first that the format knows."""


def write_exhibit(
    out: IO[bytes], db: Database, archive: Archive, name: str, settings: Settings
) -> None:
    """Write the exhibit of the change, row or capture that ``name`` names as a ZIP file.

    Raises NoSuchSubject, NotHandedOut for
    what needs a document that may not be handed out, and DamagedArchive.
    """
    subject = with_parts(db, archive, find_subject(db, name))
    exhibit = _Exhibit(db, archive, subject, settings.reading.limits())
    closed = kept_back(db, settings.individual_rows)
    for sha256 in exhibit.documents:
        if sha256 in closed:
            raise NotHandedOut(f"an exhibit of {name}", sha256, closed[sha256])
    _pack(out, f"exhibit-{subject.name}", exhibit.files())


@dataclass
class _Exhibit:
    db: Database
    archive: Archive
    subject: Subject
    limits: ReadingLimits
    documents: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """The file of each document."""

    def __post_init__(self) -> None:
        of_captures = (each.document_sha256 for _, each in self.subject.captures)
        of_places = (place.document_sha256 for place in self.subject.places)
        found = (sha256 for sha256 in (*of_captures, *of_places) if sha256)
        self.documents = list(dict.fromkeys(found))

    def files(self) -> dict[str, bytes]:
        """Return every file of the exhibit by its path."""
        contents = {sha256: self.archive.get(sha256) for sha256 in self.documents}
        self.names = {sha256: f"documents/{self._name(sha256)}" for sha256 in self.documents}
        files = {self.names[sha256]: contents[sha256] for sha256 in self.documents}
        files |= self._packed(contents)
        captures = []
        for number, (words, capture) in enumerate(self.subject.captures, start=1):
            facts = capture_facts(words, capture)
            facts["document_file"] = self.names.get(capture.document_sha256 or "")
            sent, came = capture.request_headers, capture.headers
            for headers, which in ((sent, "request"), (came, "response")):
                path = f"headers/{number:02}-{which}.txt"
                if headers:
                    files[path] = _as_they_came(headers)
                facts[f"{which}_headers_file"] = path if headers else None
            captures.append({"number": number, **facts})
        places = [self._place(place, contents, files) for place in self.subject.places]
        files["captures.warc.gz"] = self._warc()
        chain = self._chain(files)
        readings = {
            self.names[sha256]: reading_facts(self.db, self.subject.source_id, sha256)
            for sha256 in self.documents
        }
        facts = {
            "exhibit": {"of": self.subject.said, "made_by": f"sanctuary-tracker {__version__}"},
            "subject": self.subject.facts,
            "source": source_facts(self.db, self.subject.source_id),
            "captures": captures,
            "documents": [
                {"file": self.names[sha256], "sha256": sha256, "bytes": len(contents[sha256])}
                for sha256 in self.documents
            ],
            "readings": {name: found for name, found in readings.items() if found},
            "places": places,
            "runs": run_facts(self.db, self._runs()),
            "chain": chain,
        }
        notices = {each["notice"] for found in readings.values() for each in found}
        said = sorted(notice for notice in notices if notice)
        files["facts.json"] = _json({**facts, "notices": said})
        files["FACTS.txt"] = sheet(facts, said).encode()
        source = facts["source"]
        guide = GUIDE.format(version=__version__, parser=source["parser"], source=source["id"])
        files["README.txt"] = guide.encode()
        return files

    def _packed(self, contents: dict[str, bytes]) -> dict[str, bytes]:
        """Return each document of several parts with them in one file, as a parser reads it."""
        found = {}
        for sha256, data in contents.items():
            listed = listed_in(data)
            if listed and all(each.sha256 in contents for each in listed):
                parts = [Part(each.name, contents[each.sha256]) for each in listed]
                found[f"bundles/{sha256[:12]}.json"] = packed(parts)
        return found

    def _name(self, sha256: str) -> str:
        row = self.db.execute(
            "SELECT file_name, media_type FROM documents WHERE sha256 = ?", [sha256]
        ).fetchone()
        file_name, media_type = row or (None, None)
        return safe_name(sha256, file_name, media_type)

    def _place(
        self, place: Place, contents: dict[str, bytes], files: dict[str, bytes]
    ) -> dict[str, Any]:
        """Return where values stand, with the pictures of the pages, which go into ``files``."""
        pages: dict[int, list[Box]] = {}
        for spot in place.spots:
            if isinstance(spot, PageSpot):
                pages.setdefault(spot.page, []).append(spot.bbox)
        pictures = []
        for page, boxes in sorted(pages.items()):
            path = f"pages/{place.side}-page-{page}.png"
            try:
                files[path] = page_image(contents[place.document_sha256], page, boxes, self.limits)
                pictures.append(path)
            except NotDrawn as error:
                pictures.append(f"none: {error}")
        return {
            "side": place.side,
            "document_file": self.names[place.document_sha256],
            "spots": [_spot_words(spot) for spot in place.spots],
            "pictures": pictures,
        }

    def _warc(self) -> bytes:
        captures = [capture for _, capture in self.subject.captures]
        captures.sort(key=lambda each: (each.captured_at, each.id))
        out = io.BytesIO()
        write_warc(out, self.archive, captures, made_at=_newest(captures))
        return out.getvalue()

    def _runs(self) -> set[int]:
        return {each.run_id for _, each in self.subject.captures if each.run_id is not None}

    def _chain(self, files: dict[str, bytes]) -> dict[str, Any]:
        runs = self._runs()
        manifests = manifests_from(self.db, min(runs)) if runs else []
        if not manifests:
            return {}
        text = "".join(f"{manifest}\n" for _, manifest, _ in manifests)
        files["runs/manifests.jsonl"] = text.encode()
        return {
            "file": "runs/manifests.jsonl",
            "first_run": manifests[0][0],
            "newest_run": manifests[-1][0],
            "manifests": len(manifests),
            "sha256_of_the_first": manifests[0][2],
            "sha256_of_the_newest": manifests[-1][2],
        }


def _newest(captures: Iterable[Proven]) -> str:
    return max(capture.captured_at for capture in captures)


def _as_they_came(headers: Headers) -> bytes:
    lines = (re.sub(r"[\r\n\0]", " ", f"{name}: {value}") for name, value in headers)
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1", "replace")


def _spot_words(spot: Spot) -> str:
    if isinstance(spot, PageSpot):
        box = ", ".join(f"{edge:.1f}" for edge in spot.bbox)
        return f"page {spot.page}, box {box} (points from the top left: x0, top, x1, bottom)"
    return ", ".join(f"{name} {value}" for name, value in asdict(spot).items() if value != "")


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=True, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _pack(out: IO[bytes], folder: str, files: dict[str, bytes]) -> None:
    """Write ``files`` and their hashes, in a form that ``sha256sum -c`` takes, under ``folder``."""
    sums = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items())]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in sorted({**files, "SHA256SUMS": "".join(sums).encode()}.items()):
            info = zipfile.ZipInfo(str(PurePosixPath(folder, path)), _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            packed.writestr(info, data)

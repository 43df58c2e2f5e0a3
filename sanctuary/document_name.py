"""The name of the file that a document is handed out as."""

from __future__ import annotations

import mimetypes
import re


def safe_name(sha256: str, file_name: str | None, media_type: str | None) -> str:
    """Return a name that is safe anywhere: the hash, then what its publisher called it.

    It consists of Latin letters, digits, dots, dashes and underscores.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", file_name or "").strip("._-")[-60:]
    if not plain:
        kind = (media_type or "").partition(";")[0].strip()
        plain = f"document{mimetypes.guess_extension(kind) or '.bin'}"
    return f"{sha256[:12]}-{plain}"

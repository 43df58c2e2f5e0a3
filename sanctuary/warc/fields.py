"""The fields of ours in a record's header, which say what the standard has no field for.

Other tools pass over them. Values are of one line and ASCII; what is not is percent-encoded.
"""

from __future__ import annotations

PREFIX = "X-Sanctuary-"
SOURCE = f"{PREFIX}Source"
"""The id of the source, as in ``sources.yml``."""
ROLE = f"{PREFIX}Role"
"""``document``, ``index`` for a page that links to documents, or ``part`` for one of the answers
that make up a document."""
PROOF = f"{PREFIX}Proof"
"""Whose word the time is: ``own``, ``archive`` or ``person``."""
VERDICT = f"{PREFIX}Verdict"
"""What the answer was taken for."""
DOCUMENT = f"{PREFIX}Document"
"""``sha256:`` and 64 digits: the document that the capture brought or confirmed."""
REQUESTED = f"{PREFIX}Requested-URI"
"""What was asked for, where redirects led on to the target of the record."""
BEGAN = f"{PREFIX}Began"
"""Of a document of several parts: when the first of them was asked for."""
FILE_NAME = f"{PREFIX}File-Name"
"""Of a file that a person saved."""

EXPLAINED = (
    f"{PREFIX}* fields: {SOURCE} the source, {ROLE} document, index page or part of a "
    f"document, {PROOF} whose word the time is (own, archive, person), {VERDICT} what the answer "
    f"was taken for, {DOCUMENT} the sha256 of the payload without content coding, {REQUESTED} the "
    f"address asked for before redirects, {BEGAN} when the first part of a document was asked for, "
    f"{FILE_NAME} the name of a file that a person saved"
)
NO_ADDRESS = "urn:sha256:"
"""Begins the target of a document whose address nobody noted."""
ORIGINAL = "X-Archive-Orig-"
"""Goes before the name of a header that speaks of a coded form which is not kept."""

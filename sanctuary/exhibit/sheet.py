"""The fact sheet and the guide of an exhibit, as text that is safe to show anywhere."""

from __future__ import annotations

from typing import Any

from sanctuary.safe_text import one_line

_RULE = "=" * 72
_SECTIONS = {
    "subject": "WHAT IT IS OF",
    "source": "THE SOURCE",
    "captures": "THE CAPTURES, IN THE ORDER OF TIME",
    "documents": "THE DOCUMENTS",
    "readings": "HOW THE DOCUMENTS WERE READ",
    "places": "WHERE THE VALUES STAND",
    "runs": "THE RUNS THAT MADE THE CAPTURES",
    "chain": "THE CHAIN OF RUNS",
}
_UNSIGNED = """This sheet is unsigned. A program wrote it from its records; it states what
they hold and draws no conclusion. Whoever vouches for it does so under their
own name."""
_TIMES = """All times are in UTC. The time of a capture that this tool made is when the
request began, by the clock of its machine; what the server's clock said stands
beside it where the server stated it. The time of any other capture is the word
of whom it names. "sha256" is SHA-256 (FIPS 180-4)."""
_SILENT = """What was published between two captures is not known from them.
A document says what its publisher said, not what is so.
That a server answered is no statement of who runs it; the certificate it showed
is named by its sha256 where the connection was TLS.
The records were kept by whoever operated the program; what vouches for them is
the chain of runs, as far as one of its hashes is known from elsewhere."""
GUIDE = """HOW TO VERIFY THIS EXHIBIT

In this folder, with the usual tools:

1. Nothing was changed since it was packed:
     sha256sum -c SHA256SUMS
   (on macOS: shasum -a 256 -c SHA256SUMS). The hash of SHA256SUMS itself is not
   in here: ask whoever made the exhibit for it, by another way.

2. A document is what the capture brought: its sha256 begins its file name, and
   stands in full in FACTS.txt, in SHA256SUMS, and in the manifest of the run.

3. The WARC (ISO 28500) holds requests, responses and documents once more, with
   digests of its own:
     pip install warcio
     warcio check captures.warc.gz

4. The chain of runs: each line of runs/manifests.jsonl is the manifest of a run,
   from the first that concerns this exhibit to the newest. The sha256 of a line,
   without its line feed, is "previous" in the next:
     while IFS= read -r line; do printf %s "$line" | sha256sum; done \\
       < runs/manifests.jsonl
   The last is the newest; if its hash, or a later one, was published or deposited
   before a dispute arose, no line can have been altered since.

5. What was read from a document can be read again, with version {version} of
   Sanctuary Tracker:
     sanctuary parse documents/FILE --parser {parser}
   A document of several parts lies in bundles/ with all of them in one file.
   A parser with options, such as "table", takes them from the sources.yml of whoever
   made the exhibit: --sources sources.yml parse documents/FILE --source {source}

What is in here:

  FACTS.txt, facts.json    the fact sheet, for people and for machines
  documents/               the documents, byte for byte, without content coding
  bundles/                 documents of several parts, each packed with them, if any
                           (made for this exhibit of files in documents/)
  headers/                 of each capture the headers as they were sent and came
  captures.warc.gz         the captures in the form that web archives use
  pages/                   pages of a PDF with the place of a value in a red box, if
                           any (made for this exhibit; the box is not the document's)
  runs/                    the manifests of the runs
  SHA256SUMS               the sha256 of every other file

Headers and documents are as they came from outside. Open them with care.
"""


def sheet(facts: dict[str, Any], notices: list[str]) -> str:
    """Return the fact sheet as text; ``notices`` say that a document is no official one."""
    lines = [f"FACT SHEET: {one_line(str(facts['exhibit']['of']))}", _RULE]
    for notice in notices:
        lines += [f"NOTICE: {one_line(notice)}"]
    lines += [_UNSIGNED, "", _TIMES, "", f"Made by {one_line(str(facts['exhibit']['made_by']))}."]
    for key, title in _SECTIONS.items():
        if facts.get(key):
            lines += ["", title, _RULE, *_lines(facts[key], 0)]
    lines += ["", "WHAT THIS DOES NOT SAY", _RULE, _SILENT, ""]
    return "\n".join(lines)


def _lines(value: Any, depth: int) -> list[str]:
    """Return plain data as lines: a name and a value, what is within indented below."""
    indent = "  " * depth
    found: list[str] = []
    if not isinstance(value, dict):
        for each in value:
            within = _lines(each, depth + 1) if isinstance(each, dict | list | tuple) else []
            first = within[0].strip() if within else _plain(each)
            found += [f"{indent}- {first}", *within[1:]]
        return found
    for name, each in value.items():
        words = one_line(str(name)).replace("_", " ")
        if isinstance(each, dict | list | tuple) and each:
            found += [f"{indent}{words}:", *_lines(each, depth + 1)]
        else:
            found.append(f"{indent}{words}: {_plain(each)}")
    return found


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(str(value)) if value not in (None, "", [], {}, ()) else "none recorded"

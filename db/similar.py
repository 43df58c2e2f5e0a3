"""Texts of sections that are the same or nearly the same, wherever they stand: model laws.

A text is known by a sketch, the smallest hashes of its runs of words (Broder, "On the resemblance
and containment of documents", 1997). Texts whose sketches share enough are compared whole, by the
measure by which two editions of a section are paired. A sketch is the text's alone, so that the
pairs do not depend on the order in which texts came. A law that one place has in one section and
another in two is not found.

datasketch does as much with numpy and SciPy, in memory; here the sketches have to stay in SQL.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz
from sqlite_utils import Database

from db.pairing import SAME_TEXT
from parsers.records.same_text import same_text

FEWEST_WORDS = 40
"""The usual clauses on title, penalty, coming into force and severability have 17 to 37 words, and
those of two places score 88 to 93 whatever the law around them."""
RUN = 4
"""Words in a row. With one word in five replaced, two runs in five stay whole."""
KEPT = 16
"""Hashes in a sketch."""
SHARED = 3
"""Hashes that two sketches must share. Measured on 18 sections of real codes, words replaced at
random: of the pairs that score ``SAME_TEXT`` or more 0.1 % are missed with one word in ten
replaced, 0.5 % with three in twenty, 2 % with one in five. With one hash less to share, twice as
many texts are compared for nothing."""
MOST_SHARING = 300
"""Texts that share a run of words; of more it is a formula and says nothing of a text. Without an
end, a page of 3,000 like sentences would make nine million pairs."""


def sketch(words: str) -> list[int]:
    """Return the smallest hashes of the runs of words of a text in its ``same_text`` form.

    Case does not count. Empty where the text has fewer than ``FEWEST_WORDS``. The hash is CRC-32
    (RFC 1952), which takes half the time of BLAKE2 here; two runs that share one by chance cost a
    comparison and no more.
    """
    folded = words.casefold().split()
    if len(folded) < FEWEST_WORDS:
        return []
    runs = map(" ".join, zip(*(folded[start:] for start in range(RUN)), strict=False))
    return sorted(set(map(zlib.crc32, map(str.encode, runs))))[:KEPT]


def note_texts(db: Database, texts: Mapping[int, str]) -> None:
    """Keep the sketches of texts that were just stored, and find what is like them.

    ``texts`` are their ``same_text`` forms, by id. Call it in the transaction that stores them.
    """
    rows = [(number, run) for number, words in texts.items() for run in sketch(words)]
    if not rows:
        return
    db.conn.executemany("INSERT INTO text_shingles (text_id, shingle) VALUES (?, ?)", rows)
    new = {number for number, _ in rows}
    formulas, overtaken = _formulas(db, new)
    again = _holding(db, overtaken)
    db.execute(
        f"DELETE FROM similar_texts WHERE text_id IN {_GIVEN} OR other_text_id IN {_GIVEN}",
        {"given": _list(again)},
    )
    _pair(db, new | again, formulas | _formulas(db, again)[0], texts)


def note_all_texts(db: Database) -> None:
    """Do so for every text that is stored, of which none has a sketch yet."""
    note_texts(db, {row[0]: same_text(row[1]) for row in db.execute(_TEXTS)})


_TEXTS = "SELECT id, text FROM section_texts"
_GIVEN = "(SELECT value FROM json_each(:given))"


def _formulas(db: Database, texts: set[int]) -> tuple[set[int], set[int]]:
    """Return which runs of these texts are formulas, and which of them were none without them."""
    rows = db.execute(
        f"""SELECT shingle, count(*), count(*) FILTER (WHERE text_id IN {_GIVEN})
        FROM text_shingles WHERE shingle IN (
            SELECT shingle FROM text_shingles WHERE text_id IN {_GIVEN})
        GROUP BY shingle HAVING count(*) > :most""",
        {"given": _list(texts), "most": MOST_SHARING},
    ).fetchall()
    overtaken = {run for run, all_of_them, new in rows if all_of_them - new <= MOST_SHARING}
    return {run for run, *_ in rows}, overtaken


def _holding(db: Database, runs: set[int]) -> set[int]:
    sql = f"SELECT DISTINCT text_id FROM text_shingles WHERE shingle IN {_GIVEN}"
    return {row[0] for row in db.execute(sql, {"given": _list(runs)})}


def _pair(db: Database, texts: set[int], formulas: set[int], known: Mapping[int, str]) -> None:
    """Write all pairs of which one is in ``texts``."""
    pairs = db.execute(
        f"""SELECT DISTINCT min(mine.text_id, other.text_id), max(mine.text_id, other.text_id)
        FROM text_shingles AS mine JOIN text_shingles AS other
            ON other.shingle = mine.shingle AND other.text_id != mine.text_id
        WHERE mine.text_id IN {_GIVEN}
            AND mine.shingle NOT IN (SELECT value FROM json_each(:formulas))
        GROUP BY mine.text_id, other.text_id HAVING count(*) >= :shared""",
        {"given": _list(texts), "formulas": _list(formulas), "shared": SHARED},
    ).fetchall()
    words = dict(known)
    missing = {number for pair in pairs for number in pair} - words.keys()
    for number, text in db.execute(f"{_TEXTS} WHERE id IN {_GIVEN}", {"given": _list(missing)}):
        words[number] = same_text(text)
    found = []
    for one, other in pairs:
        score = fuzz.ratio(words[one], words[other], score_cutoff=SAME_TEXT)
        if score >= SAME_TEXT:
            found += [(one, other, score), (other, one, score)]
    db.conn.executemany("INSERT INTO similar_texts VALUES (?, ?, ?)", found)


def _list(numbers: Iterable[int]) -> str:
    return json.dumps(sorted(numbers))

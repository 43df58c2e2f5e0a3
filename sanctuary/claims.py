"""What lists say of a law, beside what was found in it: their quotes, and their dates.

It says where words stand and which dates are printed. It draws no conclusion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.quotes import Quote, quotes_of
from parsers.web_address import web_address
from sanctuary.wording import counted, day_and_time
from sanctuary.words import Piece, redline

LIMITS = (
    "What is said here is which words were found in which text, and which were not. What officers "
    "and jails do, and the rules of a jail, are written in no code: this says nothing about them."
)
CLAIM_TABLES = frozenset({"quotes", "listings", "policies", "policy_sections"})
"""What all of this is made from."""
RESULTS = {
    "verbatim": "Found word for word",
    "near": "Found, but not word for word",
    "other_version": "Found in a version that is not known to have been public at that time",
    "absent": "Not found in the text that was public at that time",
    "no_text": "Not found; the text of that time is not held",
}
_AGREES = {"same": "the same, as far as both are printed", "other": "another date"}


@dataclass(frozen=True)
class Claim:
    """A phrase that a list quotes, in all of its editions for which the answer is the same."""

    quote: Quote
    """As in the newest of these editions."""
    editions: int
    claimed: str
    """When the list said it, in words."""
    result: str
    pieces: list[Piece]
    """What was found, with what differs from the phrase marked; empty where it is not shown."""
    kept_off: bool
    """Words were found, and ``publish`` of the policy keeps them off the site."""
    section: str | None
    anchor: str | None
    policy: str | None
    """The source of the policy in which it was found."""
    version: str | None
    """When the version in which it was found was seen, in words, if that is not one of the time."""
    searched: str

    @property
    def differs(self) -> bool:
        """What was found is shown, and is not word for word what the list quotes."""
        return any(piece.mark != "same" for piece in self.pieces)

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        quote = self.quote
        return {
            "list": quote.list_source_id,
            "list_title": quote.list_title,
            "publisher": quote.publisher,
            "jurisdiction": quote.jurisdiction,
            "column": quote.column_name,
            "phrase": quote.phrase,
            "claimed_from": quote.claimed_from,
            "claimed_until": quote.claimed_until,
            "editions": self.editions,
            "result": quote.result,
            "score": quote.score,
            "found_text": None if self.kept_off else quote.found_text,
            "policy": self.policy,
            "section": self.section,
            "version_public_from": quote.policy_public_from,
            "version_public_until": quote.policy_public_until,
            "address": self.anchor,
            "searched": self.searched,
            "notices": list(quote.notices),
        }


@dataclass(frozen=True)
class Noted:
    """What a history note of the newest version says was done."""

    section: str | None
    anchor: str | None
    words: str
    """What was done, when and by which law."""
    agrees: str


@dataclass(frozen=True)
class DateBeside:
    """The date that a list prints beside a policy, and those that history notes print."""

    list_title: str
    publisher: str
    jurisdiction: str
    policy: str | None
    claimed: str
    notes: list[Noted]


def claims_of_policy(db: Database, source_id: str) -> list[Claim]:
    """Return the quotes of all listings of the place whose policy this source is."""
    rows = db.execute(
        """SELECT jurisdiction_id FROM policy_jurisdictions WHERE source_id = ?
        ORDER BY jurisdiction_id""",
        [source_id],
    ).fetchall()
    return claims_in(quote for (place,) in rows for quote in quotes_of(db, jurisdiction_id=place))


def claims_of_listing(db: Database, listing_id: int) -> list[Claim]:
    """Return the quotes of one row of a list."""
    return claims_in(quotes_of(db, listings=[listing_id]))


def claims_in(quotes: Iterable[Quote]) -> list[Claim]:
    """Return quotes as claims: one for all editions of a list that had the same answer."""
    groups: dict[tuple[object, ...], list[Quote]] = defaultdict(list)
    for quote in quotes:
        same = (quote.list_source_id, quote.jurisdiction, quote.column_name, quote.phrase)
        found = (quote.result, quote.found_text, quote.policy_source_id, quote.anchor)
        version = quote.policy_edition_id if quote.result == "other_version" else None
        groups[(*same, *found, version)].append(quote)
    return [_claim(group) for group in groups.values()]


def _claim(group: list[Quote]) -> Claim:
    quote = group[0]
    kept_off = quote.found_text is not None and quote.publish == "link"
    shown = "" if kept_off else quote.found_text or ""
    section = " ".join(filter(None, (quote.number, quote.heading)))
    return Claim(
        quote=quote,
        editions=len(group),
        claimed=_claimed(
            min(each.claimed_from for each in group), max(each.claimed_until for each in group)
        ),
        result=RESULTS[quote.result],
        pieces=redline(quote.phrase, shown) if shown else [],
        kept_off=kept_off,
        section=section or quote.policy_title,
        anchor=web_address(quote.anchor or quote.policy_address or ""),
        policy=quote.policy_source_id,
        version=_version(quote) if quote.result == "other_version" else None,
        searched=_searched(quote),
    )


def _claimed(start: str, end: str) -> str:
    """Return when a list said something: of a report the last day of the period, of a list when."""
    first, last = (
        each if len(each) == len("2017-02-03") else day_and_time(each) for each in (start, end)
    )
    return first if first == last else f"{first} to {last}"


def _version(quote: Quote) -> str | None:
    if quote.policy_public_from is None or quote.policy_public_until is None:
        return None
    first, last = map(day_and_time, (quote.policy_public_from, quote.policy_public_until))
    seen = f"on {first}" if first == last else f"from {first} to {last}"
    return f"That version was seen in public {seen}."


def _searched(quote: Quote) -> str:
    """Return in which instruments a phrase was looked for, in words."""
    versions: dict[tuple[str, str], int] = defaultdict(int)
    for each in quote.searched:
        kind = f" ({each.instrument_type})" if each.instrument_type else ""
        versions[each.source_id, f"{each.title or each.source_id}{kind}"] += (
            each.edition_id is not None
        )
    said = [
        f"{title}, {counted(number, 'version')}" if number else f"{title}, of which no text is held"
        for (_, title), number in versions.items()
    ]
    return "; ".join(said) or "nothing: no policy of this place is held"


def dates_beside(db: Database, source_id: str) -> list[DateBeside]:
    """Return the dates that the newest edition of each list prints, beside those of the notes.

    Of the notes: what was adopted or added, and whatever has the same date.
    """
    listings = _dated_listings(db, source_id)
    rows = db.query(
        f"""SELECT DISTINCT sources.title AS list_title, publisher, claim_dates.jurisdiction,
            policy, date_enacted_text, number, heading, anchor, kind, date, date_text, law, agrees
        FROM claim_dates JOIN sources ON sources.id = claim_dates.source_id
        JOIN latest_editions ON latest_editions.source_id = claim_dates.source_id
            AND latest_editions.edition_id = claim_dates.edition_id
        WHERE policy_source_id = ? AND listing_id IN ({",".join("?" * len(listings))})
            AND (kind IN ('adopted', 'added') OR agrees = 'same')
        ORDER BY list_title, claim_dates.jurisdiction, date""",
        [source_id, *listings],
    )
    notes: dict[tuple[str, str, str, str | None, str], list[Noted]] = defaultdict(list)
    names = ("list_title", "publisher", "jurisdiction", "policy", "date_enacted_text")
    for row in rows:
        listed, publisher, place, policy, claimed = (row[name] for name in names)
        notes[listed, publisher, place, policy, claimed].append(
            Noted(
                section=" ".join(filter(None, (row["number"], row["heading"]))) or None,
                anchor=web_address(row["anchor"] or ""),
                words=" ".join(
                    filter(None, (row["kind"], row["date"] or row["date_text"], row["law"]))
                ),
                agrees=_AGREES.get(row["agrees"], "no date that is certain"),
            )
        )
    return [DateBeside(*claim, noted) for claim, noted in notes.items()]


def _dated_listings(db: Database, source_id: str) -> list[int]:
    """Return the rows with a date that the newest editions of lists have of a policy's places."""
    rows = db.execute(
        """SELECT DISTINCT listings.id FROM policy_jurisdictions
        CROSS JOIN jurisdiction_names
            ON jurisdiction_names.jurisdiction_id = policy_jurisdictions.jurisdiction_id
        CROSS JOIN listings ON listings.name_id = jurisdiction_names.id
        CROSS JOIN edition_readings ON edition_readings.reading_id = listings.reading_id
            AND superseded_at IS NULL
        CROSS JOIN editions ON editions.id = edition_id AND editions.id = (
            SELECT id FROM editions AS newest WHERE newest.source_id = editions.source_id
            AND public_from IS NOT NULL ORDER BY period_start DESC, revision DESC LIMIT 1)
        WHERE policy_jurisdictions.source_id = ? AND date_enacted_text IS NOT NULL""",
        [source_id],
    )
    return [row[0] for row in rows]

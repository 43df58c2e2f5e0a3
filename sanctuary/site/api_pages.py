"""The addresses of our pages as JSON: what each is for, and what its answer has."""

from __future__ import annotations

from sanctuary.site.api_endpoint import Endpoint, Key, Parameter

_OBSERVED = (
    Key("{}observed_after", "the last moment at which it was looked for and not there"),
    Key("{}observed_by", "the first moment at which it was there"),
)
_CHANGE = (
    Key("{}public_id", "the name of the change, which stays"),
    Key(
        "{}kind",
        "added, removed, returned, changed, renamed, corrected, published, withdrawn, "
        "restored or went_dark",
    ),
    Key("{}cause", "publisher, replay (a better reading of an old document) or person"),
    Key("{}sentence", "what happened, in words that name publisher and list"),
    Key("{}window", "when, in words: between two moments"),
    *_OBSERVED,
    Key("{}recorded_at", "when this database took note of it"),
    Key("{}source_id", "the id of the source"),
    Key("{}publisher", "who publishes it"),
    Key("{}table", "the table of the row that changed; null for a whole edition"),
    Key("{}place", "the place as printed"),
    Key("{}jurisdiction_id", "the place that this name is taken for"),
    Key("{}state", "the state as printed"),
    Key("{}edition_before", "the selector of the edition before"),
    Key("{}edition_after", "the selector of the edition after"),
    Key("{}fields", "what differs: field, before, after"),
    Key("{}caveats", "what has to be said beside its numbers"),
    Key("{}notice", "what the document says of itself if it is no official one"),
    Key("{}links.page", "the page of the change"),
)
_FOUND = (
    Key("{}more", "whether there is more than is shown"),
    Key("{}ranked", "whether the best come first; where very many have the words the newest do"),
)


def _below(path: str, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    return tuple(Key(key.path.format(path), key.what) for key in keys)


PAGES = (
    Endpoint(
        "front",
        "What is new, and how all stands",
        "The front page: the last changes by source, the lists with how they stand, the states "
        "with how many places are listed today, and how fresh every source is.",
        "/-/front.json",
        "/-/front.json",
        (
            Key("now", "when this was answered"),
            Key("notices", "what shown documents say of themselves if they are no official ones"),
            Key("news[].source_id", "the id of the source that changed"),
            *_below("news[].", _OBSERVED),
            Key("news[].items[].sentence", "what happened"),
            Key("lists[].source_id", "the id of a list"),
            Key(
                "lists[].stands", "whether it stands today: it was not taken down and has not ended"
            ),
            Key("lists[].last_stated", "when it was last seen in public"),
            Key("lists[].rows", "rows on its newest edition"),
            Key("map.states[].state", "two letters"),
            Key("map.lists", "how many lists the map shows"),
            Key("map.not_observed", "how many of them nobody looked at lately"),
            Key("map.states[].places", "places on them, as far as their names are resolved"),
            Key(
                "freshness.ok", "whether every source that is watched was read within its deadline"
            ),
        ),
        (Parameter("list", "the id of a list: the map of this one alone"),),
    ),
    Endpoint(
        "changes",
        "Changes",
        "All changes, the newest first, as far as they are known today.",
        "/-/changes.json",
        "/-/changes.json?source={source}",
        (
            Key("count", "how many are asked for"),
            Key("next", "the address of the next page"),
            *_below("changes[].", _CHANGE),
        ),
        (
            Parameter("source", "the id of a source"),
            Parameter("policy", "the id of the source of a policy"),
            Parameter("kind", "one of the kinds of change"),
            Parameter("state", "a state as printed, in capitals or not"),
            Parameter("place", "the id of a place, a name with its state, or a part of a name"),
            Parameter("since", "a day: what was first observed on it or later"),
            Parameter("until", "a day: what was first observed on it or earlier"),
            Parameter("edition", "with source: changes into the edition of this selector"),
            Parameter("after", "the public id of a change: those that follow it"),
            Parameter("replay", "yes: also what a better reading of an old document changed"),
        ),
        (".csv", ".atom (a feed)"),
    ),
    Endpoint(
        "change",
        "One change",
        "One change by its public id, also when a later document showed that it was otherwise.",
        "/-/change/{public id}.json",
        "/-/change/{change}.json",
        (
            *_below("", _CHANGE),
            Key("stands", "whether it is still told; false if a later document overtook it"),
            Key("told[].observed_by", "each way in which it was told, with its window"),
            Key("editions[].document_sha256", "the documents before and after"),
            Key("statements", "what places and courts say of it"),
            Key("citation", "a sentence to cite it by"),
        ),
    ),
    Endpoint(
        "compare",
        "Two editions compared",
        "What differs between two editions of a source: without from and to between the last two.",
        "/-/compare.json?source={source}&from={selector}&to={selector}",
        "/-/compare.json?source={source}",
        (
            Key("source_id", "the id of the source"),
            *_below("", _OBSERVED),
            Key("from.selector", "what names the edition before"),
            Key("from.document_sha256", "the sha256 of its document"),
            Key("to.selector", "what names the edition after"),
            Key("counts.added", "rows that came"),
            Key("counts.removed", "rows that went"),
            Key("counts.changed", "rows that differ"),
            Key("counts.renamed", "rows that got another name"),
            Key("tables.*.rows_from", "rows of the table before"),
            Key("tables.*.rows_to", "rows of the table after"),
            Key("tables.*.rows_unchanged", "rows that are the same on both sides"),
            Key("tables.*.compared", "rows, or counts where rows are of different events"),
            Key("tables.*.changes", "the rows that differ: kind, row, fields, evidence"),
            Key("notices", "what the documents say of themselves if they are no official ones"),
        ),
        (
            Parameter("source", "the id of the source"),
            Parameter("from", "the edition before: a period with its revision, a day or a moment"),
            Parameter("to", "the edition after"),
        ),
        (".csv", ".md"),
    ),
    Endpoint(
        "lists",
        "Two lists compared",
        "Which places stand on one list and not on another. Two publishers are two publishers: "
        "nothing here was removed or added.",
        "/-/compare.json?source={source}&other={source}",
        "/-/compare.json?source={list}&other={other}",
        (
            Key("one.source_id", "the id of the one list"),
            Key("one.stands", "how it stands, in words"),
            Key("other.source_id", "the id of the other"),
            Key("counts.both", "places on both"),
            Key("counts.on_one_not_on_other", "places on the one and not on the other"),
            Key("counts.on_other_not_on_one", "places on the other and not on the one"),
            Key("both", "these places"),
            Key("on_one_not_on_other", "these places"),
            Key("on_other_not_on_one", "these places"),
            Key("one.not_resolved", "rows of names that are taken for no place yet"),
        ),
        (Parameter("other", "the id of the other list"),),
    ),
    Endpoint(
        "place",
        "One place",
        "All that is held of one place: what each list says of it, window by window, and what "
        "was printed of it in order of time.",
        "/-/place/{id}.json",
        "/-/place/{place}.json",
        (
            Key("jurisdiction.id", "its id, which stays"),
            Key("jurisdiction.name", "its name"),
            Key(
                "jurisdiction.kind",
                "state, county, city, town, tribe, region, agency, jail, system",
            ),
            Key("jurisdiction.geoid", "its Census GEOID"),
            Key("printed_as[].printed", "the names by which documents call it"),
            Key("lists[].source_id", "the id of a list, also of one that never names it"),
            Key("lists[].today", "listed, not listed, not observed, withdrawn or ended"),
            Key("lists[].windows[].state", "the same for a run of days"),
            Key("lists[].windows[].since", "the first of these days; null for ever before"),
            Key("lists[].windows[].until", "the last of them; null for up to now"),
            Key("lists[].unresolved_in_state", "names of its state on the list that nobody knows"),
            Key("lists[].held", "documents of the list that are held for review"),
            Key("life[].kind", "what a line of its life is"),
            Key("life[].sentence", "the line in words"),
            Key("life[].evidence", "the documents that say so, with the spots"),
            Key("around", "the state and county it lies in, which pass nothing on to it"),
            Key("same_name", "other places of the same name"),
        ),
    ),
    Endpoint(
        "places",
        "Places of a state",
        "The places that some source names, by state; without a state how many each state has. "
        "place.json?name=… leads to the place that a name means.",
        "/-/place.json?state={two letters}",
        "/-/place.json?state={state}",
        (
            Key("state", "two letters"),
            Key("places[].id", "the id of a place"),
            Key("places[].name", "its name"),
            Key("places[].kind", "what it is"),
            Key("places[].sources", "how many sources name it"),
            Key("places[].page", "its page"),
        ),
        (
            Parameter("state", "two letters"),
            Parameter("name", "a name, as printed or with its state"),
        ),
    ),
    Endpoint(
        "policy",
        "One policy",
        "A page or an instrument of a jurisdiction: its versions, the sections of the newest, and "
        "what lists quote beside the law.",
        "/-/policy/{source}.json",
        "/-/policy/{policy}.json",
        (
            Key("source_id", "the id of its source"),
            Key("jurisdiction", "whose policy it is"),
            Key("citation", "how it is cited"),
            Key("publish", "full, diff or link: how much of its text this site shows"),
            Key("versions[].selector", "what names a version, the newest first"),
            Key("versions[].public_from", "when it was first seen in public"),
            Key("versions[].public_until", "when it was last seen"),
            Key("versions[].document_sha256", "the sha256 of the document"),
            Key("sections[].number", "the number of a section as printed"),
            Key("sections[].heading", "its heading"),
            Key("sections[].body", "its text; null where the site may not show it"),
            Key("sections[].history_note", "what is printed of its adoption and amendments"),
            Key("quotes", "what lists put in quotation marks, and where it stands"),
            Key("notices", "what documents say of themselves if they are no official ones"),
        ),
    ),
    Endpoint(
        "report",
        "One report",
        "One edition of a report or list as it can be read: what it states of itself, its tables "
        "a page at a time, checks and problems. Issued is not declined; charges are not "
        "convictions; detainers are not persons; one week is not a trend.",
        "/-/report/{source}/{selector}.json",
        "/-/report/{report}/{selector}.json",
        (
            Key("source_id", "the id of the source"),
            Key("selector", "what names the edition"),
            Key("period_start", "the first day that it speaks of"),
            Key("period_end", "the last"),
            Key("revision", "1 for the first edition of a period, 2 for the first corrected one"),
            Key("document_sha256", "the sha256 of the document"),
            Key("reminder", "what its numbers do not say"),
            Key("stated", "what it states of itself: its numbers, its paragraphs and its caveats"),
            Key("tables.*.rows_held", "rows of a table"),
            Key("tables.*.kept_off", "whether this site is set not to show them"),
            Key("tables.*.rows", "the rows of this page"),
            Key("tables.*.pages", "how many pages there are"),
            Key("checks", "what was checked, and whether it passed"),
            Key("problems", "what could not be read"),
        ),
        (Parameter("the name of a table", "which page of its rows, from 1"),),
    ),
    Endpoint(
        "evidence",
        "Where a row was read",
        "One row with the document and the spot that it was read from, who read it, and how that "
        "can be verified. Take such addresses from other answers.",
        "/-/evidence/{source}/{sha256}/{table}/{position}.json",
        "/-/evidence/{row}.json?read_by={read_by}",
        (
            Key("address.source_id", "the id of the source"),
            Key("address.document_sha256", "the document"),
            Key("address.table", "the table of the row"),
            Key("address.position", "its place in the order of the document, from 1"),
            Key("values[].name", "a column"),
            Key("values[].printed", "what is printed there"),
            Key("values[].normal", "what it was read as"),
            Key("evidence", "the spots: page and box of a PDF, anchor of a page, row of a sheet"),
            Key("jurisdiction_id", "the place that the name it prints is taken for"),
            Key("caveats", "what has to be said beside its numbers"),
            Key("standing.word", "whether this reading is the one that is shown today"),
            Key("reading.parser", "who read it"),
            Key("reading.parser_version", "in which version"),
            Key("captures[].first", "when the document was first fetched from an address"),
            Key("captures[].last", "when it was last"),
            Key(
                "captures[].proof",
                "whose word that is: own, archive (the Wayback Machine's) or person",
            ),
            Key("citation", "a sentence to cite it by"),
        ),
        (Parameter("read_by", "which parser read it; without it the one whose reading stands"),),
    ),
    Endpoint(
        "document",
        "One document",
        "A document by the sha256 of its bytes: where and when it was captured, how it was read.",
        "/-/document/{sha256}.json",
        "/-/document/{document}.json",
        (
            Key("sha256", "its name"),
            Key("size", "bytes"),
            Key("media_type", "what its publisher says it is"),
            Key("file", "where its bytes are; null where the site may not show them"),
            Key("captures[].captured_at", "when it was fetched"),
            Key("captures[].verdict", "how the answer was judged"),
            Key("readings[].status", "accepted, held, rejected or failed"),
            Key(
                "readings[].parser_version",
                "the version of the parser; it ends in +fast where one engine alone read a PDF",
            ),
            Key("readings[].tables", "what was read: tables with how many rows"),
        ),
    ),
    Endpoint(
        "search",
        "Search",
        "Places, listings, changes, policies and sections that have all of the words. Rows about "
        "individuals are not searched.",
        "/-/search.json?q={words}",
        "/-/search.json?q={word}",
        (
            Key("q", "what was searched for"),
            *(
                key
                for kind in ("places", "listings", "changes", "policies", "sections")
                for key in _below(f"{kind}.", _FOUND)
            ),
            Key("listings.hits[].name", "what was found"),
            Key("listings.hits[].page", "the page that it leads to"),
            Key("listings.hits[].said", "what it is, with publisher and list"),
            Key("listings.hits[].text", "what surrounds the words"),
            Key("listings.hits[].found", "the words as they stand there"),
            Key("listings.hits[].source_id", "the id of the source"),
            Key(
                "listings.hits[].standing",
                "newest, gone, withheld, withdrawn or ended: on which edition it is",
            ),
            Key("listings.hits[].first_seen", "when it was first seen in public"),
            Key("listings.hits[].last_seen", "when it was last seen"),
        ),
        (
            Parameter("q", "words; “…” for words that follow one another, * for any end"),
            Parameter(
                "kind",
                "places, listings, changes, policies or sections: that kind alone, up to fifty",
            ),
            Parameter("state", "two letters: what belongs to places of that state"),
        ),
    ),
    Endpoint(
        "health",
        "How every source stands",
        "When each source was last tried, fetched, read and accepted, when it is due, what waits "
        "for a person, and the last runs. For a monitor: ok.",
        "/-/health.json",
        "/-/health.json",
        (
            Key("ok", "whether every source that is watched was read within its deadline"),
            Key("said", "the same in a sentence"),
            Key("counts.sources", "how many sources there are"),
            Key("counts.past_deadline", "how many were not read for longer than their deadline"),
            Key("counts.held", "readings that wait for a person"),
            Key("sources[].source_id", "the id of a source"),
            Key("sources[].last_tried", "when it was last asked for"),
            Key("sources[].last_good", "when that last brought what was expected"),
            Key("sources[].next_due", "when it is due"),
            Key("sources[].past_deadline", "whether it was not read for longer than its deadline"),
            Key("runs", "the last runs"),
            Key("next", "the address of the next page of sources"),
        ),
        (Parameter("page", "which page of sources, from 1"),),
    ),
)

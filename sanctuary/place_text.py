"""The life of a place on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from parsers.records import Jurisdiction
from sanctuary.place import PlaceLife, name_of
from sanctuary.place_lines import Evidence, Line
from sanctuary.place_lists import OnList
from sanctuary.quoted import print_claims
from sanctuary.safe_text import one_line
from sanctuary.wording import counted

NOTHING_KNOWN = "No list of jurisdictions is held yet."
ASIDE = "What stands here says nothing of the place itself: no listing is passed on."


def print_life(out: Console, life: PlaceLife) -> None:
    """Print all that is held of a place; what it is taken for and from where stands above."""
    for notice in life.notices:
        out.print(Text(one_line(f"[{notice}]"), style="bold reverse"))
    out.print(Text(one_line(life.title), style="bold"))
    for said in heading_of(life):
        out.print(Text(one_line(said), style="dim"))
    if life.place.jurisdiction is not None:
        _head(out, "What each list says of it")
        for each in life.lists:
            _print_list(out, each)
        if not life.lists:
            out.print(f"  {NOTHING_KNOWN}")
    _head(out, "In order of time")
    for line in life.lines:
        _print_line(out, line)
    if not life.lines:
        out.print("  Nothing that is held names it.")
    if life.agreements:
        _head(out, "287(g) agreements of its agencies")
        _items(out, (each.words for each in life.agreements))
    if life.policies:
        _head(out, "Its policies")
        _items(out, (policy.words for policy in life.policies))
    if life.claims:
        _head(out, "What lists quote, beside the law")
        print_claims(out, life.claims)
    _print_beside(out, life)


def heading_of(life: PlaceLife) -> list[str]:
    """Return what it is taken for, and under which names it is printed, a sentence each."""
    found = life.place.jurisdiction
    if found is None:
        said = [
            "This name is printed, and it is not resolved: for which place it stands is not said."
        ]
    else:
        geoid = f", GEOID {found.geoid}" if found.geoid else ""
        said = [f"{found.kind.capitalize()}, {found.id}{geoid}"]
    return [*said, *printed_as(life)]


def printed_as(life: PlaceLife) -> list[str]:
    """Return under which names it is printed where, each once, and which of them are misspelt."""
    return list(
        dict.fromkeys(
            f"Printed “{name.printed}” by {name.source_id}"
            + (f", which is misspelt: {name.reason}" if name.misspelt else "")
            for name in life.place.names
        )
    )


def _head(out: Console, text: str) -> None:
    out.print()
    out.print(Text(text, style="bold underline"))


def _items(out: Console, items: Iterable[str]) -> None:
    for item in items:
        out.print(Text(f"  {one_line(item)}"))


def _print_list(out: Console, each: OnList) -> None:
    out.print(Text(f"  {one_line(each.name)}", style="bold" if each.named else ""))
    for said in each.words or ("never observed",):
        out.print(Text(f"    {said}"))
    if said := waiting(each):
        out.print(Text(f"    {said}", style="dim"))


def waiting(each: OnList) -> str:
    """Return that names of a list may be the place, and what of it is held, or an empty text."""
    said = []
    if each.unresolved:
        are = "is" if each.unresolved == 1 else "are"
        names = counted(each.unresolved, "name")
        said.append(f"{names} of this list in this state {are} not resolved.")
    if each.held:
        are = "is" if each.held == 1 else "are"
        documents = counted(each.held, "document")
        said.append(f"{documents} of this list {are} held for review, and not counted here.")
    return " ".join(said)


def _print_line(out: Console, line: Line) -> None:
    out.print(Text(f"  {line.when}", style="cyan"))
    out.print(Text(f"    {one_line(shortly(line))}"))
    for said in said_beside(line):
        out.print(Text(f"    {one_line(said)}"))
    for detail in line.details:
        out.print(Text(f"      {one_line(detail)}"))
    for caveat in line.caveats:
        out.print(Text(f"    {one_line(caveat)}", style="italic"))
    for correction in line.corrections:
        out.print(Text(f"    {one_line(correction)}", style="bold"))
    for spot in line.evidence:
        out.print(Text(f"    {one_line(where(spot))}", style="dim"))


_LONG_TITLE = 60


def shortly(line: Line) -> str:
    """Return the sentence of a line with a long title up to its colon: the whole stands above."""
    main, colon, _ = line.title.partition(": ")
    is_long = colon and len(line.title) > _LONG_TITLE
    return line.said.replace(line.title, main) if is_long else line.said


def said_beside(line: Line) -> list[str]:
    """Return how a line prints the place where the sentence does not say it, and a misspelling."""
    said = []
    if line.printed and line.printed not in line.said:
        said.append(f"printed “{line.printed}”")
    if line.misspelt:
        said.append(f"The name is misspelt: {line.misspelt}")
    return said


def where(spot: Evidence) -> str:
    """Return where a line was read: the side of a change, the document, and the spot in it."""
    if spot.document_sha256 is None:
        return f"{spot.table} {spot.row_id}"
    side = "" if spot.side == "row" else f"{spot.side}: "
    return f"{side}document {spot.document_sha256[:12]}{spots_in_words(spot)}"


def spots_in_words(spot: Evidence) -> str:
    """Return the spots of a row, as they follow a document: ``, page 2``, ``, sheet A row 12``."""
    pages = dict.fromkeys(str(each["page"]) for each in spot.spots if "page" in each)
    if pages:
        return f", page {' and '.join(pages)}"
    for each in spot.spots:
        if "sheet" in each:
            sheet = f" sheet {each['sheet']}" if each["sheet"] else ""
            return f",{sheet} row {each['row']}"
        if "anchor" in each:
            return f", {each['anchor']}"
    return ""


def _print_beside(out: Console, life: PlaceLife) -> None:
    named = [each for each in life.around if each.lists]
    if not named and not life.same_name:
        return
    _head(out, "Beside it")
    out.print(Text(f"  {ASIDE}", style="italic"))
    for around in named:
        for each in around.lists:
            said = "; ".join(each.words)
            relation = f"{around.relation.capitalize()}, {name_of(around.jurisdiction)}"
            _items(out, [f"{relation}, in {each.name}: {said}"])
    if life.same_name:
        _items(out, [f"Places of the same name: {several(life.same_name)}"])


def several(places: Iterable[Jurisdiction]) -> str:
    """Return places with their ids, one after the other."""
    return "; ".join(f"{name_of(each)} ({each.id})" for each in places)

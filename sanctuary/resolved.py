"""Printed names and the places they are taken for, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from db.resolved import Printed, ResolvedName
from parsers.records import Jurisdiction
from sanctuary.safe_text import one_line
from sanctuary.wording import TABLE_TITLES, counted, day_and_time


def name_lines(name: ResolvedName) -> Iterator[Text]:
    """Yield what is said of a name: what is printed, for what it is taken, by which rule, why."""
    yield from printed_lines(name)
    if name.jurisdiction_id:
        said, style = f"{name.jurisdiction} ({name.jurisdiction_id})", "green"
    elif name.reviewed:
        said, style = "no place", "dim"
    else:
        said, style = "undecided", "yellow"
    notes = [said]
    if name.misspelt:
        notes.append("misspelt")
    if name.lapsed:
        notes.append("lapsed: the source prints it no more" if name.reviewed else "printed no more")
    yield Text(f"  {one_line('; '.join(notes))}", style=style)
    if name.reason:
        yield Text(f"  {one_line(f'{name.method}: {name.reason}')}", style="dim")


def printed_lines(name: ResolvedName) -> Iterator[Text]:
    """Yield what is printed, and what stands around it."""
    around = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in name.context.items())
    said = f"{name.source_id}: {name.printed}"
    yield Text(one_line(f"{said}  ({around})" if around else said), style="bold")


def where(printed: Printed) -> Text:
    """Return where a name stands: in which edition, how often, on which page first."""
    edition = printed.period or f"public on {day_and_time(printed.public_from)}"
    page = f", page {printed.page}" if printed.page else ""
    table = TABLE_TITLES.get(printed.table, printed.table)
    said = f"{table}, {edition}: {counted(printed.rows, 'row')}{page}"
    return Text(f"  {one_line(said)}; document {printed.document_sha256[:12]}", style="dim")


def offered(candidates: Sequence[Jurisdiction]) -> Iterator[Text]:
    """Yield the places between which a person can choose, numbered from 1, with their points."""
    # Most commands never ask, and need not wait until this is loaded.
    from places.answers import MOST_CANDIDATES

    for number, each in enumerate(candidates, start=1):
        point = "" if each.latitude is None else f"  {each.latitude}, {each.longitude}"
        yield Text(f"  {number}  {one_line(f'{each.name}, {each.state}  ({each.id}){point}')}")
    if len(candidates) == MOST_CANDIDATES:
        yield Text("  There can be more; name any place by its id.", style="dim")


def place_lines(chain: Sequence[Jurisdiction]) -> Iterator[Text]:
    """Yield what is known of a place, the last of ``chain``; before it stands what it lies in."""
    place = chain[-1]
    yield Text(one_line(f"{place.name}, {place.state}  ({place.id})"), style="bold")
    facts = [place.kind]
    if place.geoid:
        facts.append(f"GEOID {place.geoid} of {place.geoid_vintage}")
    if place.latitude is not None:
        facts.append(f"{place.latitude}, {place.longitude}")
    if len(chain) > 1:
        facts.append(f"in {chain[-2].name} ({chain[-2].id})")
    yield Text(f"  {one_line('; '.join(facts))}")
    yield Text(f"  {one_line(place.authority)}", style="dim")

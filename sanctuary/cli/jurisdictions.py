"""For which places printed names are taken: ``jurisdictions``."""

from __future__ import annotations

import getpass
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from db.resolved import ResolvedName, resolved_names, where_printed
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.decisions import NO_PLACE, FacilityDecision, NameDecision
from sanctuary.decisions_file import DecisionsError, add_decision, load_all_decisions, new_entry
from sanctuary.errors import SomeoneWrites
from sanctuary.naming import Places, find_place
from sanctuary.resolved import name_lines, offered, place_lines, printed_lines, where
from sanctuary.safe_text import one_line
from sanctuary.terminal import console
from sanctuary.wording import counted

_STATUS = ("resolved", "undecided", "no place")
_by = click.option("--by", default=getpass.getuser, help="Who decides  [default: you]")
_json = click.option("--json", "as_json", is_flag=True, help="For machines.")
_SKIP, _QUIT = "s", "q"


@click.group()
def jurisdictions() -> None:
    """Show which places printed names mean, and decide it.

    What the rules do not decide stays undecided until a person does: in jurisdictions.yml, which
    lies beside sources.yml and can be shared.

    \b
    Examples:
      sanctuary jurisdictions list --status undecided
      sanctuary jurisdictions review
      sanctuary jurisdictions show us/ny/county/nassau
    """


@jurisdictions.command("list")
@click.option("--source", help="Names that this source prints.")
@click.option("--status", type=click.Choice(_STATUS), help="Names that stand so.")
@click.option("--method", help="Names that were resolved by this rule; decision: by a person.")
@click.option("--misspelt", is_flag=True, help="Names that were matched though they are misspelt.")
@_json
@click.pass_obj
def list_(
    app: App,
    source: str | None,
    status: str | None,
    method: str | None,
    misspelt: bool,
    as_json: bool,
) -> None:
    """List the names that documents print, and how each was resolved.

    \b
    Examples:
      sanctuary jurisdictions list --source ddor-weekly
      sanctuary jurisdictions list --misspelt
    """
    with app.workspace.looking() as db:
        found = [
            name
            for name in resolved_names(db)
            if source in (None, name.source_id)
            and status in (None, _standing(name))
            and method in (None, name.method)
            and (name.misspelt or not misspelt)
        ]
    if as_json:
        print_json([_data(name) for name in found])
        return
    out = console()
    for name in found:
        for line in name_lines(name):
            out.print(line)
    undecided = sum(name.is_undecided for name in found)
    said = f"{counted(len(found), 'name')}, {undecided} undecided"
    click.echo(f"{said}: `sanctuary jurisdictions review`" if undecided else said)


def _standing(name: ResolvedName) -> str:
    return "undecided" if name.is_undecided else name.status


def _data(name: ResolvedName) -> dict[str, Any]:
    data = asdict(name)
    data["source"] = data.pop("source_id")
    del data["ids"]
    return {**data, "status": _standing(name)}


@jurisdictions.command()
@click.option("--source", help="Names that this source prints.")
@_by
@_json
@click.pass_obj
def review(app: App, source: str | None, by: str, as_json: bool) -> None:
    """Go through the undecided names, and write down what you say.

    Shows of each what is printed and where, and between which places the rules do not decide.
    Needs a terminal; without one decide by `sanctuary jurisdictions decide`.

    \b
    Examples:
      sanctuary jurisdictions review
      sanctuary jurisdictions review --json
    """
    with app.workspace.looking() as db:
        waiting = [
            name
            for name in resolved_names(db)
            if name.is_undecided and source in (None, name.source_id)
        ]
        printed = [where_printed(db, name) for name in waiting]
    if as_json:
        print_json(
            [
                {**_data(name), "printed_in": list(map(asdict, stands))}
                for name, stands in zip(waiting, printed, strict=True)
            ]
        )
        return
    if not waiting:
        click.echo("No name is undecided.")
        return
    if not is_terminal():
        raise click.UsageError(
            f"{counted(len(waiting), 'name')} undecided, and no terminal to ask on; --json lists "
            "them, `sanctuary jurisdictions decide` decides one"
        )
    places = Places(load_all_decisions(app.decisions_path))
    out = console()
    decided = False
    try:
        for number, (name, stands) in enumerate(zip(waiting, printed, strict=True), start=1):
            out.print(Text(f"\n{number} of {len(waiting)}", style="dim"))
            for line in (*printed_lines(name), *map(where, stands)):
                out.print(line)
            chosen = _ask(out, name, places)
            if chosen == _QUIT:
                break
            if chosen != _SKIP:
                why = click.prompt("Why", type=str)
                _write(app, _decision(name, chosen, by, why))
                decided = True
    finally:
        # What was decided before a person stopped it counts, too.
        if decided:
            _apply(app)


def is_terminal() -> bool:
    """Say whether there is a person to ask."""
    return sys.stdin.isatty()


def _ask(out: Console, name: ResolvedName, places: Places) -> str:
    """Return the id that a person chooses, ``none``, or that the name is skipped, or the end."""
    known = [found for each in name.candidates if (found := places.get(each)) is not None]
    for line in offered(known):
        out.print(line)
    while True:
        words = str(
            click.prompt(f"A number, an id, {NO_PLACE}, {_SKIP} to skip, {_QUIT} to quit")
        ).strip()
        if words.isdecimal() and 1 <= int(words) <= len(known):
            return known[int(words) - 1].id
        if words in (NO_PLACE, _SKIP, _QUIT) or places.get(words) is not None:
            return words
        out.print(Text(one_line(f"There is no jurisdiction {words}."), style="red"))


def _decision(name: ResolvedName, jurisdiction: str, by: str, why: str) -> NameDecision:
    """Return the entry that decides a name as it stands, with all that stands around it."""
    return NameDecision(
        source=name.source_id,
        printed=name.printed,
        **name.context,
        jurisdiction=jurisdiction,
        by=by,
        when=date.today(),
        why=why,
    )


@jurisdictions.command()
@click.argument("source")
@click.argument("printed")
@click.argument("jurisdiction", required=False)
@click.option("--state", help="Only where this stands around the name as its state.")
@click.option("--level", help="… as what the list says of it: state, county or city.")
@click.option("--county", help="… as its county.")
@click.option("--agency-type", help="… as the type of the agency.")
@click.option("--facility", help="A facility printed beside that name: decide where it stands.")
@click.option("--location", help="Where that facility stands, as an id.")
@click.option("--operator", help="Who runs that facility, as an id.")
@_by
@click.option("--why", required=True, help="Why, for those who ask later.")
@click.pass_obj
def decide(
    app: App,
    /,
    source: str,
    printed: str,
    jurisdiction: str | None,
    by: str,
    why: str,
    **more: str | None,
) -> None:
    """Decide which JURISDICTION the PRINTED name of SOURCE means.

    JURISDICTION is an id, or none: no place. It counts only where it is printed exactly so. Of a
    facility --location and --operator are decided, with PRINTED as the name beside it.

    \b
    Example:
      sanctuary jurisdictions decide doj-sanctuary-list 'Ithica, NY' us/ny/city/ithaca \\
          --why "misspelt; the list of the week before prints Ithaca"
    """
    entry: NameDecision | FacilityDecision
    decided = {"source": source, "printed": printed, "by": by, "when": date.today(), "why": why}
    given = {key: value for key, value in more.items() if value is not None}
    if "facility" in given:
        if jurisdiction is not None or not given.keys() & {"location", "operator"}:
            raise click.UsageError("a facility has --location or --operator, and no JURISDICTION")
        entry = new_entry(FacilityDecision, {**decided, **given})
    elif jurisdiction is None:
        raise click.UsageError("name a JURISDICTION by its id, or none")
    else:
        entry = new_entry(NameDecision, {**decided, "jurisdiction": jurisdiction, **given})
    _write(app, entry)
    _apply(app)


def _write(app: App, entry: NameDecision | FacilityDecision) -> None:
    """Write a decision to the file, once it is known that there are the places that it names."""
    places = Places(load_all_decisions(app.decisions_path))
    named = (
        (entry.jurisdiction_id,)
        if isinstance(entry, NameDecision)
        else (entry.location, entry.operator)
    )
    for place in named:
        if place is not None and places.get(place) is None:
            raise DecisionsError(
                f"there is no jurisdiction {place}; describe it in an entry of its own in "
                f"{app.decisions_path} (place: …), or name another"
            )
    add_decision(app.decisions_path, entry)
    click.echo(one_line(f"{app.decisions_path}: {entry.name()}: decided"))


def _apply(app: App) -> None:
    """Let what is in the file count."""
    if not app.workspace.database.exists():
        return
    try:
        with app.workspace.writing():
            pass
    except SomeoneWrites as error:
        click.echo(one_line(f"{error}; it counts from the next command that writes"), err=True)


@jurisdictions.command()
@click.argument("jurisdiction")
@_json
@click.pass_obj
def show(app: App, jurisdiction: str, as_json: bool) -> None:
    """Show one JURISDICTION, and the names taken for it.

    It is named by its id, or by a name that documents print.

    \b
    Example:
      sanctuary jurisdictions show us/ny/county/nassau
    """
    decisions = load_all_decisions(app.decisions_path)
    names: list[ResolvedName] = []
    places = Places(decisions)
    found = places.get(jurisdiction)
    if app.workspace.database.exists():
        with app.workspace.looking() as db:
            found = found or find_place(jurisdiction, db).jurisdiction
            names = [
                each for each in resolved_names(db) if found and each.jurisdiction_id == found.id
            ]
    found = found or find_place(jurisdiction).jurisdiction
    if found is None:
        raise click.BadParameter(
            f"no jurisdiction {jurisdiction!r}; name one like us/ny/county/nassau, or Ithaca, NY"
        )
    if as_json:
        print_json({"jurisdiction": asdict(found), "names": [_data(name) for name in names]})
        return
    out = console()
    for line in place_lines(places.chain(found)):
        out.print(line)
    for name in names:
        for line in name_lines(name):
            out.print(line)

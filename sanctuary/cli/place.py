"""One place, all that is held of it: ``place``."""

from __future__ import annotations

import click

from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.safe_text import one_line
from sanctuary.terminal import console


@click.command()
@click.argument("place")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def place(app: App, place: str, as_json: bool) -> None:
    """Show all that is held of one place, in order of time.

    PLACE is a name with its state, an id, or a name exactly as a list prints it. Every
    list is named with its publisher and with what it says of the place itself; its
    state, its county and places of the same name stand apart.

    A text that is no place, or may be several, is a usage error that names those it
    may be (exit code 2). With --json it is an answer like any other: "jurisdiction" is
    null, "candidates" has those, and the exit code is 0.

    \b
    Examples:
      sanctuary place "Nassau County, NY"
      sanctuary place us/ny/county/nassau --json
    """
    # The places there are take a moment to load, and other commands need not wait for them.
    from sanctuary.place import load_life, open_tables
    from sanctuary.place_data import life_data, nothing_data
    from sanctuary.place_finding import find
    from sanctuary.place_text import print_life, several

    today = utc_now()[:10]
    with app.workspace.looking() as db:
        found = find(db, place)
        life = load_life(db, found, open_tables(db), today) if found.is_found else None
    if life is not None:
        if as_json:
            print_json(life_data(life, today))
        else:
            print_life(console(), life)
    elif as_json:
        print_json(nothing_data(found))
    else:
        may_be = f"; it may be {several(found.candidates)}" if found.candidates else ""
        why = found.reason.removesuffix(".")
        how = 'name it with its state, as in "Nassau County, NY", or by its id'
        raise click.BadParameter(one_line(f"{place!r} is no place: {why}{may_be}; {how}"))

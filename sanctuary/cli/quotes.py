"""What lists quote of local law, and whether it stands there: ``quotes``."""

from __future__ import annotations

import click

from db.quotes import quotes_of
from sanctuary.claims import claims_in
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.quoted import print_claims
from sanctuary.safe_text import one_line
from sanctuary.terminal import console
from sanctuary.wording import counted


@click.command()
@click.argument("jurisdiction", required=False)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def quotes(app: App, jurisdiction: str | None, as_json: bool) -> None:
    """Show what lists quote of local law, and where it stands.

    That is what they put in quotation marks about places whose policies are watched; with
    JURISDICTION, as a list prints it, about that place. It says which words were found in which
    text that is held, and which were not.

    \b
    Examples:
      sanctuary quotes
      sanctuary quotes 'Ithaca, New York'
      sanctuary quotes --json
    """
    with app.workspace.looking() as db:
        claims = claims_in(quotes_of(db, jurisdiction=jurisdiction))
    if as_json:
        print_json([claim.data() for claim in claims])
        return
    shown = [claim for claim in claims if jurisdiction or claim.quote.searched]
    if shown:
        print_claims(console(), shown)
    elif jurisdiction:
        click.echo(one_line(f"No list that is held quotes anything of {jurisdiction}."))
    if len(shown) < len(claims):
        rest = counted(len(claims) - len(shown), "phrase")
        click.echo(f"{rest} of places of which no policy is watched: --json has all.")
    elif not claims and not jurisdiction:
        click.echo("No list that is held quotes anything.")

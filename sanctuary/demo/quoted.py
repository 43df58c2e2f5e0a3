"""What the lists of the demo quote of its laws, and what was found of it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text
from sqlite_utils import Database

from sanctuary.safe_text import one_line
from sanctuary.site.claims import Claim, claims_of_policy
from sanctuary.sources import Source
from sanctuary.terminal import marked_text


def print_quoted(out: Console, db: Database, sources: Iterable[Source]) -> None:
    """Print, law by law, each phrase that a list quotes of it, and where it stands."""
    out.print(Text("\nWhat lists quote of these laws, and what was found", style="bold underline"))
    told: set[str] = set()
    for source in sources:
        claims = claims_of_policy(db, source.id)
        if claims:
            out.print(Text(one_line(source.title), style="bold"))
        for claim in claims:
            new = [notice for notice in claim.quote.notices if notice not in told]
            told.update(new)
            for notice in new:
                out.print(Text(one_line(f"[{notice}]"), style="dim"))
            _print(out, claim)


def _print(out: Console, claim: Claim) -> None:
    quote = claim.quote
    said = f"“{quote.phrase}”, {quote.list_title}: {quote.jurisdiction}, {claim.claimed}"
    out.print(Text(f"  {one_line(said)}"))
    where = f": {claim.section}" if claim.pieces and claim.section else ""
    out.print(Text(f"    {one_line(f'{claim.result}{where}')}", style="cyan"))
    if claim.differs:
        line = Text("    ")
        line.append_text(marked_text(claim.pieces, out.is_terminal))
        out.print(line)
    out.print(Text(f"    looked for in: {one_line(claim.searched)}", style="dim"))

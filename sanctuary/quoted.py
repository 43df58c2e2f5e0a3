"""What lists quote of local law, and what was found of it, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from sanctuary.claims import LIMITS, Claim
from sanctuary.safe_text import one_line
from sanctuary.terminal import marked_text


def print_claims(out: Console, claims: Iterable[Claim]) -> None:
    """Print phrase by phrase what was found where, and at the end what that does not say.

    What a document that is no official one says of itself stands above the first phrase of it.
    """
    told: set[str] = set()
    for claim in claims:
        new = [notice for notice in claim.quote.notices if notice not in told]
        told.update(new)
        for notice in new:
            out.print(Text(one_line(f"[{notice}]"), style="dim"))
        _print(out, claim)
    out.print(Text(LIMITS, style="dim"))


def _print(out: Console, claim: Claim) -> None:
    quote = claim.quote
    said = f"“{quote.phrase}”, {quote.list_title}: {quote.jurisdiction}, {claim.claimed}"
    out.print(Text(one_line(said)))
    where = f": {claim.section}" if claim.pieces and claim.section else ""
    out.print(Text(f"  {one_line(f'{claim.result}{where}')}", style="cyan"))
    if claim.version:
        out.print(Text(f"  {claim.version}", style="dim"))
    if claim.differs:
        line = Text("  ")
        line.append_text(marked_text(claim.pieces, out.is_terminal))
        out.print(line)
    out.print(Text(f"  looked for in: {one_line(claim.searched)}", style="dim"))

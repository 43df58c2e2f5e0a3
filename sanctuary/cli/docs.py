"""The documentation, where the program is installed without it: ``docs``."""

from __future__ import annotations

import click
from rich.markdown import Markdown

from sanctuary.shipped import shipped
from sanctuary.terminal import console


@click.command()
@click.argument("page", required=False)
def docs(page: str | None) -> None:
    """Show a PAGE of the documentation, or which pages there are.

    What a message calls docs/notify.md is the page notify.

    \b
    Examples:
      sanctuary docs
      sanctuary docs first-hour
      sanctuary docs docs/notify.md
    """
    pages = {path.stem: path for path in sorted(shipped("docs").glob("*.md"))}
    if page is None:
        del pages["README"]
        width = max(map(len, pages))
        for name, path in pages.items():
            with path.open(encoding="utf-8") as lines:
                click.echo(f"{name:{width}}  {lines.readline().removeprefix('# ').strip()}")
        return
    name = page.removeprefix("docs/").removesuffix(".md")
    if name not in pages:
        raise click.UsageError(f"no page {page!r}; `sanctuary docs` lists them")
    text = pages[name].read_text("utf-8")
    out = console()
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        click.echo(text, nl=False)

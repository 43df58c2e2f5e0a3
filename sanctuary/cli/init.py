"""Beginning to watch, in a folder of one's own: ``init``."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from parsers.faults import allowed
from sanctuary.cli.fetch import NO_CONTACT
from sanctuary.source_values import Contact
from sanctuary.sources import Sources
from sanctuary.starting import begin_folder
from sanctuary.wording import counted

_WHAT = {
    "sources.yml": "what is watched, and the settings",
    "metadata.yml": "title, licence and descriptions of the site",
}


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--contact", help="How a publisher can reach you: an address of mail or of a page.")
@click.option("--only", metavar="SOURCE", multiple=True, help="Watch this one; can be repeated.")
def init(folder: Path, contact: str | None, only: tuple[str, ...]) -> None:
    """Write the files to begin with into FOLDER, or into this one.

    That is sources.yml, with the settings and all the sources that ship, and metadata.yml. What is
    there already stays as it is. On a terminal it asks for the contact address; nothing is sent
    to anybody.

    \b
    Examples:
      sanctuary init
      sanctuary init watch --contact desk@example.org
      sanctuary init watch --only doj-sanctuary-list --only ice-287g-participating
    """
    if contact is None and _can_ask() and not (folder / "sources.yml").exists():
        contact = _asked_for()
    if contact is not None:
        _check(contact)
    begun = begin_folder(folder, contact, only)
    for file in begun.written:
        click.echo(f"wrote {file}: {_WHAT[file.name]}")
    for file in begun.kept:
        click.echo(f"kept {file}: it was there already, and is as it was")
    if begun.sources is not None:
        policies = sum(source.jurisdiction is not None for source in begun.sources.sources)
        total = counted(len(begun.sources.sources), "source")
        click.echo(f"watched: {total}, {policies} of them policies of places")
        if contact is None:
            click.echo(NO_CONTACT, err=True)
    click.echo("\nNext:")
    for line in _next(folder, begun.sources):
        click.echo(f"  {line}")


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked_for() -> str | None:
    """Ask for the contact address once; what git knows is proposed, and a person decides."""
    said: str = click.prompt(
        "An address by which a publisher can reach you, sent with every request (- for none yet)",
        default=_known_to_git() or "-",
    )
    return None if said.strip() == "-" else said.strip()


def _known_to_git() -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "config", "user.email"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return said.stdout.strip() or None


def _check(contact: str) -> None:
    try:
        TypeAdapter(Contact).validate_python(contact)
    except ValidationError as error:
        said = allowed(error.errors()[0])
        raise click.BadParameter(f"--contact {contact!r}: {said}") from None


def _next(folder: Path, sources: Sources | None) -> list[str]:
    """Return the commands that come next, each with what it does."""
    watched = sources.sources if sources else []
    first = next((s.id for s in watched if s.lifecycle == "active" and s.address), None)
    commands = {
        f"cd {shlex.quote(str(folder))}": "" if folder.resolve() != Path.cwd() else None,
        f"sanctuary run {first}": "fetch one list" if first else None,
        "sanctuary run": "fetch all that is watched",
        "sanctuary serve": "look at it in the browser",
        "sanctuary sources add URL": "watch something else",
    }
    shown = {command: said for command, said in commands.items() if said is not None}
    width = max(map(len, shown))
    return [f"{command:<{width}}  {said}".rstrip() for command, said in shown.items()]

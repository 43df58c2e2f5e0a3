"""What is watched, for people: ``sources``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import click

from db.comparison import Edition
from db.selectors import all_editions
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.cli.sources_add import add
from sanctuary.cli.sources_check import check
from sanctuary.safe_text import one_line
from sanctuary.sources import Source
from sanctuary.wording import day_and_time, describe

_ACCESS = {
    "open": "answers tools",
    "refused": "refuses tools",
    "mirror": "not the publisher's own: a mirror or a reprint",
    "unknown": "nobody has tried whether it answers tools",
}
_THEN = "; then the Wayback Machine's newest capture is taken"
_SHOWN = {
    "full": "the whole text",
    "diff": "what changed, not the whole text",
    "link": "its address, not the text",
}


class _SourcesOrCommand(click.Group):
    """``sources`` with the id of a source, or with the name of a command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names; any other word is a source."""
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return _show.name, _show, args


@click.group(
    cls=_SourcesOrCommand,
    invoke_without_command=True,
    options_metavar="[OPTIONS]",
    subcommand_metavar="[SOURCE | add … | check …]",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """List what is watched; with SOURCE, its editions too.

    \b
    Examples:
      sanctuary sources
      sanctuary sources ddor-weekly
      sanctuary sources ithaca-sanctuary-city
      sanctuary sources add https://jails.freedonia.example/list
      sanctuary sources check my-list list.csv
    """
    if context.invoked_subcommand is None:
        show(context.obj, None, as_json)


@click.command("sources", hidden=True)
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def _show(context: click.Context, source: str, as_json: bool) -> None:
    """List one source with its editions."""
    outer = context.parent
    try:
        show(context.obj, source, as_json or bool(outer and outer.params.get("as_json")))
    except click.UsageError as error:
        error.ctx = outer
        raise


sources.add_command(add)
sources.add_command(check)


def show(app: App, source: str | None, as_json: bool) -> None:
    """Print what is watched, or one source with the editions that are held."""
    watched = [app.source(source)] if source else app.sources().sources
    held: dict[str, list[dict[str, Any]]] = {}
    if source and app.workspace.database.exists():
        with app.workspace.looking() as db:
            held[source] = [
                {**asdict(edition), "name": edition.name, "words": _in_public(edition)}
                for edition in all_editions(db, source)
            ]
    if as_json:
        print_json(
            [
                {**each.model_dump(mode="json"), "editions_held": held.get(each.id, [])}
                for each in watched
            ]
        )
        return
    if source is None:
        _echo(_all(watched))
    else:
        _echo([*_one(watched[0]), *_further(watched[0])])
        _echo(f"#{edition['id']}  {edition['words']}" for edition in held.get(source, []))


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _all(watched: Iterable[Source]) -> Iterator[str]:
    """Yield what is watched: first what lists places, then the policies, by whose they are."""
    by_place: dict[str, list[Source]] = {}
    for each in watched:
        by_place.setdefault(each.jurisdiction or "", []).append(each)
    for place in sorted(by_place):
        yield f"Policies of {one_line(place)}" if place else "Reports and lists"
        for each in by_place[place]:
            yield from (f"  {line}" for line in _one(each))
        yield ""


def _one(source: Source) -> Iterator[str]:
    yield f"{source.id}  ({source.lifecycle}, parser {source.parser})"
    yield f"  {one_line(f'{source.publisher}: {source.title}')}"
    address = source.address or "no address: `sanctuary import` takes its documents"
    yield f"  {address}{'' if source.address_seen or not source.address else '  (never seen)'}"
    if source.jurisdiction or source.access != "unknown":
        yield f"  {_ACCESS[source.access]}{_THEN if source.when_refused else ''}"


def _further(source: Source) -> Iterator[str]:
    if source.publish != "full":
        yield f"  a site shows {_SHOWN[source.publish]}"
    yield f"  {one_line(source.why)}"
    if source.jurisdiction:
        yield f"Policy of {one_line(source.jurisdiction)}"
    yield from (f"  {one_line(said)}" for said in source.lists_say)


def _in_public(edition: Edition) -> str:
    first, last = day_and_time(edition.public_from), day_and_time(edition.public_until)
    seen = f"seen {first}" if first == last else f"seen {first} to {last}"
    return f"{describe(edition)}, {seen}" if edition.period else seen

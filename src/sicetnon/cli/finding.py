"""The command that finds words: search."""

from __future__ import annotations

import click

from sicetnon.cli.common import STORE, emit, library
from sicetnon.errors import UsageError


@click.command(
    epilog="\b\nExample:\n  sicetnon search 'uniform convergence' generali* --kind passage",
)
@click.argument("words", nargs=-1, metavar="WORD...")
@click.option("--thread", metavar="SLUG", help="Only this thread.")
@click.option(
    "--kind",
    type=click.Choice(["passage", "claim", "title", "holder"]),
    help="Only texts of this kind.",
)
@click.option("--limit", type=int, default=20, show_default=True, metavar="N", help="At most N.")
@click.option(
    "--format",
    type=click.Choice(["table", "csv", "tsv", "json", "jsonl", "markdown"]),
    default="table",
    show_default=True,
)
@click.option("--rebuild", is_flag=True, help="Make the index anew first.")
@click.option("--verify", is_flag=True, help="Hold the index against the store; 1 if they differ.")
@click.option("-o", "--output", metavar="F", help="Write to this file.")
@STORE
@click.pass_context
def search(
    context: click.Context,
    words: tuple[str, ...],
    thread: str | None,
    kind: str | None,
    limit: int,
    format: str,
    rebuild: bool,
    verify: bool,
    output: str | None,
    store: str | None,
) -> int:
    """Find the passages, claims, titles and holders that have all words, the best first.

    An argument of several words is a phrase; a word with * at its end is a beginning; case and
    accents do not count. The first search makes an index beside the store, which later pages
    keep up to date.
    """
    if not (words or rebuild or verify):
        raise UsageError("expected words to search for, found none")
    found = library(context, store)
    if rebuild:
        found.rebuild_search()
    faults = found.search_faults() if verify else []
    for fault in faults:
        click.echo(fault)
    if words:
        from sicetnon.query import FORMATS

        text = " ".join(map(_phrase, words))
        emit(FORMATS[format](found.search(text, thread, kind, limit)), output)
    return 1 if faults else 0


def _phrase(argument: str) -> str:
    """Quote an argument of several words, as its writer did for the shell."""
    return f'"{argument}"' if len(argument.split()) > 1 and '"' not in argument else argument

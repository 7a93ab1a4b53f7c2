"""Commands that keep what the store holds: backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sicetnon.cli.common import STORE, library, sink
from sicetnon.errors import UsageError


@click.command(epilog="\b\nExample:\n  sicetnon backup -o debates.nq.gz")
@click.option("-o", "--output", metavar="F", help="Write to this file.  [default: stdout]")
@STORE
@click.pass_context
def backup(context: click.Context, output: str | None, store: str | None) -> None:
    """Write everything that the store holds: sorted N-Quads, compressed with gzip.

    The same content gives the same bytes, whichever kind of store holds it.
    """
    if output in {None, "-"} and sys.stdout.isatty():
        raise UsageError("expected a file (-o F) or a pipe for a backup, found a terminal")
    found = library(context, store)
    _ = found.store  # refuses a store that is not there before a file is begun
    with sink(output) as file:
        count = found.backup(file)
    click.echo(f"{count} quads", err=True)


@click.command(epilog="\b\nExample:\n  sicetnon --store copy.store restore debates.nq.gz")
@click.argument("file", metavar="F")
@click.option("--replace", is_flag=True, help="Take the place of everything in the store.")
@STORE
@click.pass_context
def restore(context: click.Context, file: str, replace: bool, store: str | None) -> None:
    """Fill an empty store from a backup; a file that is no whole backup changes nothing."""
    count = library(context, store).restore(Path(file), replace=replace)
    click.echo(f"{count} quads", err=True)

"""Commands about the argument: analyse, what-if."""

from __future__ import annotations

import click

from sicetnon.cli.common import STORE, emit, library

_THREAD = click.option(
    "--thread", metavar="SLUG", help="The thread; not needed where there is only one."
)
_VERSION = click.option(
    "--version", metavar="N", help="A number, a date or latest.  [default: latest]"
)
_FORMAT = click.option(
    "--format", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
_JSON = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
_OUTPUT = click.option("-o", "--output", metavar="F", help="Write to this file.")


@click.command(epilog="\b\nExample:\n  sicetnon analyse --thread limits-of-deep-learning-theory")
@_THREAD
@_VERSION
@_FORMAT
@_JSON
@click.option("--preferred", is_flag=True, help="Also what can be held together; needs clingo.")
@_OUTPUT
@STORE
@click.pass_context
def analyse(
    context: click.Context,
    thread: str | None,
    version: str | None,
    format: str,
    as_json: bool,
    preferred: bool,
    output: str | None,
    store: str | None,
) -> None:
    """Tell how a debate stands: who is alone, contested, unanswered, and what hangs on what."""
    found = library(context, store).analyse(thread, version, preferred=preferred)
    emit(getattr(found, "json" if as_json else format)(), output)


@click.command(
    "what-if",
    epilog="\b\nExample:\n  sicetnon what-if --thread limits-of-deep-learning-theory"
    " --without 13 'Vitaly Feldman'",
)
@_THREAD
@_VERSION
@click.option(
    "--without",
    "first",
    multiple=True,
    required=True,
    metavar="SOURCE...",
    help="An entry's number, a work or a holder by IRI or name; more may follow.",
)
@click.argument("more", nargs=-1, metavar="")
@_FORMAT
@_JSON
@_OUTPUT
@STORE
@click.pass_context
def what_if(
    context: click.Context,
    thread: str | None,
    version: str | None,
    first: tuple[str, ...],
    more: tuple[str, ...],
    format: str,
    as_json: bool,
    output: str | None,
    store: str | None,
) -> None:
    """Tell what would fall without some sources, and what would still stand.

    A work goes only when no entry of it is left. Of a person go the works whose authors the page
    tells; the answer names them, and sources that may be the person's too.
    """
    found = library(context, store).what_if([*first, *more], thread, version)
    emit(getattr(found, "json" if as_json else format)(), output)

"""Commands that write and draw: render, draw, demo."""

from __future__ import annotations

from pathlib import Path

import click

from sicetnon.cli.common import DEFAULT_STORE, STORE, emit, library, params


@click.command(
    epilog="\b\nExample:\n  sicetnon render timeline --version latest --format markdown",
)
@click.argument("name")
@click.option("--thread", metavar="SLUG", help="The thread; not needed where there is only one.")
@click.option("--version", metavar="N", help="A number, a date or latest.  [default: latest]")
@click.option(
    "--format",
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    show_default=True,
)
@click.option("--renumber", is_flag=True, help="Number the sources by first appearance.")
@click.option("-o", "--output", metavar="F", help="Write to this file.")
@STORE
@click.pass_context
def render(
    context: click.Context,
    name: str,
    thread: str | None,
    version: str | None,
    format: str,
    renumber: bool,
    output: str | None,
    store: str | None,
) -> None:
    """Write a page, or one of its sections, from the store alone.

    NAME is page, or a section of it: narrative, timeline, perspectives, tensions, sources, or
    another by its heading, such as open-questions. The text of a page is the file that was
    ingested, byte for byte.
    """
    found = library(context, store)
    if (name, format) == ("page", "text"):
        emit(found.page(thread, version, renumber=renumber), output)
        return
    emit(found.render(name, thread, version, format, renumber=renumber), output)


@click.command(epilog="\b\nExample:\n  sicetnon draw memorization-debate -o debate.html")
@click.argument("name")
@click.option("-p", "given", multiple=True, metavar="KEY=VALUE", help="A parameter.")
@click.option("-o", "--output", required=True, metavar="F", help="A .html, .svg or .json file.")
@STORE
@click.pass_context
def draw(
    context: click.Context, name: str, given: tuple[str, ...], output: str, store: str | None
) -> None:
    """Draw the graph of a view: one file that opens without a network."""
    found = library(context, store)
    if found.location != DEFAULT_STORE:
        _ = found.store  # a store that was named must be there, or the shipped graphs would hide it
    emit(found.draw(name, Path(output).suffix.lower().removeprefix("."), **params(given)), output)


@click.command(epilog="\b\nExample:\n  sicetnon demo -o demo")
@click.option(
    "-o", "--output", default="demo", show_default=True, metavar="DIR", help="Where to write."
)
def demo(output: str) -> None:
    """Run the main job on the examples that ship, and say what to open."""
    from sicetnon.library.demo import run

    for line in run(Path(output)):
        click.echo(line)

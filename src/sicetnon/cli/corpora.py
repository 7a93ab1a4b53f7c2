"""The command for corpora: corpus."""

from __future__ import annotations

from pathlib import Path

import click

from sicetnon.cli.common import STORE, library


@click.command(
    epilog="\b\nExample:\n  sicetnon corpus pages/ -o corpus --load\n"
    "  sicetnon corpus pages/ -o corpus --engine spark --master 'local[2]'",
)
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("-o", "--output", required=True, metavar="DIR", help="Write to this empty folder.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="What runs the steps; spark needs sicetnon[spark] and Java.",
)
@click.option("--master", default="local[*]", show_default=True, help="With spark: its master.")
@click.option("--load", "into", is_flag=True, help="Then load the quads into the store, empty yet.")
@STORE
@click.pass_context
def corpus(
    context: click.Context,
    pages: tuple[str, ...],
    output: str,
    engine: str,
    master: str,
    into: bool,
    store: str | None,
) -> int:
    """Turn many pages into sorted N-Quads, works and counts, on one machine or on Spark.

    The folder gets quads/part-*.nq with all that ingest stores, works.tsv (which entries are one
    work), counts.json and refused.tsv. Ends with 2 when a page was refused.
    """
    from sicetnon import cluster

    built = cluster.build(pages, Path(output), engine, master)
    for path, message in built.refused:
        click.echo(f"refused {message or path}", err=True)
    if into:
        cluster.load(built, library(context, store).writable())
    shown = ("pages stored", "threads", "quads", "works")
    click.echo(", ".join(f"{built.counts.get(name, 0)} {name}" for name in shown))
    return 2 if built.refused else 0

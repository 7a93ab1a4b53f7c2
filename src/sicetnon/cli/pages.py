"""Commands about pages: ingest, list, check."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from sicetnon.cli.common import STORE, emit, library


def _shown(version: object) -> str:
    return f"v{version}" if isinstance(version, int) else str(version)


_REFUSALS = {"conflict", "refused"}


@click.command(
    epilog="\b\nExample:\n  sicetnon ingest pages/ examples/*-v2.txt",
)
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("--thread", metavar="SLUG", help="The thread, where the page's own is not wanted.")
@click.option(
    "--replace", is_flag=True, help="Let other content take a stored version's place; keep both."
)
@click.option("--check", is_flag=True, help="Count what the rules find in each page.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Read pages in N processes; one per core is most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, one per page.")
@STORE
@click.pass_context
def ingest(
    context: click.Context,
    pages: tuple[str, ...],
    thread: str | None,
    replace: bool,
    check: bool,
    jobs: int,
    as_json: bool,
    store: str | None,
) -> int:
    """Read pages (files, folders, globs, or - for standard input) into the store.

    Each page is one transaction. A page that cannot be read is reported and skipped, and the
    command then ends with 2. A file that is stored under another thread or version as well is
    noted.
    """
    taken = []
    found = library(context, store)
    for page in found.ingest(pages, thread, check=check, replace=replace, jobs=jobs):
        taken.append(page)
        if not as_json:
            counts = ", ".join(f"{count} {kind}" for kind, count in page.counts.items())
            if page.status not in _REFUSALS:
                told = ", ".join(f"{n} {name}" for name, n in (page.findings or {}).items())
                checked = f"; findings: {told}" if told else ""
                click.echo(f"{page.status} {page.thread} {_shown(page.version)}: {counts}{checked}")
        for loss in page.lost:
            click.echo(f"{page.path}: not used: {loss}", err=True)
        if page.message:
            click.echo(f"{page.status} {page.message}", err=True)
        if page.twins:
            others = ", ".join(f"{twin.thread} {_shown(twin.version)}" for twin in page.twins)
            own = f"{page.thread} {_shown(page.version)}"
            click.echo(f"note {page.path}: {own} has the very same bytes as {others}", err=True)
    if as_json:
        click.echo(json.dumps([asdict(page) for page in taken], ensure_ascii=False, indent=2))
    return 2 if any(page.status in _REFUSALS for page in taken) else 0


@click.command("list", epilog="\b\nExample:\n  sicetnon list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@STORE
@click.pass_context
def list_(context: click.Context, as_json: bool, store: str | None) -> None:
    """List the threads and versions that the store holds."""
    rows = library(context, store).threads()
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row.thread}  {_shown(row.version)}  {row.issued}  {row.title}")


@click.command(
    epilog="\b\nExample:\n  sicetnon check --version latest --severity violation",
)
@click.option("--thread", metavar="SLUG", help="Only this thread.")
@click.option("--version", metavar="N", help="Only this version: a number, a date or latest.")
@click.option(
    "--severity",
    type=click.Choice(["violation", "warning", "info"]),
    default="warning",
    show_default=True,
    help="Report findings of this severity or worse.",
)
@click.option(
    "--format",
    type=click.Choice(["text", "json", "turtle", "sarif"]),
    default="text",
    show_default=True,
)
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    help="What runs the shapes; by default the fast one where it installs.",
)
@STORE
@click.pass_context
def check(
    context: click.Context,
    thread: str | None,
    version: str | None,
    severity: str,
    format: str,
    engine: str | None,
    store: str | None,
) -> int:
    """Hold the graphs against the shapes and rules; every finding names its page and line.

    Ends with 1 when anything of the asked severity or worse is found.
    """
    from sicetnon import shapes

    findings = library(context, store).check(thread, version, severity, engine)
    emit(shapes.FORMATS[format](findings), None)
    sys.stdout.flush()
    if format == "text":
        tally = {name: sum(each.severity == name for each in findings) for name in _SEVERITIES}
        found = ", ".join(f"{n} {name}{'s' * (n != 1)}" for name, n in tally.items() if n)
        click.echo(f"{found or 'no findings'}", err=True)
    return 1 if findings else 0


_SEVERITIES = ("violation", "warning", "info")

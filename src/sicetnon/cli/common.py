"""What the commands share: the store option, and writing answers whole or not at all."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from sicetnon.errors import UsageError

if TYPE_CHECKING:
    from sicetnon.judgements import Conflict, Decision
    from sicetnon.library import Library

DEFAULT_STORE = "./sicetnon.store"

STORE = click.option(
    "--store",
    metavar="PATH|URL",
    help=f"Where the graphs are kept: a folder, the URL of a SPARQL service, :memory:, or files of"
    f" RDF to read from."
    f"  [env: SICETNON_STORE; default: {DEFAULT_STORE}]",
)

WHY = click.option("--why", required=True, metavar="TEXT", help="The reason, for the next reader.")
WHO = click.option("--who", metavar="NAME", help="Who judges.  [default: the user's name]")


def today() -> str:
    """Return the day, for judgements: nothing below the command line reads a clock."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def library(context: click.Context, store: str | None) -> Library:
    """Open the library that --store names, here or before the command, or the environment does."""
    from sicetnon.library import Library

    chosen = store or context.find_root().obj or os.environ.get("SICETNON_STORE") or DEFAULT_STORE
    return Library(chosen)


def made(found: Library, decision: Decision) -> None:
    """Print the name of a decision; tell of those of others on the same matter that differ."""
    from sicetnon.judgements import conflicts

    click.echo(decision.iri.value)
    for each in conflicts(found.judgements()):
        if each.counts.things == decision.things:
            click.echo(differs(each), err=True)


def differs(one: Conflict) -> str:
    """Say which of two decisions on one matter counts."""
    counts, other = (f"{x.decision} ({x.who}, {x.when})" for x in (one.counts, one.other))
    return f"contested: {counts} counts, not {other}, on {' and '.join(one.counts.things)}"


def counted(number: int, what: str) -> str:
    """Return a count with its noun: 1 decision, 2 decisions."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def params(pairs: Sequence[str]) -> dict[str, str]:
    """Turn `-p key=value` options into a mapping."""
    given: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"expected -p KEY=VALUE, found {pair!r}")
        if key in given:
            raise UsageError(f"expected one value for {key}, found two")
        given[key] = value
    return given


def emit(text: str | bytes, output: str | None) -> None:
    """Print an answer, or write it to a file that appears whole or not at all."""
    with sink(output) as file:
        file.write(text.encode() if isinstance(text, str) else text)


@contextmanager
def sink(output: str | None) -> Iterator[BinaryIO]:
    """Give something to write to: standard output, or a file that appears whole or not at all."""
    if output is None or output == "-":
        yield sys.stdout.buffer
        return
    path = Path(output)
    if path.is_symlink():
        path = path.resolve()
    if path.exists() and not path.is_file():
        with _through(path) as file:
            yield file
        return
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(f"{output}: expected a place to write to: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        umask = os.umask(0)
        os.umask(umask)
        Path(draft).chmod(0o666 & ~umask)
        Path(draft).replace(path)
        click.echo(f"wrote {output}", err=True)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    finally:
        Path(draft).unlink(missing_ok=True)


@contextmanager
def _through(path: Path) -> Iterator[BinaryIO]:
    """Write into what is no plain file: a pipe or a device is written to, never replaced."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None

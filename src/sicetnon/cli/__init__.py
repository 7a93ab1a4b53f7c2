"""The command line: parse, call one method of the library, print."""

from __future__ import annotations

import os
import sys

import click

from sicetnon import __version__
from sicetnon.cli import (
    argument,
    assistant,
    corpora,
    finding,
    history,
    keeping,
    pages,
    proposing,
    questions,
    reviewing,
    serving,
    words,
)
from sicetnon.cli.common import STORE
from sicetnon.errors import SicetnonError


@click.group(
    epilog="""\b
Example:
  sicetnon ingest page.txt
  sicetnon check
  sicetnon ask contents
  sicetnon draw memorization-debate -o debate.html""",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="sicetnon")
@STORE
@click.pass_context
def cli(context: click.Context, store: str | None) -> None:
    """Turn written syntheses of debates into a graph to check, query, redraw and write back."""
    context.obj = store


for command in (
    pages.ingest,
    pages.list_,
    pages.check,
    keeping.backup,
    keeping.restore,
    corpora.corpus,
    history.diff,
    history.same,
    history.different,
    history.undo,
    history.identities,
    reviewing.judge,
    reviewing.review,
    proposing.propose,
    proposing.accept,
    proposing.refuse,
    questions.ask,
    questions.sparql,
    argument.analyse,
    argument.what_if,
    finding.search,
    words.render,
    words.draw,
    words.demo,
    serving.serve,
    assistant.mcp,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; the process ends with 0, 1, 2 or 3 as the contract says."""
    try:
        code = _run()
    except Exception as error:
        code = _told(error)
    sys.exit(code)


def _run() -> int:
    if sys.stdout is None:
        raise SicetnonError("expected an open standard output, found a closed one")
    output = sys.stdout
    try:
        code = cli.main(standalone_mode=False) or 0
    except SystemExit:
        if sys.stdout is not output:  # Click puts a quiet one in the place of a broken pipe
            return 0
        raise
    sys.stdout.flush()
    return int(code)


def _told(error: Exception) -> int:
    """Say on standard error what went wrong; return the exit code that tells it."""
    match error:
        case click.ClickException():
            error.show()
        case click.Abort():
            click.echo("sicetnon: stopped", err=True)
        case SicetnonError():
            advice = f"; {error.advice}" if error.advice else ""
            click.echo(f"sicetnon: {error}{advice}", err=True)
        case BrokenPipeError():  # whoever reads us has read enough
            _quiet()
            return 0
        case OSError():
            said = f"{error.filename or 'output'}: {error.strerror or error}"
            click.echo(f"sicetnon: {said}", err=True)
            _quiet()
        case UnicodeEncodeError() if _undecoded(error):
            click.echo(f"sicetnon: expected UTF-8, found {_undecoded(error)!r}", err=True)
        case _:
            return _unexpected(error)
    return 2


def _quiet() -> None:
    """Keep the interpreter from flushing, at exit, into an output that takes no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _undecoded(error: UnicodeEncodeError) -> bytes:
    """Return the bytes of an argument that no text stands for (PEP 383)."""
    return os.fsencode("".join(c for c in error.object if "\udc80" <= c <= "\udcff"))


def _unexpected(error: Exception) -> int:
    if os.environ.get("SICETNON_DEBUG"):
        raise error
    click.echo(
        f"sicetnon: an unexpected fault: {type(error).__name__}: {error}\n"
        "Please report it, with what SICETNON_DEBUG=1 prints for the same command.",
        err=True,
    )
    return 3

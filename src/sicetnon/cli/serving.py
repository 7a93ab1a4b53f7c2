"""The command that serves: serve."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sicetnon.cli.common import STORE, library
from sicetnon.errors import UsageError

if TYPE_CHECKING:
    from sicetnon.web.guarding import Report

TOKEN = "SICETNON_TOKEN"  # noqa: S105 - the name of the variable, not a token

_SHORTEST_TOKEN = 16


@click.command(epilog="\b\nExample:\n  sicetnon serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, help="The port; 0 takes a free one.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Answer to this name, too.")
@click.option(
    "--allow-update",
    is_flag=True,
    help=f"Take updates from who knows the token in the environment variable {TOKEN}.",
)
@click.option("--timeout", default=10.0, show_default=True, help="Seconds that a query may take.")
@click.option("--memory", default=1024, show_default=True, help="MiB that a query may take.")
@click.option("--cors/--no-cors", default=True, help="Let pages of other sites ask.  [default: on]")
@click.option("--log", "log", metavar="F", help="Append the access log to this file, not stderr.")
@STORE
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    names: tuple[str, ...],
    allow_update: bool,
    timeout: float,
    memory: int,
    cors: bool,
    log: str | None,
    store: str | None,
) -> None:
    """Serve the graph over HTTP: SPARQL, the questions as an API, and pages.

    It only reads, unless --allow-update is given. No query can make it fetch anything.
    """
    try:
        from sicetnon import web
    except ImportError as error:
        raise UsageError(
            f"expected {error.name}; install it with: pip install 'sicetnon[serve]'"
        ) from None
    if timeout <= 0 or memory <= 0:
        raise UsageError("expected --timeout and --memory above 0")
    found = library(context, store)
    _ = found.store  # refuses what cannot be read before anything listens
    token = _token() if allow_update else ""
    if allow_update and not Path(found.location).is_dir():
        raise UsageError(f"{found.location}: expected a store on disk to write to")
    settings = web.Settings(
        found.location,
        web.Limits(seconds=timeout, memory=memory << 20),
        hosts=(*web.LOOPBACK, host, *names),
        token=token,
        cors=cors,
        report=_report(log) if log else None,
    )
    del found
    web.serve(settings, host, port, lambda url: click.echo(f"serving {url}", err=True))


def _token() -> str:
    token = os.environ.get(TOKEN, "")
    if len(token) < _SHORTEST_TOKEN:
        raise UsageError(
            f"expected a token of at least {_SHORTEST_TOKEN} characters in {TOKEN} for "
            f"--allow-update, found {len(token)}"
        )
    return token


def _report(path: str) -> Report:
    from sicetnon.web.guarding import to_stream

    try:
        return to_stream(Path(path).open("a", encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None

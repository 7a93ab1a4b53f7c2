"""The command that serves assistants: mcp."""

from __future__ import annotations

import click

from sicetnon.cli.common import STORE, library
from sicetnon.errors import UsageError


@click.command(epilog="\b\nExample:\n  sicetnon mcp --store sicetnon.store")
@STORE
@click.pass_context
def mcp(context: click.Context, store: str | None) -> None:
    """Serve the questions as tools of a Model Context Protocol server on stdio.

    An assistant can ask, read and render, and can propose relations for 'sicetnon review'; it
    cannot change what pages say or what persons decided. Standard output carries the protocol only.
    """
    try:
        from sicetnon.mcp import server
    except ImportError:
        raise UsageError(
            "expected the Model Context Protocol SDK; install it with: pip install 'sicetnon[mcp]'"
        ) from None
    server(library(context, store).location).run("stdio")

"""Commands that ask: ask, sparql."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sicetnon.cli.common import STORE, emit, library, params
from sicetnon.errors import UsageError

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from sicetnon.library import Library

_TABLES = ["table", "csv", "tsv", "json", "jsonl", "markdown"]
_FORMAT = click.option(
    "--format",
    type=click.Choice([*_TABLES, "turtle"]),
    default="table",
    show_default=True,
)
_AS_OF = click.option(
    "--as-of", "moment", metavar="DAY|N", help="See no version after this day, or number."
)
_OUTPUT = click.option("-o", "--output", metavar="F", help="Write to this file.")


@click.command(
    epilog="\b\nExample:\n  sicetnon ask uncited-entries -p thread=limits-of-deep-learning-theory"
    " --format csv",
)
@click.argument("name", required=False)
@click.option("-p", "given", multiple=True, metavar="KEY=VALUE", help="A parameter.")
@click.option("--list", "listing", is_flag=True, help="List the questions.")
@click.option("--json", "as_json", is_flag=True, help="With --list: a list of objects.")
@_FORMAT
@_AS_OF
@_OUTPUT
@STORE
@click.pass_context
def ask(
    context: click.Context,
    name: str | None,
    given: tuple[str, ...],
    listing: bool,
    as_json: bool,
    format: str,
    moment: str | None,
    output: str | None,
    store: str | None,
) -> None:
    """Answer a question of the query library."""
    if listing:
        _list(as_json)
        return
    if name is None:
        raise UsageError("expected the name of a question; 'sicetnon ask --list' lists them")
    from sicetnon import query

    found = _as_of(library(context, store), moment)
    file = query.load(name)
    if file.builds_graph:
        _emit_graph(found.graph(name, **params(given)), format, output)
        return
    if format == "turtle":
        raise UsageError(f"expected a question that builds a graph for turtle, found {name!r}")
    emit(query.FORMATS[format](found.ask(name, **params(given))), output)


@click.command(
    epilog="\b\nExample:\n  sicetnon sparql "
    "'SELECT ?title WHERE { ?x a sen:Entry ; dcterms:title ?title }'",
)
@click.argument("query", required=False)
@click.option("--file", "file", metavar="F", help="Read the query from this file; - is stdin.")
@click.option(
    "--format",
    type=click.Choice([*_TABLES, "turtle", "srj", "srx"]),
    default="table",
    show_default=True,
    help="srj and srx are the W3C results in JSON and XML.",
)
@_AS_OF
@_OUTPUT
@STORE
@click.pass_context
def sparql(
    context: click.Context,
    query: str | None,
    file: str | None,
    format: str,
    moment: str | None,
    output: str | None,
    store: str | None,
) -> None:
    """Answer any read-only SPARQL 1.1 query over the union of the graphs.

    The project's prefixes (sen:, prov:, dcterms:…) need no declaration.
    """
    from sicetnon.query import FORMATS, Table

    text = _text(query, file)
    found = _as_of(library(context, store), moment)
    if format in {"srj", "srx"}:
        emit(found.results(text, format), output)
        return
    answer = found.sparql(text)
    if isinstance(answer, list):
        _emit_graph(sorted(answer, key=str), format, output)
        return
    if format == "turtle":
        raise UsageError("expected CONSTRUCT or DESCRIBE for turtle, found a query for a table")
    table = Table.of(answer) if isinstance(answer, bool) else answer
    emit(FORMATS[format](table), output)


def _as_of(found: Library, moment: str | None) -> Library:
    return found if moment is None else found.as_of(moment)


def _text(query: str | None, file: str | None) -> str:
    if (query is None) == (file is None):
        raise UsageError("expected either a query or --file, found both or neither")
    if query is not None:
        return query
    assert file is not None
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: expected a query in UTF-8: {error}") from None


def _emit_graph(triples: list[Triple], format: str, output: str | None) -> None:
    from sicetnon.query import FORMATS, Table, turtle

    if format in {"table", "turtle"}:
        emit(turtle(triples), output)
    else:
        emit(FORMATS[format](Table.of(triples)), output)


def _list(as_json: bool) -> None:
    from sicetnon import query

    files = query.catalogue().values()
    if as_json:
        rows = [
            {
                "name": file.name,
                "group": file.group,
                "question": file.question,
                "title": file.title,
                "description": file.description,
                "params": [
                    {"name": each.name, "type": each.type, "default": each.default}
                    for each in file.params
                ],
                "columns": list(file.columns),
                "example": file.command,
            }
            for file in files
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    asked = [
        (question, [each for each in files if each.question == question])
        for question in query.QUESTIONS
    ]
    others = [
        (f"for {group}", [each for each in files if each.group == group and not each.question])
        for group in dict.fromkeys(each.group for each in files)
    ]
    for heading, found in (*asked, *others):
        if found:
            click.echo(f"\n{heading[0].upper()}{heading[1:]}")
        for file in found:
            takes = ", ".join(each.name for each in file.params)
            click.echo(f"  {file.name:26}  {file.title}{f'  ({takes})' if takes else ''}")

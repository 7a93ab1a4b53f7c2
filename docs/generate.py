"""Write the reference pages of docs/ from what they describe: run by `make docs`.

A page that differs from what this writes fails a test, so the reference cannot fall behind.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from sicetnon import query, rooms, terms
from sicetnon.cli import cli

_HEAD = "<!-- Written by docs/generate.py; edit what it reads and run `make docs`. -->\n\n"
_GROUPS = {
    "section": "Sections of a page, for `render`",
    "view": "Views, for `draw`",
}
_SH = "http://www.w3.org/ns/shacl#"


def pages() -> Iterator[tuple[str, str]]:
    """Yield each reference page's name and text."""
    yield "queries.md", _HEAD + _queries()
    yield "rules.md", _HEAD + _rules()
    yield "ontology.md", _HEAD + _ontology()
    yield "commands.md", _HEAD + _commands()


def _queries() -> str:
    out = io.StringIO()
    files = query.catalogue().values()
    asked = [file for file in files if file.group == "ask"]
    out.write(
        "# Questions\n\nEach is a file of `queries/`, runs in any SPARQL 1.1 tool as it stands, and"
        " is asked with `sicetnon ask NAME -p KEY=VALUE`. Without `thread` the only thread is"
        " meant, without `version` the latest version; a version is a number, a date (the last one"
        " issued by then), `first`, `previous` (the one before the latest) or `latest`. An IRI of"
        " ours may be given as tables show it, from `work/` or `thread/` on.\n\n"
        f"There are {len(asked)} questions for analysts, by what they help to find out:\n\n"
    )
    for question in query.QUESTIONS:
        count = sum(file.question == question for file in asked)
        anchor = question.replace(" ", "-")
        out.write(f"- [{question}](#{anchor}) ({count})\n")
    for question in query.QUESTIONS:
        out.write(f"\n## {question[0].upper()}{question[1:]}\n")
        for file in asked:
            if file.question == question:
                out.write(_query(file))
    for group, title in _GROUPS.items():
        out.write(f"\n## {title}\n")
        for file in files:
            if file.group == group:
                out.write(_query(file))
    return out.getvalue()


def _query(file: query.QueryFile) -> str:
    takes = ", ".join(_param(each) for each in file.params) or "none"
    told = f"\n### {file.name}\n\n{file.description}\n\n- parameters: {takes}\n"
    if file.columns:
        told += f"- columns: {', '.join(f'`{each}`' for each in file.columns)}\n"
    if file.group == "ask":
        told += f"- example: `{file.command}`\n"
    return told


def _param(param: query.Param) -> str:
    default = f" = `{param.default}`" if param.default else ""
    return f"`{param.name}` ({' or '.join(param.choices) or param.type}){default}"


def _rules() -> str:
    out = io.StringIO()
    out.write(
        "# Rules\n\n`sicetnon check` holds every page, and what is kept by hand, against these."
        " A **violation** means that the graph lies about its page or cannot be relied on, a"
        " **warning** that the page is weak, an **info** that something is worth a look.\n\n"
        "## Across nodes: `queries/check/`\n\n| rule | severity | what it says |\n|---|---|---|\n"
    )
    for file in query.catalogue().values():
        if file.group == "check":
            out.write(f"| `{file.name}` | {file.severity.lower()} | {file.description} |\n")
    out.write(
        "\n## On one node: `ontology/shapes/`\n\n"
        "| rule | severity | what it says |\n|---|---|---|\n"
    )
    for rule, severity, message in sorted(_shapes()):
        out.write(f"| `{rule}` | {severity} | {message.replace('|', '&#124;')} |\n")
    return out.getvalue()


def _shapes() -> Iterator[tuple[str, str, str]]:
    store = Store()
    for file in sorted((rooms.room("ontology") / "shapes").glob("*.ttl")):
        store.load(path=str(file), format=RdfFormat.TURTLE)
    for quad in store.quads_for_pattern(None, NamedNode(_SH + "message"), None):
        (severity,) = store.quads_for_pattern(quad.subject, NamedNode(_SH + "severity"), None)
        rule, level, message = quad.subject, severity.object, quad.object
        assert isinstance(rule, NamedNode) and isinstance(level, NamedNode)
        assert isinstance(message, Literal)
        yield rule.value.rpartition("#")[2], level.value.removeprefix(_SH).lower(), message.value


def _ontology() -> str:
    store = Store()
    store.load(path=str(rooms.room("ontology") / "sicetnon.ttl"), format=RdfFormat.TURTLE)

    def value(subject: NamedNode, predicate: str) -> str:
        return next(
            str(q.object.value)
            for q in store.quads_for_pattern(subject, NamedNode(predicate), None)
            if isinstance(q.object, Literal)
        )

    out = io.StringIO()
    out.write(
        f"# Terms\n\nThe namespace is `{terms.SEN}`, prefix `sen:`; the terms are in"
        " `ontology/sicetnon.ttl`. How they stand to other vocabularies is in"
        " `ontology/alignments.ttl`.\n"
    )
    owl = "http://www.w3.org/2002/07/owl#"
    kinds = {
        "Classes": owl + "Class",
        "Stances": terms.SEN + "Stance",
        "Statuses": terms.SEN + "Status",
        "Relations between nodes": owl + "ObjectProperty",
        "Values of nodes": owl + "DatatypeProperty",
    }
    told: set[str] = set()
    for title, kind in kinds.items():
        out.write(f"\n## {title}\n\n| term | meaning | example |\n|---|---|---|\n")
        found = store.quads_for_pattern(None, terms.TYPE, NamedNode(kind))
        for term in sorted((q.subject for q in found if isinstance(q.subject, NamedNode)), key=str):
            if term.value in told:
                continue
            told.add(term.value)
            comment = value(term, terms.RDFS + "comment")
            example = value(term, "http://www.w3.org/2004/02/skos/core#example")
            name = term.value.removeprefix(terms.SEN)
            out.write(f"| `sen:{name}` | {comment} | {example} |\n".replace("\\", "\\\\"))
    return out.getvalue()


def _commands() -> str:
    out = io.StringIO()
    out.write("# Commands\n\nAnswers go to standard output, messages to standard error.\n")
    context = click.Context(cli, info_name="sicetnon", max_content_width=90, terminal_width=90)
    out.write(f"\n```text\n{cli.get_help(context)}\n```\n")
    for name in sorted(cli.commands):
        inner = click.Context(
            cli.commands[name],
            info_name=name,
            parent=context,
            max_content_width=90,
            terminal_width=90,
        )
        out.write(f"\n## {name}\n\n```text\n{cli.commands[name].get_help(inner)}\n```\n")
    return out.getvalue()


if __name__ == "__main__":
    for page, text in pages():
        (Path(__file__).parent / page).write_text(text, encoding="utf-8", newline="\n")

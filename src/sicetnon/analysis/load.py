"""Reads a debate and its page from a store, by the query files that name what is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sicetnon import query
from sicetnon.analysis.page import Mark, Page, Source
from sicetnon.analysis.parts import Argument, Edge, Node, Quote
from sicetnon.query.table import Cell
from sicetnon.store import Store

Row = Mapping[str, Cell]


def argument(store: Store, thread: str | None, version: str | int | None) -> Argument:
    """Return the debate of one version: what relates, and who stands on the page at all."""
    ask = _Asking(store, thread, version)
    quotes = {claim: _quotes(rows) for claim, rows in _by(ask("claim-words"), "claim").items()}
    told = _by(ask("argument-nodes"), "node")
    nodes = [_node(iri, rows, quotes) for iri, rows in told.items()]
    names: dict[str, str] = {}
    for row in (row for rows in told.values() for row in rows):
        names |= _named(row, "holder", "holder_name") | _named(row, "work", "work_title")
    edges = [_edge(iri, rows) for iri, rows in _by(ask("argument-relations"), "relation").items()]
    known = {node.iri for node in nodes}
    return Argument(
        tuple(sorted(nodes, key=lambda node: node.iri)),
        tuple(
            sorted(
                (edge for edge in edges if {edge.source, edge.target} <= known),
                key=lambda edge: edge.iri,
            )
        ),
        names,
    )


def page(store: Store, thread: str | None, version: str | int | None) -> Page:
    """Return the sources of one version and where each is cited."""
    ask = _Asking(store, thread, version)
    names: dict[str, str] = {}
    sources = [_source(rows, names) for _, rows in _by(ask("sources-of-works"), "number").items()]
    voices = _by(ask("voices"), "perspective")
    for rows in voices.values():
        for row in rows:
            names |= _named(row, "perspective", "label") | _named(row, "agent", "agent_name")
            names |= _named(row, "work", "work_title")
    marks = [
        Mark(
            str(row["passage"]),
            _count(row["line"]),
            str(row["section"]),
            str(row["text"]),
            _count(row["offset"]),
            _count(row["number"]),
        )
        for row in ask("citing-places")
    ]
    return Page(
        sources=tuple(sorted(sources, key=lambda source: source.number)),
        marks=tuple(marks),
        people={iri: _values(rows, "agent") for iri, rows in sorted(voices.items())},
        likely={iri: _values(rows, "work") for iri, rows in sorted(voices.items())},
        names=dict(sorted(names.items())),
    )


class _Asking:
    """Asks query files of one version."""

    def __init__(self, store: Store, thread: str | None, version: str | int | None) -> None:
        self.store = store
        given = {"thread": thread, "version": version}
        self.given = {key: str(value) for key, value in given.items() if value is not None}

    def __call__(self, name: str) -> list[dict[str, Cell]]:
        return query.run(self.store, query.load(name), self.given).dicts()


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row[key])].append(row)
    return dict(found)


def _values(rows: Iterable[Row], key: str) -> tuple[str, ...]:
    return tuple(sorted({str(row[key]) for row in rows if row[key] is not None}))


def _count(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _named(row: Row, key: str, name: str) -> dict[str, str]:
    return {str(row[key]): str(row[name])} if row[key] and row[name] else {}


def _quotes(rows: Iterable[Row]) -> tuple[Quote, ...]:
    found = {
        Quote(
            str(row["passage"]),
            _count(row["start"]),
            _count(row["end"]),
            str(row["quote"]),
            _count(row["line"]),
        )
        for row in rows
    }
    return tuple(sorted(found, key=lambda quote: (quote.line, quote.start, quote.words)))


def _node(iri: str, rows: list[Row], quotes: Mapping[str, tuple[Quote, ...]]) -> Node:
    first = rows[0]
    return Node(
        iri=iri,
        kind=str(first["kind"]),
        label=str(first["label"]),
        holders=_values(rows, "holder"),
        works=_values(rows, "work"),
        quotes=quotes.get(iri, ()),
    )


def _edge(iri: str, rows: list[Row]) -> Edge:
    first = rows[0]
    return Edge(
        iri=iri,
        source=str(first["source"]),
        target=str(first["target"]),
        stance=str(first["stance"]),
        status=str(first["status"]),
        quotes=_quotes(rows),
        works=_values(rows, "work"),
    )


def _source(rows: list[Row], names: dict[str, str]) -> Source:
    first = rows[0]
    for row in rows:
        names |= _named(row, "work", "work_title") | _named(row, "author", "author_name")
    works = _values(rows, "work")
    return Source(_count(first["number"]), str(first["title"]), works, _values(rows, "author"))

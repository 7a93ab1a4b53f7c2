"""Run the rules across nodes, each once for all the pages that are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode

from sicetnon import query, terms
from sicetnon.model import VersionLabel
from sicetnon.query import QueryFile, Table
from sicetnon.query.needs import Wanted, needs
from sicetnon.shapes.finding import Finding
from sicetnon.store import EmbeddedStore, Store

_VERSION = re.compile(re.escape(f"{terms.ID}thread/") + "[^/]+/[^/]+")


@dataclass(frozen=True, slots=True)
class Page:
    """The page that findings are about; without one they are about the hand-kept graphs."""

    thread: str = ""
    version: VersionLabel | None = None
    file: str = ""


def of_pages(
    store: EmbeddedStore, pages: Mapping[NamedNode, Page]
) -> dict[NamedNode, list[Finding]]:
    """Return what the rules of pages find, by page; `store` may hold other pages besides."""
    found: dict[NamedNode, list[Finding]] = {iri: [] for iri in pages}

    @cache
    def stands(wanted: Wanted) -> bool:
        return any(store.engine.quads_for_pattern(None, *wanted))

    for rule in _rules(of_page=True):
        if not needs(rule.text).may_match(stands):
            continue
        for row in Table.of(store.query(rule.text)).rows:
            for iri in _pages_with(store, str(row[0]), pages):
                found[iri].append(_finding(row, rule, pages[iri]))
    return found


def of_store(store: Store) -> Iterator[Finding]:
    """Yield what the rules find that take no page."""
    for rule in _rules(of_page=False):
        for row in Table.of(store.query(rule.text)).rows:
            yield _finding(row, rule, Page())


def number(line: object) -> int:
    """Read a line number; bad data are what is being checked, so what is none counts as 0."""
    text = str(line)
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _rules(*, of_page: bool) -> list[QueryFile]:
    rules = [rule for rule in query.catalogue().values() if rule.group == "check"]
    return [rule for rule in rules if bool(rule.params) == of_page]


def _pages_with(
    store: EmbeddedStore, node: str, pages: Mapping[NamedNode, Page]
) -> Iterator[NamedNode]:
    """Yield the pages whose graphs describe a node: nearly always the one after which it is named.

    A rule leaves its version free, so each of its findings names the page by the node alone.
    """
    if node.startswith("_:"):
        return
    subject = NamedNode(node)
    if named := _VERSION.match(node):
        page = NamedNode(named[0])
        if page in pages and any(store.engine.quads_for_pattern(subject, None, None, page)):
            yield page
            return
    graphs = {quad.graph_name for quad in store.engine.quads_for_pattern(subject, None, None)}
    yield from (page for page in pages if page in graphs)


def _finding(row: tuple[query.table.Cell, ...], rule: QueryFile, page: Page) -> Finding:
    node, line, quote, found = row
    return Finding(
        severity=rule.severity.lower(),
        rule=rule.name,
        message=f"{rule.message}; found {found}",
        thread=page.thread,
        version=page.version,
        line=number(line),
        quote=str(quote or ""),
        node=str(node),
        file=page.file,
    )

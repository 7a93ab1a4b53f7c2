"""A page is checked alike alone and with all others, in a small store as in a crowded one.

The reference is the rule itself: its text, bound to the version, over every graph of the store.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from sicetnon import query, rooms, terms
from sicetnon.library import Library
from sicetnon.query import Table
from sicetnon.shapes import Finding, check_store
from sicetnon.store import EmbeddedStore, Selection, Store, connect

CASES = sorted((Path(__file__).parent / "cases" / "check").glob("*/*.*"))
RULES = [rule for rule in query.catalogue().values() if rule.group == "check" and rule.params]
Found = Counter[tuple[str, str, str, int, str]]


@cache
def crowded() -> EmbeddedStore:
    """Two debates of the same words, what people keep by hand, and a judgement."""
    library = Library(":memory:")
    for thread in (None, "the-same-again"):
        taken = list(library.ingest([rooms.room("examples")], thread=thread))
        assert {page.status for page in taken} == {"stored"}
    kept = connect(str(rooms.room("graphs")))
    store = library.store
    assert isinstance(store, EmbeddedStore)
    for name in set(kept.graphs()) - set(store.graphs()):
        store.add(Quad(t.subject, t.predicate, t.object, name) for t in kept.graph(name))
    asked = library.ask("relations", thread="the-same-again")
    assert asked.rows
    return store


def counted(findings: list[Finding]) -> Found:
    return Counter((f.rule, f.node, f.message, f.line, f.quote) for f in findings)


def bound(store: Store, version: NamedNode) -> Found:
    """Return what the rules find when each is bound to a version and asked of the whole store."""
    found: Found = Counter()
    for rule in RULES:
        values = {"version": version, "thread": NamedNode(version.value.rpartition("/")[0])}
        for node, line, quote, told in Table.of(store.query(query.bind(rule.text, values))).rows:
            message = f"{rule.message}; found {told}"
            found[rule.name, str(node), message, int(str(line)), str(quote)] += 1
    return found


def pages(store: Store) -> list[tuple[str, query.VersionRow]]:
    return [(slug, row) for slug in query.threads(store) for row in query.versions(store, slug)]


def alone(store: Store, slug: str, row: query.VersionRow) -> list[Finding]:
    return list(check_store(store, slug, row.version))


def test_a_page_of_a_crowded_store_is_checked_as_the_rules_say() -> None:
    store, names = crowded(), {rule.name for rule in RULES}
    assert len(pages(store)) == 4
    for slug, row in pages(store):
        found = counted([f for f in alone(store, slug, row) if f.rule in names])
        assert found == bound(store, row.iri)
        assert found


def test_a_page_has_the_same_findings_alone_and_among_all() -> None:
    store = crowded()
    together = list(check_store(store))
    for slug, row in pages(store):
        here = [f for f in together if (f.thread, f.version) == (slug, row.version)]
        assert here == alone(store, slug, row)


def test_a_view_of_a_store_is_checked_as_the_store() -> None:
    store = crowded()
    assert list(check_store(Selection(store, store.graphs()))) == list(check_store(store))


@pytest.mark.parametrize("file", [pytest.param(f, id=f"{f.parent.name}/{f.stem}") for f in CASES])
def test_a_case_has_the_same_findings_page_by_page(file: Path) -> None:
    store = connect(str(file))
    together = [f for f in check_store(store) if f.thread]
    assert [f for slug, row in pages(store) for f in alone(store, slug, row)] == together


def test_what_another_graph_quotes_of_a_page_is_checked_with_it() -> None:
    (file,) = (f for f in CASES if f.parent.name == "claim-one-work" and f.stem == "found")
    store = connect(str(file))
    assert isinstance(store, EmbeddedStore)
    slug, row = pages(store)[0]
    before = [f.node for f in alone(store, slug, row) if f.rule == "claim-one-work"]
    assert before
    by_hand = NamedNode(terms.ID + "graph/by-hand")
    quotations = {
        quad.subject for quad in store.engine.quads_for_pattern(None, terms.sen("evidence"), None)
    } | {quad.object for quad in store.engine.quads_for_pattern(None, terms.sen("evidence"), None)}
    moved = [
        quad
        for node in quotations
        if isinstance(node, NamedNode)
        for quad in store.engine.quads_for_pattern(node, None, None)
    ]
    for quad in moved:
        store.engine.remove(quad)
    store.add(Quad(quad.subject, quad.predicate, quad.object, by_hand) for quad in moved)
    assert [f.node for f in alone(store, slug, row) if f.rule == "claim-one-work"] == before

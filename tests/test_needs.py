"""What a query is said to need, it does need: a query that is left out would have had no row."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat

from sicetnon import query
from sicetnon.query.needs import Wanted, needs
from sicetnon.store import EmbeddedStore

EX = "PREFIX ex: <http://example.org/>\n"
DATA = """@prefix ex: <http://example.org/> .
ex:g { ex:a a ex:Event ; ex:date "2026" ; ex:cites ex:b . ex:b ex:title "B"@en . }
"""
STANDS = {
    "a property": "SELECT * { ?s ex:date ?date }",
    "a class": "SELECT * { GRAPH ?g { ?s a ex:Event ; ex:cites ?t . ?t ex:title ?title } }",
    "a value": 'SELECT * { ?s ex:date "2026" }',
    "another language": 'SELECT * { ?s ex:title "B"@en }',
    "an optional part": "SELECT * { ?s ex:date ?date OPTIONAL { ?s ex:none ?none } }",
    "what is denied": "SELECT * { ?s ex:date ?date FILTER NOT EXISTS { ?s ex:none ?none } }",
    "what is denied in brackets": "SELECT * { ?s ex:date ?d FILTER(!EXISTS { ?s ex:none ?n }) }",
    "what is taken away": "SELECT * { ?s ex:date ?date MINUS { ?s ex:none ?none } }",
    "one of two": "SELECT * { { ?s ex:none ?date } UNION { ?s ex:date ?date } }",
    "one of three": "SELECT * { {?s ex:no ?d} UNION {?s ex:date ?d} UNION {?s ex:none ?d} }",
    "a path with a choice": "SELECT * { ?s ex:none|ex:date ?date }",
    "a path of any length": "SELECT * { ?s ex:cites ?t . ?t ex:none* ?u }",
    "a path that may be left out": "SELECT * { ?s ex:cites ?t . ?t ex:none? ?u }",
    "a count of nothing": "SELECT (COUNT(*) AS ?n) { ?s ex:none ?none }",
    "a count of nothing inside": "SELECT * { { SELECT (COUNT(?s) AS ?n) { ?s ex:none ?o } } }",
    "values": "SELECT * { VALUES ?s { ex:a ex:none } ?s ex:date ?date }",
    "a name in a filter": "SELECT * { ?s ex:cites ?o FILTER(?o != ex:none) }",
    "a comment": "SELECT * { # ?s ex:none ?none .\n ?s ex:date ?date }",
}
LACKS = {
    "a property": "SELECT * { ?s ex:none ?date }",
    "a class": "SELECT * { GRAPH ?g { ?s a ex:None } }",
    "a value": 'SELECT * { ?s ex:cites ?t ; ex:date "2025" . }',
    "an inner query": "SELECT * { { SELECT DISTINCT ?s { GRAPH ?g { ?s ex:none ?o } } } }",
    "both of two": "SELECT * { { ?s ex:none ?o } UNION { ?s ex:date ?o . ?o ex:no ?p } }",
    "counted in groups": "SELECT ?s (COUNT(*) AS ?n) { ?s ex:none ?o } GROUP BY ?s",
    "beside an optional part": "SELECT * { OPTIONAL { ?s ex:date ?d } ?s ex:none ?none }",
}


def _store() -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.engine.load(DATA, RdfFormat.TRIG)
    return store


def _asked(text: str) -> tuple[bool, int]:
    store = _store()

    def stands(wanted: Wanted) -> bool:
        return any(store.engine.quads_for_pattern(None, *wanted))

    return needs(text).may_match(stands), len(query.Table.of(store.query(text)))


@pytest.mark.parametrize("name", STANDS)
def test_a_query_with_rows_is_asked(name: str) -> None:
    may_match, rows = _asked(EX + STANDS[name])
    assert rows
    assert may_match


@pytest.mark.parametrize("name", LACKS)
def test_a_query_without_what_it_needs_is_left_out(name: str) -> None:
    may_match, rows = _asked(EX + LACKS[name])
    assert not rows
    assert not may_match


def test_every_rule_needs_something() -> None:
    rules = [rule for rule in query.catalogue().values() if rule.group == "check"]
    assert len(rules) > 20
    for rule in rules:
        assert not needs(rule.text).may_match(lambda _: False), rule.name

"""The graphs that ship with the package, for views of a debate that a store does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sicetnon import rooms
from sicetnon import store as stores
from sicetnon.query.file import QueryFile
from sicetnon.query.run import construct, known
from sicetnon.store import Store, Triples


@cache
def shipped() -> Store:
    """Return the graphs that ship with the package, read once."""
    return stores.connect(str(rooms.room("graphs")))


def drawn(store: Store, query: QueryFile, given: Mapping[str, str]) -> Triples:
    """Answer a view: from the shipped graphs where it names some and the store has no answer.

    Raises UnknownError where there is none because the store has no such IRI or section.
    """
    triples = construct(store, query, given)
    if not triples and query.graphs:
        triples = construct(shipped(), query, given)
    if not triples:
        known(store, query, given)
    return triples

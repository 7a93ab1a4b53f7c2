"""A service's graphs in memory, for questions that its own engine answers wrongly."""

from __future__ import annotations

from collections.abc import Collection

from pyoxigraph import Literal, Quad

from sicetnon.errors import StoreError
from sicetnon.store.base import Solutions, Store
from sicetnon.store.embedded import EmbeddedStore
from sicetnon.store.selection import Selection

MOST = 500_000  # quads
_COUNT = "SELECT (COUNT(*) AS ?quads) WHERE { GRAPH ?graph { ?s ?p ?o } }"


def copied(store: Store, servers: Collection[str]) -> Store:
    """Return a copy in memory of a store whose service is one of `servers`; any other as it is.

    Raises StoreError for a service that holds more than `MOST` quads.
    """
    if not servers:
        return store
    if isinstance(store, Selection):
        whole = copied(store.whole, servers)
        return store if whole is store.whole else Selection(whole, store.graphs())
    if not store.location.startswith(("http://", "https://")):
        return store
    from sicetnon.store.remote import RemoteStore

    if not isinstance(store, RemoteStore) or store.service.name not in servers:
        return store
    _measure(store)
    found = EmbeddedStore.in_memory()
    for name in store.graphs():
        found.engine.extend(Quad(t.subject, t.predicate, t.object, name) for t in store.graph(name))
    return found


def _measure(store: Store) -> None:
    answer = store.query(_COUNT)
    assert isinstance(answer, Solutions)
    (count,) = answer.rows[0]
    assert isinstance(count, Literal)
    if int(count.value) > MOST:
        raise StoreError(
            f"{store.location}: expected at most {MOST} quads for a question that this service's"
            f" engine answers wrongly, found {count.value}; back the store up and ask the backup,"
            " or a service with another engine"
        )

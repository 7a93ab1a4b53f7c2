"""Keeps an index and its store together, also when a process dies between the two.

A writer marks the graphs that it is about to change, changes the store, and then brings the index
up to date and takes the marks away. Marks that stand tell the next one what to read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from pyoxigraph import NamedNode

from sicetnon.search.documents import Document, documents, source, sources
from sicetnon.search.index import Index
from sicetnon.store import Quads, Rows, Solutions, Store, Triples

SUFFIX = ".search.sqlite"
_AT_ONCE = 100  # graphs, so that a writer of pages need not wait long
_SHOWN = 60


def place(location: str) -> str:
    """Return the file of the index of the store in a folder: beside it, for it is no part of it."""
    return location.rstrip("/") + SUFFIX


class Tracked:
    """A store to write to whose index follows every change."""

    def __init__(self, whole: Store, index: Index) -> None:
        self.whole, self.index = whole, index
        self.location = whole.location
        self._settle(sorted(index.pending()))

    def add(self, quads: Quads) -> None:
        """Add quads: all of them or, when anything fails, none."""
        written = list(quads)
        self._follow({str(quad.graph_name) for quad in written}, lambda: self.whole.add(written))

    def replace(self, graphs: Iterable[NamedNode], quads: Quads) -> None:
        """Empty some graphs and add quads, in one transaction."""
        emptied, written = list(graphs), list(quads)
        names = {str(name) for name in (*emptied, *(quad.graph_name for quad in written))}
        self._follow(names, lambda: self.whole.replace(emptied, written))

    def load(self, file: BinaryIO) -> None:
        """Add the N-Quads of a file, the fast way."""
        self.whole.load(file)
        refresh(self.index, self.whole, lambda: self.whole)

    def clear(self, *, keep: NamedNode | None = None) -> None:
        """Remove every quad but those of one graph."""
        self.whole.clear(keep=keep)
        refresh(self.index, self.whole, lambda: self.whole)

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one graph."""
        return self.whole.graph(name)

    def graphs(self) -> list[NamedNode]:
        """Return the names of the graphs, sorted."""
        return self.whole.graphs()

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query."""
        return self.whole.query(sparql, graphs)

    def rows(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None, *, limit: int | None = None
    ) -> Rows:
        """Answer a SELECT row by row."""
        return self.whole.rows(sparql, graphs, limit=limit)

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK in a W3C results form."""
        return self.whole.results(sparql, form, graphs)

    def _follow(self, terms: Iterable[str], change: Callable[[], None]) -> None:
        names = sorted(term.removeprefix("<").removesuffix(">") for term in terms)
        with self.index.step():
            self.index.mark(names)
        change()
        self._settle(names)

    def _settle(self, names: Sequence[str]) -> None:
        found = [_found(self.whole, name) for name in names]
        with self.index.step():
            _put(self.index, found)
            self.index.settle(names)


def refresh(index: Index, store: Store, fresh: Callable[[], Store]) -> None:
    """Bring an index up to date with its store; `fresh` opens the store as it is now.

    Nobody waits while the store is opened and read: what another process put in meanwhile is newer
    and stays. A mark is left to the writer who set it, or to the next one, for that writer may be
    about to write.
    """
    if not (_stale(index, store) or index.pending()):
        return
    before = index.now()
    now = fresh()
    names = sorted(_stale(index, now) | index.pending())
    for start in range(0, len(names), _AT_ONCE):
        found = [_found(now, name) for name in names[start : start + _AT_ONCE]]
        with index.step():
            newer = index.since(before)
            _put(index, (each for each in found if each.name not in newer))


def differences(index: Index, store: Store) -> Iterator[str]:
    """Yield, as sentences, what an index holds otherwise than its store, graph by graph."""
    names = {name.value for name in store.graphs()}
    for name in sorted(index.sources().keys() - names):
        yield f"{name}: the index holds a graph that the store does not hold"
    for name in sorted(names):
        held, wanted = set(index.documents(name)), set(documents(store, NamedNode(name)))
        for sense, found in (
            ("lacks", wanted - held),
            ("holds, but not the store,", held - wanted),
        ):
            yield from (f"{name}: the index {sense} {_told(each)}" for each in sorted(found))
    yield from index.faults()


def _told(each: Document) -> str:
    text = each.text if len(each.text) <= _SHOWN else each.text[: _SHOWN - 1] + "…"
    return f"the {each.kind} {text!r} of {each.node}"


def _stale(index: Index, store: Store) -> set[str]:
    """Return the graphs that are not in, are gone, or were read from another file."""
    held, digests = index.sources(), sources(store)
    now = {name.value: digests.get(name.value, "") for name in store.graphs()}
    return {name for name in held.keys() | now.keys() if held.get(name) != now.get(name)}


class _Found(NamedTuple):
    """What a store says of a graph; no source where there is no such graph."""

    name: str
    source: str | None
    documents: list[Document]


def _found(store: Store, name: str) -> _Found:
    node = NamedNode(name)
    held = documents(store, node)
    return _Found(name, source(store, node) if held or store.graph(node) else None, held)


def _put(index: Index, found: Iterable[_Found]) -> None:
    for each in found:
        if each.source is None:
            index.remove(each.name)
        else:
            index.put(each.name, each.source, each.documents)

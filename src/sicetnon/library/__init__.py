"""A library of debates: one method for each command, each a short path through the layers below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from sicetnon import query, rooms, terms
from sicetnon import store as stores
from sicetnon.errors import UsageError
from sicetnon.library import intake
from sicetnon.library.intake import Ingested
from sicetnon.query import Table

if TYPE_CHECKING:
    from rdflib import Dataset

    from sicetnon.shapes import Finding


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One version that the library holds, as `list` shows it."""

    thread: str
    version: int
    issued: str
    title: str


def open(location: str | Path = "sicetnon.store") -> Library:  # noqa: A001 - the public name
    """Open the library kept in the store at `location`; nothing is made before the first page."""
    return Library(str(location))


class Library:
    """The threads of one store, to be filled, checked, asked, written out and drawn."""

    def __init__(self, location: str) -> None:
        self.location = location
        self._store: stores.Store | None = None
        self._writable = location == stores.MEMORY

    @property
    def store(self) -> stores.Store:
        """The store, opened for reading when first needed; raises StoreError where none stands."""
        if self._store is None:
            self._store = stores.connect(self.location)
        return self._store

    def ingest(
        self, paths: Iterable[str | Path], thread: str | None = None, *, check: bool = False
    ) -> Iterator[Ingested]:
        """Read pages from files, folders, globs or `-` and store each in one transaction.

        A page that cannot be read is reported and leaves the others, and the store, alone. With
        `check`, what the rules find in each page is counted.
        """
        if thread is not None and not terms.is_slug(thread):
            raise UsageError(
                f"expected a thread slug (small letters, digits, hyphens), found {thread!r}"
            )
        for path in intake.files(paths):
            yield intake.take(self._write, path, thread, check=check)

    def threads(self) -> list[ThreadRow]:
        """Return every version of every thread, in the order of `list`."""
        return [
            ThreadRow(slug, row.number, f"{row.issued:%Y-%m-%d %H:%M}", row.title)
            for slug in query.threads(self.store)
            for row in query.versions(self.store, slug)
        ]

    def check(
        self,
        thread: str | None = None,
        version: str | int | None = None,
        severity: str = "warning",
        engine: str | None = None,
    ) -> list[Finding]:
        """Return what the shapes and rules find, of the asked severity or worse."""
        from sicetnon import shapes

        if severity not in shapes.SEVERITIES:
            known = ", ".join(shapes.SEVERITIES)
            raise UsageError(f"expected a severity ({known}), found {severity!r}")
        wanted = shapes.SEVERITIES[: shapes.SEVERITIES.index(severity) + 1]
        found = shapes.check_store(self.store, thread, version, engine)
        return [finding for finding in found if finding.severity in wanted]

    def ask(self, name: str, **params: str | int) -> Table:
        """Answer a query file of `queries/` with these parameters."""
        given = {key: str(value) for key, value in params.items()}
        return query.run(self.store, query.load(name), given)

    def graph(self, name: str, **params: str | int) -> list[Triple]:
        """Answer a query file that builds a graph, as sorted triples."""
        given = {key: str(value) for key, value in params.items()}
        return sorted(query.construct(self.store, query.load(name), given), key=str)

    def sparql(self, text: str) -> Table | list[Triple] | bool:
        """Answer any read-only SPARQL 1.1 query over the union of the graphs."""
        query.guard(text)
        answer = self.store.query(query.with_prefixes(text))
        return answer if isinstance(answer, bool | list) else Table.of(answer)

    def results(self, text: str, form: str) -> str:
        """Answer a read-only SELECT or ASK in a W3C results form: `srj` or `srx`."""
        query.guard(text)
        return self.store.results(query.with_prefixes(text), form)

    def render(
        self,
        name: str,
        thread: str | None = None,
        version: str | int | None = None,
        format: str = "text",  # noqa: A002 - the option's own name
        *,
        renumber: bool = False,
    ) -> str:
        """Write a page or one of its sections from the store alone."""
        from sicetnon import text

        return text.render(self.store, name, thread, version, format, renumber=renumber)

    def draw(self, name: str, kind: str = "html", **params: str | int) -> str:
        """Draw the graph of a query of `queries/view/`: `html`, `svg` or `json`.

        A view whose graphs the store lacks is drawn from those that ship with the package.
        """
        from sicetnon import view

        file = query.load(name, "view")
        given = {key: str(value) for key, value in params.items()}
        match kind:
            case "html" | "svg" | "json":
                return view.draw(self._drawn(file, given), file.title, file.text, kind)
        raise UsageError(f"expected html, svg or json to draw, found {kind or 'no suffix'!r}")

    def as_rdflib(self) -> Dataset:
        """Return the store as an rdflib Dataset whose default graph is the union; read-only."""
        try:
            from oxrdflib import OxigraphStore
        except ImportError:
            raise UsageError(
                "expected oxrdflib; install it with: pip install 'sicetnon[rdflib]'"
            ) from None
        from rdflib import Dataset

        found = self.store
        assert isinstance(found, stores.EmbeddedStore)
        return Dataset(store=OxigraphStore(store=found.engine), default_union=True)

    def _drawn(self, file: query.QueryFile, given: Mapping[str, str]) -> list[Triple]:
        if self._stands():
            triples = query.construct(self.store, file, given)
            if triples or not file.graphs:
                return triples
        elif not file.graphs:
            _ = self.store
        shipped = stores.connect(str(rooms.room("graphs")))
        return query.construct(shipped, file, given)

    def _stands(self) -> bool:
        return (
            self._store is not None
            or self.location == stores.MEMORY
            or (Path(self.location).exists())
        )

    def _write(self) -> stores.Store:
        if not self._writable or self._store is None:
            self._store = stores.connect(self.location, write=True)
            self._writable = True
        return self._store

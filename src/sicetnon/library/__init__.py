"""A library of debates: one method for each command, each a short path through the layers below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from sicetnon import judgements as judging
from sicetnon import query, rooms, terms
from sicetnon import store as stores
from sicetnon.errors import UsageError
from sicetnon.judgements import Judgement
from sicetnon.library import intake
from sicetnon.library.intake import Ingested
from sicetnon.model import VersionLabel
from sicetnon.query import Table

if TYPE_CHECKING:
    from rdflib import Dataset

    from sicetnon.lineage import Change
    from sicetnon.shapes import Finding


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One version that the library holds, as `list` shows it."""

    thread: str
    version: VersionLabel
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

    def keep_in(self, found: stores.Store) -> None:
        """Use an open store, to read and to write, in the place of the one at `location`."""
        self._store, self._writable = found, True

    def ingest(
        self,
        paths: Iterable[str | Path],
        thread: str | None = None,
        *,
        check: bool = False,
        replace: bool = False,
    ) -> Iterator[Ingested]:
        """Read pages from files, folders, globs or `-` and store each in one transaction.

        A page that cannot be read is reported and leaves the others, and the store, alone. With
        `check`, what the rules find in each page is counted; with `replace`, other content takes
        the place of a stored version, whose text is kept.
        """
        if thread is not None and not terms.is_slug(thread):
            raise UsageError(
                f"expected a thread slug (small letters, digits, hyphens), found {thread!r}"
            )
        for path in intake.files(paths):
            yield intake.take(self._write, path, thread, check=check, replace=replace)

    def threads(self) -> list[ThreadRow]:
        """Return every version of every thread, in the order of `list`."""
        return [
            ThreadRow(slug, row.version, row.issued, row.title)
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

    def as_of(self, moment: str | int) -> Library:
        """Return the library as it was at a day (`2026-07-01`) or at a version's number."""
        earlier = Library(self.location)
        earlier.keep_in(query.as_of(self.store, str(moment)))
        return earlier

    def diff(self, thread: str | None, old: str | int, new: str | int) -> list[Change]:
        """Return what changed between two versions of a thread, by identity and not by number."""
        from sicetnon import graph, lineage

        rows = (query.graph_of(self.store, thread, version) for version in (old, new))
        before, after = (graph.from_quads(self.store.graph(row.iri)) for row in rows)
        return lineage.compare(before, after, lineage.things(self.store, before.thread))

    def same(self, left: str, right: str, why: str, who: str, when: str) -> Judgement:
        """Judge that two things are one; `when` is a day as YYYY-MM-DD."""
        return self._judge(Judgement("same", self._node(left), self._node(right), why, who, when))

    def different(self, left: str, right: str, why: str, who: str, when: str) -> Judgement:
        """Judge that two things are not one, whatever a rule finds."""
        judgement = Judgement("different", self._node(left), self._node(right), why, who, when)
        return self._judge(judgement)

    def undo(self, name: str) -> None:
        """Take a judgement back: the graph is then as if it had never been made."""
        _ = self.store  # refuses a store that is not there, where the writer would make one
        present = judging.judgements(self._write())
        self._keep(judging.without(present, name), judging.threads_of(present))

    def judgements(self) -> list[Judgement]:
        """Return every judgement, sorted."""
        return judging.judgements(self.store)

    def _judge(self, judgement: Judgement) -> Judgement:
        listed = judging.adding(judging.judgements(self._write()), judgement)
        self._keep(listed, judging.threads_of(listed))
        return judgement

    def _keep(self, listed: list[Judgement], threads: set[str]) -> None:
        """Store the judgements and the layers of every thread that they touch, in one step."""
        from sicetnon import lineage

        found = self._write()
        judged = lineage.judged(listed)
        layers = [
            layer
            for thread in sorted(threads)
            for layer in lineage.all_layers(found, thread, judged)
        ]
        quads = {quad for each in listed for quad in each.quads()}
        names = [judging.GRAPH, *(name for name, _ in layers)]
        found.replace(names, [*sorted(quads, key=str), *(q for _, layer in layers for q in layer)])

    def _node(self, name: str) -> str:
        """Return the IRI of something that the store knows, given whole or from `thread/` on."""
        iri = name if "://" in name else f"{terms.ID}{name.removeprefix('id:')}"
        judged = {side for each in self.judgements() for side in (each.left, each.right)}
        if iri not in judged and not query.is_known(self.store, iri):
            raise UsageError(f"expected something that the store knows, found {name!r}")
        return iri

    def ask(self, name: str, **params: str | int) -> Table:
        """Answer a query file of `queries/` with these parameters."""
        return query.run(self.store, query.load(name), _texts(params))

    def graph(self, name: str, **params: str | int) -> list[Triple]:
        """Answer a query file that builds a graph, as sorted triples."""
        return sorted(query.construct(self.store, query.load(name), _texts(params)), key=str)

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

    def page(
        self,
        thread: str | None = None,
        version: str | int | None = None,
        *,
        renumber: bool = False,
    ) -> bytes:
        """Return a page as the bytes of the file that went in, from the store alone."""
        from sicetnon import text

        return text.page_bytes(self.store, thread, version, renumber=renumber)

    def draw(self, name: str, kind: str = "html", **params: str | int) -> str:
        """Draw the graph of a query of `queries/view/`: `html`, `svg` or `json`.

        A view whose graphs the store lacks is drawn from those that ship with the package.
        """
        from sicetnon import view

        file = query.load(name, "view")
        match kind:
            case "html" | "svg" | "json":
                return view.draw(self._drawn(file, _texts(params)), file.title, file.text, kind)
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
        if not isinstance(found, stores.EmbeddedStore):
            raise UsageError("expected a whole embedded store for rdflib, found a part of one")
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


def _texts(params: Mapping[str, str | int]) -> dict[str, str]:
    """Return parameters as the texts that a query file reads."""
    return {key: str(value) for key, value in params.items()}

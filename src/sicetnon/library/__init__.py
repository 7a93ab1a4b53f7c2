"""A library of debates: one method for each command, each a short path through the layers below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import Triple

from sicetnon import query, terms
from sicetnon import store as stores
from sicetnon.errors import UsageError
from sicetnon.library import intake
from sicetnon.library.finding import answer
from sicetnon.library.intake import Ingested
from sicetnon.library.proposing import Proposing
from sicetnon.library.twins import told
from sicetnon.model import VersionLabel
from sicetnon.query import Graph, Table

if TYPE_CHECKING:
    from rdflib import Dataset

    from sicetnon.analysis import Analysis, Consequence, Report
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


class Library(Proposing):
    """The threads of one store, to be filled, checked, asked, written out and drawn."""

    def ingest(
        self,
        paths: Iterable[str | Path],
        thread: str | None = None,
        *,
        check: bool = False,
        replace: bool = False,
        jobs: int = 1,
    ) -> Iterator[Ingested]:
        """Read pages from files, folders, globs or `-` and store each in one transaction.

        A page that cannot be read is reported and leaves the others, and the store, alone. With
        `check`, what the rules find in each page is counted; with `replace`, other content takes
        the place of a stored version, whose text is kept. With `jobs`, so many processes read
        pages; what is stored and reported, and the order, are the same. A page whose very bytes
        are stored elsewhere, too, is stored, and tells of its `twins`.
        """
        if thread is not None and not terms.is_slug(thread):
            raise UsageError(
                f"expected a thread slug (small letters, digits, hyphens), found {thread!r}"
            )
        take = partial(intake.take, thread=thread, check=check, replace=replace)
        if jobs > 1:
            from sicetnon.library.jobs import taken

            present = self._write() if self._stands() else None
            yield from taken(take, self._write, present, [*intake.files(paths)], thread, jobs)
        else:
            for path in intake.files(paths):
                yield from told(self._write, [take(self._write, path)])

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

    def analyse(
        self,
        thread: str | None = None,
        version: str | int | None = None,
        *,
        preferred: bool = False,
    ) -> Report[Analysis]:
        """Tell how a debate stands; `preferred` adds what can be held together, with clingo."""
        from sicetnon import analysis

        return analysis.analyse(self.store, thread, version, preferred=preferred)

    def what_if(
        self,
        without: Iterable[str],
        thread: str | None = None,
        version: str | int | None = None,
    ) -> Report[Consequence]:
        """Tell what would fall without these sources: entry numbers, works or holders."""
        from sicetnon import analysis

        return analysis.what_if(self.store, without, thread, version)

    def ask(self, name: str, /, **params: str | int) -> Table:
        """Answer a query file of `queries/` with these parameters."""
        return query.run(self.store, query.load(name), _texts(params))

    def graph(self, name: str, /, **params: str | int) -> Graph:
        """Answer a query file that builds a graph, as sorted triples."""
        return Graph(sorted(query.construct(self.store, query.load(name), _texts(params)), key=str))

    def search(
        self, words: str, thread: str | None = None, kind: str | None = None, limit: int = 20
    ) -> Table:
        """Find passages, claims, titles and holders that have all words, the best first.

        `"two words"` is a phrase and `generali*` a beginning; case and accents do not count. A text
        that several versions share is found once, at its latest place.
        """
        return answer(self._finder.index(self.store, self._fresh), words, thread, kind, limit)

    def search_faults(self) -> list[str]:
        """Return, as sentences, what the index of `search` holds otherwise than the store."""
        from sicetnon.search import differences

        return list(differences(self._finder.index(self.store, self._fresh), self.store))

    def rebuild_search(self) -> None:
        """Make the index of `search` anew."""
        self._finder.rebuilt(self.store, self._fresh)

    def sparql(self, text: str) -> Table | list[Triple] | bool:
        """Answer any read-only SPARQL 1.1 query over the union of the graphs."""
        answer = self.store.query(_reading(text))
        return answer if isinstance(answer, bool | list) else Table.of(answer)

    def results(self, text: str, form: str) -> str:
        """Answer a read-only SELECT or ASK in a W3C results form: `srj` or `srx`."""
        return self.store.results(_reading(text), form)

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
                drawn = self._drawn(file, _texts(params))
                return view.draw(drawn, file.title, file.text, kind, file.view)
        raise UsageError(f"expected html, svg or json to draw, found {kind or 'no suffix'!r}")

    def backup(self, file: BinaryIO) -> int:
        """Write every quad of the store as sorted, compressed N-Quads; return how many."""
        return stores.backup(self.store, file)

    def restore(self, path: str | Path, *, replace: bool = False) -> int:
        """Fill the store, which must be empty or is emptied with `replace`, from a backup.

        Returns the count of quads. What is no whole backup raises DataError and changes nothing.
        """
        has_files = self.location != stores.MEMORY and not stores.is_remote(self.location)
        if has_files:
            self._store, self._writable = None, False
        opened = None if has_files else self._write()
        return stores.restore(self.location, opened, Path(path), replace=replace)

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
        if self._stands() or not file.graphs:
            return query.drawn(self.store, file, given)
        return query.construct(query.shipped(), file, given)


def _reading(text: str) -> str:
    """Return a query with the prefixes that it leaves to us, once it is sure that it only reads."""
    whole = query.with_prefixes(text)
    query.guard(whole)
    return whole


def _texts(params: Mapping[str, str | int]) -> dict[str, str]:
    """Return parameters as the texts that a query file reads."""
    return {key: str(value) for key, value in params.items()}

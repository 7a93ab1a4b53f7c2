"""Full text search beside the least that FTS5 can do, a scan of the store, and tantivy.

    python benchmarks/search.py [--pages 300]

All get the texts of the same synthetic pages. The bare FTS5 has one column and one transaction and
returns row numbers; the scan is `FILTER(CONTAINS(LCASE(?text), "word"))` on Oxigraph in memory and
on disk, which does not rank; tantivy (`pip install tantivy`) is left out where it is not installed.
A query is for the twenty best. Times are wall-clock medians.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from corpus import models
from sicetnon import graph, search
from sicetnon.library import Library
from sicetnon.query import Table
from sicetnon.store import EmbeddedStore, Store
from sicetnon.terms import SEN

QUERIES = {
    "a common word": ["sediment", "sites", "colleagues", "drought"],
    "three words": [
        "sediment sites peatlands",
        "older cores deltas",
        "moraines nitrate instruments",
    ],
    "a phrase": ['"opposite view of salinity"', '"the fate of buried deltas"'],
    "a beginning": ["flood*", "gla*", "temp*"],
}
ROUNDS = 15


def build(folder: Path, count: int) -> float:
    """Store the quads of pages; return the seconds that it took."""
    start = time.perf_counter()
    store = EmbeddedStore.on_disk(folder)
    for page in islice(models(), count):
        store.add(graph.to_quads(page))
    return time.perf_counter() - start


def latency(ask: Callable[[str], object]) -> dict[str, float]:
    """Return the median milliseconds of each kind of query."""
    taken = {}
    for kind, texts in QUERIES.items():
        seen = []
        for text in texts * ROUNDS:
            start = time.perf_counter()
            ask(text)
            seen.append(time.perf_counter() - start)
        taken[kind] = 1000 * statistics.median(seen)
    return taken


def bare(texts: list[str]) -> tuple[float, Callable[[str], object]]:
    """The least that FTS5 can do."""
    folder = tempfile.mkdtemp()
    start = time.perf_counter()
    found = sqlite3.connect(f"{folder}/bare.sqlite")
    found.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    with found:
        found.executemany("INSERT INTO words VALUES (?)", ((text,) for text in texts))
    taken = time.perf_counter() - start

    def ask(text: str) -> object:
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 20"
        return found.execute(sql, (text,)).fetchall()

    return taken, ask


def scan(store: Store) -> Callable[[str], object]:
    """A text filter of the store; a phrase or word is found as a part of the text."""

    def ask(text: str) -> object:
        parts = [text.strip('"')] if text.startswith('"') else text.rstrip("*").split()
        wanted = " && ".join(f'CONTAINS(LCASE(?text), "{part}")' for part in parts)
        return store.query(
            f"SELECT ?x WHERE {{ GRAPH ?g {{ ?x <{SEN}text> ?text }} FILTER({wanted}) }} LIMIT 20"
        )

    return ask


def tantivy(texts: list[str]) -> tuple[float, Callable[[str], object]]:
    """A search engine of its own."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True)
    folder = tempfile.mkdtemp()
    start = time.perf_counter()
    index = tantivy.Index(builder.build(), path=folder)
    writer = index.writer()
    for text in texts:
        writer.add_document(tantivy.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    taken = time.perf_counter() - start
    searcher = index.searcher()

    def ask(text: str) -> object:
        if text.endswith("*"):
            query = tantivy.Query.regex_query(index.schema, "text", f"{text[:-1]}.*")
        else:
            parsed = text if text.startswith('"') else " AND ".join(text.split())
            query = index.parse_query(parsed, ["text"])
        return searcher.search(query, 20).hits

    return taken, ask


def main() -> None:
    """Print build times and latencies beside each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    asked = parser.parse_args()
    has_tantivy = find_spec("tantivy") is not None
    names = ["sicetnon", "pyoxigraph", *(["tantivy"] if has_tantivy else [])]
    versions = "  ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    print(platform.python_implementation(), platform.python_version(), platform.machine())
    print(f"{versions}  SQLite {sqlite3.sqlite_version}")
    folder = Path(tempfile.mkdtemp())
    try:
        stored = build(folder / "store", asked.pages)
        library = Library(str(folder / "store"))
        start = time.perf_counter()
        library.search("sediment")
        ours = time.perf_counter() - start
        with sqlite3.connect(search.place(str(folder / "store"))) as index:
            texts = [text for (text,) in index.execute("SELECT text FROM document ORDER BY id")]
        rows: list[tuple[str, float | None, Callable[[str], object]]] = [
            ("ours", ours, library.search),
            ("bare FTS5", *bare(texts)),
            ("scan on disk", None, scan(library.store)),
        ]
        memory = EmbeddedStore.in_memory()
        for page in islice(models(), asked.pages):
            memory.add(graph.to_quads(page))
        rows.append(("scan in memory", None, scan(memory)))
        if has_tantivy:
            rows.append(("tantivy", *tantivy(texts)))
        found = Table.of(
            library.store.query("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")
        )
        print(
            f"{asked.pages} pages, {found.rows[0][0]} quads stored in {stored:.1f} s;"
            f" {len(texts)} texts, {sum(map(len, texts)) / 1e6:.1f} million characters\n"
        )
        print(f"{'':16}{'build s':>9}" + "".join(f"{kind:>16}" for kind in QUERIES) + "   (ms)")
        for name, built, ask in rows:
            taken = latency(ask)
            shown = "" if built is None else f"{built:.2f}"
            print(f"{name:16}{shown:>9}" + "".join(f"{each:16.2f}" for each in taken.values()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

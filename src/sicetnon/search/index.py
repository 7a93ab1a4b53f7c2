"""The index: each text once, where it stands, and which graphs are in."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sicetnon.search.documents import Document, placed
from sicetnon.search.file import MEMORY, connect, faults

_FIND = """
SELECT d.id, d.kind, d.thread, -words.rank FROM words JOIN document d ON d.id = words.rowid
WHERE words MATCH :wanted AND (:kind IS NULL OR d.kind = :kind)
  AND (:thread IS NULL OR d.thread = :thread)
ORDER BY words.rank, d.kind, d.thread, d.text LIMIT :limit"""
_SNIPPET = """
SELECT snippet(words, 0, '**', '**', '…', 24) FROM words WHERE words MATCH ? AND rowid = ?"""
_WHERE = """
SELECT g.version, o.node, o.line FROM occurrence o JOIN graph g ON g.id = o.graph
WHERE o.document = ? ORDER BY g.place DESC, g.version DESC, o.node LIMIT 1"""
_HELD = """
SELECT d.kind, d.thread, d.text, o.node, o.line
FROM graph g JOIN occurrence o ON o.graph = g.id JOIN document d ON d.id = o.document
WHERE g.name = ?"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that answers a search, at its latest place; a higher `score` is a better answer.

    `match` is the part of the text around the words, which stand between `**`; `score` is BM25
    with its sign turned; `line` is 0 where no page has the text.
    """

    kind: str
    thread: str
    version: str
    line: int
    match: str
    node: str
    score: float


class Index:
    """An index of full text, in a file or in memory; threads and processes may share it."""

    def __init__(self, path: str = MEMORY) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._sqlite = connect(path)

    @contextmanager
    def step(self, *, reading: bool = False) -> Iterator[None]:
        """Do all or nothing of what follows, alone: other writers wait, readers see it at once.

        When `reading`, nothing waits, and what is read is of one moment.
        """
        with self._lock, faults(self.path):
            self._sqlite.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
            try:
                if not reading:
                    self._sqlite.execute("UPDATE clock SET step = step + 1")
                yield
            except BaseException:
                self._sqlite.execute("ROLLBACK")
                raise
            self._sqlite.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._sqlite.close()

    def sources(self) -> dict[str, str]:
        """Return the graphs that are in, each with the digest of its file."""
        return dict(self._rows("SELECT name, source FROM graph"))

    def now(self) -> int:
        """Return the number of steps that were done so far."""
        (step,) = self._one("SELECT step FROM clock", ())
        return int(step)

    def since(self, step: int) -> set[str]:
        """Return the graphs that were put in after a step."""
        return {name for (name,) in self._rows("SELECT name FROM graph WHERE step > ?", (step,))}

    def pending(self) -> set[str]:
        """Return the graphs that a writer began to change and has not told the end of."""
        return {name for (name,) in self._rows("SELECT name FROM pending")}

    def documents(self, name: str) -> list[Document]:
        """Return what the index holds of one graph, sorted."""
        return sorted(Document(*row) for row in self._rows(_HELD, (name,)))

    def mark(self, names: Iterable[str]) -> None:
        """Note that graphs are about to change."""
        self._all("INSERT OR IGNORE INTO pending VALUES (?)", [(name,) for name in names])

    def settle(self, names: Iterable[str]) -> None:
        """Note that what changed in graphs is in."""
        self._all("DELETE FROM pending WHERE name = ?", [(name,) for name in names])

    def put(self, name: str, source: str, documents: Iterable[Document]) -> None:
        """Make the index hold these documents of a graph, and no others."""
        place = placed(name)
        (graph,) = self._one(
            "INSERT INTO graph (name, source, version, place, step)"
            " SELECT ?, ?, ?, ?, step FROM clock WHERE true ON CONFLICT (name) DO UPDATE"
            " SET source = excluded.source, step = excluded.step RETURNING id",
            (name, source, place.version, place.order),
        )
        wanted = {(_key(each), each.node): each for each in documents}
        held = {
            (key, node): (document, line)
            for key, node, document, line in self._rows(
                "SELECT d.key, o.node, d.id, o.line FROM occurrence o"
                " JOIN document d ON d.id = o.document WHERE o.graph = ?",
                (graph,),
            )
        }
        for pair, (document, line) in held.items():
            if pair not in wanted or wanted[pair].line != line:
                self._drop(graph, document, pair[1])
        for pair, each in wanted.items():
            if pair not in held or held[pair][1] != each.line:
                self._add(graph, pair[0], each)
        self._sweep({document for document, _ in held.values()})

    def remove(self, name: str) -> None:
        """Forget a graph that the store does not have any more."""
        self.put(name, "", ())
        self._rows("DELETE FROM graph WHERE name = ?", (name,))

    def clear(self) -> None:
        """Forget every graph; the marks of writers stay."""
        with self.step():
            self._rows("INSERT INTO words (words) VALUES ('delete-all')")
            for table in ("graph", "document", "occurrence"):
                self._rows(f"DELETE FROM {table}")  # noqa: S608 - the names are ours

    def threads(self) -> list[str]:
        """Return the slugs of the threads of which something can be searched, sorted."""
        rows = self._rows("SELECT DISTINCT thread FROM document WHERE thread <> '' ORDER BY thread")
        return [thread for (thread,) in rows]

    def find(
        self, wanted: str, thread: str | None = None, kind: str | None = None, limit: int = 20
    ) -> list[Hit]:
        """Return the best answers to an expression, the best first; equal ones in a fixed order."""
        given = {"wanted": wanted, "thread": thread, "kind": kind, "limit": limit}
        hits = []
        ask = self._sqlite.execute
        with self.step(reading=True):
            for document, found, slug, score in ask(_FIND, given).fetchall():
                version, node, line = ask(_WHERE, (document,)).fetchone()
                (match,) = ask(_SNIPPET, (wanted, document)).fetchone()
                shown = version.removeprefix("v")
                hits.append(Hit(found, slug, shown, line, match, node, round(score, 3)))
        return hits

    def faults(self) -> list[str]:
        """Return what the engine finds wrong with its own structures."""
        try:
            with self._lock:
                self._sqlite.execute(
                    "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)"
                )
        except sqlite3.DatabaseError as error:
            return [f"the words do not fit the texts: {error}"]
        return []

    def _add(self, graph: int, key: bytes, each: Document) -> None:
        found = self._rows("SELECT id FROM document WHERE key = ?", (key,))
        if found:
            ((document,),) = found
        else:
            (document,) = self._one(
                "INSERT INTO document (key, kind, thread, text) VALUES (?, ?, ?, ?) RETURNING id",
                (key, each.kind, each.thread, each.text),
            )
            self._rows("INSERT INTO words (rowid, text) VALUES (?, ?)", (document, each.text))
        row = (graph, document, each.node, each.line)
        self._rows("INSERT INTO occurrence VALUES (?, ?, ?, ?)", row)

    def _drop(self, graph: int, document: int, node: str) -> None:
        self._rows(
            "DELETE FROM occurrence WHERE graph = ? AND document = ? AND node = ?",
            (graph, document, node),
        )

    def _sweep(self, documents: Iterable[int]) -> None:
        """Forget the texts that stand nowhere any more."""
        for document in sorted(documents):
            if not self._rows("SELECT 1 FROM occurrence WHERE document = ? LIMIT 1", (document,)):
                self._rows(
                    "INSERT INTO words (words, rowid, text)"
                    " SELECT 'delete', id, text FROM document WHERE id = ?",
                    (document,),
                )
                self._rows("DELETE FROM document WHERE id = ?", (document,))

    def _rows(self, sql: str, given: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
        with self._lock, faults(self.path):
            return self._sqlite.execute(sql, given).fetchall()

    def _one(self, sql: str, given: Sequence[object]) -> Any:
        return self._rows(sql, given)[0]

    def _all(self, sql: str, given: Sequence[Sequence[object]]) -> None:
        with self._lock, faults(self.path):
            self._sqlite.executemany(sql, given)


def _key(document: Document) -> bytes:
    """Return what texts are told apart by: two of one kind and thread with equal words are one."""
    said = "\0".join((document.kind, document.thread, document.text))
    return hashlib.sha256(said.encode()).digest()[:16]

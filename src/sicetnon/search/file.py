"""The file of an index: a SQLite database that says by its header that it is one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sicetnon.errors import StoreError

MEMORY = ":memory:"
APPLICATION = 0x5365_4E78  # "SeNx", https://www.sqlite.org/pragma.html#pragma_application_id
FORM = 1
_TABLES = {"graph", "clock", "pending", "document", "occurrence", "words"}
_WAIT = 60.0  # seconds for another process to finish a step
_SCHEMA = """
CREATE TABLE IF NOT EXISTS graph (
  id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, source TEXT NOT NULL,
  version TEXT NOT NULL, place INTEGER NOT NULL, step INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS clock (step INTEGER NOT NULL);
INSERT INTO clock SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock);
CREATE TABLE IF NOT EXISTS pending (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (
  id INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, kind TEXT NOT NULL, thread TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS occurrence (
  graph INTEGER NOT NULL, document INTEGER NOT NULL, node TEXT NOT NULL, line INTEGER NOT NULL,
  PRIMARY KEY (graph, document, node)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS occurrences ON occurrence (document);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
  text, content = 'document', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
"""


def connect(path: str) -> sqlite3.Connection:
    """Open the index at a path, or in memory, made anew where none stands or a damaged one does.

    Raises StoreError for a file of another kind, which is never touched.
    """
    with faults(path):
        if path != MEMORY:
            _refuse_foreign(Path(path))
        try:
            return _opened(path)
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, _OtherFormError):
            discard(path)
            return _opened(path)


def discard(path: str) -> None:
    """Remove an index and what SQLite keeps beside it; it can always be made anew."""
    for name in (path, f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)


class _OtherFormError(Exception):
    """The index is laid out as another version of the package does it."""


def _opened(path: str) -> sqlite3.Connection:
    # No implicit transactions: every step says where it begins and ends.
    found = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        (form,) = found.execute("PRAGMA user_version").fetchone()
        if form == 0:
            # Before the journal is one of its own, so that the file is known by its first bytes.
            found.execute(f"PRAGMA application_id = {APPLICATION}")
        elif form != FORM:
            raise _OtherFormError
        found.execute("PRAGMA journal_mode = WAL")
        found.execute("PRAGMA synchronous = NORMAL")
        if form == 0:
            found.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {FORM}; COMMIT;")
        tables = {name for (name,) in found.execute("SELECT name FROM sqlite_master")}
        if not tables >= _TABLES:
            raise _OtherFormError
        found.execute("SELECT 1 FROM graph, document, words LIMIT 1").fetchall()
    except BaseException:
        found.close()
        raise
    return found


def _refuse_foreign(place: Path) -> None:
    if not place.exists() or (place.is_file() and not place.stat().st_size):
        return
    with place.open("rb") as file:
        head = file.read(100)
    if head[:16] != b"SQLite format 3\0" or int.from_bytes(head[68:72], "big") != APPLICATION:
        raise StoreError(f"{place}: expected a search index, found a file of another kind")


@contextmanager
def faults(path: str) -> Iterator[None]:
    """Turn the engine's errors into ones that say which index, and what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        advice = (
            "" if isinstance(error, sqlite3.OperationalError) else "make it anew with --rebuild"
        )
        told = f"{path}: the search index cannot be used: {error}"
        raise StoreError(told, advice=advice) from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error

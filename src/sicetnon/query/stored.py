"""Which threads and versions a store holds, and which of them is meant."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pyoxigraph import NamedNode

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.model import VersionLabel, label
from sicetnon.query.table import Table
from sicetnon.query.tokens import bind
from sicetnon.store import Selection, Store

_PREFIXES = (
    f"PREFIX sen: <{terms.SEN}> PREFIX prov: <{terms.PROV}> PREFIX pav: <{terms.PAV}>"
    f" PREFIX dcterms: <{terms.DCTERMS}>"
)
# Without GRAPH: an engine may look into every graph of the store for one that is not named.
_VERSIONS = f"""{_PREFIXES}
SELECT DISTINCT ?version ?label ?issued ?title WHERE {{
  ?version prov:specializationOf ?thread .
  ?version pav:version ?label ; sen:order ?order ; dcterms:title ?title .
  OPTIONAL {{ ?version dcterms:issued ?issued }}
}} ORDER BY ?order"""
_LONGEST = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_THREADS = f"""{_PREFIXES}
SELECT DISTINCT ?slug WHERE {{ ?thread a sen:Thread ; sen:slug ?slug }} ORDER BY ?slug"""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version that a store holds; `issued` is an ISO 8601 date or time, empty where unknown."""

    iri: NamedNode
    version: VersionLabel
    issued: str
    title: str

    @property
    def order(self) -> int:
        """Where the version stands in its thread, as its page's model says it."""
        digits = str(self.version).replace("-", "")
        return int(digits) if digits.isdecimal() and len(digits) < _LONGEST else 0

    @property
    def day(self) -> str:
        """The day of issue, or an empty text."""
        return self.issued[:10]


def threads(store: Store) -> list[str]:
    """Return the slugs of the threads that a store holds, sorted."""
    return [str(row[0]) for row in Table.of(store.query(_THREADS)).rows]


def version_rows(store: Store, thread: str) -> list[VersionRow]:
    """Return the versions of a thread in ascending order; none where there is no such thread."""
    answer = Table.of(store.query(bind(_VERSIONS, {"thread": terms.thread(_slug(thread))})))
    return [
        VersionRow(NamedNode(str(iri)), label(str(name)), str(issued or ""), str(title))
        for iri, name, issued, title in answer.rows
    ]


def versions(store: Store, thread: str) -> list[VersionRow]:
    """Return the versions of a thread in ascending order; raises UsageError for no such thread."""
    rows = version_rows(store, thread)
    if not rows:
        known = ", ".join(threads(store)) or "no thread at all"
        raise UsageError(f"expected a thread of the store, found {thread!r}; it holds {known}")
    return rows


def graph_of(store: Store, thread: str | None, version: str | int | None = None) -> VersionRow:
    """Find a version by its number, by a date (the last one issued by then) or by its place.

    The places are `first`, `latest` and `previous`, the one before the latest; of a thread with one
    version all three are that one.
    """
    slug = thread or only_thread(store)
    return chosen(slug, versions(store, slug), version)


def chosen(slug: str, rows: list[VersionRow], version: str | int | None) -> VersionRow:
    """Return the version of a thread that is meant; raises UsageError, with those there are."""
    wanted = str(version or "latest").removeprefix("v")
    places = {"first": rows[:1], "previous": rows[-2:][:1], "latest": rows[-1:]}
    found = places.get(wanted) or [row for row in rows if wanted == str(row.version)]
    if not found and _DAY.fullmatch(wanted):
        found = [row for row in rows if row.day and row.day <= wanted]
    if not found:
        known = ", ".join(f"{row.version} ({row.day or 'undated'})" for row in rows)
        raise UsageError(f"expected a version of {slug}, found {str(version)!r}; there are {known}")
    return found[-1]


def as_of(store: Store, moment: str) -> Selection:
    """Return the store as it was at a day, or at a version's number in each of its threads.

    What belongs to a later version is left out, and under a day also what has no date of issue.
    """
    later: list[str] = []
    for thread in threads(store):
        for row in versions(store, thread):
            if is_day(moment):
                seen = bool(row.day) and row.day <= moment
            elif re.fullmatch(r"v?[0-9]{1,9}", moment):
                seen = row.order <= int(moment.removeprefix("v"))
            else:
                raise UsageError(
                    f"expected a day (YYYY-MM-DD) or a version's number, found {moment!r}"
                )
            if not seen:
                later.append(row.iri.value)
    names = [
        name
        for name in store.graphs()
        if not any(name.value == iri or name.value.startswith(f"{iri}/") for iri in later)
    ]
    return Selection(store, names)


def only_thread(store: Store) -> str:
    """Return the slug of a store's only thread; raises UsageError where it holds none or more."""
    known = threads(store)
    if len(known) == 1:
        return known[0]
    if not known:
        hint = "ask as of a later day" if isinstance(store, Selection) else "ingest a page first"
        raise UsageError(f"expected a thread in the store, found none; {hint}")
    raise UsageError(
        f"expected the name of a thread, found none; there are {', '.join(known)}",
        advice="give one with --thread",
    )


def _slug(text: str) -> str:
    if not terms.is_slug(text):
        raise UsageError(
            f"expected the slug of a thread (letters, digits, hyphens), found {text!r}"
        )
    return text


def is_day(text: str) -> bool:
    """Say whether a text is a day of the calendar, YYYY-MM-DD."""
    try:
        return bool(_DAY.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False

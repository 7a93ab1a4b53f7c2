"""Media types of answers, and which of them a request gets (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat

HTML = "text/html"
JSON = "application/json"
CSV = "text/csv"
JSON_LD = "application/ld+json"
TURTLE = "text/turtle"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

# In the order of the server's own preference; the first is what a client without one gets.
TABLES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    CSV: QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS = {
    TURTLE: RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    JSON_LD: RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
# What people call the forms where they name one in an address instead of a header.
SHORT = {
    "json": "application/sparql-results+json",
    "srj": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "srx": "application/sparql-results+xml",
    "csv": CSV,
    "tsv": "text/tab-separated-values",
    "turtle": TURTLE,
    "ttl": TURTLE,
    "ntriples": "application/n-triples",
    "nt": "application/n-triples",
    "nquads": "application/n-quads",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": JSON_LD,
    "rdfxml": "application/rdf+xml",
    "html": HTML,
}

# Other names under which clients ask for the same form.
_ALIASES = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "application/x-turtle": TURTLE,
    "text/n3": TURTLE,
    "text/plain": "application/n-triples",
    "application/xhtml+xml": HTML,
}


def content_type(media: str) -> str:
    """Return a media type with the encoding that it needs; JSON and XML say theirs themselves."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


@lru_cache(maxsize=1024)
def choose(accept: str, offers: tuple[str, ...], *, aliases: bool = True) -> str | None:
    """Return the offer that an Accept header likes best, the earlier of two equals; none fits none.

    An offer has the quality of the most specific range that matches it. HTML is only for those who
    name it: a program that takes anything gets data.
    """
    ranges = _ranges(accept)
    if not ranges:
        return next(offer for offer in offers if offer != HTML)
    best, quality = None, 0.0
    for offer in sorted(offers, key=lambda each: each == HTML and not _names(ranges, HTML)):
        found = _quality(offer, ranges, aliases)
        if found > quality:
            best, quality = offer, found
    return best


def encodes(accept_encoding: str, coding: str = "gzip") -> bool:
    """Say whether a request takes a content coding."""
    for name, quality in _listed(accept_encoding):
        if name == coding:
            return quality > 0
    return False


def _ranges(accept: str) -> list[tuple[str, float]]:
    return [(name, quality) for name, quality in _listed(accept) if "/" in name]


def _listed(header: str) -> list[tuple[str, float]]:
    """Return the elements of a header that lists preferences, with their qualities."""
    found = []
    for element in header.lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = _number(value)
        if name:
            found.append((name, quality))
    return found


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return min(max(value, 0.0), 1.0)


def _names(ranges: Sequence[tuple[str, float]], media: str) -> bool:
    return any(_ALIASES.get(name, name) == media for name, _ in ranges)


def _quality(offer: str, ranges: Sequence[tuple[str, float]], aliases: bool) -> float:
    kind = offer.partition("/")[0]
    best = (-1, 0.0)
    for name, quality in ranges:
        if name == offer:
            best = max(best, (3, quality))
        elif aliases and _ALIASES.get(name) == offer:
            best = max(best, (2, quality))
        elif name == f"{kind}/*":
            best = max(best, (1, quality))
        elif name == "*/*":
            best = max(best, (0, quality))
    return best[1]

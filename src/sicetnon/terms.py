"""Namespaces, and the only functions that mint IRIs.

IRIs come from content and place, never from a counter or a clock, so the same page gives the same
graph on every machine.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode

from sicetnon import rooms

SEN = "https://w3id.org/sicetnon/ontology#"
ID = "https://w3id.org/sicetnon/id/"
DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
PAV = "http://purl.org/pav/"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = NamedNode(RDF + "type")
LABEL = NamedNode(RDFS + "label")

_DECIMAL = NamedNode(XSD + "decimal")

_SLUG_LENGTH = 80
_APOSTROPHE = re.compile(r"['’]")
_GAP = re.compile(r"[\W_]+")
_PREFIX = re.compile(r"^@prefix\s+(\w+):\s+<([^>]+)>\s*\.", re.MULTILINE)


@cache
def prefixes() -> dict[str, str]:
    """Return prefix → namespace, from the project's only list."""
    text = (rooms.room("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    return dict(_PREFIX.findall(text))


@cache
def sen(name: str) -> NamedNode:
    """Return a term of our ontology."""
    return NamedNode(SEN + name)


def stance(name: str) -> NamedNode:
    """Return the term for a stance as commands name it, such as `replies-to`."""
    return sen("repliesTo" if name == "replies-to" else name)


def stance_name(term: str) -> str:
    """Return a stance as commands name it, from its IRI."""
    name = term.removeprefix(SEN)
    return "replies-to" if name == "repliesTo" else name


@lru_cache(4096)
def slug(text: str) -> str:
    """Turn a heading into the part of an IRI that a person can read: letters, digits and hyphens.

    A long slug is cut at a word and closed with a digest of the whole, so two headings that begin
    alike stay apart.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _GAP.sub("-", _APOSTROPHE.sub("", folded)).strip("-")
    if len(words) <= _SLUG_LENGTH and words:
        return words
    digest = hashlib.sha256(folded.encode()).hexdigest()[:8]
    head = words[:_SLUG_LENGTH].rsplit("-", 1)[0]
    return f"{head}-{digest}" if head else digest


def section_name(heading: str) -> str:
    """Return the name of a section by its heading; what stands above all headings is the lead."""
    return slug(heading) if heading else "lead"


def thread(name: str) -> NamedNode:
    """Return the IRI of the thread with this slug."""
    return NamedNode(f"{ID}thread/{name}")


def version(thread_slug: str, label: str | int) -> NamedNode:
    """Return the IRI of a version, by number or date: also the name of its graph."""
    name = f"v{label}" if str(label).isdigit() else str(label)
    return NamedNode(f"{ID}thread/{thread_slug}/{name}")


def part(of: NamedNode, *steps: str | int) -> NamedNode:
    """Return the IRI of a part of a thread or version: a section, a passage, an entry…"""
    return NamedNode("/".join([of.value, *map(str, steps)]))


def agent(name: str) -> NamedNode:
    """Return the IRI of a person, group or program by name."""
    return NamedNode(f"{ID}agent/{slug(name)}")


def decimal(value: float) -> Literal:
    """Return a score as the store keeps it: three digits at most, without trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return Literal(text or "0", datatype=_DECIMAL)


def page_file(sha256: str) -> NamedNode:
    """Return the IRI of a page file with this digest."""
    return NamedNode(f"{ID}file/sha256-{sha256}")


def is_slug(text: str) -> bool:
    """Say whether `text` can name a thread as it stands."""
    return bool(re.fullmatch(r"[\w-]+", text)) and slug(text) == text

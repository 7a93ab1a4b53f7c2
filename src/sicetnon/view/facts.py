"""Looks up what a set of triples says about a node, and says which node lacks what."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from sicetnon.errors import DataError
from sicetnon.terms import ID, RDF, SEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

# Characters that end lines or turn the direction of what follows: the Trojan Source set.
_SPACES = re.compile(r"[\s\x85\u2028\u2029]+")
_UNSEEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_PASSAGE = re.compile(r"/v(?P<version>\d+)/(?P<section>[^/]+)/(?P<block>.+)$")


def shown(text: str) -> str:
    """Return `text` on one line, with U+FFFD for each character that no reader could see.

    XML forbids the control characters, and an override of direction would make a page show other
    words than its text twin; right-to-left scripts themselves need neither.
    """
    return visible(_SPACES.sub(" ", text).strip())


def visible(text: str) -> str:
    """Return `text` with U+FFFD for what no reader could see, but with its lines as they stand."""
    return "".join("\ufffd" if _unseen(sign) else sign for sign in text)


def _unseen(sign: str) -> bool:
    control = unicodedata.category(sign) in {"Cc", "Zl", "Zp"} and sign not in "\n\t"
    return control or _UNSEEN.match(sign) is not None


def place(passage: str, start: str, end: str) -> str:
    """Say in words where a quotation stands, from the IRI of its passage."""
    found = _PASSAGE.search(passage)
    if not found:
        return shown(passage.removeprefix(ID))
    section = found["section"].replace("-", " ").capitalize()
    where = f"version {found['version']}, {section}, block {found['block'].replace('/', '.')}"
    return shown(f"{where}, characters {start}–{end}" if start and end else where)


class Facts:
    """What the triples of one debate say, asked node by node; every answer is sorted."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._typed: dict[str, set[str]] = defaultdict(set)
        for triple in triples:
            subject, value = triple.subject, triple.object
            if not isinstance(subject, NamedNode | BlankNode):
                continue
            if not isinstance(value, NamedNode | BlankNode | Literal):
                continue
            self._values[subject.value, triple.predicate.value].add(value.value)
            if triple.predicate.value == RDF + "type":
                self._typed[value.value].add(subject.value)

    def typed(self, name: str) -> list[str]:
        """Return the nodes of one class of our ontology."""
        return sorted(self._typed[SEN + name])

    def all(self, subject: str, predicate: str) -> list[str]:
        """Return every value, sorted."""
        return sorted(self._values.get((subject, predicate), ()))

    def one(self, subject: str, predicate: str) -> str:
        """Return the first value, or nothing where there is none."""
        return next(iter(self.all(subject, predicate)), "")

    def need(self, subject: str, predicate: str) -> str:
        """Return the one value that must be there; raise DataError where there is none, or more."""
        values = self.all(subject, predicate)
        if len(values) != 1:
            found = " and ".join(values) or "none"
            raise DataError(f"{subject}: expected one {_short(predicate)}, found {found}")
        return values[0]

    def name(self, subject: str, predicate: str) -> str:
        """Return the fullest name of what several graphs may name, one of them cut or otherwise."""
        values = self.all(subject, predicate)
        return max(values, key=len) if values else self.need(subject, predicate)


def _short(iri: str) -> str:
    """Cut a term down to the name by which a person knows it."""
    return re.split(r"[#/]", iri)[-1]

"""Whether a store knows what a parameter names: an empty answer must not hide a slip of the pen."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from sicetnon import terms
from sicetnon.errors import UnknownError
from sicetnon.query.file import Param
from sicetnon.query.table import Table
from sicetnon.query.tokens import bind
from sicetnon.store import Store, Term

_HEADINGS = f"""PREFIX sen: <{terms.SEN}> PREFIX dcterms: <{terms.DCTERMS}>
SELECT ?heading WHERE {{
  GRAPH ?version {{ ?part a sen:Section ; dcterms:title ?heading ; sen:order ?order }}
}} ORDER BY ?order"""
_OF_KIND = """SELECT DISTINCT ?node WHERE {
  ?node a ?class FILTER(STRSTARTS(STR(?node), ?kind))
} ORDER BY ?node"""


def check(store: Store, name: str, param: Param, values: Mapping[str, Term]) -> None:
    """Refuse an IRI or the heading of a section that the store does not know."""
    term = values[param.name]
    if param.type == "iri" and isinstance(term, NamedNode):
        asked = f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }}"
        if not store.query(asked):
            near = _near(store, term.value)
            raise UnknownError(
                f"{name}: expected {param.name} to be an IRI of the store, found {term.value}{near}"
            )
    if param.type == "section" and isinstance(term, Literal):
        headings = [str(row[0]) for row in Table.of(store.query(bind(_HEADINGS, values))).rows]
        if term.value not in headings:
            known = ", ".join(headings)
            raise UnknownError(
                f"{name}: expected a section of the page ({known}), found {term.value!r}"
            )


def _near(store: Store, iri: str) -> str:
    """Suggest IRIs of the same kind that are spelled alike."""
    kind = iri.rpartition("/")[0] + "/"
    known = Table.of(store.query(bind(_OF_KIND, {"kind": Literal(kind)}))).rows
    names = [str(row[0]).removeprefix(terms.ID) for row in known]
    found = get_close_matches(iri.removeprefix(terms.ID), names, cutoff=0.6)
    return f"; the nearest are {', '.join(found)}" if found else ""

"""What a person names on the command line: a node of the store, a work, a relation."""

from __future__ import annotations

import re
from collections.abc import Container

from pyoxigraph import NamedNode

from sicetnon import proposals, query, terms
from sicetnon.errors import UsageError
from sicetnon.proposals import Proposal
from sicetnon.query import Table
from sicetnon.store import Store

_ENTRIES = f"""PREFIX sen: <{terms.SEN}> PREFIX schema: <{terms.SCHEMA}> PREFIX prov: <{terms.PROV}>
SELECT DISTINCT ?thing ?entry WHERE {{
  ?item schema:exampleOfWork ?work .
  ?entry sen:item ?item ; prov:specializationOf ?thing .
}} ORDER BY ?thing ?entry"""
_RELATIONS = f"""PREFIX sen: <{terms.SEN}>
SELECT DISTINCT ?relation WHERE {{
  VALUES ?kind {{ sen:Relation sen:RejectedRelation }}
  ?relation a ?kind ; sen:confidence ?confidence .
}} ORDER BY ?relation"""
_KINDS = re.compile(
    rf"{re.escape(terms.ID)}(?:thread/[^/]+/(?:[^/]+/)?(perspective|position|event|tension|entry)"
    r"|(work))/[^/]+"
)
_DIGEST = re.compile(r"[0-9a-f]{12}")
_LISTED = "'sicetnon review' lists them"


def iri_of(name: str) -> str:
    """Return a name as an IRI: it is given whole, or from `thread/` or `work/` on."""
    return name if "://" in name else f"{terms.ID}{name.removeprefix('id:')}"


def pair(store: Store, left: str, right: str, judged: Container[str] = ()) -> tuple[str, str]:
    """Return the IRIs of two things of one kind that the store knows or that were judged before.

    A work stands for the first of the lasting entries that lead to it and that is not the other
    side: judgements on entries are what makes works.
    """
    one, other = (_known(store, name, judged) for name in (left, right))
    kinds = _kind(one, left), _kind(other, right)
    if kinds[0] != kinds[1]:
        raise UsageError(
            f"expected two things of one kind, found {_a(kinds[0])} ({left})"
            f" and {_a(kinds[1])} ({right})"
        )
    one = _entry(store, one, other)
    return one, _entry(store, other, one)


def _kind(iri: str, name: str) -> str:
    """Return of which kind a thing is that can be judged; a work is judged by its entries."""
    match = _KINDS.fullmatch(iri)
    if match is None:
        raise UsageError(
            "expected a perspective, a position, an event, a tension, an entry or a work,"
            f" found {name!r}"
        )
    kind = match[1] or match[2]
    return {"position": "perspective", "work": "entry"}.get(kind, kind)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] == "e" else f"a {kind}"


def _known(store: Store, name: str, judged: Container[str]) -> str:
    iri = iri_of(name)
    if iri not in judged and not query.is_known(store, iri):
        raise UsageError(f"expected something that the store knows, found {name!r}")
    return iri


def _entry(store: Store, iri: str, other: str) -> str:
    if not iri.startswith(f"{terms.ID}work/"):
        return iri
    rows = Table.of(store.query(query.bind(_ENTRIES, {"work": NamedNode(iri)}))).rows
    not_other = {str(thing) for thing, entry in rows if other in (thing, entry)}
    return next((str(thing) for thing, _ in rows if str(thing) not in not_other), iri)


def proposal(store: Store, name: str) -> Proposal:
    """Return a proposal, given by its IRI, from `thread/` on or by its end."""
    known = proposals.read(store.graph(proposals.GRAPH))
    wanted = {name, iri_of(name)}
    found = [each for each in known if {each.name, each.iri.value} & wanted]
    if len(found) != 1:
        raise UsageError(f"expected a proposal, found {name!r}", advice=_LISTED)
    return found[0]


def relation(store: Store, name: str) -> str:
    """Return the IRI of a drawn relation, given whole, from `thread/` on or by its end."""
    known = [str(row[0]) for row in Table.of(store.query(_RELATIONS)).rows]
    if _DIGEST.fullmatch(name):
        found = [iri for iri in known if iri.endswith(f"/{name}")]
    else:
        found = [iri for iri in known if iri == iri_of(name)]
    if len(found) != 1:
        raise UsageError(f"expected a drawn relation, found {name!r}", advice=_LISTED)
    return found[0]

"""What stands once a person has accepted a proposal: a relation or a claim like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from sicetnon.proposals.values import Proposal, Statement
from sicetnon.terms import TYPE, part, sen, stance


def accepted(one: Proposal) -> NamedNode:
    """Return the IRI of the relation or claim that a proposal becomes."""
    return part(one.thread, "accepted", one.name)


def standing(one: Proposal, decision: str, why: str, cites: Iterable[str]) -> Iterator[Statement]:
    """Yield what is to be said of it: `decision` is the stance that the person gave it."""
    node = accepted(one)
    if one.is_claim:
        yield node, TYPE, sen("Claim")
        yield node, sen("text"), Literal(one.exact)
        yield node, sen("holder"), NamedNode(one.source)
        for entry in cites:
            yield node, sen("cites"), NamedNode(entry)
    else:
        yield node, TYPE, sen("Relation")
        yield node, sen("from"), NamedNode(one.source)
        yield node, sen("to"), NamedNode(one.target)
        yield node, sen("stance"), stance(decision)
        yield node, sen("drawnStance"), stance(one.stance)
        yield node, sen("status"), sen("judged")
        yield node, sen("why"), Literal(why)
    yield node, sen("method"), Literal(one.method)
    yield from one.evidence(node)


def cited(triples: Iterable[Triple]) -> dict[str, tuple[str, ...]]:
    """Return the entries that each claim cites, sorted."""
    found: dict[str, list[str]] = {}
    for triple in triples:
        ends = triple.subject, triple.object
        if triple.predicate == sen("cites") and all(isinstance(end, NamedNode) for end in ends):
            found.setdefault(str(ends[0].value), []).append(str(ends[1].value))  # type: ignore[union-attr]
    return {node: tuple(sorted(entries)) for node, entries in found.items()}

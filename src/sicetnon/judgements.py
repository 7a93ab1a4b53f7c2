"""What persons decide: that two things are one, or are not. Kept beside what rules find, undoable.

A judgement is a node of its own in the graph `judged`; nothing is merged where it stands. Rules
obey it when they run, so taking it back gives the state before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.store import Store
from sicetnon.terms import LABEL, TYPE, sen

GRAPH = NamedNode(terms.ID + "graph/judged")
SAME, DIFFERENT = "same", "different"

_ATTRIBUTED = NamedNode(terms.PROV + "wasAttributedTo")
_CREATED = NamedNode(terms.DCTERMS + "created")
_DATE = NamedNode(terms.XSD + "date")


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """That `left` and `right` are the same thing or different ones: who says so, when and why."""

    decision: str
    left: str
    right: str
    why: str
    who: str
    when: str

    @property
    def iri(self) -> NamedNode:
        """The judgement's name, from its two sides: deciding on them again replaces it."""
        pair = "\n".join(sorted((self.left, self.right)))
        digest = hashlib.sha256(pair.encode()).hexdigest()[:12]
        return NamedNode(f"{terms.ID}judgement/{digest}")

    def quads(self) -> list[Quad]:
        """Return the judgement as quads of the graph `judged`."""
        agent = NamedNode(f"{terms.ID}agent/{terms.slug(self.who)}")
        return [
            Quad(subject, predicate, value, GRAPH)
            for subject, predicate, value in (
                (self.iri, TYPE, sen("Judgement")),
                (self.iri, sen("decision"), Literal(self.decision)),
                (self.iri, sen("left"), NamedNode(self.left)),
                (self.iri, sen("right"), NamedNode(self.right)),
                (self.iri, sen("why"), Literal(self.why)),
                (self.iri, _ATTRIBUTED, agent),
                (self.iri, _CREATED, Literal(self.when, datatype=_DATE)),
                (agent, TYPE, sen("Agent")),
                (agent, LABEL, Literal(self.who)),
            )
        ]


def judgements(store: Store) -> list[Judgement]:
    """Return every judgement of a store, sorted."""
    values: dict[str, dict[str, str]] = {}
    for triple in store.graph(GRAPH):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            node = values.setdefault(triple.subject.value, {})
            node[triple.predicate.value] = triple.object.value
    return sorted(
        Judgement(
            decision=node[sen("decision").value],
            left=node[sen("left").value],
            right=node[sen("right").value],
            why=node[sen("why").value],
            who=values[node[_ATTRIBUTED.value]][LABEL.value],
            when=node[_CREATED.value],
        )
        for node in values.values()
        if sen("decision").value in node
    )


def adding(present: Iterable[Judgement], new: Judgement) -> list[Judgement]:
    """Return the judgements with a new one; a later decision on a pair replaces the earlier one."""
    if new.left == new.right:
        raise UsageError(f"expected two things to judge, found one: {new.left}")
    if not new.why.strip():
        raise UsageError("expected a reason for the judgement (--why), found none")
    return [*(each for each in present if each.iri != new.iri), new]


def without(present: Iterable[Judgement], name: str) -> list[Judgement]:
    """Return the judgements but one, named by its IRI or the end of it."""
    listed = list(present)
    wanted = name.rpartition("/")[2]
    kept = [each for each in listed if each.iri.value.rpartition("/")[2] != wanted]
    if len(kept) == len(listed):
        known = ", ".join(each.iri.value.rpartition("/")[2] for each in listed) or "none"
        raise UsageError(f"expected a judgement to undo ({known}), found {name!r}")
    return kept


def threads_of(judgements: Iterable[Judgement]) -> set[str]:
    """Return the slugs of the threads that judgements are about."""
    start = f"{terms.ID}thread/"
    return {
        iri.removeprefix(start).partition("/")[0]
        for each in judgements
        for iri in (each.left, each.right)
        if iri.startswith(start)
    }

"""Decisions as values, and as quads of the graph `judged`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import proposals, terms
from sicetnon.proposals import Proposal
from sicetnon.terms import LABEL, TYPE, agent, part, sen

GRAPH = NamedNode(terms.ID + "graph/judged")
SAME, DIFFERENT = "same", "different"
NONE = "none"

ATTRIBUTED = NamedNode(terms.PROV + "wasAttributedTo")
CREATED = NamedNode(terms.DCTERMS + "created")
DATE = NamedNode(terms.XSD + "date")


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
    def things(self) -> tuple[str, ...]:
        """What the judgement is on, in one order."""
        return tuple(sorted((self.left, self.right)))

    @property
    def iri(self) -> NamedNode:
        """The judgement's name, from its two sides and who judges."""
        return _named(self.things, self.who)

    @property
    def denies(self) -> bool:
        """Whether the two are not one."""
        return self.decision == DIFFERENT

    def quads(self) -> list[Quad]:
        """Return the judgement as quads of the graph `judged`."""
        return [
            Quad(self.iri, TYPE, sen("Judgement"), GRAPH),
            Quad(self.iri, sen("left"), NamedNode(self.left), GRAPH),
            Quad(self.iri, sen("right"), NamedNode(self.right), GRAPH),
            *_decided(self),
        ]


@dataclass(frozen=True, slots=True, order=True)
class Verdict:
    """What a person holds of a relation that was drawn or proposed: its stance, or that it is none.

    A verdict of none on a proposal refuses it; one that accepts it is an `Acceptance`.
    """

    decision: str
    about: str
    why: str
    who: str
    when: str

    @property
    def things(self) -> tuple[str, ...]:
        """What the verdict is on."""
        return (self.about,)

    @property
    def iri(self) -> NamedNode:
        """The verdict's name, from what it is about and who judges."""
        return _named(self.things, self.who)

    @property
    def denies(self) -> bool:
        """Whether the relation is not there at all."""
        return self.decision == NONE

    def quads(self) -> list[Quad]:
        """Return the verdict as quads of the graph `judged`."""
        return [
            Quad(self.iri, TYPE, sen("Verdict"), GRAPH),
            Quad(self.iri, sen("about"), NamedNode(self.about), GRAPH),
            *_decided(self),
        ]


@dataclass(frozen=True, slots=True, order=True)
class Acceptance(Verdict):
    """A verdict that makes a proposal stand, as a relation or claim of the graph `judged`.

    It holds a copy of the proposal, so that it can be kept and merged without the graph where that
    waited, and beside what another person decided; `cites` are the entries that the page cites at
    the words of a claim.
    """

    proposal: Proposal
    cites: tuple[str, ...] = ()

    def quads(self) -> list[Quad]:
        """Return the verdict and its copy of the proposal as quads of the graph `judged`."""
        copy = part(self.iri, "proposal")
        return [
            *Verdict.quads(self),
            *(Quad(*each, GRAPH) for each in self.proposal.statements(copy)),
            *(Quad(copy, sen("cites"), NamedNode(entry), GRAPH) for entry in self.cites),
            Quad(copy, sen("verdict"), self.iri, GRAPH),
        ]

    def standing(self) -> list[Quad]:
        """Return what stands while this verdict counts, as quads of the graph `judged`."""
        node = proposals.accepted(self.proposal)
        stands = proposals.standing(self.proposal, self.decision, self.why, self.cites)
        return [
            *(Quad(*each, GRAPH) for each in stands),
            Quad(node, sen("verdict"), self.iri, GRAPH),
            Quad(node, ATTRIBUTED, agent(self.who), GRAPH),
        ]


Decision = Judgement | Verdict


def _named(things: Iterable[str], who: str) -> NamedNode:
    digest = hashlib.sha256("\n".join((*things, agent(who).value)).encode()).hexdigest()[:12]
    return NamedNode(f"{terms.ID}judgement/{digest}")


def _decided(one: Decision) -> list[Quad]:
    who = agent(one.who)
    return [
        Quad(one.iri, sen("decision"), Literal(one.decision), GRAPH),
        Quad(one.iri, sen("why"), Literal(one.why), GRAPH),
        Quad(one.iri, ATTRIBUTED, who, GRAPH),
        Quad(one.iri, CREATED, Literal(one.when, datatype=DATE), GRAPH),
        Quad(who, TYPE, sen("Agent"), GRAPH),
        Quad(who, LABEL, Literal(one.who), GRAPH),
    ]

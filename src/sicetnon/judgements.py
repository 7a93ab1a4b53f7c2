"""What persons decide: that two things are one or are not, what is true of a drawn relation, and
whether what somebody proposes holds.

Every decision is a node of its own in the graph `judged`, beside what rules find; nothing is merged
where it stands. Rules obey it when they run, so taking it back gives the state before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sicetnon import proposals, terms
from sicetnon.errors import UsageError
from sicetnon.proposals import Proposal
from sicetnon.store import Store
from sicetnon.terms import LABEL, TYPE, agent, sen

GRAPH = NamedNode(terms.ID + "graph/judged")
SAME, DIFFERENT = "same", "different"
NONE = "none"

_ATTRIBUTED = NamedNode(terms.PROV + "wasAttributedTo")
_CREATED = NamedNode(terms.DCTERMS + "created")
_DATE = NamedNode(terms.XSD + "date")
_VERDICT = sen("verdict").value


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
        return _named("\n".join(sorted((self.left, self.right))))

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
    def iri(self) -> NamedNode:
        """The verdict's name, from what it is about: judging it again replaces it."""
        return _named(self.about)

    @property
    def rejects(self) -> bool:
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

    It holds all of the proposal, so that it can be kept and merged without the graph where that
    waited; `cites` are the entries that the page cites at the words of a claim.
    """

    proposal: Proposal
    cites: tuple[str, ...] = ()

    def quads(self) -> list[Quad]:
        """Return the verdict, and what stands by it, as quads of the graph `judged`."""
        node = proposals.accepted(self.proposal)
        stands = proposals.standing(self.proposal, self.decision, self.why, self.cites)
        return [
            *Verdict.quads(self),
            *(Quad(*each, GRAPH) for each in stands),
            Quad(node, sen("verdict"), self.iri, GRAPH),
            Quad(node, _ATTRIBUTED, agent(self.who), GRAPH),
        ]


Decision = Judgement | Verdict


@dataclass(frozen=True, slots=True)
class Kept:
    """All that persons decided, by kind: what rules obey."""

    judgements: tuple[Judgement, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Kept:
        """Sort decisions by kind."""
        listed = sorted(decisions, key=lambda each: each.iri.value)
        return cls(
            tuple(each for each in listed if isinstance(each, Judgement)),
            tuple(each for each in listed if isinstance(each, Verdict)),
        )


def _named(about: str) -> NamedNode:
    digest = hashlib.sha256(about.encode()).hexdigest()[:12]
    return NamedNode(f"{terms.ID}judgement/{digest}")


def _decided(one: Decision) -> list[Quad]:
    who = agent(one.who)
    return [
        Quad(one.iri, sen("decision"), Literal(one.decision), GRAPH),
        Quad(one.iri, sen("why"), Literal(one.why), GRAPH),
        Quad(one.iri, _ATTRIBUTED, who, GRAPH),
        Quad(one.iri, _CREATED, Literal(one.when, datatype=_DATE), GRAPH),
        Quad(who, TYPE, sen("Agent"), GRAPH),
        Quad(who, LABEL, Literal(one.who), GRAPH),
    ]


def decisions(store: Store) -> list[Decision]:
    """Return all that persons decided, judgements before verdicts, each sorted."""
    return read(store.graph(GRAPH))


def read(triples: Iterable[Triple]) -> list[Decision]:
    """Return the decisions that triples say, judgements before verdicts, each sorted."""
    triples = list(triples)
    values = proposals.nodes(triples)
    judged = [
        Judgement(
            decision=node[sen("decision").value],
            left=node[sen("left").value],
            right=node[sen("right").value],
            **_signed(values, node),
        )
        for node in values.values()
        if sen("decision").value in node and sen("left").value in node
    ]
    stands = {node[_VERDICT]: iri for iri, node in values.items() if _VERDICT in node}
    cited = proposals.cited(triples)
    verdicts = [
        _verdict(values, iri, stands.get(iri), cited)
        for iri, node in values.items()
        if sen("decision").value in node and sen("about").value in node
    ]
    return [*sorted(judged), *sorted(verdicts, key=lambda each: each.iri.value)]


def _verdict(
    values: dict[str, dict[str, str]],
    iri: str,
    stands: str | None,
    cited: dict[str, tuple[str, ...]],
) -> Verdict:
    node = values[iri]
    decision, about = node[sen("decision").value], node[sen("about").value]
    signed = _signed(values, node)
    if stands is None:
        return Verdict(decision=decision, about=about, **signed)
    return Acceptance(
        decision=decision,
        about=about,
        proposal=proposals.proposal(values, stands),
        cites=cited.get(stands, ()),
        **signed,
    )


def _signed(values: dict[str, dict[str, str]], node: dict[str, str]) -> dict[str, str]:
    """Return why, by whom and when something was decided."""
    return {
        "why": node[sen("why").value],
        "who": values[node[_ATTRIBUTED.value]][LABEL.value],
        "when": node[_CREATED.value],
    }


def adding(present: Iterable[Decision], new: Decision) -> list[Decision]:
    """Return the decisions with a new one; a later one on the same things replaces the earlier.

    A name that was spelled otherwise before (`a. reader` for `A. Reader`) is the same person's and
    keeps its first spelling: one agent has one label.
    """
    present = list(present)
    if isinstance(new, Judgement) and new.left == new.right:
        raise UsageError(f"expected two things to judge, found one: {new.left}")
    if not new.why.strip():
        raise UsageError("expected a reason for the judgement (--why), found none")
    known = (each.who for each in present if terms.slug(each.who) == terms.slug(new.who))
    spelled = replace(new, who=next(known, new.who))
    return [*(each for each in present if each.iri != new.iri), spelled]


def without(present: Iterable[Decision], name: str) -> list[Decision]:
    """Return the decisions but one, named by its IRI or the end of it."""
    listed = list(present)
    wanted = name.rpartition("/")[2]
    kept = [each for each in listed if each.iri.value.rpartition("/")[2] != wanted]
    if len(kept) == len(listed):
        known = ", ".join(each.iri.value.rpartition("/")[2] for each in listed) or "none"
        raise UsageError(f"expected a judgement to undo ({known}), found {name!r}")
    return kept


def threads_of(decisions: Iterable[Decision]) -> set[str]:
    """Return the slugs of the threads whose layers decisions change; proposals change none."""
    start = f"{terms.ID}thread/"
    return {
        iri.removeprefix(start).partition("/")[0]
        for each in decisions
        for iri in ((each.about,) if isinstance(each, Verdict) else (each.left, each.right))
        if iri.startswith(start) and "/proposal/" not in iri
    }

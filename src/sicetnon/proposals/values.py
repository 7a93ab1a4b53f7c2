"""A proposal as a value, and as quads of the graph where proposals wait."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sicetnon import terms
from sicetnon.terms import TYPE, part, sen

GRAPH = NamedNode(terms.ID + "graph/proposed")
CLAIMS = "claims"

_EXACT = NamedNode(terms.OA + "exact")
_START = NamedNode(terms.OA + "start")
_END = NamedNode(terms.OA + "end")
_INTEGER = NamedNode(terms.XSD + "integer")

Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """That `source` takes a stance to `target`, or (`claims`) holds what the words say.

    Sides and `passage` are IRIs; `exact` is the slice `start` to `end` of the passage's text, and
    `written` the same with the citation marks among it, where there are any. `method` names who
    proposes.
    """

    source: str
    stance: str
    target: str
    passage: str
    exact: str
    start: int
    end: int
    method: str
    written: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether a claim is proposed and not a relation."""
        return self.stance == CLAIMS

    @property
    def thread(self) -> NamedNode:
        """The thread on whose page the words stand."""
        return terms.thread(self.passage.removeprefix(f"{terms.ID}thread/").partition("/")[0])

    @property
    def name(self) -> str:
        """The name that follows from what is proposed in which words, whoever proposes it."""
        said = "\n".join((self.source, self.stance, self.target, self.exact))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    @property
    def iri(self) -> NamedNode:
        """The proposal's IRI; what two versions of a page say alike is proposed once."""
        return part(self.thread, "proposal", self.name)

    @property
    def drawn(self) -> NamedNode:
        """The IRI that the same would have if the rules of the page drew it."""
        said = [self.source, self.exact]
        if not self.is_claim:
            said = [self.source, self.stance, self.target, self.exact]
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
        return part(self.thread, "claim" if self.is_claim else "relation", digest)

    def quads(self) -> list[Quad]:
        """Return the proposal as quads of the graph `proposed`."""
        return [Quad(*each, GRAPH) for each in self.statements(self.iri)]

    def statements(self, node: NamedNode) -> list[Statement]:
        """Return what is proposed, said of a node."""
        statements: list[Statement] = [
            (node, TYPE, sen("Proposal")),
            (node, sen("from"), NamedNode(self.source)),
            (node, sen("method"), Literal(self.method)),
        ]
        if not self.is_claim:
            statements.append((node, sen("to"), NamedNode(self.target)))
            statements.append((node, sen("stance"), terms.stance(self.stance)))
        return [*statements, *self.evidence(node)]

    def evidence(self, of: NamedNode) -> list[Statement]:
        """Return what says on which words a node rests."""
        quotation = part(of, "quotation")
        statements: list[Statement] = [
            (of, sen("evidence"), quotation),
            (quotation, TYPE, sen("Quotation")),
            (quotation, sen("passage"), NamedNode(self.passage)),
            (quotation, _EXACT, Literal(self.exact)),
            (quotation, _START, Literal(str(self.start), datatype=_INTEGER)),
            (quotation, _END, Literal(str(self.end), datatype=_INTEGER)),
        ]
        if self.written:
            statements.append((quotation, sen("asWritten"), Literal(self.written)))
        return statements


def read(triples: Iterable[Triple]) -> list[Proposal]:
    """Return the proposals that triples say, sorted; raises KeyError where one is not whole."""
    values = nodes(triples)
    kind = sen("Proposal").value
    found = [
        proposal(values, node) for node, said in values.items() if said.get(TYPE.value) == kind
    ]
    return sorted(found)


def nodes(triples: Iterable[Triple]) -> dict[str, dict[str, str]]:
    """Return what triples say of each node: its properties with one value of each."""
    values: dict[str, dict[str, str]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            values.setdefault(triple.subject.value, {})[triple.predicate.value] = (
                triple.object.value
            )
    return values


def proposal(values: dict[str, dict[str, str]], node: str) -> Proposal:
    """Return what is proposed by a node."""
    said = values[node]
    quotation = values[said[sen("evidence").value]]
    taken = said.get(sen("stance").value)
    return Proposal(
        source=said[sen("from").value],
        stance=terms.stance_name(taken) if taken else CLAIMS,
        target=said[sen("to").value] if taken else "",
        passage=quotation[sen("passage").value],
        exact=quotation[_EXACT.value],
        start=int(quotation[_START.value]),
        end=int(quotation[_END.value]),
        method=said[sen("method").value],
        written=quotation.get(sen("asWritten").value, ""),
    )


def adding(present: Iterable[Proposal], new: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposals with new ones; of one and the same the later words count."""
    found = {each.iri: each for each in present}
    found |= {each.iri: each for each in new}
    return sorted(found.values())

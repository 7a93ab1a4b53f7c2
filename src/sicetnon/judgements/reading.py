"""Decisions back from triples: whole ones, or an error that says which property is amiss where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sicetnon import proposals, terms
from sicetnon.errors import DataError
from sicetnon.judgements.values import (
    ATTRIBUTED,
    CREATED,
    DATE,
    DIFFERENT,
    GRAPH,
    NONE,
    SAME,
    Acceptance,
    Decision,
    Judgement,
    Verdict,
)
from sicetnon.model import STANCES
from sicetnon.store import Store, Term
from sicetnon.terms import LABEL, TYPE, sen

_KINDS = (sen("Judgement"), sen("Verdict"))
_SIGNS = (sen("decision"), sen("about"))


def decisions(store: Store) -> list[Decision]:
    """Return all that persons decided, judgements before verdicts, each sorted."""
    return read(store.graph(GRAPH), lambda: store.graph(proposals.GRAPH))


def read(
    triples: Iterable[Triple], proposed: Callable[[], Iterable[Triple]] = tuple
) -> list[Decision]:
    """Return the decisions that triples say, judgements before verdicts, each sorted.

    An acceptance of an earlier release has no copy of its proposal, which is then found in what
    `proposed` returns. Raises DataError for a decision that has no name, lacks a property or has
    two values of one.
    """
    said = _Said(triples, proposed)
    judged: list[Judgement] = []
    verdicts: list[Verdict] = []
    for node in said.decisions():
        if said.one(node, TYPE, *_KINDS) == sen("Judgement"):
            judged.append(_judgement(said, node))
        else:
            verdicts.append(_verdict(said, node))
    return [*sorted(judged), *sorted(verdicts, key=lambda each: each.iri.value)]


class _Said:
    """What triples say of each node, asked for one value at a time."""

    def __init__(self, triples: Iterable[Triple], proposed: Callable[[], Iterable[Triple]]) -> None:
        self.proposed = proposed
        self.values: dict[Term, dict[NamedNode, list[Term]]] = {}
        self.copies: dict[Term, list[Term]] = {}
        self.triples = list(triples)
        for triple in self.triples:
            found = self.values.setdefault(triple.subject, {})
            found.setdefault(triple.predicate, []).append(triple.object)
            if triple.predicate == sen("verdict"):
                self.copies.setdefault(triple.object, []).append(triple.subject)

    def of(self, node: Term, name: NamedNode) -> list[Term]:
        return self.values.get(node, {}).get(name, [])

    def decisions(self) -> list[NamedNode]:
        """Return the nodes that are decisions or have what only decisions have, sorted."""
        found = []
        for node, about in self.values.items():
            kinds = about.get(TYPE, [])
            signs = any(name in about for name in _SIGNS) and sen("RuleDecision") not in kinds
            if not signs and not any(kind in kinds for kind in _KINDS):
                continue
            if not isinstance(node, NamedNode):
                raise DataError(f"{node}: expected a decision with an IRI, found a blank node")
            found.append(node)
        return sorted(found, key=lambda each: each.value)

    def one(self, node: Term, name: NamedNode, *known: Term) -> Term:
        """Return the one value of a property, which is one of the known ones if any are given."""
        found = self.of(node, name)
        wanted = ", ".join(map(_shown, known))
        if len(found) != 1 or (known and found[0] not in known):
            got = ", ".join(sorted(map(_shown, found))) or "none"
            expected = f"one {_shown(name)}{f' of {wanted}' if wanted else ''}"
            raise DataError(f"{_shown(node)}: expected {expected}, found {got}")
        return found[0]

    def iri(self, node: Term, name: NamedNode) -> str:
        found = self.one(node, name)
        if not isinstance(found, NamedNode):
            raise DataError(_ill(node, name, "an IRI", found))
        return found.value

    def text(self, node: Term, name: NamedNode) -> str:
        found = self.one(node, name)
        if not isinstance(found, Literal) or not found.value.strip():
            raise DataError(_ill(node, name, "a text", found))
        return found.value

    def day(self, node: Term, name: NamedNode) -> str:
        found = self.one(node, name)
        try:
            if isinstance(found, Literal) and found.datatype == DATE:
                return date.fromisoformat(found.value).isoformat()
        except ValueError:
            pass
        raise DataError(_ill(node, name, "a day as xsd:date", found))

    def signed(self, node: NamedNode) -> dict[str, str]:
        """Return why, by whom and when something was decided."""
        return {
            "why": self.text(node, sen("why")),
            "who": self.text(NamedNode(self.iri(node, ATTRIBUTED)), LABEL),
            "when": self.day(node, CREATED),
        }

    def decision(self, node: NamedNode, *known: str) -> str:
        found = self.one(node, sen("decision"), *map(Literal, known))
        return str(found.value)  # type: ignore[union-attr]


def _judgement(said: _Said, node: NamedNode) -> Judgement:
    decision = said.decision(node, SAME, DIFFERENT)
    left, right = said.iri(node, sen("left")), said.iri(node, sen("right"))
    if left == right:
        raise DataError(f"{_shown(node)}: expected sen:right to be other than sen:left, found both")
    return Judgement(decision=decision, left=left, right=right, **said.signed(node))


def _verdict(said: _Said, node: NamedNode) -> Verdict:
    about = said.iri(node, sen("about"))
    if "/proposal/" not in about:
        decision = said.decision(node, *STANCES, NONE)
        return Verdict(decision=decision, about=about, **said.signed(node))
    decision = said.decision(node, *STANCES, proposals.CLAIMS, NONE)
    signed = said.signed(node)
    if decision == NONE:
        return Verdict(decision=decision, about=about, **signed)
    proposal, cites = _copy(said, node)
    if proposal.iri.value != about or proposal.is_claim != (decision == proposals.CLAIMS):
        raise DataError(f"{_shown(node)}: expected the proposal of its sen:about, found another")
    return Acceptance(decision=decision, about=about, proposal=proposal, cites=cites, **signed)


def _copy(said: _Said, verdict: NamedNode) -> tuple[proposals.Proposal, tuple[str, ...]]:
    """Return the proposal that a verdict accepts, and the entries cited at its words."""
    copies = [
        each for each in said.copies.get(verdict, []) if sen("Proposal") in said.of(each, TYPE)
    ]
    if not copies:
        return _proposed(said, verdict), ()
    if len(copies) != 1 or not isinstance(copies[0], NamedNode):
        count = f"{len(copies)}" if len(copies) != 1 else "one without an IRI"
        raise DataError(
            f"{_shown(verdict)}: expected one sen:Proposal that it accepts, found {count}"
        )
    node = copies[0]
    evidence = NamedNode(said.iri(node, sen("evidence")))
    for each in (node, evidence):
        for name in said.values.get(each, {}):
            if name != sen("cites"):
                said.one(each, name)
    try:
        found = proposals.proposal(proposals.nodes(said.triples), node.value)
    except KeyError as error:
        missing = _shown(NamedNode(str(error.args[0])))
        raise DataError(f"{_shown(node)}: expected one {missing}, found none") from None
    except ValueError as error:
        raise DataError(
            f"{_shown(evidence)}: expected oa:start and oa:end as numbers: {error}"
        ) from None
    return found, proposals.cited(said.triples).get(node.value, ())


def _proposed(said: _Said, verdict: NamedNode) -> proposals.Proposal:
    about = said.iri(verdict, sen("about"))
    for each in proposals.read(said.proposed()):
        if each.iri.value == about:
            return each
    raise DataError(
        f"{_shown(verdict)}: expected one sen:Proposal that it accepts, found 0; an acceptance of"
        f" an earlier release has no copy of it: accept {about} again where it is proposed"
    )


def _ill(node: Term, name: NamedNode, wanted: str, found: Term) -> str:
    return f"{_shown(node)}: expected {_shown(name)} to be {wanted}, found {_shown(found)}"


def _shown(term: Term) -> str:
    """Return a term with one of our prefixes, short enough for a message."""
    if isinstance(term, NamedNode):
        for prefix, iri in terms.prefixes().items():
            if term.value.startswith(iri) and iri != terms.ID:
                return f"{prefix}:{term.value.removeprefix(iri)}"
        return term.value
    if isinstance(term, BlankNode):
        return "a blank node"
    return f"“{str(getattr(term, 'value', term))[:60]}”"

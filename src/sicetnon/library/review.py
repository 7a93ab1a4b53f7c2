"""What a person should look at first, and decisions as Turtle that can be kept beside the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import RdfFormat, parse

from sicetnon import judgements as judging
from sicetnon import query
from sicetnon.errors import DataError
from sicetnon.judgements import Decision
from sicetnon.store import Store


@dataclass(frozen=True, slots=True)
class Question:
    """Something that waits for a person: a drawn relation, two entries that may be one, a proposal.

    `kind` is relation, entries, proposed relation, proposed claim or identity; a claim has no
    `right`. `confidence` is the rule's, from 0 to 1, and 0 for a proposal; `weight` counts the
    other open questions and relations that hang on the same two sides; `contested` is what persons
    decided otherwise than one another, such as an identity.
    """

    kind: str
    node: str
    left: str
    left_name: str
    stance: str
    right: str
    right_name: str
    evidence: str
    line: int
    method: str
    confidence: float
    weight: int
    contested: bool

    @property
    def rank(self) -> tuple[bool, float, int, str]:
        """What is contested first, then doubt times consequence, the greatest first."""
        doubt = -(1 - self.confidence) * (1 + self.weight)
        return not self.contested, doubt, self.line, self.node


def queue(store: Store, thread: str | None, version: str | int | None) -> list[Question]:
    """Return what waits for a judgement, the most doubtful and most consequential first."""
    row = query.graph_of(store, thread, version)
    slug = row.iri.value.rsplit("/", 2)[1]
    given = {"thread": slug, "version": str(row.version)}
    rows = query.run(store, query.load("to-review"), given).dicts()
    ends = Counter(str(row[side]) for row in rows for side in ("left", "right") if row[side])
    found = [
        Question(
            kind=str(row["kind"]),
            node=str(row["node"]),
            left=str(row["left"]),
            left_name=str(row["left_name"] or row["left"]),
            stance=str(row["stance"]),
            right=str(row["right"] or ""),
            right_name=str(row["right_name"] or row["right"] or ""),
            evidence=str(row["evidence"]),
            line=int(str(row["line"])),
            method=str(row["method"]),
            confidence=float(str(row["confidence"])),
            weight=sum(ends[str(row[side])] - 1 for side in ("left", "right") if row[side]),
            contested=row["contested"] is True,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.rank)


def as_turtle(decisions: Iterable[Decision]) -> str:
    """Write decisions as Turtle, sorted, so that a version control system shows what changed."""
    triples = sorted({quad.triple for quad in judging.quads(decisions)}, key=str)
    return query.turtle(triples)


def from_turtle(data: bytes, name: str) -> list[Decision]:
    """Read decisions back; raises DataError where the text is no Turtle or a decision not whole."""
    try:
        triples = [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{name}: expected Turtle: {' '.join(str(error).split())}") from None
    try:
        return judging.read(triples)
    except DataError as error:
        raise DataError(f"{name}: {error}") from None

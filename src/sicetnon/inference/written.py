"""The layer `works` of a version as quads: entries, items, works, and what rules hold of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import terms
from sicetnon.identity import Judgement, joined
from sicetnon.inference.likely import Likely
from sicetnon.inference.told import surnames
from sicetnon.inference.works import Work, Works
from sicetnon.terms import LABEL, TYPE, agent, decimal, part, sen

_TITLE = NamedNode(terms.DCTERMS + "title")
_ISSUED = NamedNode(terms.DCTERMS + "issued")
_AUTHOR = NamedNode(terms.SCHEMA + "author")
_EXAMPLE_OF = NamedNode(terms.SCHEMA + "exampleOfWork")
_DATE = NamedNode(terms.XSD + "date")
_MONTH = NamedNode(terms.XSD + "gYearMonth")
_ARXIV_MONTH = re.compile(r"(?P<year>\d\d)(?P<month>0[1-9]|1[0-2])\.\d{4,5}")

Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]


def works_name(version: NamedNode) -> NamedNode:
    """Return the name of the graph that holds the works of a version."""
    return part(version, "works")


def works_quads(
    version: NamedNode, works: Works, likely: Iterable[Likely], perspectives: Mapping[int, str]
) -> list[Quad]:
    """Return the layer of a version's works; `perspectives` names what each position continues."""
    graph = works_name(version)
    statements = [(version, sen("layer"), graph), *_works(version, works)]
    for one in works.judgements:
        statements += _decision(version, one)
    for each in likely:
        statements += _likely(version, each, works.works[each.work], perspectives[each.position])
    return [Quad(s, p, o, graph) for s, p, o in dict.fromkeys(statements)]


def _works(version: NamedNode, works: Works) -> Iterator[Statement]:
    groups = _author_groups(works.works)
    for n, work in enumerate(works.works):
        node = NamedNode(work.iri)
        yield node, TYPE, sen("Work")
        yield node, _TITLE, Literal(work.title)
        yield node, sen("workKind"), Literal(work.kind.value)
        yield node, sen("authorGroup"), part(version, "author-group", groups[n] + 1)
        for name in work.authors:
            yield node, _AUTHOR, agent(name)
            yield agent(name), TYPE, sen("Agent")
            yield agent(name), LABEL, Literal(name)
        if work.arxiv:
            yield node, sen("arxivId"), Literal(work.arxiv)
        if work.doi:
            yield node, sen("doi"), Literal(work.doi)
        if issued := _issued(work):
            yield node, _ISSUED, issued
        for entry in work.entries:
            item = part(version, "item", entry.number)
            yield part(version, "entry", entry.number), sen("item"), item
            yield item, TYPE, sen("Item")
            yield item, sen("itemKind"), Literal(works.kinds[entry.number].value)
            yield item, _EXAMPLE_OF, node


def _issued(work: Work) -> Literal | None:
    """Return when a work came out: the first day that its entries give, or its arXiv month."""
    days = [entry.issued.isoformat() for entry in work.entries if entry.issued]
    if days:
        return Literal(min(days), datatype=_DATE)
    month = _ARXIV_MONTH.fullmatch(work.arxiv or "")
    return Literal(f"20{month['year']}-{month['month']}", datatype=_MONTH) if month else None


def _author_groups(works: Sequence[Work]) -> list[int]:
    """Number the groups of works that share an author, by the first work of each.

    A work whose authors nobody tells is a group of its own.
    """
    first: dict[str, int] = {}
    shared = [
        (first.setdefault(name, n), n)
        for n, work in enumerate(works)
        for name in surnames(work.authors)
    ]
    group = joined(range(len(works)), shared)
    return [group[n] for n in range(len(works))]


def _decision(version: NamedNode, one: Judgement) -> Iterator[Statement]:
    left, right = sorted((int(one.left), int(one.right)))
    node = part(version, "decision", f"{left}-{right}")
    yield node, TYPE, sen("RuleDecision")
    yield node, sen("decision"), Literal(one.decision)
    yield node, sen("left"), part(version, "entry", left)
    yield node, sen("right"), part(version, "entry", right)
    yield node, sen("method"), Literal(one.rule)
    yield node, sen("confidence"), decimal(one.score)
    yield node, sen("why"), Literal(one.reason)


def _likely(version: NamedNode, one: Likely, work: Work, perspective: str) -> Iterator[Statement]:
    node = part(version, "likely", f"{one.position}-{one.work + 1}")
    yield node, TYPE, sen("LikelyWork")
    yield node, sen("perspective"), NamedNode(perspective)
    yield node, sen("work"), NamedNode(work.iri)
    yield node, sen("status"), sen("inferred")
    yield node, sen("method"), Literal(" and ".join(one.signs))
    yield node, sen("confidence"), decimal(one.score)

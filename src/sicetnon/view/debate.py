"""Reads a debate from the triples that a view query constructs."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import quote as percent

from sicetnon.errors import DataError
from sicetnon.terms import DCTERMS, ID, RDFS, SCHEMA, SEN
from sicetnon.view.facts import Facts, place, shown
from sicetnon.view.parts import STANCES, STATUSES, Debate, Edge, Node, Quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Triple

__all__ = ["Debate", "Edge", "Node", "Quote", "from_triples", "to_json"]

OA = "http://www.w3.org/ns/oa#"
_KINDS = (("Tension", "tension"), ("Answer", "answer"), ("Claim", "claim"))
_ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def from_triples(triples: Iterable[Triple], title: str) -> Debate:
    """Read the graph that a view query constructs around one tension.

    Raises DataError where a part is missing, unknown or stands outside the graph. The order of
    the triples does not matter: nodes and edges come out sorted.
    """
    facts = Facts(triples)
    tensions = facts.typed("Tension")
    if len(tensions) != 1:
        found = ", ".join(tensions) or "none"
        raise DataError(f"a debate needs one tension with an answer to it, found {found}")
    names: dict[str, str] = {}
    nodes = [
        node
        for type_name, kind in _KINDS
        for node in _named(facts, facts.typed(type_name), kind, names)
    ]
    nodes += _named(facts, _holders(facts), "perspective", names)
    nodes += _named(facts, _works(facts), "work", names)
    relations = tuple(_relation(facts, iri, names) for iri in facts.typed("Relation"))
    edges = relations + tuple(_structure(facts, names, relations))
    return Debate(shown(title), tuple(nodes), tuple(sorted(edges, key=lambda edge: edge.id)))


def to_json(debate: Debate) -> str:
    """Return nodes and edges as JSON for other programs, sorted as they stand."""
    data = {
        "title": debate.title,
        "nodes": [asdict(node) for node in debate.nodes],
        "edges": [asdict(edge) | {"weight": edge.weight} for edge in debate.edges],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _named(facts: Facts, iris: Iterable[str], kind: str, names: dict[str, str]) -> list[Node]:
    """Read nodes of one kind, and note for each IRI the name that the page gives it."""
    read: Callable[[Facts, str, str], Node] = _work if kind == "work" else _node
    nodes = []
    for iri in iris:
        if iri not in names:
            names[iri] = _anchor(iri, kind, names.values())
            nodes.append(read(facts, iri, names[iri]))
    return sorted(nodes, key=lambda node: node.id)


def _anchor(iri: str, kind: str, taken: Iterable[str]) -> str:
    """Name a node by the end of its IRI, in signs that need no escape anywhere."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(iri.removeprefix(ID).split("/")[-2:])).strip("-")
    name = words if words.startswith(f"{kind}-") else f"{kind}-{words.rsplit('-', 1)[-1]}"
    used, number, free = set(taken), 2, name[:80]
    while free in used:
        free, number = f"{name[:80]}-{number}", number + 1
    return free


def _node(facts: Facts, iri: str, name: str) -> Node:
    kind = name.split("-", 1)[0]
    agents = facts.all(iri, SEN + "heldBy")
    text = facts.need(iri, SEN + "text") if kind in {"tension", "answer", "claim"} else ""
    return Node(
        id=name,
        iri=iri,
        kind=kind,
        label=shown(facts.name(iri, RDFS + "label")),
        text=shown(text),
        people=tuple(sorted(shown(facts.name(agent, RDFS + "label")) for agent in agents)),
        quotes=_quotes(facts, iri),
    )


def _work(facts: Facts, iri: str, name: str) -> Node:
    authors = facts.all(iri, SCHEMA + "author")
    return Node(
        id=name,
        iri=iri,
        kind="work",
        label=shown(facts.name(iri, DCTERMS + "title")),
        people=tuple(sorted(shown(facts.name(agent, RDFS + "label")) for agent in authors)),
        year=shown(facts.one(iri, DCTERMS + "issued"))[:4],
        link=_link(facts.one(iri, SEN + "arxivId"), facts.one(iri, SEN + "doi")),
    )


def _link(arxiv: str, doi: str) -> str:
    """Return where a work can be read, from an identifier of the right form and nothing else."""
    if _ARXIV.fullmatch(arxiv):
        return f"https://arxiv.org/abs/{arxiv}"
    return f"https://doi.org/{percent(doi)}" if _DOI.fullmatch(doi) else ""


def _quotes(facts: Facts, iri: str) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            shown(facts.need(quotation, OA + "exact")),
            place(
                facts.need(quotation, SEN + "passage"),
                facts.one(quotation, OA + "start"),
                facts.one(quotation, OA + "end"),
            ),
        )
        for quotation in facts.all(iri, SEN + "evidence")
    )


def _holders(facts: Facts) -> list[str]:
    claims = facts.typed("Claim")
    works = set(facts.typed("Work"))
    return sorted({who for claim in claims for who in facts.all(claim, SEN + "holder")} - works)


def _works(facts: Facts) -> list[str]:
    ground = facts.typed("Claim") + facts.typed("Relation")
    used = {work for iri in ground for work in facts.all(iri, SEN + "restsOn")}
    return sorted(used | set(facts.typed("Work")))


def _relation(facts: Facts, iri: str, names: dict[str, str]) -> Edge:
    ends = [facts.need(iri, SEN + "from"), facts.need(iri, SEN + "to")]
    for end in ends:
        if not names.get(end, "").startswith(("claim-", "answer-")):
            raise DataError(f"{iri}: expected a claim or an answer of this debate, found {end}")
    name = names[iri] = _anchor(iri, "relation", names.values())
    return Edge(
        id=name,
        iri=iri,
        kind=_term(facts, iri, "stance", STANCES),
        source=names[ends[0]],
        target=names[ends[1]],
        status=_term(facts, iri, "status", STATUSES),
        method=shown(facts.one(iri, SEN + "method")),
        confidence=shown(facts.one(iri, SEN + "confidence")),
        why=shown(facts.one(iri, SEN + "why")),
        quotes=_quotes(facts, iri),
        works=tuple(sorted(names[work] for work in facts.all(iri, SEN + "restsOn"))),
    )


def _term(facts: Facts, iri: str, name: str, known: tuple[str, ...]) -> str:
    value = facts.need(iri, SEN + name).removeprefix(SEN)
    if value not in known:
        raise DataError(f"{iri}: expected a {name} out of {', '.join(known)}, found {value}")
    return value


def _structure(facts: Facts, names: dict[str, str], relations: Iterable[Edge]) -> Iterable[Edge]:
    """Yield what is no stance: answer → tension, claim → holder, claim → work, and "citedFor".

    A work that only a relation rests on would hang in the air; "citedFor" ties it to the claim
    that the relation comes from.
    """
    pairs = {
        (kind, names[iri], names[value])
        for iri in facts.typed("Answer") + facts.typed("Claim")
        for kind in ("answers", "holder", "restsOn")
        for value in facts.all(iri, SEN + kind)
        if value in names
    }
    cited = {
        ("citedFor", relation.source, work) for relation in relations for work in relation.works
    }
    pairs |= {(kind, a, b) for kind, a, b in cited if ("restsOn", a, b) not in pairs}
    for kind, source, target in sorted(pairs):
        yield Edge(f"{kind}-{source}-{target}", "", kind, source, target)

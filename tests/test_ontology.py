"""The vocabulary is documented, used, closed under its prefixes and free of contradictions."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path

import owlrl
import pytest
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Literal

from sicetnon import graph, ingest, model, rooms, terms
from sicetnon.library import Library
from sicetnon.query import Table
from sicetnon.store import ntriples

ONTOLOGY = rooms.room("ontology")
SOURCE = Path(terms.__file__).parent
# Terms that nothing but the ontology names: the classes of the stances and statuses, which queries
# reach by their members. Others reserved for later would stand here; the list must not grow.
RESERVED = {"Stance", "Status"}
ERRORS = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")  # as owlrl reports them
SEN_USE = re.compile(
    r"""(?<![\w-])sen:(\w+) | \bsen\(\s*["'](\w+)["']\s*\) | \bSEN\s*\+\s*["'](\w+)["']
      | w3id\.org/sicetnon/ontology\#(\w+)""",
    re.VERBOSE,
)
PAGE = """\
Tails · history

Version 1

2026-07-05 16:45 UTC · 2 items

Narrative

Feldman holds that rare examples must be memorized[1]. Others doubt it[2].

Timeline

  • 2019-06-12: Feldman posts his thesis. [1]

Perspectives

Feldman (tails)

Memorization is necessary.[1]

Evolution: Consistent.

Tensions

  • Is memorization necessary?

Sources

  1. [1] Does Learning Require Memorization? — arXiv
  2. [2] Is Memorization Actually Necessary? — OpenReview
"""


@cache
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY / "sicetnon.ttl", format="turtle")


def ours(found: Graph) -> set[URIRef]:
    subjects = found.subjects(RDF.type)
    return {s for s in subjects if isinstance(s, URIRef) and s.startswith(terms.SEN)}


TERMS = sorted(term.removeprefix(terms.SEN) for term in ours(ontology()))


def files() -> list[Path]:
    """Return every file that speaks in our terms, but for the ontology and the tests."""
    found = [
        *rooms.room("queries").rglob("*.rq"),
        *(ONTOLOGY / "shapes").glob("*.ttl"),
        *rooms.room("graphs").rglob("*.ttl"),
        *SOURCE.rglob("*.py"),
        *(SOURCE / "text" / "templates").rglob("*.*"),
    ]
    return sorted(found)


@cache
def used() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in files():
        for match in SEN_USE.finditer(file.read_text(encoding="utf-8")):
            term = next(group for group in match.groups() if group)
            found.setdefault(term, []).append(file.name)
    for term in stated():
        found.setdefault(term, []).append("the graph of a page")
    return found


# Pages that have of everything what only some kinds and forms of pages have; `src` names the terms
# for it in tables that no pattern would find.
RARE = (
    model.Page(
        kind="current",
        thread="tails",
        version="1",
        title="Tails",
        sections=(),
        status="closed",
        site="Tails · current",
        layout=model.Layout(header=(1, 2, 3), encoding="utf-16-le", newline="\r\n"),
    ),
    model.Page(
        kind="item",
        thread="tale",
        version="2026-07-05",
        title="A Tale",
        sections=(),
        issued=dt.date(2026, 7, 5),
        outlet="Alignment Forum",
        author="A. Person",
        layout=model.Layout(form="b", header=(1,)),
    ),
)


def stated() -> set[str]:
    """Return the terms of ours that the graphs of the rare pages state."""
    quads = [quad for page in RARE for quad in graph.to_quads(page)]
    terms_ = {term for quad in quads for term in (quad.predicate, quad.object)}
    iris = {term.value for term in terms_ if isinstance(term, NamedNode)}
    return {iri.removeprefix(terms.SEN) for iri in iris if iri.startswith(terms.SEN)}


# Terms


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("about", [RDFS.label, RDFS.comment, SKOS.example], ids=lambda p: p[-7:])
def test_every_term_is_explained(term: str, about: URIRef) -> None:
    said = list(ontology().objects(URIRef(terms.SEN + term), about))
    assert said, f"sen:{term} lacks {about}"
    assert all(isinstance(text, Literal) and text.strip() for text in said)
    if about != SKOS.example:
        assert len(said) == 1, f"sen:{term} has {len(said)} of {about}"


def test_the_ontology_does_not_shrink() -> None:
    assert len(TERMS) >= 84


def test_every_term_is_a_class_a_property_a_stance_or_a_status() -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
    kinds |= {URIRef(terms.SEN + "Status")}
    for term in ours(ontology()):
        assert set(ontology().objects(term, RDF.type)) & kinds, term


def test_domains_and_ranges_of_ours_are_declared() -> None:
    declared = ours(ontology())
    for about in (RDFS.domain, RDFS.range, OWL.disjointWith):
        for term in ontology().objects(None, about):
            assert not str(term).startswith(terms.SEN) or term in declared, term


def test_every_term_in_use_is_declared() -> None:
    assert {term: where for term, where in used().items() if term not in TERMS} == {}


def test_every_declared_term_is_in_use_but_for_a_list_that_must_not_grow() -> None:
    assert set(TERMS) - used().keys() == RESERVED


# Alignments and prefixes


def test_alignments_declare_no_term_of_ours_and_equate_nothing() -> None:
    found = Graph().parse(ONTOLOGY / "alignments.ttl", format="turtle")
    assert ours(found) == set()
    assert not list(found.triples((None, OWL.sameAs, None)))


def test_alignments_speak_of_declared_terms_only() -> None:
    found = Graph().parse(ONTOLOGY / "alignments.ttl", format="turtle")
    nodes = {node for s, _, o in found for node in (s, o) if str(node).startswith(terms.SEN)}
    assert nodes <= ours(ontology())
    assert len(nodes) >= 20


def test_validation_never_loads_the_alignments() -> None:
    for file in (SOURCE / "shapes").rglob("*.py"):
        assert "alignments" not in file.read_text(encoding="utf-8"), file.name


def prefixes_in(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8")
    return dict(re.findall(r"(?im)^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", text))


def test_the_list_of_prefixes_holds_each_once_with_a_namespace_of_its_own() -> None:
    lines = (ONTOLOGY / "prefixes.ttl").read_text(encoding="utf-8").splitlines()
    declared = [line for line in lines if line.startswith("@prefix")]
    known = terms.prefixes()
    assert len(declared) == len(known) == len(set(known.values()))
    assert known == prefixes_in(ONTOLOGY / "prefixes.ttl")
    parsed = Graph(bind_namespaces="none").parse(ONTOLOGY / "prefixes.ttl", format="turtle")
    assert known.items() <= {name: str(iri) for name, iri in parsed.namespaces()}.items()


def test_the_list_of_prefixes_covers_queries_and_shapes_with_equal_namespaces() -> None:
    known = terms.prefixes()
    places = [*rooms.room("queries").rglob("*.rq"), *(ONTOLOGY / "shapes").glob("*.ttl")]
    for file in places:
        declared = prefixes_in(file)
        declared.pop("shape", None)  # names the shapes themselves, and is used nowhere else
        assert declared.items() <= known.items(), file.name


def test_other_turtle_gives_listed_prefixes_their_listed_namespaces() -> None:
    known = terms.prefixes()
    places = [*rooms.room("graphs").rglob("*.ttl"), *ONTOLOGY.glob("*.ttl")]
    for file in places:
        for name, namespace in prefixes_in(file).items():
            assert known.get(name, namespace) == namespace, f"{file.name}: {name}"


# OWL 2 RL


def page() -> Graph:
    """Return the graph of a small page with one of everything."""
    quads = graph.to_quads(ingest.read(PAGE.encode(), "tails-v1.txt"))
    return Graph().parse(data=ntriples(quad.triple for quad in quads), format="nt")


def rare() -> Graph:
    quads = [quad for page in RARE for quad in graph.to_quads(page)]
    return Graph().parse(data=ntriples(quad.triple for quad in quads), format="nt")


def examples() -> Graph:
    library = Library(":memory:")
    taken = list(library.ingest([rooms.room("examples")]))
    assert all(each.status == "stored" for each in taken)
    store = library.store
    asked = "SELECT DISTINCT ?x { ?x a sen:Perspective } ORDER BY ?x LIMIT 2"
    answer = library.sparql(asked)
    assert isinstance(answer, Table)
    (left,), (right,) = answer.rows
    library.different(str(left), str(right), "They share but a name.", "A. Reader", "2026-07-06")
    text = "".join(ntriples(store.graph(name)) for name in store.graphs())
    return Graph().parse(data=text, format="nt")


def curated() -> Graph:
    """Return what is kept by hand: everything below graphs/ but the pages, which machines write."""
    found = Graph()
    for file in sorted(rooms.room("graphs").rglob("*.ttl")):
        if not re.fullmatch(r"v[0-9]+", file.stem):
            found.parse(file, format="turtle")
    return found


def contradictions(*graphs: Graph, aligned: bool = False) -> list[str]:
    """Close the ontology and these graphs under OWL 2 RL and return what cannot be."""
    closed = Graph()
    for found in (ontology(), *graphs):
        for triple in found:
            closed.add(triple)
    if aligned:
        closed.parse(ONTOLOGY / "alignments.ttl", format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    nothing = (f"{s} is nothing" for s in closed.subjects(RDF.type, OWL.Nothing))
    return sorted([*map(str, closed.objects(None, ERRORS)), *nothing])


def instance(*classes: str) -> Graph:
    found = Graph()
    for each in classes:
        found.add((URIRef(terms.ID + "both"), RDF.type, URIRef(terms.SEN + each)))
    return found


ALIGNED = pytest.mark.parametrize("aligned", [False, True], ids=["alone", "aligned"])


@ALIGNED
def test_a_page_and_the_hand_kept_graphs_contradict_nothing(aligned: bool) -> None:
    assert contradictions(page(), rare(), curated(), aligned=aligned) == []


def test_the_pages_of_the_examples_contradict_nothing() -> None:
    assert contradictions(examples(), curated()) == []


@ALIGNED
@pytest.mark.parametrize(
    "classes",
    [
        ("Claim", "Work"),
        ("Entry", "Work"),
        ("Item", "Work"),
        ("Agent", "Claim"),
        ("Event", "Tension"),
        ("Continuant", "Perspective"),
        ("Continuant", "Entry"),
        ("Judgement", "Relation"),
    ],
    ids="-".join,
)
def test_a_node_of_two_disjoint_classes_is_caught(classes: tuple[str, str], aligned: bool) -> None:
    found = contradictions(page(), instance(*classes), aligned=aligned)
    assert found
    assert all(name in found[0] for name in classes)


def test_a_pointer_that_denotes_a_work_is_caught_through_the_range() -> None:
    pointer, work = URIRef(terms.ID + "pointer"), URIRef(terms.ID + "work/tale")
    seeded = Graph().add((pointer, URIRef(terms.SEN + "denotes"), work))
    seeded.add((work, RDF.type, URIRef(terms.SEN + "Work")))
    assert contradictions(seeded)


def test_every_class_is_disjoint_from_every_other_but_for_agents() -> None:
    classes = {str(s) for s in ontology().subjects(RDF.type, OWL.Class)}
    [group] = ontology().objects(None, OWL.members)
    members = {str(each) for each in ontology().items(group)}
    assert classes - members == {terms.SEN + "Agent"}

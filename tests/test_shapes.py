"""Every shape accepts what it should, refuses what it should, and does so in both engines.

A case is a file `cases/shapes/<class>/(valid|invalid)*.ttl`; its first lines say which findings of
that class it must give, one `# expects: <rule> <severity>` each.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from sicetnon import rooms, terms
from sicetnon.library import Library
from sicetnon.shapes import Page, check_graph
from sicetnon.shapes.engine import ENGINES, Result
from sicetnon.store import Term, ntriples

TESTS = Path(__file__).parent
CASES = sorted((TESTS / "cases" / "shapes").glob("*/*.ttl"))
SHAPES = sorted((rooms.room("ontology") / "shapes").glob("*.ttl"))
SHAPE = "https://w3id.org/sicetnon/shapes#"
FLOOR = 364
MUTATIONS = 30

needs_fast = pytest.mark.skipif(not find_spec("shacl"), reason="the fast engine has no build here")

# Where an engine or a shape is known to err. Each is a strict xfail: mend it, and it must leave.
SHAPE_ERRS = dict.fromkeys(
    (
        "event/invalid-event-start-date-month-as-year",
        "event/invalid-event-start-date-no-such-month",
        "event/invalid-event-start-date-short-year",
    ),
    "no engine looks at the lexical form of a year or a month; the shape wants a sh:pattern",
)
REFERENCE_ERRS = {
    **SHAPE_ERRS,
    "entry/invalid-entry-issued-moment": "rdflib takes a moment for an xsd:date",
    "entry/invalid-entry-number-arabic-digits": "rdflib reads integers as Python does",
    "entry/invalid-entry-number-spaces": "rdflib reads integers as Python does",
    "entry/invalid-entry-number-spellings": "rdflib makes 007 and 7 one term",
    "entry/invalid-entry-number-underscore": "rdflib reads integers as Python does",
    "entry/valid-issued-antiquity": "Python knows no year before 1",
    "entry/valid-issued-far-future": "Python knows no year after 9999",
    "event/invalid-event-written-date-newline": "$ of Python's re matches before a last line end",
    "page-file/invalid-page-file-sha256-newline": "$ of Python's re matches before a last line end",
    "relation/invalid-relation-confidence-comma": "pySHACL lets ill-formed values pass a maximum",
    "relation/invalid-relation-confidence-exponent": "rdflib reads decimals as Python does",
    "relation/invalid-relation-confidence-not-a-number": "pySHACL lets NaN pass a maximum",
    "version/invalid-version-issued-date": "rdflib takes a day for an xsd:dateTime",
    "version/invalid-version-issued-no-seconds": "rdflib takes any form of ISO 8601",
    "version/invalid-version-issued-space": "rdflib takes any form of ISO 8601",
    "version/valid-issued-midnight": "Python knows no hour 24 before its version 3.14",
}
# The engines find the same, but rdflib rewrites a number or a date in its own spelling on reading,
# so that `value` shows 0 for 000.
RESPELLED = dict.fromkeys(
    (
        "event/invalid-event-order-exponent",
        "event/invalid-event-start-date-moment",
        "pointer/invalid-pointer-number-zero",
        "relation/invalid-relation-confidence-double",
        "relation/invalid-relation-confidence-infinite",
    ),
    "rdflib shows a value in its own spelling",
)
DIFFERENCES = {k: v for k, v in REFERENCE_ERRS.items() if k not in SHAPE_ERRS} | RESPELLED
CRASHES = dict.fromkeys(
    ("entry/invalid-entry-line-decimal", "section/invalid-section-line-date"),
    "check_graph raises ValueError for a line that is no integer, where it should find it",
)


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def param(file: Path, reason: str | None) -> object:
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(file, id=name(file), marks=marks)


def params(known: dict[str, str]) -> list[object]:
    return [param(file, known.get(name(file))) for file in CASES]


def read(file: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(file), format=RdfFormat.TURTLE)]


def expected(file: Path) -> Counter[tuple[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.split()[2:] for line in lines if line.startswith("# expects: "))
    return Counter((rule, severity) for rule, severity in pairs)


@cache
def rules(shape_file: str) -> frozenset[str]:
    """Name the rules that one file of shapes declares."""
    text = (rooms.room("ontology") / "shapes" / f"{shape_file}.ttl").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^shape:([\w-]+)", text, re.MULTILINE))


def found(file: Path, engine: str) -> Counter[tuple[str, str]]:
    findings = check_graph(read(file), Page(), engine)
    return Counter((f.rule, f.severity) for f in findings if f.rule in rules(file.parent.name))


@needs_fast
@pytest.mark.parametrize("file", params(SHAPE_ERRS | CRASHES))
def test_a_case_gives_exactly_what_it_expects(file: Path) -> None:
    assert found(file, "fast") == expected(file)


@pytest.mark.parametrize("file", params(REFERENCE_ERRS | CRASHES))
def test_a_case_gives_what_it_expects_in_the_reference_engine(file: Path) -> None:
    assert found(file, "reference") == expected(file)


@needs_fast
@pytest.mark.parametrize("file", params(DIFFERENCES))
def test_engines_agree_on_a_case(file: Path) -> None:
    text = ntriples(read(file))
    assert ENGINES["fast"](text) == ENGINES["reference"](text)


@needs_fast
@pytest.mark.parametrize(
    "file", [pytest.param(f, id=name(f)) for f in CASES if name(f) in RESPELLED]
)
def test_engines_agree_on_respelled_values_in_all_else(file: Path) -> None:
    def rest(results: list[Result]) -> list[tuple[str, ...]]:
        return sorted((r.focus, r.shape, r.component, r.severity, r.message) for r in results)

    text = ntriples(read(file))
    assert rest(ENGINES["fast"](text)) == rest(ENGINES["reference"](text))


# The pages of the examples, as they are and damaged


@cache
def example_graphs() -> tuple[tuple[str, tuple[Triple, ...]], ...]:
    library = Library(":memory:")
    for taken in library.ingest([rooms.room("examples")]):
        assert taken.status == "stored", taken.message
    store = library.store
    return tuple(
        (graph.value, tuple(sorted(store.graph(graph), key=str))) for graph in store.graphs()
    )


def example_pages() -> list[tuple[Triple, ...]]:
    return [triples for graph, triples in example_graphs() if graph != terms.PROVENANCE.value]


def mutated(triples: tuple[Triple, ...], seed: int) -> list[Triple]:
    """Damage a graph in six places: drop a triple, add a second value, change or retype one."""
    rng = random.Random(seed)
    kept = list(triples)
    strange: list[Term] = [
        Literal(""),
        Literal("7", language="en"),
        Literal(-1),
        NamedNode(terms.ID + "x"),
    ]
    for _ in range(6):
        place = rng.randrange(len(kept))
        triple = kept[place]
        other = rng.choice((rng.choice(triples).object, *strange))
        changed = Triple(triple.subject, triple.predicate, other)
        match rng.choice(("drop", "add", "change")):
            case "drop":
                del kept[place]
            case "add":
                kept.append(changed)
            case _:
                kept[place] = changed
    return list(dict.fromkeys(kept))


@needs_fast
def test_engines_agree_that_the_examples_fit_their_shapes() -> None:
    assert len(example_pages()) == 2
    for _, triples in example_graphs():
        text = ntriples(triples)
        assert ENGINES["fast"](text) == ENGINES["reference"](text) == []


@needs_fast
@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_engines_agree_on_a_damaged_page(seed: int) -> None:
    text = ntriples(mutated(example_pages()[seed % 2], seed))
    assert ENGINES["fast"](text) == ENGINES["reference"](text)


@needs_fast
def test_damage_shows_in_most_pages_and_under_many_rules() -> None:
    graphs = [mutated(example_pages()[seed % 2], seed) for seed in range(MUTATIONS)]
    results = [ENGINES["fast"](ntriples(graph)) for graph in graphs]
    assert sum(map(bool, results)) >= MUTATIONS * 2 // 3
    assert len({result.shape for each in results for result in each}) >= 15


# The suite and the shapes themselves


def shapes_graph() -> Graph:
    graph = Graph()
    for file in SHAPES:
        graph.parse(file, format="turtle")
    return graph


def local(node: Node | None) -> str:
    assert isinstance(node, URIRef), f"expected an IRI, found {node!r}"
    return str(node).removeprefix(SHAPE)


def test_the_suite_does_not_shrink() -> None:
    assert len(CASES) >= FLOOR
    assert len(SHAPES) >= 18


def test_known_failures_are_cases_that_exist() -> None:
    known = SHAPE_ERRS | REFERENCE_ERRS | RESPELLED | CRASHES
    assert known.keys() <= {name(file) for file in CASES}


def test_every_shape_file_has_valid_cases_and_nothing_else_has_a_folder() -> None:
    valid = {file.parent.name for file in CASES if file.stem.startswith("valid")}
    assert valid == {file.stem for file in SHAPES} == {file.parent.name for file in CASES}


def test_every_property_shape_has_an_invalid_case_of_its_name() -> None:
    graph = shapes_graph()
    declared = {local(shape) for shape in graph.subjects(SH.path)}
    covered = {
        file.stem.removeprefix("invalid-")
        for file in CASES
        for rule, _ in expected(file)
        if file.stem == f"invalid-{rule}"
    }
    assert declared <= covered


def test_only_the_name_of_a_case_says_whether_it_is_valid() -> None:
    for file in CASES:
        kind = file.stem.partition("-")[0]
        assert kind in {"valid", "invalid"}, file
        assert bool(expected(file)) == (kind == "invalid"), file
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert re.fullmatch(r"# expects(: [\w-]+ (violation|warning|info)| nothing)", first), file
        assert {rule for rule, _ in expected(file)} <= rules(file.parent.name), file


def test_every_property_shape_has_a_name_a_message_and_a_severity() -> None:
    graph = shapes_graph()
    for shape in graph.subjects(SH.path):
        rule = local(shape)
        messages = list(graph.objects(shape, SH.message))
        assert len(messages) == 1, rule
        assert str(messages[0]).startswith("expected "), rule
        severities = set(graph.objects(shape, SH.severity))
        assert len(severities) == 1, rule
        assert severities <= {SH.Violation, SH.Warning, SH.Info}, rule


def test_every_property_shape_belongs_to_the_one_class_of_its_file() -> None:
    for file in SHAPES:
        graph = Graph().parse(file, format="turtle")
        owner = URIRef(SHAPE + file.stem)
        assert set(graph.subjects(SH.targetClass)) == {owner}, file.name
        assert set(graph.objects(owner, SH.property)) == set(graph.subjects(SH.path)), file.name
        for shape in graph.subjects(SH.path):
            assert local(shape).startswith(f"{file.stem}-"), shape


def test_every_file_of_shapes_is_named_after_its_class() -> None:
    for file in SHAPES:
        graph = Graph().parse(file, format="turtle")
        named = terms.SEN + "".join(word.capitalize() for word in file.stem.split("-"))
        assert [str(o) for o in graph.objects(None, SH.targetClass)] == [named]


def test_every_class_that_data_instantiate_has_a_shape() -> None:
    files = [*rooms.room("graphs").rglob("*.ttl"), TESTS / "cases" / "view" / "debate.ttl"]
    triples = [triple for _, graph in example_graphs() for triple in graph]
    triples += [triple for file in files for triple in read(file)]
    used = {
        triple.object.value
        for triple in triples
        if triple.predicate == terms.TYPE
        and isinstance(triple.object, NamedNode)
        and triple.object.value.startswith(terms.SEN)
    }
    targeted = {str(o) for o in shapes_graph().objects(None, SH.targetClass)}
    assert used <= targeted
    assert len(used) >= 12


def test_shapes_target_declared_classes_and_leave_none_but_stance_and_status() -> None:
    ontology = Graph().parse(rooms.room("ontology") / "sicetnon.ttl", format="turtle")
    owl_class = URIRef("http://www.w3.org/2002/07/owl#Class")
    declared = {str(s) for s in ontology.subjects(RDF.type, owl_class)}
    targeted = {str(o) for o in shapes_graph().objects(None, SH.targetClass)}
    assert declared - targeted == {terms.SEN + "Stance", terms.SEN + "Status"}
    assert targeted <= declared

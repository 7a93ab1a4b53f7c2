"""Every shape accepts what it should, refuses what it should, and does so in both engines.

A case is a file `cases/shapes/<class>/(valid|invalid)*.ttl`; its first lines say which findings of
that class it must give, one `# expects: <rule> <severity>` each.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from sicetnon import rooms, terms
from sicetnon.library import Library
from sicetnon.query import Table
from sicetnon.shapes import Page, check_graph
from sicetnon.shapes.engine import ENGINES, Result
from sicetnon.store import Term, ntriples

TESTS = Path(__file__).parent
CASES = sorted((TESTS / "cases" / "shapes").glob("*/*.ttl"))
SHAPES = sorted((rooms.room("ontology") / "shapes").glob("*.ttl"))
SHAPE = "https://w3id.org/sicetnon/shapes#"
FLOOR = 560
MUTATIONS = 30
REST_MUTATIONS = 20
FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}

needs_fast = pytest.mark.skipif(not find_spec("shacl"), reason="the fast engine has no build here")

# Where the reference engine is known to err. Each is a strict xfail: mend it, and it must leave.
REFERENCE_ERRS = {
    "entry/invalid-entry-issued-moment": "rdflib takes a moment for an xsd:date",
    "entry/invalid-entry-number-arabic-digits": "rdflib reads integers as Python does",
    "entry/invalid-entry-number-spaces": "rdflib reads integers as Python does",
    "entry/invalid-entry-number-underscore": "rdflib reads integers as Python does",
    "entry/valid-issued-antiquity": "Python knows no year before 1",
    "entry/valid-issued-far-future": "Python knows no year after 9999",
    "event/invalid-event-written-date-newline": "$ of Python's re matches before a last line end",
    "page-file/invalid-page-file-sha256-newline": "$ of Python's re matches before a last line end",
    "relation/invalid-relation-confidence-comma": "pySHACL lets ill-formed values pass a maximum",
    "relation/invalid-relation-confidence-exponent": "rdflib reads decimals as Python does",
    "relation/invalid-relation-confidence-not-a-number": "pySHACL lets NaN pass a maximum",
    "version/invalid-version-issued-date": "rdflib takes a day for an xsd:dateTime",
    "version/invalid-version-issued-moment-as-day": "rdflib takes a moment for an xsd:date",
    "version/invalid-version-issued-no-seconds": "rdflib takes any form of ISO 8601",
    "version/invalid-version-issued-space": "rdflib takes any form of ISO 8601",
    "version/valid-issued-midnight": "Python knows no hour 24 before its version 3.14",
}


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def param(file: Path, reason: str | None) -> object:
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(file, id=name(file), marks=marks)


def params(known: dict[str, str]) -> list[object]:
    return [param(file, known.get(name(file))) for file in CASES]


def read(file: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(file), format=FORMATS[file.suffix])]


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
@pytest.mark.parametrize("file", params({}))
def test_a_case_gives_exactly_what_it_expects(file: Path) -> None:
    assert found(file, "fast") == expected(file)


@pytest.mark.parametrize("file", params(REFERENCE_ERRS))
def test_a_case_gives_what_it_expects_in_the_reference_engine(file: Path) -> None:
    assert found(file, "reference") == expected(file)


@needs_fast
@pytest.mark.parametrize("file", params(REFERENCE_ERRS))
def test_engines_agree_on_a_case(file: Path) -> None:
    text = ntriples(read(file))
    assert ENGINES["fast"](text) == ENGINES["reference"](text)


# The pages of the examples, as they are and damaged


@cache
def example_graphs() -> tuple[tuple[str, tuple[Triple, ...]], ...]:
    library = Library(":memory:")
    for taken in library.ingest([rooms.room("examples")]):
        assert taken.status == "stored", taken.message
    store = library.store
    left, right = judged_pair(library)
    library.different(left, right, "They share but a name.", "A. Reader", "2026-07-06")
    found: dict[str, set[Triple]] = {}
    for graph in store.graphs():
        name = re.sub(
            "/(works|relations|readings)$", "", graph.value
        )  # these are checked with their page
        found.setdefault(name, set()).update(store.graph(graph))
    return tuple((name, tuple(sorted(triples, key=str))) for name, triples in sorted(found.items()))


def judged_pair(library: Library) -> tuple[str, str]:
    asked = "SELECT DISTINCT ?x { ?x a sen:Perspective } ORDER BY ?x LIMIT 2"
    answer = library.sparql(asked)
    assert isinstance(answer, Table)
    (left,), (right,) = answer.rows
    return str(left), str(right)


def describes(graph: str, triples: tuple[Triple, ...]) -> bool:
    return Triple(NamedNode(graph), terms.TYPE, terms.sen("Version")) in triples


def example_pages() -> list[tuple[Triple, ...]]:
    return [triples for graph, triples in example_graphs() if describes(graph, triples)]


def example_rest() -> list[tuple[Triple, ...]]:
    """Return the graphs beside the pages: provenance, layers and judgements."""
    return [triples for graph, triples in example_graphs() if not describes(graph, triples)]


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
    assert len(example_rest()) == 2 * 2 + 1
    for _, triples in example_graphs():
        text = ntriples(triples)
        assert ENGINES["fast"](text) == ENGINES["reference"](text)
        assert {result.severity for result in ENGINES["fast"](text)} <= {"info"}


def comparable(results: Iterable[Result]) -> list[Result]:
    """Leave out values that no order has: the reference engine passes them."""
    less = "LessThanConstraintComponent"
    return [each for each in results if each.component != less or str(each.value).isdecimal()]


@needs_fast
@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_engines_agree_on_a_damaged_page(seed: int) -> None:
    text = ntriples(mutated(example_pages()[seed % 2], seed))
    assert comparable(ENGINES["fast"](text)) == comparable(ENGINES["reference"](text))


@needs_fast
def test_engines_agree_that_all_that_stands_beside_the_pages_fits_together() -> None:
    text = ntriples(sorted({triple for each in example_rest() for triple in each}, key=str))
    assert ENGINES["fast"](text) == ENGINES["reference"](text) == []


@needs_fast
@pytest.mark.parametrize("seed", range(REST_MUTATIONS))
def test_engines_agree_on_a_damaged_graph_beside_the_pages(seed: int) -> None:
    text = ntriples(mutated(example_rest()[seed % 5], seed))
    assert ENGINES["fast"](text) == ENGINES["reference"](text)


@needs_fast
def test_damage_shows_in_graphs_beside_the_pages() -> None:
    graphs = [mutated(example_rest()[seed % 5], seed) for seed in range(REST_MUTATIONS)]
    results = [ENGINES["fast"](ntriples(graph)) for graph in graphs]
    assert sum(map(bool, results)) >= REST_MUTATIONS // 2
    assert {
        result.shape.removeprefix(SHAPE).partition("-")[0] for r in results for result in r
    } >= {
        "continuant",
        "judgement",
        "perspective",
    }


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
    assert len(SHAPES) >= 20


def test_known_failures_are_cases_that_exist() -> None:
    assert REFERENCE_ERRS.keys() <= {name(file) for file in CASES}


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


def test_no_shape_and_rule_share_a_name() -> None:
    """A finding tells which rule found it by name alone."""
    shapes = {local(shape) for shape in shapes_graph().subjects(SH.path)}
    assert shapes & {file.stem for file in (rooms.room("queries") / "check").glob("*.rq")} == set()


def test_every_file_of_shapes_is_named_after_its_class() -> None:
    for file in SHAPES:
        graph = Graph().parse(file, format="turtle")
        named = terms.SEN + "".join(word.capitalize() for word in file.stem.split("-"))
        assert [str(o) for o in graph.objects(None, SH.targetClass)] == [named]


def test_every_class_that_data_instantiate_has_a_shape() -> None:
    kept = (file for file in rooms.room("graphs").rglob("*.*") if file.suffix in FORMATS)
    files = [*kept, TESTS / "cases" / "view" / "debate.ttl"]
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
    assert used >= {terms.SEN + name for name in ("Continuant", "Judgement", "Perspective")}
    assert len(used) >= 19


def test_shapes_target_declared_classes_and_leave_none_but_stance_and_status() -> None:
    ontology = Graph().parse(rooms.room("ontology") / "sicetnon.ttl", format="turtle")
    owl_class = URIRef("http://www.w3.org/2002/07/owl#Class")
    declared = {str(s) for s in ontology.subjects(RDF.type, owl_class)}
    targeted = {str(o) for o in shapes_graph().objects(None, SH.targetClass)}
    assert declared - targeted == {terms.SEN + "Stance", terms.SEN + "Status"}
    assert targeted <= declared

"""Say what the service is and what it holds: Service Description, VoID, and the front page."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple, serialize

from sicetnon import query, terms
from sicetnon.query import Table
from sicetnon.store import Solutions, Store
from sicetnon.web import media, pages
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML")
_SIZES = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
_CLASSES = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY ?c"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
_NODES = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }"


def description(store: Store, question: Question, _limits: Limits) -> Answer:
    """Return the SPARQL 1.1 Service Description of an endpoint, with the graphs that it holds."""
    endpoint = NamedNode(question["base"])
    dataset, default = (_part(endpoint, each) for each in ("dataset", "default-graph"))
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if question["update"] else [])]
    facts = [
        *_say(endpoint, terms.RDF + "type", NamedNode(f"{_SD}Service")),
        *_say(endpoint, f"{_SD}endpoint", endpoint),
        *_say(endpoint, f"{_SD}supportedLanguage", *(NamedNode(_SD + each) for each in languages)),
        *_say(endpoint, f"{_SD}feature", NamedNode(f"{_SD}UnionDefaultGraph")),
        *_say(
            endpoint,
            f"{_SD}resultFormat",
            *(NamedNode(_FORMATS + each) for each in (*_RESULTS, *_GRAPHS)),
        ),
        *_say(endpoint, f"{_SD}defaultDataset", dataset),
        *_say(dataset, terms.RDF + "type", NamedNode(f"{_SD}Dataset")),
        *_say(dataset, f"{_SD}defaultGraph", default),
        *_say(default, terms.RDF + "type", NamedNode(f"{_SD}Graph")),
    ]
    for number, (name, count) in enumerate(_counts(store, _SIZES), 1):
        named, graph = _part(endpoint, f"named-graph-{number}"), _part(endpoint, f"graph-{number}")
        facts += [
            *_say(dataset, f"{_SD}namedGraph", named),
            *_say(named, terms.RDF + "type", NamedNode(f"{_SD}NamedGraph")),
            *_say(named, f"{_SD}name", name),
            *_say(named, f"{_SD}graph", graph),
            *_say(graph, terms.RDF + "type", NamedNode(f"{_SD}Graph")),
            *_say(graph, f"{_VOID}triples", Literal(count)),
        ]
    return _written(facts, question["graph"])


def void(store: Store, question: Question, _limits: Limits) -> Answer:
    """Return the VoID description of what the store holds."""
    page = NamedNode(question["page"])
    dataset = _part(page, "dataset")
    facts = [
        *_say(page, terms.RDF + "type", NamedNode(f"{_VOID}DatasetDescription")),
        *_say(page, "http://xmlns.com/foaf/0.1/primaryTopic", dataset),
        *_say(dataset, terms.RDF + "type", NamedNode(f"{_VOID}Dataset")),
        *_say(dataset, terms.DCTERMS + "title", Literal("Sic et Non: debates and their sources")),
        *_say(dataset, f"{_VOID}sparqlEndpoint", NamedNode(question["base"])),
        *_say(dataset, f"{_VOID}uriSpace", Literal(terms.ID)),
        *_say(dataset, f"{_VOID}vocabulary", NamedNode(terms.SEN)),
        *_say(
            dataset,
            f"{_VOID}triples",
            Literal(sum(count for _, count in _counts(store, _SIZES))),
        ),
        *_say(dataset, f"{_VOID}distinctSubjects", Literal(_number(store, _NODES))),
    ]
    for kind, part, text in (("class", "entities", _CLASSES), ("property", "triples", _PROPERTIES)):
        for number, (name, count) in enumerate(_counts(store, text), 1):
            node = _part(page, f"{kind}-{number}")
            facts += [
                *_say(dataset, f"{_VOID}{kind}Partition", node),
                *_say(node, f"{_VOID}{kind}", name),
                *_say(node, f"{_VOID}{part}", Literal(count)),
            ]
    return _written(facts, question["graph"])


def front(store: Store, question: Question, _limits: Limits) -> Answer:
    """Return the front page: the threads, and the ways in."""
    threads = [(slug, query.versions(store, slug)) for slug in query.threads(store)]
    classes = [(name.value, count) for name, count in _counts(store, _CLASSES)]
    held = [
        (name.removeprefix(terms.SEN), count)
        for name, count in sorted(classes, key=lambda each: -each[1])
        if name.startswith(terms.SEN)
    ]
    body = pages.write("front.html.j2", threads=threads, held=held, update=question["update"])
    return Answer(media=media.HTML, body=body)


def _written(facts: list[Triple], form: str) -> Answer:
    if form == media.TURTLE:
        return Answer(media=form, body=query.turtle(facts).encode())
    return Answer(media=form, body=serialize(facts, format=media.GRAPHS[form]) or b"")


def _say(subject: NamedNode, property_: str, *values: NamedNode | Literal) -> list[Triple]:
    return [Triple(subject, NamedNode(property_), value) for value in values]


def _part(of: NamedNode, name: str) -> NamedNode:
    return NamedNode(f"{of.value}#{name}")


def _counts(store: Store, text: str) -> list[tuple[NamedNode, int]]:
    found = store.query(text)
    assert isinstance(found, Solutions)
    return [
        (name, int(count.value))
        for name, count in found.rows
        if isinstance(name, NamedNode) and isinstance(count, Literal)
    ]


def _number(store: Store, text: str) -> int:
    ((count,),) = Table.of(store.query(text)).rows
    return int(count or 0)

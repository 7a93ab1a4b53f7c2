"""The W3C's tests of the protocols, of result forms and of the description, against a server.

The cases are exchanges in TOML files; what each asks and expects is the W3C's.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat

from serving import TOKEN, serving

HERE = Path(__file__).parent
DATA = {f"data{n}": f"http://kasei.us/2009/09/sparql/data/data{n}.rdf" for n in range(4)}
PREFIXES = (
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> . "
)
TYPES = {
    "form": "application/x-www-form-urlencoded",
    "query": "application/sparql-query",
    "update": "application/sparql-update",
}
FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples"),
}


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / name).read_text("utf-8"))["test"]
    return found


PROTOCOL, GRAPH_STORE = cases("protocol.toml"), cases("graph_store.toml")


def test_no_case_was_lost() -> None:
    assert len(PROTOCOL) == 34
    assert len(GRAPH_STORE) == 19


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = tmp_path_factory.mktemp("conformance") / "store"
    filled = ox.Store(str(store))
    filled.update(documents())
    filled.flush()
    del filled
    with (
        serving(store, "--allow-update", token=TOKEN) as url,
        httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client,
    ):
        yield client


def documents() -> str:
    graphs = "".join(
        f"GRAPH <{iri}> {{ <{iri}> a <http://xmlns.com/foaf/0.1/Document> }} "
        for name, iri in DATA.items()
        if name != "data0"
    )
    return f"CLEAR ALL ; INSERT DATA {{ {graphs} }}"


@pytest.fixture(scope="module")
def changed() -> dict[str, bool]:
    return {"yes": False}


def exchange(client: httpx.Client, asked: dict[str, Any]) -> httpx.Response:
    target = asked.get("target", "")
    for name, iri in DATA.items():
        target = target.replace(f"{{{name}}}", quote(iri, safe=""))
    body = fill(asked.get("body", ""))
    if "query" in asked:
        joint = "&" if target else "?"
        target += f"{joint}query={quote(fill(asked['query']))}"
    kind = asked.get("type")
    return client.request(
        asked["method"],
        f"/sparql/{target}",
        content=body.encode(asked.get("encoding", "utf-8")) if body else None,
        headers={"Content-Type": TYPES.get(kind, kind)} if kind else None,
    )


def fill(text: str) -> str:
    for name, iri in DATA.items():
        text = text.replace(f"{{{name}}}", iri)
    return text


@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case["name"])
def test_protocol(case: dict[str, Any], server: httpx.Client, changed: dict[str, bool]) -> None:
    if changed["yes"]:
        restored = {"method": "POST", "type": "update", "body": documents()}
        assert exchange(server, restored).is_success
    changed["yes"] = "update" in case["name"] and not case["name"].startswith("bad")
    for asked in case["requests"]:
        answer = exchange(server, asked)
        assert answer.status_code // 100 == asked["expect"], answer.text
        if "boolean" in asked:
            assert answer.json()["boolean"] is asked["boolean"]
        if "format" in asked or "boolean" in asked:
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind in FORMATS[asked.get("format", "boolean")]
        if "absolute" in asked:
            (row,) = answer.json()["results"]["bindings"]
            value = row[asked["absolute"]]
            assert value["type"] == "uri"
            assert value["value"] != "test"


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    return {}


@pytest.mark.parametrize("case", GRAPH_STORE, ids=lambda case: case["name"])
def test_graph_store(case: dict[str, Any], server: httpx.Client, kept: dict[str, str]) -> None:
    if "before" in case:
        assert send(server, case["before"], kept).is_success
    answer = send(server, case, kept)
    assert answer.status_code in case["status"], answer.text
    if "keep" in case:
        kept[case["keep"]] = answer.headers[case["keep"]]
    if "graph" in case:
        assert same(answer.content, told(case["graph"], server).encode())


def send(client: httpx.Client, case: dict[str, Any], kept: dict[str, str]) -> httpx.Response:
    target = case["target"].replace("{store}", str(client.base_url).rstrip("/") + "/graphs")
    url = kept["location"] if target == "{location}" else f"/graphs{target}"
    if "parts" in case:
        parts = [
            (f"part{n}", (f"part{n}.ttl", told(text, client), "text/turtle; charset=utf-8"))
            for n, text in enumerate(case["parts"])
        ]
        return client.request(case["method"], url, files=parts)
    headers = {"Accept": "text/turtle"}
    content = None
    if "body" in case:
        headers["Content-Type"] = case.get("type", "text/turtle; charset=utf-8")
        content = told(case["body"], client).encode()
    return client.request(case["method"], url, content=content, headers=headers)


def told(text: str, client: httpx.Client) -> str:
    person = str(client.base_url).rstrip("/") + "/graphs/person/1"
    return PREFIXES + text.replace("{person}", f"<{person}>")


def same(left: bytes, right: bytes) -> bool:
    graphs = []
    for data in (left, right):
        quads = Dataset(
            Quad(q.subject, q.predicate, q.object) for q in ox.parse(data, format=RdfFormat.TURTLE)
        )
        quads.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        graphs.append(quads)
    return graphs[0] == graphs[1]


SD = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("returns RDF", "ASK { ?s ?p ?o }"),
        ("has an endpoint", SD + "ASK { ?service a sd:Service ; sd:endpoint ?endpoint }"),
        (
            "conforms to the schema",
            SD + "ASK { ?s a sd:Service ; sd:supportedLanguage ?l ; sd:resultFormat ?f ; "
            "sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] . "
            "FILTER(isIRI(?l) && isIRI(?f)) "
            "FILTER NOT EXISTS { ?g sd:name ?n FILTER NOT EXISTS { ?g a sd:NamedGraph } } }",
        ),
    ],
)
def test_service_description(name: str, ask: str, server: httpx.Client) -> None:
    answer = server.get("/sparql", headers={"Accept": "text/turtle"})
    described = ox.Store()
    described.load(answer.content, format=RdfFormat.TURTLE)
    assert described.query(ask)


VALUES = (
    "SELECT ?a ?b ?c ?d WHERE { VALUES (?a ?b ?c ?d) { "
    '(<http://example/x> "line\\nfeed" UNDEF 4) '
    '("tab\\there" "say \\"so\\"" "chat"@en 5.5) '
    '("back\\\\slash" "a,b" true 1.0e6) } }'
)


def test_csv_results(server: httpx.Client) -> None:
    answer = server.get("/sparql", params={"query": VALUES}, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert list(csv.reader(io.StringIO(answer.content.decode(), newline=""))) == [
        ["a", "b", "c", "d"],
        ["http://example/x", "line\nfeed", "", "4"],
        ["tab\there", 'say "so"', "chat", "5.5"],
        ["back\\slash", "a,b", "true", answer.text.split(",")[-1].strip()],
    ]
    assert float(answer.text.split(",")[-1]) == 1e6
    assert answer.content.count(b"\r\n") == 4


def test_tsv_results(server: httpx.Client) -> None:
    accept = {"Accept": "text/tab-separated-values"}
    answer = server.get("/sparql", params={"query": VALUES}, headers=accept)
    header, *rows = answer.text.removesuffix("\n").split("\n")
    assert header.split("\t") == ["?a", "?b", "?c", "?d"]
    assert [row.split("\t") for row in rows] == [
        ["<http://example/x>", '"line\\nfeed"', "", "4"],
        ['"tab\\there"', '"say \\"so\\""', '"chat"@en', "5.5"],
        ['"back\\\\slash"', '"a,b"', "true", rows[2].split("\t")[3]],
    ]
    read = ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.TSV)
    assert isinstance(read, ox.QuerySolutions)
    assert [float(row["d"].value) for row in read] == [4, 5.5, 1e6]


def test_json_and_xml_results_say_the_same(server: httpx.Client) -> None:
    found = []
    for form, parsed in (
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
    ):
        answer = server.get("/sparql", params={"query": VALUES}, headers={"Accept": form})
        assert answer.headers["content-type"] == form
        solutions = ox.parse_query_results(answer.content, format=parsed)
        assert isinstance(solutions, ox.QuerySolutions)
        found.append([tuple(map(str, row)) for row in solutions])
    assert found[0] == found[1]
    assert len(found[0]) == 3

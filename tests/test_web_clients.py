"""The endpoint as other people's programs use it: SPARQLWrapper, rdflib, Oxigraph, curl, YASGUI."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import NamedNode
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    RDFXML,
    TSV,
    TURTLE,
    XML,
    SPARQLWrapper,
)

import servers
from conftest import EXAMPLES
from serving import TOKEN, serving
from sicetnon.library import Library
from sicetnon.terms import ID

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?e a <https://w3id.org/sicetnon/ontology#Entry> }"
ENTRIES = 103


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("clients") / "sicetnon.store"
    list(Library(str(store)).ingest(EXAMPLES))
    with serving(store, "--allow-update", token=TOKEN) as address:
        yield f"{address}/sparql"


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_reads_tables(method: str, form: str, url: str) -> None:
    client = SPARQLWrapper(url)
    client.setMethod(method)
    client.setQuery(COUNT)
    client.setReturnFormat(form)
    answer: Any = client.queryAndConvert()
    if form == JSON:
        assert answer["results"]["bindings"][0]["n"]["value"] == str(ENTRIES)
    else:
        text = answer.toxml() if form == XML else answer.decode()
        assert str(ENTRIES) in text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # SPARQLWrapper's own use of rdflib
@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper_reads_graphs(form: str, url: str) -> None:
    client = SPARQLWrapper(url)
    client.setQuery("CONSTRUCT WHERE { ?e a <https://w3id.org/sicetnon/ontology#Entry> }")
    client.setReturnFormat(form)
    answer: Any = client.queryAndConvert()
    graph = answer if isinstance(answer, rdflib.Graph) else rdflib.Graph().parse(data=answer)
    assert len(graph) == ENTRIES


def test_sparqlwrapper_asks(url: str) -> None:
    client = SPARQLWrapper(url)
    client.setQuery("ASK { ?s ?p ?o }")
    client.setReturnFormat(JSON)
    answer: Any = client.queryAndConvert()
    assert answer["boolean"] is True


def test_sparqlwrapper_writes_with_the_token(url: str) -> None:
    client = SPARQLWrapper(url)
    client.setMethod(POST)
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    client.setQuery("INSERT DATA { GRAPH <http://e.org/w> { <a:a> a <a:b> } }")
    client.query()
    asked = httpx.get(url, params={"query": "ASK { GRAPH <http://e.org/w> { ?s ?p ?o } }"})
    assert asked.json()["boolean"]
    client.setQuery("DROP GRAPH <http://e.org/w>")
    client.query()


def test_yasgui_asks_as_it_does(url: str) -> None:
    headers = {
        "Origin": "https://yasgui.example",
        "Accept": "application/sparql-results+json,*/*;q=0.9",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    }
    asked = httpx.post(url, data={"query": COUNT}, headers=headers)
    assert asked.json()["results"]["bindings"][0]["n"]["value"] == str(ENTRIES)
    assert asked.headers["access-control-allow-origin"] == "*"
    built = httpx.post(
        url,
        data={"query": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3"},
        headers=headers | {"Accept": "text/turtle,*/*;q=0.9"},
    )
    assert built.headers["content-type"].startswith("text/turtle")


def test_curl(url: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [curl, "-sS", "--compressed", "-H", "Accept: text/csv", url]
    done = subprocess.run(
        [*command, "--data-urlencode", f"query={COUNT}"], check=True, capture_output=True
    )
    assert done.stdout.decode().split() == ["n", str(ENTRIES)]


def test_service_from_rdflib(url: str) -> None:
    found = rdflib.Graph().query(f"SELECT ?n WHERE {{ SERVICE <{url}> {{ {COUNT} }} }}")
    assert [int(str(binding[rdflib.Variable("n")])) for binding in found.bindings] == [ENTRIES]


def test_service_from_oxigraph_in_python(url: str) -> None:
    found = ox.Store().query(f"SELECT ?n WHERE {{ SERVICE <{url}> {{ {COUNT} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    assert int(row["n"].value) == ENTRIES


def far_server(folder: Path) -> AbstractContextManager[servers.Server]:
    if shutil.which("oxigraph") is None:
        pytest.skip("the Oxigraph server is not installed")
    return servers.oxigraph(folder)


def test_service_from_an_oxigraph_server(url: str, tmp_path: Path) -> None:
    with far_server(tmp_path) as other:
        query = f"SELECT ?n WHERE {{ SERVICE <{url}> {{ {COUNT} }} }}"
        answer = httpx.get(
            other.url,
            params={"query": query},
            headers={"Accept": "application/sparql-results+json"},
        )
        assert json.loads(answer.text)["results"]["bindings"][0]["n"]["value"] == str(ENTRIES)


def test_rdflib_reads_the_endpoint_as_a_store(url: str) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(url))
    kind = rdflib.URIRef("https://w3id.org/sicetnon/ontology#Entry")
    assert len(list(graph.subjects(rdflib.RDF.type, kind))) == ENTRIES


HOUR = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
EACH = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def test_a_store_elsewhere_is_served_under_the_same_bounds(tmp_path: Path) -> None:
    with far_server(tmp_path) as far:
        library = Library(far.url)
        list(library.ingest(EXAMPLES))
        with serving(far.url, "--timeout", "1") as near:

            def count(query: str, **given: str) -> int:
                params = {"query": query, **{k.replace("_", "-"): v for k, v in given.items()}}
                answer = httpx.get(
                    f"{near}/sparql", params=params, headers={"Accept": "text/csv"}, timeout=30
                )
                assert "etag" not in answer.headers
                return int(answer.text.split()[1])

            first = f"{ID}thread/limits-of-deep-learning-theory/v1"
            size = len(library.store.graph(NamedNode(first)))
            assert count(ALL) > 2 * size
            assert count(ALL, default_graph_uri=first) == size
            assert count(EACH, default_graph_uri=first) == 0
            assert count(EACH, named_graph_uri=first) == size
            assert count(ALL, named_graph_uri=first) == 0
            assert count(ALL.replace("{", f"FROM <{first}> {{", 1)) == size
            short = EACH.replace("{", "FROM NAMED t:v1 {", 1)
            assert count(f"PREFIX t: <{first[:-2]}> {short}") == size
            began = time.monotonic()
            late = httpx.get(f"{near}/sparql", params={"query": HOUR}, timeout=30)
            assert time.monotonic() - began < 2
            assert late.json()["type"].endswith(":time-limit")
            assert httpx.post(f"{near}/sparql", data={"update": "DROP ALL"}).status_code == 403
            before = count(ALL)
            triple = {"update": "INSERT DATA { GRAPH <http://e.org/g> { <a:a> <a:b> 1 } }"}
            httpx.post(far.url.replace("/query", "/update"), data=triple)
            assert count(ALL) == before + 1

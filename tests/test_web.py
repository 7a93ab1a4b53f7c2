"""The endpoint, the pages and the things: forms, headers, negotiation, and what browsers show."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, RdfFormat

from conftest import EXAMPLES
from serving import TOKEN, serving
from sicetnon import query, terms
from sicetnon.errors import UsageError
from sicetnon.library import Library
from sicetnon.query.tokens import using
from sicetnon.web import media
from test_cli import run

THREAD = "limits-of-deep-learning-theory"
SRJ = "application/sparql-results+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TITLES = "SELECT ?title WHERE { ?e a sen:Entry ; dcterms:title ?title } ORDER BY ?title"


@pytest.mark.parametrize(
    ("accept", "offers", "chosen"),
    [
        ("", ("a/x", "a/y"), "a/x"),
        ("*/*", ("a/x", "a/y"), "a/x"),
        ("a/y", ("a/x", "a/y"), "a/y"),
        ("a/y;q=0.2, a/x;q=0.1", ("a/x", "a/y"), "a/y"),
        ("a/*;q=0.5, a/x;q=0", ("a/x", "a/y"), "a/y"),
        ("a/x;q=0", ("a/x",), None),
        ("b/*", ("a/x",), None),
        ("A/Y ; Q=1.0", ("a/x", "a/y"), "a/y"),
        ("a/x;q=none, a/y;q=0.1", ("a/x", "a/y"), "a/y"),
        ("*/*;q=0.1, a/y;level=1;q=0.9", ("a/x", "a/y"), "a/y"),
        ("application/json", tuple(media.TABLES), SRJ),
        ("application/sparql-results+json,*/*;q=0.9", (*media.TABLES, media.HTML), SRJ),
        (BROWSER, (*media.TABLES, media.HTML), media.HTML),
        (", ,;", ("a/x",), "a/x"),
    ],
)
def test_negotiation(accept: str, offers: tuple[str, ...], chosen: str | None) -> None:
    assert media.choose(accept, offers) == chosen


@pytest.mark.parametrize("form", media.TABLES)
def test_tables_in_every_form_say_the_same(form: str, client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": TITLES}, headers={"Accept": form})
    assert answer.headers["content-type"].partition(";")[0] == form
    wanted = json.loads(client.get("/sparql", params={"query": TITLES}).text)
    titles = [row["title"]["value"] for row in wanted["results"]["bindings"]]
    if form == media.CSV:
        assert answer.text.count("\r\n") == len(titles) + 1
        return
    solutions = ox.parse_query_results(answer.content, format=media.TABLES[form])
    assert isinstance(solutions, ox.QuerySolutions)
    assert [row["title"].value for row in solutions] == titles


@pytest.mark.parametrize("form", media.GRAPHS)
def test_graphs_in_every_form_say_the_same(
    form: str, client: httpx.Client, served: Library
) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s a sen:Event ; ?p ?o } }"
    answer = client.get("/sparql", params={"query": text}, headers={"Accept": form})
    assert answer.headers["content-type"].partition(";")[0] == form
    built = served.sparql(text)
    assert isinstance(built, list)
    read = {quad.triple for quad in ox.parse(answer.content, format=media.GRAPHS[form])}
    assert read == set(built)


def test_forms_that_nobody_has_are_not_acceptable(client: httpx.Client) -> None:
    for text in ("ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"):
        answer = client.get("/sparql", params={"query": text}, headers={"Accept": "image/png"})
        assert answer.status_code == 406
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/turtle"})
    assert answer.status_code == 406
    assert client.get("/sparql", params={"query": "ASK {}", "format": "doc"}).is_success


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?zebra ?apple ?mango } LIMIT 1", ["zebra", "apple", "mango"]),
        ("select distinct * { ?b a ?a } limit 1", ["b", "a"]),
        ("SELECT # ?not * here\n * { ?b a ?a } LIMIT 1", ["b", "a"]),
        ("SELECT * { ?b a ?c . { SELECT ?c ?a { ?a a ?c } } } LIMIT 1", ["b", "c", "a"]),
        ("SELECT * { ?b a ?c FILTER NOT EXISTS { ?b a ?aa } } LIMIT 1", ["b", "c"]),
        ("SELECT * { ?b a ?c MINUS { ?a a ?b } } LIMIT 1", ["b", "c"]),
        ("SELECT * { VALUES (?y ?x) { (1 2) } BIND(?x * 2 AS ?w) }", ["y", "x", "w"]),
        ("SELECT ?b (COUNT(*) AS ?a) { ?b a ?c } GROUP BY ?b LIMIT 1", ["b", "a"]),
        ("SELECT * { }", []),
        ("SELECT * { $b a ?a } LIMIT 1", ["b", "a"]),
    ],
)
def test_columns_come_in_the_order_in_which_they_appear(
    text: str, columns: list[str], client: httpx.Client
) -> None:
    assert client.get("/sparql", params={"query": text}).json()["head"]["vars"] == columns


def test_a_client_that_has_the_answer_gets_none(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": TITLES})
    tag = first.headers["etag"]
    for held in (tag, f'"x", {tag}', "*"):
        again = client.get("/sparql", params={"query": TITLES}, headers={"If-None-Match": held})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    other = client.get("/sparql", params={"query": TITLES}, headers={"Accept": "text/csv"})
    assert other.headers["etag"] != tag
    fickle = client.get("/sparql", params={"query": "SELECT (RAND() AS ?x) {}"})
    assert "etag" not in fickle.headers
    assert fickle.text != client.get("/sparql", params={"query": "SELECT (RAND() AS ?x) {}"}).text


def test_compression_is_for_those_who_take_it(client: httpx.Client) -> None:
    plain = client.get("/sparql", params={"query": TITLES}, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    request = client.build_request(
        "GET", "/sparql", params={"query": TITLES}, headers={"Accept-Encoding": "br, gzip;q=0.5"}
    )
    packed = client.send(request, stream=True)
    data = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert len(data) < len(plain.content) / 2
    assert gzip.decompress(data) == plain.content
    refused = {"Accept-Encoding": "gzip;q=0"}
    assert (
        "content-encoding"
        not in client.get("/sparql", params={"query": TITLES}, headers=refused).headers
    )


def test_head_says_what_get_would(client: httpx.Client) -> None:
    for path in (f"/sparql?query={TITLES}", "/", "/void", f"/doc/thread/{THREAD}", "/openapi.json"):
        head, got = client.head(path), client.get(path)
        assert head.status_code == got.status_code == 200
        assert head.content == b""
        assert head.headers["content-type"] == got.headers["content-type"]
        assert head.headers["content-length"] == got.headers["content-length"]


def test_options_and_other_origins(client: httpx.Client) -> None:
    asked = {
        "Origin": "https://yasgui.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = client.options("/sparql", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.options("/graphs").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/nowhere").status_code == 404
    assert client.get("/nowhere").headers["access-control-allow-origin"] == "*"


def test_void_counts_what_is_there(client: httpx.Client, served: Library) -> None:
    assert client.get("/.well-known/void").headers["location"] == "/void"
    described = ox.Store()
    described.load(client.get("/void").content, format=RdfFormat.TURTLE)
    void = "PREFIX void: <http://rdfs.org/ns/void#> "
    found = described.query(f"{void} SELECT ?n {{ ?d a void:Dataset ; void:triples ?n }}")
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    wanted = served.sparql("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(wanted, query.Table)
    assert int(row["n"].value) == wanted.rows[0][0]
    assert described.query(
        f"{void} ASK {{ ?d void:sparqlEndpoint <{client.base_url}/sparql> ; "
        f"void:classPartition [ void:class <{terms.SEN}Entry> ; void:entities 103 ] }}"
    )


def test_a_thing_leads_to_its_document_in_the_form_asked_for(client: httpx.Client) -> None:
    answer = client.get(f"/id/thread/{THREAD}/v2", headers={"Accept": "text/turtle"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/doc/thread/{THREAD}/v2"
    version = NamedNode(f"{terms.ID}thread/{THREAD}/v2")
    for accept, form in (
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
    ):
        document = client.get(answer.headers["location"], headers={"Accept": accept})
        assert document.headers["content-type"].startswith(accept)
        subjects = {quad.subject for quad in ox.parse(document.content, format=form)}
        assert version in subjects
    page = client.get(answer.headers["location"], headers={"Accept": BROWSER})
    assert page.headers["content-type"].startswith("text/html")
    assert version.value in page.text
    assert client.get("/id/nothing").status_code == 404
    assert client.get("/doc/nothing").status_code == 404
    assert client.get("/doc/thread/a b").status_code == 404


def test_every_link_of_the_pages_leads_somewhere(client: httpx.Client) -> None:
    seen: set[str] = set()
    waiting = ["/", "/queries", "/sparql", f"/doc/thread/{THREAD}"]
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path, headers={"Accept": BROWSER}, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            assert answer.text.startswith("<!doctype html>")
            links = re.findall(r'href="(/[^"]*)"', answer.text)
            waiting += [link.replace("&amp;", "&") for link in links]
    assert len(seen) == 60


def test_forms_work_without_script(client: httpx.Client) -> None:
    page = client.get("/ask/uncited-entries?version=1&thread=", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.text.count("<tr>") > 1
    wrong = client.get("/ask/uncited-entries?version=none", headers={"Accept": BROWSER})
    assert wrong.status_code == 404
    assert "expected a version" in wrong.text
    asked = client.get("/sparql", params={"query": TITLES, "format": "html"})
    assert asked.text.count("<tr>") == 104
    truth = client.get("/sparql", params={"query": "ASK {}", "format": "html"})
    assert "<strong>Yes</strong>" in truth.text


def test_hostile_text_in_the_graph_is_text_on_the_page(tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    evil = '"><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(2)>'
    thing = NamedNode(f"{terms.ID}thread/evil")
    link = NamedNode("javascript:alert(3)")
    graph = NamedNode(f"{terms.ID}graph/evil")
    rdfs = NamedNode(terms.RDFS + "label")
    store.extend(
        [
            ox.Quad(thing, rdfs, ox.Literal(evil), graph),
            ox.Quad(thing, NamedNode("http://e.org/<p".replace("<", "")), link, graph),
            ox.Quad(thing, terms.TYPE, terms.sen("Thread"), graph),
        ]
    )
    store.flush()
    del store
    with serving(tmp_path / "store") as url:
        page = httpx.get(f"{url}/doc/thread/evil", headers={"Accept": BROWSER})
        table = httpx.get(
            f"{url}/sparql", params={"query": "SELECT * { ?s ?p ?o }", "format": "html"}
        )
        for answer in (page, table):
            assert answer.status_code == 200
            assert "&lt;script&gt;" in answer.text
            assert "<script" not in answer.text
            assert "<img" not in answer.text
            assert 'href="javascript' not in answer.text
            assert "{{7*7}}" in answer.text


@pytest.mark.parametrize(
    ("update", "wanted"),
    [
        ("DELETE WHERE { ?s ?p ?o }", "DELETE { ?s ?p ?o } USING <a:a> WHERE { ?s ?p ?o }"),
        (
            "INSERT { ?s a ?t } WHERE { { ?s a ?t } } ; CLEAR ALL",
            "INSERT { ?s a ?t }  USING <a:a> WHERE { { ?s a ?t } } ; CLEAR ALL",
        ),
        ("INSERT DATA { <a:s> a 'WHERE {' }", "INSERT DATA { <a:s> a 'WHERE {' }"),
        (
            "DELETE { ?s a 1 } INSERT { ?s a 2 } WHERE { { SELECT ?s WHERE { ?s a 1 } } }",
            "DELETE { ?s a 1 } INSERT { ?s a 2 }  USING <a:a> WHERE "
            "{ { SELECT ?s WHERE { ?s a 1 } } }",
        ),
    ],
)
def test_an_update_gets_the_dataset_of_its_request(update: str, wanted: str) -> None:
    reworded = using(update, [NamedNode("a:a")], [])
    assert " ".join(reworded.split()) == " ".join(wanted.split())
    ox.Store().update(reworded)


def test_an_update_with_a_dataset_of_its_own_is_refused() -> None:
    for text in (
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE {} USING <a:b> WHERE {}",
    ):
        assert using(text, [], []) == text
        with pytest.raises(UsageError, match="either in the request or in the update"):
            using(text, [], [NamedNode("a:a")])


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        (["--allow-update"], {}, "expected a token of at least 16 characters"),
        (["--allow-update"], {"SICETNON_TOKEN": "short"}, "found 5"),
        (["--timeout", "0"], {}, "above 0"),
        (["--host", "256.0.0.1"], {}, "expected a free address"),
        (["--store", "nowhere.store"], {}, "expected a store, found none"),
        (["--log", "/nowhere/x"], {}, "cannot be written"),
    ],
)
def test_a_server_that_cannot_be_is_refused(
    options: list[str],
    environment: dict[str, str],
    expected: str,
    served: Library,
) -> None:
    arguments = ["serve", "--port", "0", *options]
    command = [sys.executable, "-m", "sicetnon", "--store", served.location, *arguments]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SICETNON_")}
    done = subprocess.run(command, check=False, capture_output=True, env=clean | environment)
    assert done.returncode == 2, done.stderr
    assert expected in done.stderr.decode()


def test_a_taken_port_is_refused(served: Library, client: httpx.Client) -> None:
    done = run("serve", "--port", str(client.base_url.port), store=Path(served.location))
    assert done.returncode == 2
    assert b"expected a free address" in done.stderr


def test_files_of_rdf_and_an_empty_memory_can_be_served() -> None:
    graphs = EXAMPLES[0].parent.parent / "graphs"
    with serving(graphs) as url:
        found = httpx.get(f"{url}/api/ask/memorization-debate", params={"limit": 5}).json()
        assert found["total"] > 100
        assert len(found["rows"]) == 5
    with serving(":memory:") as url:
        assert httpx.get(f"{url}/").status_code == 200
        assert httpx.get(f"{url}/api/ask/contents").status_code == 400
        shipped = httpx.get(f"{url}/api/ask/memorization-debate", params={"limit": 5}).json()
        assert shipped["total"] == found["total"]


def test_graphs_can_be_read_by_everyone(client: httpx.Client, served: Library) -> None:
    name = f"{terms.ID}thread/{THREAD}/v1"
    answer = client.get(
        "/graphs", params={"graph": name}, headers={"Accept": "application/n-triples"}
    )
    read = {quad.triple for quad in ox.parse(answer.content, format=RdfFormat.N_TRIPLES)}
    assert read == set(served.store.graph(NamedNode(name)))
    assert client.get("/graphs").status_code == 400
    assert client.get("/graphs?graph=relative").status_code == 400
    assert client.get("/graphs?graph=http://a b").status_code == 400
    assert client.get("/graphs?graph=http://e.org/none").status_code == 404


def test_the_token_is_never_told(served: Library, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(served.location, "--allow-update", token=TOKEN, log=log) as url:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        httpx.post(f"{url}/sparql", data={"update": "x"}, headers=bearer)
        for path in ("/", "/sparql", "/openapi.json", "/health"):
            assert TOKEN not in httpx.get(f"{url}{path}").text
    assert TOKEN not in log.read_text("utf-8")

"""What a server must not do, whatever it is sent: fetch, hang, swell, leak, or change its store."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from starlette.requests import Request

from conftest import EXAMPLES
from serving import TOKEN, serving
from sicetnon.library import Library

HOUR = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = """SELECT DISTINCT ?x WHERE {
  ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?c), STR(?f)) AS ?x)
}"""
SECONDS = 1.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = Library(str(tmp_path_factory.mktemp("web") / "sicetnon.store"))
    assert {page.status for page in found.ingest(EXAMPLES)} == {"stored"}
    return Path(found.location)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.jsonl"


@pytest.fixture(scope="module")
def server(store: Path, log: Path) -> Iterator[str]:
    with serving(store, "--timeout", str(SECONDS), "--memory", "160", log=log) as url:
        yield url


def ask(url: str, query: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{url}/sparql", params={"query": query}, headers=headers, timeout=30)


def test_a_query_that_would_run_an_hour_is_stopped_and_the_next_is_answered(server: str) -> None:
    assert ask(server, "ASK {}").json()["boolean"]
    began = time.monotonic()
    stopped = ask(server, HOUR)
    took = time.monotonic() - began
    assert stopped.status_code == 422
    assert stopped.json()["type"].endswith(":time-limit")
    assert SECONDS <= took < SECONDS + 1
    began = time.monotonic()
    assert ask(server, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").status_code == 200
    assert time.monotonic() - began < 1


def test_a_query_that_takes_too_much_memory_is_stopped(store: Path) -> None:
    with serving(store, "--timeout", "20", "--memory", "100") as url:
        stopped = ask(url, GREEDY)
        assert stopped.status_code == 422, stopped.text
        assert stopped.json()["type"].endswith(":memory-limit")
        assert ask(url, "ASK {}").json()["boolean"]


def test_an_answer_that_is_too_large_is_refused_and_not_cut(server: str) -> None:
    refused = ask(server, "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", Accept="text/csv")
    assert refused.status_code == 422
    assert refused.json()["type"].endswith((":answer-limit", ":time-limit"))


@pytest.mark.parametrize(
    "query",
    ["SELECT * WHERE " + "{" * 100_000, "ASK { ?s " + "(" * 50_000 + " ?o }", "\x00", "é" * 10_000],
    ids=["braces", "path", "nul", "letters"],
)
def test_a_query_that_breaks_a_parser_breaks_nothing_else(query: str, server: str) -> None:
    answer = httpx.post(
        f"{server}/sparql",
        content=query.encode(),
        headers={"Content-Type": "application/sparql-query"},
        timeout=30,
    )
    assert 400 <= answer.status_code < 500
    assert ask(server, "ASK {}").json()["boolean"]


DEEP = {
    "braces": ("ASK WHERE ", "{", "", "}", ""),
    "functions": ("ASK { FILTER(", "STR(", "1", ")", ") }"),
    "lists": ("ASK { ?s ?p ", "(", "1", ")", " }"),
    "mixed": ("ASK { ", "{ SELECT * { ?s ?p [", "?p 1", "] }}", " }"),
}


@pytest.mark.parametrize("kind", DEEP)
def test_what_nests_too_deep_is_refused_before_the_engine(kind: str, server: str) -> None:
    before, opening, within, closing, after = DEEP[kind]
    text = before + opening * 5000 + within + closing * 5000 + after
    sent = {"Content-Type": "application/sparql-query"}
    for query in (text, text.partition(closing)[0]):
        answer = httpx.post(f"{server}/sparql", content=query, headers=sent, timeout=30)
        assert answer.status_code == 400
        assert "brackets at most 500 deep" in answer.json()["detail"]


def test_brackets_that_do_not_nest_are_no_matter(server: str) -> None:
    sent = {"Content-Type": "application/sparql-query"}
    for query in (
        "ASK { " + "{} " * 600 + "}",
        "ASK { FILTER('" + "{([" * 600 + "' != '') } # " + "(" * 600,
        "ASK " + "{" * 490 + "}" * 490,
    ):
        answer = httpx.post(f"{server}/sparql", content=query, headers=sent, timeout=30)
        assert answer.json()["boolean"] is True


def test_an_update_that_nests_too_deep_is_refused(store: Path) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    deep = {"update": "DELETE WHERE " + "{" * 5000}
    with serving(store, "--allow-update", token=TOKEN) as url:
        refused = httpx.post(f"{url}/sparql", data=deep, headers=bearer, timeout=30)
        assert refused.status_code == 400
        assert "500 deep" in refused.json()["detail"]


def test_more_long_queries_than_engines_leave_room_or_say_so(server: str) -> None:
    with ThreadPoolExecutor(130) as pool:
        long = [pool.submit(ask, server, f"{HOUR} # {n}") for n in range(120)]
        time.sleep(0.3)
        statuses = {future.result().status_code for future in long}
        full = [f.result() for f in long if f.result().status_code == 503]
    assert statuses <= {422, 503}
    assert full
    assert all(int(each.headers["retry-after"]) > 0 for each in full)
    assert ask(server, "ASK {}").json()["boolean"]


def test_an_engine_whose_files_a_writer_merged_away_reads_again(tmp_path: Path) -> None:
    from sicetnon import store as stores
    from sicetnon.web import engine
    from sicetnon.web.limits import Limits

    writer = stores.EmbeddedStore.on_disk(tmp_path / "store")
    graph, holds = ox.NamedNode("urn:g"), ox.NamedNode("urn:holds")
    readers = []
    for number in range(60):
        subjects = [ox.NamedNode(f"urn:{number}/{each}") for each in range(300)]
        writer.add([ox.Quad(one, holds, ox.Literal(str(number)), graph) for one in subjects])
        writer.engine.flush()
        if number >= 20:
            readers.append(stores.EmbeddedStore.on_disk(tmp_path / "store", read_only=True))
    writer.engine.optimize()
    question = {
        "op": "sparql", "query": "SELECT ?s { ?s <urn:holds> ?o }", "table": "text/csv",
        "default": None, "named": None, "base": "http://x/", "graph": None,
    }  # fmt: skip
    reread = 0
    for number, reader in enumerate(readers, 21):
        snapshot = reader.engine
        answer = engine._answer(reader, question, Limits())
        assert answer.status == 200, answer.body[:300]
        late = reader.engine is not snapshot
        assert answer.body.count(b"urn:") == (18_000 if late else 300 * number)
        reread += late
        if reread == 4:
            break
    assert reread


@pytest.mark.parametrize(
    ("waiting", "wait", "told"),
    [
        (0, 0.5, "found 2 queries running and 0 waiting"),
        (9, 0.5, "free within 0.5 s, found all 2 of them taken for longer"),
    ],
)
def test_who_is_turned_away_is_told_why(waiting: int, wait: float, told: str) -> None:
    from sicetnon.web.generation import Engine
    from sicetnon.web.limits import Limits
    from sicetnon.web.pool import BusyError, Pool

    class Taken:
        idle: tuple[Engine, ...] = ()
        size = 1_000_000

    async def session() -> float:
        pool = Pool("nowhere", Limits(engines=2, waiting=waiting, seconds=wait))
        pool.now = Taken()  # type: ignore[assignment]
        began = time.monotonic()
        with pytest.raises(BusyError, match=told):
            await pool._take()
        return time.monotonic() - began

    took = asyncio.run(session())
    assert (took < wait) is (waiting == 0)


def test_who_hangs_up_frees_the_engine(store: Path) -> None:
    with serving(store, "--timeout", "30") as url:
        with ThreadPoolExecutor(9) as pool:
            asked = [pool.submit(leave, url, f"{HOUR} # {n}") for n in range(9)]
        assert all(each.result() for each in asked)
        began = time.monotonic()
        assert ask(url, "ASK {}").json()["boolean"]
        assert time.monotonic() - began < 3


def leave(url: str, query: str) -> bool:
    """Ask, and hang up before the answer."""
    try:
        httpx.get(f"{url}/sparql", params={"query": query}, timeout=0.5)
    except httpx.ReadTimeout:
        return True
    return False


def test_only_questions_that_share_a_line_are_told_that_it_is_held() -> None:
    from sicetnon.web.lines import HeldError, Line, LineClosedError

    async def session() -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            line = await Line.over(ours)
            first, second, alone = (
                line.ask(b"", shared=True), line.ask(b"", shared=True), line.ask(b"")
            )  # fmt: skip
            with pytest.raises(HeldError) as held:
                await first
            with pytest.raises(HeldError) as behind:
                await second
            late = held.value.late
            assert late is not None
            assert behind.value.late is None
            await asyncio.sleep(0.2)
            assert not late.done()
            assert not alone.done()
        for each in (late, alone):
            with pytest.raises(LineClosedError):
                await each

    asyncio.run(session())


class Listener:
    """Something on loopback that must never be called."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.calls.append(connection.recv(1000))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


QUERIES = [
    "SELECT * { SERVICE <URL/1> { ?s ?p ?o } }",
    "SELECT * { service <URL/2> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL/3> { ?s ?p ?o } }",
    "SELECT * { BIND(<URL/4> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <URL/5> } SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SERVICE <URL/6> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <URL/7> { ?s ?p ?o } } } }",
    "ASK { FILTER EXISTS { SERVICE <URL/8> { ?s ?p ?o } } }",
    "ASK { FILTER NOT EXISTS { SERVICE <URL/9> { ?s ?p ?o } } }",
    "ASK { ?a ?b ?c MINUS { SERVICE <URL/10> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL/11> { ?s ?p ?o } }",
    "DESCRIBE ?s WHERE { SERVICE <URL/12> { ?s ?p ?o } }",
    "PREFIX l: <URL/> SELECT * { SERVICE l:13 { ?s ?p ?o } }",
    "BASE <URL/> SELECT * { SERVICE <14> { ?s ?p ?o } }",
    "SELECT * {#\nSERVICE#\n<URL/15>{?s ?p ?o}}",
    "SELECT * { \\u0053ERVICE <URL/16> { ?s ?p ?o } }",
    "SELECT * { 'service' SERVICE <URL/17> { ?s ?p ?o } }",
    'SELECT * { BIND("""a""service""" AS ?x) SERVICE <URL/18> { ?s ?p ?o } }',
    "SELECT * FROM <URL/19> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL/20> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <URL/21> { ?s ?p ?o } }",
    "CONSTRUCT FROM <URL/22> WHERE { ?s ?p ?o }",
    "DESCRIBE <URL/23>",
    "DESCRIBE <URL/24> FROM <URL/24>",
    "ASK FROM <URL/25> { ?s ?p ?o }",
    "LOAD <URL/26>",
    "LOAD SILENT <URL/27> INTO GRAPH <http://example.org/g>",
    "SELECT (<URL/28>(1) AS ?x) {}",
    "SELECT * { { SERVICE <URL/29> { ?s ?p ?o } } UNION { ?s ?p ?o } }",
    "SELECT * { GRAPH ?g { SERVICE <URL/30> { ?s ?p ?o } } }",
    "SELECT * { ?s (<URL/31>)+ ?o }",
    "SELECT * { SERVICE <URL/32> { SERVICE <URL/32> { ?s ?p ?o } } }",
]
UPDATES = [
    "LOAD <URL/u1>",
    "load <URL/u2>",
    "LOAD SILENT <URL/u3>",
    "LOAD <URL/u4> INTO GRAPH <http://example.org/g>",
    "INSERT DATA { GRAPH <http://e.org/g> { <a:a> <a:b> 1 } } ; LOAD <URL/u5>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL/u6> { ?s ?p ?o } }",
    "DELETE { ?s ?p ?o } WHERE { SERVICE SILENT <URL/u7> { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } USING <URL/u8> WHERE { ?s ?p ?o }",
    "BASE <URL/> LOAD <u9>",
    "PREFIX l: <URL/> LOAD l:u10",
    "\\u004cOAD <URL/u11>",
    "#\nLOAD#\n<URL/u12>",
]
FIELDS = [
    "default-graph-uri", "named-graph-uri", "using-graph-uri", "endpoint", "service", "url", "uri",
]  # fmt: skip


def test_nothing_makes_the_server_call_out(server: str, store: Path, listener: Listener) -> None:
    ways = 0
    for query in QUERIES:
        ask(server, query.replace("URL", listener.url), Accept="text/csv, text/turtle")
        ways += 1
    for field in FIELDS:
        params = {"query": "SELECT * { ?s ?p ?o } LIMIT 1", field: f"{listener.url}/{field}"}
        httpx.get(f"{server}/sparql", params=params, timeout=30)
        ways += 1
    for path in (
        f"/graphs?graph={listener.url}/g", f"/id/{listener.url}", f"/doc/{listener.url}",
        f"/api/ask/memorization-debate?tension={listener.url}/t",
        f"/ask/contents?thread={listener.url}", f"//{listener.url.removeprefix('http://')}/x",
        f"/void?url={listener.url}",
    ):  # fmt: skip
        httpx.get(f"{server}{path}", headers={"Referer": listener.url}, timeout=30)
        ways += 1
    with serving(store, "--allow-update", token=TOKEN) as url:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        for update in UPDATES:
            text = update.replace("URL", listener.url)
            httpx.post(f"{url}/sparql", data={"update": text}, headers=bearer, timeout=30)
            ways += 1
        payloads = {
            "application/ld+json": json.dumps({"@context": f"{listener.url}/context", "a": 1}),
            "application/rdf+xml": f'<!DOCTYPE r [<!ENTITY e SYSTEM "{listener.url}"> ]><r>&e;</r>',
            "text/turtle": f"@prefix : <{listener.url}/> . <> a :x .",
        }
        for kind, payload in payloads.items():
            httpx.put(
                f"{url}/graphs/x",
                content=payload,
                headers=bearer | {"Content-Type": kind},
                timeout=30,
            )
            ways += 1
    time.sleep(0.2)
    assert ways >= 60
    assert listener.calls == []


def test_an_engine_could_not_open_a_connection_if_it_wanted_to(
    store: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parser's guard is not the only one: the system itself refuses the engine a socket."""
    from sicetnon import query
    from sicetnon.store import connect
    from sicetnon.web import engine
    from sicetnon.web.limits import Limits
    from sicetnon.web.wire import pack, receive

    monkeypatch.setattr(query, "guard", lambda _text: None)
    opened = connect(str(EXAMPLES[0].parent.parent / "graphs"))
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()  # or the engine would never see that nobody asks any more
        try:
            engine.work(opened, theirs, Limits())
        finally:
            os._exit(0)
    theirs.close()
    question = {
        "op": "sparql", "query": f"SELECT * {{ SERVICE <{listener.url}/x> {{ ?s ?p ?o }} }}",
        "default": None, "named": None, "base": "http://x/", "graph": None,
        "table": "application/sparql-results+json",
    }  # fmt: skip
    ours.sendall(pack(question))
    with ours, ours.makefile("rb") as answers:
        received = receive(answers)
    os.waitpid(child, 0)
    assert received is None or b'"status": 200' not in received[0]
    assert listener.calls == []


def test_without_a_token_nothing_can_be_changed(server: str) -> None:
    entries = "SELECT (COUNT(*) AS ?n) { ?entry a sen:Entry }"
    before = ask(server, entries).text
    update = {"update": "DROP ALL"}
    assert httpx.post(f"{server}/sparql", data=update).status_code == 403
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        graph = f"{server}/graphs?graph=http://example.org/g"
        assert httpx.request(method, graph, content="").status_code == 405
    for query in ("DROP ALL", "INSERT DATA { <http://e/a> <http://e/b> 1 }", "CLEAR DEFAULT"):
        assert ask(server, query).status_code == 400
    assert ask(server, entries).text == before
    assert not ask(server, "ASK { <http://e/a> <http://e/b> 1 }").json()["boolean"]
    assert not ask(server, "ASK { GRAPH <http://example.org/g> { ?s ?p ?o } }").json()["boolean"]


def test_a_change_needs_the_token(store: Path) -> None:
    with serving(store, "--allow-update", token=TOKEN) as url:
        triple = "GRAPH <http://e.org/g> { <http://e.org/a> a <http://e.org/b> }"
        data = {"update": f"INSERT DATA {{ {triple} }}"}
        for header in ("", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer", "Bearer é"):
            headers = {b"Authorization": header.encode()} if header else {}
            refused = httpx.post(f"{url}/sparql", data=data, headers=headers, timeout=30)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert httpx.post(f"{url}/sparql", data=data, headers=bearer, timeout=30).status_code == 204
        seen = f"ASK {{ {triple} }}"
        assert ask(url, seen).json()["boolean"]
        gone = {"update": "DROP GRAPH <http://e.org/g>"}
        assert httpx.post(f"{url}/sparql", data=gone, headers=bearer, timeout=30).status_code == 204
        assert not ask(url, seen).json()["boolean"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "[::2]", "localhost.", "evil.example:80"]
)
def test_another_host_is_refused(host: str, server: str) -> None:
    answer = httpx.get(f"{server}/void", headers={"Host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "host",
    ["", "a@b", "localhost:evil.example", "127.0.0.1:8471@evil", "localhost:99999", "localhost:0",
     "localhost:8471/x", "localhost:", "::1", "[::1", "[:::]", "[127.0.0.1]", "[::1]x",
     "local host", "localhost:８０".encode().decode("latin-1"), "localhost#", "localhost:80:80"],
)  # fmt: skip
def test_a_malformed_host_is_refused(host: str, server: str) -> None:
    answer = httpx.get(f"{server}/void", headers={b"Host": host.encode("latin-1")})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith(":host")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:65535", "[::1]", "[0:0::1]:8471"]
)
def test_a_served_host_is_what_the_iris_begin_with(host: str, server: str) -> None:
    answer = httpx.get(f"{server}/void", headers={"Host": host})
    assert answer.status_code == 200
    assert f"<http://{host}/sparql>".lower() in answer.text.lower()


@pytest.mark.parametrize(("hosts", "status"), [(0, 400), (1, 200), (2, 400)])
def test_one_host_header_is_expected(hosts: int, status: int, server: str) -> None:
    port = int(server.rpartition(":")[2])
    head = ["GET /void HTTP/1.1", *["Host: localhost"] * hosts, "Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall("\r\n".join(head).encode())
        assert line.makefile("rb").readline().split()[1] == str(status).encode()


def test_an_ipv6_address_of_the_server_is_served_however_it_is_written() -> None:
    from sicetnon.web.hosts import Hosts

    hosts = Hosts(["2001:db8:0::1", "Graph.example.org"])
    for host in (b"[2001:DB8::1]:80", b"[2001:db8:0:0:0:0:0:1]", b"graph.EXAMPLE.org"):
        hosts.check(Request({"type": "http", "headers": [(b"host", host)]}))


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/id/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/doc/{{7*7}}",
     "/ask/..%2f..%2fsection%2ftimeline", "/ask/{{7*7}}", "/api/ask/%00", "/graphs/%ff",
     "/id/%0d%0aSet-Cookie:a", "/id/%0aa/../../../etc/passwd",
     "/doc/%3Cscript%3Ealert(1)%3C/script%3E", "/ask/contents?thread=%3Cscript%3E",
     "/sparql?query=%ff",
     "/sparql?query=%3Cscript%3Ealert(1)%3C/script%3E&format=html"],
)  # fmt: skip
def test_paths_and_templates_let_nothing_in(path: str, server: str) -> None:
    port = int(server.rpartition(":")[2])
    head = ("Host: 127.0.0.1", "Accept: text/html", "Connection: close", "", "")
    answer = talk(port, "\r\n".join((f"GET {path} HTTP/1.1", *head)).encode())
    status = int(answer.split()[1])
    assert 400 <= status < 500, answer
    assert b"49" not in answer.partition(b"<main")[2]
    assert b"<script" not in answer
    assert b"root:" not in answer
    assert b"\r\nset-cookie" not in answer.lower()
    assert b"Traceback" not in answer


def talk(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(data)
        found = b""
        while chunk := line.recv(65536):
            found += chunk
    return found


def test_every_response_carries_the_security_headers(server: str) -> None:
    for path in ("/", "/nope", "/sparql?query=ASK{}", "/sparql?query=x", "/openapi.json"):
        headers = httpx.get(f"{server}{path}").headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_a_body_that_is_too_large_is_refused(server: str) -> None:
    sent = {"Content-Type": "application/sparql-query"}
    answer = httpx.post(f"{server}/sparql", content=b"#" * (11 << 20), headers=sent, timeout=30)
    assert answer.status_code == 413


def test_a_head_that_never_ends_is_cut_off(server: str) -> None:
    port = int(server.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
        assert flood(line, most=100 << 20) < 100 << 20


def flood(line: socket.socket, most: int) -> int:
    """Send until the other side hangs up; return how much it took."""
    sent = 0
    while sent < most:
        try:
            line.sendall(b"a" * 65536)
        except ConnectionError:
            break
        sent += 65536
    return sent


def test_a_fault_tells_the_client_nothing_and_the_log_everything(log: Path, server: str) -> None:
    ask(server, "ASK { # seen in the log\n }")
    for _ in range(50):  # the line is written once the response has gone
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        if found := [line for line in lines if "seen" in line["query"]]:
            break
        time.sleep(0.1)
    (told,) = found
    assert told["status"] == 200
    assert set(told) == {"time", "client", "method", "path", "query", "status", "bytes", "ms"}


def test_a_running_request_is_finished_before_the_server_ends(store: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a a ?c . ?d a ?f . ?g a ?c FILTER(?a != ?d) }"
    with serving(store, "--timeout", "1.5") as url, ThreadPoolExecutor(1) as pool:
        assert ask(url, "ASK {}").status_code == 200
        running = pool.submit(ask, url, slow)
        time.sleep(0.5)
        assert not running.done()
    assert running.result().status_code in {200, 422}


def test_nothing_is_left_behind(store: Path) -> None:
    before = children(b"sicetnon.web.nursery")
    with serving(store) as url:
        assert ask(url, "ASK {}").status_code == 200
        ours = children(b"sicetnon.web.nursery") - before
        assert len(ours) >= 3
    assert not children(b"sicetnon.web.nursery") & ours


def children(words: bytes) -> set[int]:
    found = set()
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if words in each.read_bytes():
                found.add(int(each.parent.name))
        except OSError:
            continue
    return found


def test_engines_end_with_a_server_that_is_killed(library: Library) -> None:
    before = children(b"sicetnon.web.nursery")
    with serving(library.location, code=-signal.SIGKILL) as url:
        assert ask(url, "ASK {}").status_code == 200
        ours = children(b"sicetnon.web.nursery") - before
        (server,) = children(library.location.encode())
        os.kill(server, signal.SIGKILL)
    for _ in range(50):
        if not children(b"sicetnon.web.nursery") & ours:
            break
        time.sleep(0.1)
    assert not children(b"sicetnon.web.nursery") & ours


def test_a_long_lived_server_sees_new_pages(tmp_path: Path) -> None:
    found = Library(str(tmp_path / "sicetnon.store"))
    list(found.ingest(EXAMPLES[:1]))
    count = "SELECT (COUNT(*) AS ?n) { ?version a sen:Version }"
    with serving(found.location) as url:
        first = ask(url, count, Accept="text/csv")
        assert first.text.split() == ["n", "1"]
        tag = first.headers["etag"]
        again = ask(url, count, Accept="text/csv", **{"If-None-Match": tag})
        assert again.status_code == 304
        list(found.ingest(EXAMPLES[1:]))
        for _ in range(100):
            later = ask(url, count, Accept="text/csv", **{"If-None-Match": tag})
            if later.status_code == 200:
                break
            time.sleep(0.1)
        assert later.text.split() == ["n", "2"]


LARGE = "SELECT * { ?s ?p ?o . ?a a sen:Entry } LIMIT 40000"


def test_a_large_answer_comes_whole_to_who_reads_slowly(server: str) -> None:
    tsv = {"Accept": "text/tab-separated-values", "Accept-Encoding": "identity"}
    whole = ask(server, LARGE, **tsv)
    assert len(whole.content) == int(whole.headers["content-length"]) > 1 << 22
    assert whole.content.count(b"\n") == 40_001
    read = bytearray()
    with httpx.stream(
        "GET", f"{server}/sparql", params={"query": LARGE}, headers=tsv, timeout=30
    ) as slow:
        for part in slow.iter_raw(1 << 20):
            read += part
            time.sleep(0.05)
    assert read == whole.content


def test_answers_that_nobody_takes_have_an_end() -> None:
    from sicetnon.web import responses
    from sicetnon.web.pool import BusyError
    from sicetnon.web.wire import Answer

    async def session() -> None:
        taken, unsent = asyncio.Event(), responses.Unsent(1 << 20)
        request = Request({"type": "http", "headers": []})
        answer = Answer(media="text/csv", body=bytes(600_000))

        async def send(_message: object) -> None:
            await taken.wait()

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        first = responses.of(request, answer, unsent)
        sending = asyncio.create_task(first(request.scope, receive, send))
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="have not read"):
            responses.of(request, answer, unsent)
        assert responses.of(request, Answer(body=b"small"), unsent).body == b"small"
        taken.set()
        await sending
        assert responses.of(request, answer, unsent).body == answer.body

    asyncio.run(session())

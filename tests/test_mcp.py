"""The Model Context Protocol server, driven by the SDK's own client: in memory and over stdio."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from conftest import COMMANDS, EXAMPLES
from proposing import CARTS, CARTS_DENY, STONE, roads, state
from sicetnon import query
from sicetnon.library import Library

pytestmark = pytest.mark.skipif(not find_spec("mcp"), reason="sicetnon[mcp] is not installed")

THREAD = "limits-of-deep-learning-theory"
TOOLS = {
    *("ask", "list_questions", "list_threads", "propose_relation", "read_claims"),
    *("render", "sparql"),
}
DENIAL = {"source": CARTS, "stance": "contradicts", "target": STONE, "quote": CARTS_DENY}


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = str(tmp_path_factory.mktemp("mcp") / "sicetnon.store")
    list(Library(found).ingest(EXAMPLES))
    return found


def drive(location: str, talk: Callable[[Any], Awaitable[Any]]) -> Any:
    """Talk to a server in memory, which may open no connection."""
    from mcp import Client

    from sicetnon.mcp import server

    async def session() -> Any:
        async with Client(server(location)) as client:
            return await talk(client)

    return asyncio.run(session())


def call(location: str, tool: str, **arguments: object) -> Any:
    async def talk(client: Any) -> Any:
        return await client.call_tool(tool, arguments)

    return drive(location, talk)


def told(result: Any) -> str:
    return "\n".join(part.text for part in result.content)


def data(result: Any) -> Any:
    assert not result.is_error, told(result)
    found = result.structured_content
    return found["result"] if set(found) == {"result"} else found


def test_tools_are_listed_with_what_they_take_and_whether_they_write(location: str) -> None:
    async def talk(client: Any) -> Any:
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in drive(location, talk)}
    assert set(tools) == TOOLS
    for name, tool in tools.items():
        assert tool.description
        assert tool.annotations.read_only_hint == (name != "propose_relation")
        assert tool.annotations.open_world_hint is False
    assert tools["ask"].input_schema["properties"]["limit"]["maximum"] == 1000
    assert "self" not in tools["sparql"].input_schema["properties"]


def test_threads_and_questions_are_listed(location: str) -> None:
    threads = data(call(location, "list_threads"))
    assert [(row["thread"], row["version"]) for row in threads] == [(THREAD, 1), (THREAD, 2)]
    listed = {row["name"]: row for row in data(call(location, "list_questions"))}
    asked = {file.name for file in query.catalogue().values() if file.group == "ask"}
    assert set(listed) == asked
    assert listed["pointers"]["params"] == {"thread": None, "version": "latest"}
    assert listed["pointers"]["columns"] == ["section", "block", "offset", "number"]


def test_every_question_without_a_value_of_its_own_can_be_asked(location: str) -> None:
    async def talk(client: Any) -> list[Any]:
        known = [
            file.name
            for file in query.catalogue().values()
            if file.group == "ask"
            and all(each.type in ("thread", "version") or each.default for each in file.params)
        ]
        assert len(known) >= 12
        return [await client.call_tool("ask", {"name": name, "limit": 3}) for name in known]

    for result in drive(location, talk):
        found = data(result)
        assert len(found["rows"]) == min(3, found["total"])
        assert all(list(row) == found["columns"] for row in found["rows"])


def test_an_answer_is_that_of_the_library(location: str) -> None:
    found = data(call(location, "ask", name="contents", params={"version": 1}))
    assert found["rows"] == Library(location).ask("contents", version=1).dicts()


def test_claims_come_with_the_words_of_the_page(location: str) -> None:
    found = data(call(location, "read_claims", version="2", limit=5))
    page = Library(location).render("page", version=2)
    assert len(found["rows"]) == 5 < found["total"]
    assert all(row["evidence"] in page for row in found["rows"])


def test_sparql_answers_every_form_with_no_more_rows_than_asked_for(location: str) -> None:
    text = "SELECT ?p WHERE { GRAPH ?v { ?p a sen:Pointer } } ORDER BY ?p"
    found = data(call(location, "sparql", query=text, limit=2))
    assert (len(found["rows"]), found["total"]) == (2, 225)
    assert data(call(location, "sparql", query="ASK { ?s ?p ?o }"))["rows"] == [{"answer": True}]
    text = "CONSTRUCT { ?e a sen:Event } WHERE { ?e a sen:Event }"
    found = data(call(location, "sparql", query=text, limit=3))
    assert len(found["rows"]) == 3 < found["total"]
    assert found["rows"][0]["triple"].endswith("#Event> .")


def test_a_page_is_rendered_in_pieces_that_add_up(location: str) -> None:
    whole, start = "", 0
    for _ in range(20):
        piece = data(call(location, "render", name="page", format="text", start=start))
        text, _, more = piece.partition("\n\n[")
        tail = more.rpartition("start=")[2].rstrip("]")
        whole += text
        if not tail.isdigit():
            break
        start = int(tail)
    assert whole == Library(location).render("page")


HOUR = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = """SELECT DISTINCT ?x WHERE {
  ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?c), STR(?f)) AS ?x)
}"""


@pytest.mark.parametrize(
    ("sparql", "seconds", "memory", "message"),
    [(HOUR, 1.0, 1024, "ends within 1 s"), (GREEDY, 120.0, 256, "at most 256 MiB")],
)
def test_a_query_that_takes_too_much_is_stopped_and_the_next_is_answered(
    location: str, sparql: str, seconds: float, memory: int, message: str
) -> None:
    from mcp import Client

    from sicetnon.mcp import server

    async def session() -> None:
        async with Client(server(location, seconds, memory)) as client:
            data(await client.call_tool("ask", {"name": "contents"}))
            began = time.monotonic()
            stopped = await client.call_tool("sparql", {"query": sparql})
            assert time.monotonic() - began < seconds + 1
            assert stopped.is_error
            assert message in told(stopped)
            again = await client.call_tool("sparql", {"query": "ASK { ?s ?p ?o }"})
            assert data(again)["rows"] == [{"answer": True}]

    asyncio.run(session())


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("list_threads", {}),
        ("ask", {"name": "contents"}),
        ("read_claims", {}),
        ("sparql", {"query": "ASK {}"}),
        ("render", {"name": "page"}),
        ("propose_relation", DENIAL),
    ],
)
def test_every_tool_that_reads_the_store_is_bounded(
    location: str, tool: str, arguments: dict[str, Any]
) -> None:
    from mcp import Client

    from sicetnon.mcp import server

    async def session() -> Any:
        async with Client(server(location, seconds=0.001)) as client:
            return await client.call_tool(tool, arguments)

    stopped = asyncio.run(session())
    assert stopped.is_error
    assert "ends within 0.001 s" in told(stopped)


def test_threads_come_in_parts(location: str) -> None:
    whole = data(call(location, "list_threads"))
    assert len(whole) > 1
    assert data(call(location, "list_threads", limit=1)) == whole[:1]
    assert data(call(location, "list_threads", start=1, limit=1)) == whole[1:2]


def test_who_has_proposed_lets_the_store_go(tmp_path: Path) -> None:
    store = str(tmp_path / "s")
    roads(tmp_path, store)
    assert data(call(store, "propose_relation", **DENIAL))["status"] == "new"
    assert {page.status for page in Library(store).ingest(EXAMPLES[:1])} == {"stored"}
    assert data(call(store, "propose_relation", thread="roads", **DENIAL))["status"] == "waiting"


BAD_CALLS = [
    ("ask", {"name": "nothing"}, "expected a query, found 'nothing'"),
    ("ask", {"name": "entry-uncited"}, "expected a query, found 'entry-uncited'"),
    ("ask", {"name": "contents", "params": {"version": 99}}, "expected a version of"),
    ("ask", {"name": "contents", "params": {"colour": "red"}}, "found the parameter 'colour'"),
    ("ask", {"name": "contents", "limit": 0}, "greater than or equal to 1"),
    ("ask", {"name": "contents", "limit": 10**9}, "less than or equal to 1000"),
    ("read_claims", {"thread": "../x"}, "expected the slug of a thread"),
    ("sparql", {"query": "SELECT"}, "does not parse"),
    ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "found an update (DELETE)"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, "SERVICE"),
    ("sparql", {"query": "DROP ALL"}, "found an update (DROP)"),
    ("render", {"name": "nothing"}, "expected a part of this page"),
    ("render", {"name": "../../etc/passwd"}, "expected a part of this page"),
    ("render", {"name": "page", "format": "pdf"}, "format"),
    ("propose_relation", {**DENIAL, "quote": "x" * 40}, "expected a side that the page knows"),
    ("conquer", {}, "conquer"),
]


@pytest.mark.parametrize(("tool", "arguments", "message"), BAD_CALLS)
def test_a_bad_call_is_an_error_of_the_tool_that_says_what_to_mend(
    location: str, tool: str, arguments: dict[str, object], message: str
) -> None:
    before = state(Library(location))
    result = call(location, tool, **arguments)
    assert result.is_error
    assert message in told(result)
    assert "Traceback" not in told(result)
    assert state(Library(location)) == before


def test_a_missing_store_is_told_and_not_made(tmp_path: Path) -> None:
    result = call(str(tmp_path / "none"), "list_threads")
    assert result.is_error
    assert "expected a store, found none" in told(result)
    assert "sicetnon ingest" not in told(result)
    assert list(tmp_path.iterdir()) == []


def test_a_proposal_goes_into_the_queue_and_not_into_the_graph(tmp_path: Path) -> None:
    store = str(tmp_path / "s")
    roads(tmp_path, store)
    before = state(Library(store))
    found = data(call(store, "propose_relation", **DENIAL, proposer="A. Machine"))
    assert (found["status"], found["evidence"]) == ("new", CARTS_DENY)
    again = data(call(store, "propose_relation", **DENIAL, proposer="B. Machine"))
    assert again["status"] == "waiting"
    library = Library(store)
    assert state(library, "graph/proposed") == before
    waiting = [each for each in library.review() if each.kind == "proposed relation"]
    assert [each.node.rpartition("/")[2] for each in waiting] == [found["proposal"]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"quote": CARTS_DENY.replace("does not", "does")}, "stands nowhere on the page"),
        ({"source": "carts"}, "did you mean The school of carts?"),
        ({"stance": "none"}, "stance"),
        ({"target": ""}, "expected a side that the page knows"),
        ({"proposer": "a\x1b[2Jb"}, "expected the name of a proposer"),
        ({"proposer": "x" * 100}, "at most 60 characters"),
    ],
)
def test_a_proposal_that_is_not_admitted_changes_nothing(
    tmp_path: Path, changed: dict[str, str], message: str
) -> None:
    store = str(tmp_path / "s")
    roads(tmp_path, store)
    before = state(Library(store))
    result = call(store, "propose_relation", **{**DENIAL, **changed})
    assert result.is_error
    assert message in told(result)
    assert state(Library(store)) == before


def test_a_store_that_others_fill_meanwhile_is_seen_as_it_is(tmp_path: Path) -> None:
    from mcp import Client

    from sicetnon.mcp import server

    store = str(tmp_path / "s")
    roads(tmp_path, store)

    async def session() -> list[int]:
        counts = []
        async with Client(server(store)) as client:
            for _ in range(2):
                counts.append(len(data(await client.call_tool("list_threads", {}))))
                list(Library(store).ingest(EXAMPLES[:1]))
        return counts

    assert asyncio.run(session()) == [1, 2]


def test_resources_are_the_ontology_and_the_query_files(location: str) -> None:
    async def talk(client: Any) -> Any:
        listed = (await client.list_resources()).resources
        read = {
            str(each.uri): (await client.read_resource(str(each.uri))).contents[0].text
            for each in listed
        }
        return {str(each.uri): each.mime_type for each in listed}, read

    kinds, read = drive(location, talk)
    assert kinds["sicetnon://ontology"] == "text/turtle"
    assert "sen:Proposal a owl:Class" in read["sicetnon://ontology"]
    assert read["sicetnon://queries/relations"] == query.load("relations").text
    index = json.loads(read["sicetnon://queries"])
    for name, group in index.items():
        assert (f"sicetnon://queries/{name}" in kinds) == (group != "check")


def test_no_connection_is_opened(location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("a connection was opened")

    async def talk(client: Any) -> None:
        for name, arguments in (
            ("ask", {"name": "claims"}),
            ("sparql", {"query": "SELECT * { ?s ?p ?o } LIMIT 1"}),
            ("sparql", {"query": "SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }"}),
            ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}),
            ("render", {"name": "page", "format": "markdown"}),
        ):
            await client.call_tool(name, arguments)

    from mcp import Client

    from sicetnon.mcp import server

    async def session() -> None:
        monkeypatch.setattr(socket.socket, "connect", refuse)
        async with Client(server(location)) as client:
            await talk(client)

    asyncio.run(session())


def test_an_argument_that_a_tool_lacks_is_named_with_those_it_takes(location: str) -> None:
    result = call(location, "ask", name="contents", limt=3, more=1)
    assert result.is_error
    assert told(result) == "ask: expected name, params, limit, found 'limt', 'more'"
    result = call(location, "list_questions", limit=1)
    assert told(result) == "list_questions: expected no arguments, found 'limit'"
    assert call(location, "no-such-tool", x=1).is_error


@pytest.mark.parametrize("value", ["\udfff", {"name": "a\ud800"}])
def test_half_of_a_surrogate_pair_is_no_argument(value: object, location: str) -> None:
    name, params = ("claims-of-holder", value) if isinstance(value, dict) else (value, {})
    result = call(location, "ask", name=name, params=params)
    assert result.is_error
    assert "found half of a surrogate pair" in told(result)
    assert data(call(location, "ask", name="contents"))["total"]


def test_an_error_speaks_of_no_command_line(location: str, tmp_path: Path) -> None:
    two = str(tmp_path / "two")
    for thread in ("one", "other"):
        list(Library(two).ingest(EXAMPLES[:1], thread=thread))
    for where, tool, given in (
        (location, "ask", {"name": "qqqq"}),
        (location, "ask", {"name": "what-a-work-carries"}),
        (two, "ask", {"name": "contents"}),
        (two, "render", {"name": "page"}),
        (str(tmp_path / "none"), "list_threads", {}),
    ):
        result = call(where, tool, **given)
        assert result.is_error
        assert "expected" in told(result)
        assert not COMMANDS.search(told(result)), told(result)
    proposed = call(roads(tmp_path, str(tmp_path / "s")).location, "propose_relation", **DENIAL)
    assert not COMMANDS.search(told(proposed))


def test_half_of_a_surrogate_pair_in_an_answer_is_told() -> None:
    from sicetnon.mcp.answering import _line

    (error,) = json.loads(_line({"found": ["a \ud800 b"]})).values()
    assert error == "expected Unicode text in the store, found half of a surrogate pair ('\\ud800')"
    assert json.loads(_line({"found": "\u0141"})) == {"found": "\u0141"}


# Over stdio, as assistants start it


def test_the_command_speaks_the_protocol_over_stdio(tmp_path: Path) -> None:
    from mcp import Client, StdioServerParameters

    store = str(tmp_path / "s")
    roads(tmp_path, store)
    environment = {"PYTHONPATH": os.environ.get("PYTHONPATH", ""), "SICETNON_STORE": store}
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "sicetnon", "mcp"], env=environment
    )

    async def session() -> tuple[Any, ...]:
        async with Client(started, read_timeout_seconds=60) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            asked = await client.call_tool("ask", {"name": "contents"})
            bad = await client.call_tool("sparql", {"query": "DROP ALL"})
            proposed = await client.call_tool("propose_relation", DENIAL)
            return tools, asked, bad, proposed

    tools, asked, bad, proposed = asyncio.run(session())
    assert tools == TOOLS
    assert data(asked)["rows"] == Library(store).ask("contents").dicts()
    assert bad.is_error
    assert data(proposed)["status"] == "new"
    assert len(Library(store).proposals()) == 1


def exchange(store: str, lines: list[str]) -> list[dict[str, Any]]:
    """Send lines to the command after the greeting; return its answers to them."""
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    }
    first = {"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": hello}
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    done = subprocess.run(
        [sys.executable, "-m", "sicetnon", "--store", store, "mcp"],
        check=False,
        capture_output=True,
        input="".join(
            f"{line}\n" for line in (json.dumps(first), json.dumps(ready), *lines)
        ).encode(),
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    messages = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return [each for each in messages if each["id"] != "hello"]


def test_a_line_that_cannot_be_read_is_answered(location: str) -> None:
    asks = '{"jsonrpc": "2.0", "id": %s, "method": "tools/call", "params": %s}'
    half = r'{"name": "ask", "arguments": {"name": "\ud800"}}'
    lines = [
        *(
            asks % (7, half),
            asks % ('"seven"', half),
            asks % (r'"\ud800"', half),
            asks % (7.5, half),
        ),
        *("not json", "", " ", "[" * 100_000, '{"jsonrpc": "2.0", "id": 8}', "[]", "3"),
    ]
    answers = exchange(location, lines)
    assert [each["id"] for each in answers] == [7, "seven", *[None] * 4, 8, None, None]
    codes = [each["error"]["code"] for each in answers]
    assert codes == [-32700] * 6 + [-32600] * 3
    assert "surrogate" in answers[0]["error"]["message"] or "hex" in answers[0]["error"]["message"]


@pytest.mark.parametrize("sent", ["", "\n", "not json\n", '{"jsonrpc": "2.0"}\n', "\x00\n"])
def test_standard_output_carries_the_protocol_only(tmp_path: Path, sent: str) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "0"},
        },
    }
    done = subprocess.run(
        [sys.executable, "-m", "sicetnon", "--store", str(tmp_path / "none"), "mcp"],
        check=False,
        capture_output=True,
        input=(sent + json.dumps(hello) + "\n").encode(),
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    messages = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert all(each["jsonrpc"] == "2.0" for each in messages)
    (answer,) = [each for each in messages if each.get("id") == 1]
    assert answer["result"]["serverInfo"]["name"] == "sicetnon"
    assert b"Traceback" not in done.stdout

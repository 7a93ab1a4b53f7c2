"""Tools and resources, and how errors and long answers are told."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from sicetnon import __version__, query, rooms
from sicetnon.errors import SicetnonError
from sicetnon.mcp import engine as asking
from sicetnon.mcp.answers import Rows
from sicetnon.mcp.engine import MEMORY, SECONDS, Engine
from sicetnon.mcp.wire import Server
from sicetnon.proposals import CLAIMS

_INSTRUCTIONS = """\
Sic et Non holds written syntheses of debates as a graph: what each page says, word for word, who \
claims what, and who stands how to whom. Start with list_threads and list_questions; ask answers a \
question of the list, sparql anything else. Every claim and relation comes with the words of the \
page that it rests on: quote them. What you propose waits for a person, outside the graph."""

Thread = Annotated[str | None, Field(description="The thread's slug; the only one by default.")]
Version = Annotated[
    str | None, Field(description="A number, a date (YYYY-MM-DD) or latest, the default.")
]
Limit = Annotated[int, Field(ge=1, le=1000, description="The most rows to return.")]
Stance = Literal["supports", "contradicts", "refines", "qualifies", "replies-to", "claims"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_PROPOSES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def server(location: str, seconds: float = SECONDS, memory: int = MEMORY) -> MCPServer[Any]:
    """Return a server over the store at `location`, to be run on a transport.

    A call may take so many seconds and MiB; one that takes more is an error of the tool.
    """
    return _serve(asking.engine(location, seconds, memory))


def _serve(engine: Engine) -> MCPServer[Any]:
    found = Server("sicetnon", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = _Tools(engine)
    for tool in (
        tools.list_threads,
        tools.list_questions,
        tools.ask,
        tools.read_claims,
        tools.sparql,
        tools.render,
    ):
        found.add_tool(_told(tool), annotations=_READS)
    found.add_tool(_told(tools.propose_relation), annotations=_PROPOSES)
    _resources(found)
    return found


def _told(tool: Callable[_P, _R]) -> Callable[_P, _R]:
    """Tell what the caller can mend as an error of the tool, in the words of the library."""

    @functools.wraps(tool)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return tool(*args, **kwargs)
        except SicetnonError as error:
            raise ToolError(str(error)) from error

    return called


class _Tools:
    """The tools; their docstrings are what an assistant reads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def list_threads(
        self,
        start: Annotated[int, Field(ge=0, description="How many to pass over.")] = 0,
        limit: Limit = 1000,
    ) -> list[dict[str, Any]]:
        """List the threads and their versions, with dates and titles, at most `limit` at a time."""
        found: list[dict[str, Any]] = self.engine.ask("threads", start=start, limit=limit)
        return found

    def list_questions(self) -> list[dict[str, Any]]:
        """List the questions that `ask` answers, with their parameters and columns."""
        return [
            {
                "name": file.name,
                "description": file.description,
                "params": {each.name: each.default for each in file.params},
                "columns": list(file.columns),
            }
            for file in query.catalogue().values()
            if file.group == "ask"
        ]

    def ask(
        self,
        name: Annotated[str, Field(description="A question's name, as list_questions gives it.")],
        params: Annotated[
            dict[str, str | int] | None, Field(description="Parameters by name.")
        ] = None,
        limit: Limit = 100,
    ) -> Rows:
        """Answer a question of the library's list, with parameters such as thread and version."""
        query.load(name, "ask")
        given = {key: str(value) for key, value in (params or {}).items()}
        found: Rows = self.engine.ask("ask", name=name, params=given, limit=limit)
        return found

    def read_claims(
        self, thread: Thread = None, version: Version = None, limit: Limit = 50
    ) -> Rows:
        """Read who claims what on a page, each with the page's own words as evidence."""
        given = {"thread": thread, "version": version}
        named = {key: value for key, value in given.items() if value is not None}
        found: Rows = self.engine.ask("ask", name="claims", params=named, limit=limit)
        return found

    def sparql(
        self,
        query: Annotated[str, Field(description="SELECT, ASK, CONSTRUCT or DESCRIBE; SPARQL 1.1.")],
        limit: Limit = 100,
    ) -> Rows:
        """Answer a read-only SPARQL query over all graphs; prefixes such as sen: are declared.

        The resource sicetnon://ontology tells the terms. A query that takes too long, or too much
        memory, is refused.
        """
        found: Rows = self.engine.ask("sparql", text=query, limit=limit)
        return found

    def render(
        self,
        name: Annotated[str, Field(description="page, or a section: narrative, timeline, …")],
        thread: Thread = None,
        version: Version = None,
        format: Literal["text", "markdown"] = "markdown",  # noqa: A002 - the library's own name
        start: Annotated[int, Field(ge=0, description="The character to start at.")] = 0,
    ) -> str:
        """Write a page, or one of its sections, from the graph; a long one comes in pieces."""
        asked = {"name": name, "thread": thread, "version": version, "format": format}
        found: str = self.engine.ask("render", start=start, **asked)
        return found

    def propose_relation(
        self,
        source: Annotated[str, Field(description="Who takes the stance: a side, by IRI or name.")],
        stance: Annotated[Stance, Field(description="How; claims has no target.")],
        quote: Annotated[str, Field(description="Words of the page, copied letter for letter.")],
        target: Annotated[str, Field(description="Towards whom: a side, by IRI or name.")] = "",
        thread: Thread = None,
        version: Version = None,
        proposer: Annotated[str, Field(max_length=60, description="Your name.")] = "unnamed",
    ) -> dict[str, str]:
        """Propose a relation, or a claim, for a person to judge; it does not enter the graph.

        The question `sides` lists who can be named. A quote that is not on the page word for word
        is refused.
        """
        if not proposer.strip() or not proposer.isprintable():
            raise ToolError(f"expected the name of a proposer, found {proposer!r}")
        draft = [source, stance, "" if stance == CLAIMS else target, quote]
        method, where = f"assistant {proposer}", {"thread": thread, "version": version}
        found: dict[str, str] = self.engine.ask("propose", draft=draft, method=method, **where)
        return {**found, "next": "it waits for a person, who accepts or refuses it"}


def _resources(found: MCPServer[Any]) -> None:
    ontology = rooms.room("ontology") / "sicetnon.ttl"

    @found.resource(
        "sicetnon://ontology",
        name="ontology",
        description="The terms of the graph, with comments and examples, in Turtle.",
        mime_type="text/turtle",
    )
    def terms() -> str:
        return ontology.read_text(encoding="utf-8")

    for file in query.catalogue().values():
        if file.group != "check":
            _query_resource(found, file)

    @found.resource(
        "sicetnon://queries",
        name="queries",
        description="The names of the query files, by folder, in JSON.",
        mime_type="application/json",
    )
    def queries() -> str:
        names = {file.name: file.group for file in query.catalogue().values()}
        return json.dumps(names, indent=2)


def _query_resource(found: MCPServer[Any], file: query.QueryFile) -> None:
    @found.resource(
        f"sicetnon://queries/{file.name}",
        name=file.name,
        description=file.description,
        mime_type="application/sparql-query",
    )
    def text() -> str:
        return file.text

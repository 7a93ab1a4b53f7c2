"""The SPARQL endpoint, the graph store, and what describes them."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sicetnon.web import media, pages, reading, requests, responses
from sicetnon.web.addresses import PATH, READ, Addresses, origin, page
from sicetnon.web.guarding import permits
from sicetnon.web.requests import RefusedError, header
from sicetnon.web.wire import frame, head, pack

# A query by GET is read where it is answered; what else an address may say is read here.
_ASKS = re.compile(rb"(?:^|&)query=")


class Endpoint(Addresses):
    """What speaks the SPARQL 1.1 Protocol and the Graph Store HTTP Protocol."""

    def routes(self) -> list[Route]:
        """Return its addresses."""
        change = [*READ, "POST", "PUT", "DELETE"] if self.token else READ
        return [
            Route("/sparql", self.sparql, methods=[*READ, "POST"]),
            Route("/sparql/", self.sparql, methods=[*READ, "POST"]),
            Route("/graphs", self.graph, methods=change),
            Route("/graphs/{path:path}", self.graph, methods=change),
            Route("/void", self.void, methods=READ),
            Route("/.well-known/void", self.to_void, methods=READ),
        ]

    async def sparql(self, request: Request) -> Response:
        """Answer or carry out what a request to the endpoint asks, or describe the service."""
        given = request.scope["query_string"]
        if request.scope["method"] in READ and _ASKS.search(given):
            asked = _request(origin(request), header(request), header(request, b"accept-encoding"))
            return await self.answer(request, frame(asked, given))
        operation = await requests.operation(request, self.limits)
        if operation.kind == "update":
            return await self._update(request, operation)
        fields = dict(requests.pairs(request.scope["query_string"]))
        accept = requests.accepted(header(request), fields)
        graph = media.choose(accept, tuple(media.GRAPHS))
        if not operation.kind:
            return await self._describe(request, accept, graph)
        question = reading.sparql(operation, accept, origin(request) + "/sparql")
        return await self.ask(request, question)

    async def _describe(self, request: Request, accept: str, graph: str | None) -> Response:
        if media.choose(accept, (*media.GRAPHS, media.HTML)) == media.HTML:
            return page(pages.write("sparql.html.j2", query=""))
        question = {
            "op": "description",
            "base": origin(request) + "/sparql",
            "graph": graph or media.TURTLE,
            "update": bool(self.token),
        }
        return await self.ask(request, question)

    async def _update(self, request: Request, operation: requests.Operation) -> Response:
        self._authorise(request)
        change = {
            "op": "update",
            "default": operation.default,
            "named": operation.named,
            "base": origin(request) + "/sparql",
        }
        answer = await self.pool.write(pack(change, operation.text.encode()))
        return responses.of(request, answer, self.unsent)

    async def graph(self, request: Request) -> Response:
        """Read or change one graph."""
        fields = requests.pairs(request.scope["query_string"])
        name, mint = self._graph_name(request, fields)
        if request.method in READ:
            form = media.choose(
                requests.accepted(header(request), dict(fields)),
                tuple(media.GRAPHS),
            )
            if form is None:
                raise reading.unacceptable(tuple(media.GRAPHS))
            return await self.ask(request, {"op": "graph", "name": name, "graph": form})
        self._authorise(request)
        change = {
            "op": "graph",
            "name": name,
            "method": request.method,
            "mint": mint,
            "media": request.headers.get("content-type", ""),
            "base": origin(request) + "/graphs",
        }
        payload = await requests.body(request, self.limits)
        answer = await self.pool.write(pack(change, payload))
        return responses.of(request, answer, self.unsent)

    def _graph_name(self, request: Request, fields: requests.Pairs) -> tuple[str | None, bool]:
        """Return the graph that a request is about (Graph Store Protocol, section 4)."""
        base, path = origin(request) + "/graphs", request.path_params.get("path", "")
        if path:
            return f"{base}/{quote(path, safe=PATH)}", False
        given = [(key, value) for key, value in fields if key in {"graph", "default"}]
        if not given and request.method == "POST":
            return f"{base}/", True
        if len(given) != 1:
            raise RefusedError(
                400, "fields", "expected either graph=IRI or default in the address, found neither"
            )
        ((key, value),) = given
        if key == "default":
            return None, False
        if "://" not in value and not value.startswith("urn:"):
            raise RefusedError(400, "bad-parameter", f"expected an absolute IRI, found {value!r}")
        return value, False

    def _authorise(self, request: Request) -> None:
        if not self.token:
            raise RefusedError(403, "read-only", "expected a query; this server only reads")
        if not permits(request.headers, self.token):
            raise RefusedError(
                401, "token", "expected the token of this server (Authorization: Bearer …)"
            )

    async def void(self, request: Request) -> Response:
        """Describe what the store holds (VoID)."""
        fields = dict(requests.pairs(request.scope["query_string"]))
        form = media.choose(requests.accepted(header(request), fields), tuple(media.GRAPHS))
        base = origin(request)
        question = {
            "op": "void",
            "page": base + "/void",
            "base": base + "/sparql",
            "graph": form or media.TURTLE,
        }
        return await self.ask(request, question)

    async def to_void(self, _request: Request) -> Response:
        """Lead to the description (RFC 8615)."""
        return RedirectResponse("/void", 303)


@lru_cache(maxsize=64)
def _request(origin: str, accept: str, encoding: str) -> bytes:
    """Return the head of a query by GET; most clients send the same headers."""
    base = f"{origin}/sparql"
    asked = {"op": "request", "accept": accept, "base": base, "gzip": media.encodes(encoding)}
    return head(asked)

"""The questions as an API and as pages, and the things that IRIs name."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sicetnon import terms
from sicetnon.query import QueryFile
from sicetnon.web import media, openapi, pages, requests, responses
from sicetnon.web.addresses import PATH, READ, Addresses, gone, page
from sicetnon.web.asking import GRAPH_FORMS, TABLE_FORMS
from sicetnon.web.reading import unacceptable
from sicetnon.web.requests import RefusedError, header
from sicetnon.web.things import FORMS
from sicetnon.web.wire import pack


class Site(Addresses):
    """What people read, and what programs ask by name."""

    def routes(self) -> list[Route]:
        """Return its addresses."""
        found = {
            "/": self.front,
            "/queries": self.queries,
            "/ask/{name}": self.page,
            "/api/ask": self.listing,
            "/api/ask/{name}": self.api,
            "/openapi.json": self.openapi,
            "/id/{path:path}": self.thing,
            "/doc/{path:path}": self.document,
            "/health": self.health,
        }
        return [Route(path, answer, methods=READ) for path, answer in found.items()]

    async def front(self, request: Request) -> Response:
        """Welcome."""
        return await self.ask(request, {"op": "front", "update": bool(self.token)})

    async def queries(self, _request: Request) -> Response:
        """List the questions with their forms."""
        return page(pages.write("queries.html.j2", files=openapi.files()))

    async def api(self, request: Request) -> Response:
        """Answer a question with data."""
        file = _file(request)
        forms = GRAPH_FORMS if file.builds_graph else TABLE_FORMS
        return await self._question(request, forms, f"/api/ask/{file.name}")

    async def page(self, request: Request) -> Response:
        """Answer a question with a page, or show its form."""
        file = _file(request)
        required = {each.name for each in file.params if each.default is None}
        if request.scope["query_string"] or not required:
            return await self._question(request, (media.HTML,), f"/ask/{file.name}")
        return await self.ask(request, {"op": "form", "name": file.name})

    async def _question(self, request: Request, forms: tuple[str, ...], path: str) -> Response:
        given = requests.single(requests.pairs(request.scope["query_string"]))
        accept = requests.accepted(header(request), given, strict=True)
        given.pop("format", None)
        if forms == (media.HTML,):
            given = {name: value for name, value in given.items() if value}  # fields left empty
        limit = requests.whole(given, "limit", self.limits.rows, openapi.MOST_ROWS)
        offset = requests.whole(given, "offset", 0, openapi.FURTHEST)
        form = media.HTML if forms == (media.HTML,) else media.choose(_plain(accept), forms)
        if form is None:
            raise unacceptable(forms)
        onward = {**given, "limit": limit, "offset": offset + limit}
        question = {
            "op": "ask",
            "name": request.path_params["name"],
            "params": given,
            "limit": limit,
            "offset": offset,
            "form": form,
            "next": f"{path}?{urlencode(onward)}",
            "data": f"/api/ask/{request.path_params['name']}?{urlencode(given)}",
        }
        return await self.ask(request, question)

    async def thing(self, request: Request) -> Response:
        """Send who asks for a thing on to the document about it: a thing is no document."""
        path = request.path_params["path"]
        form = _thing_form(request)
        question = {"op": "thing", "iri": terms.ID + path, "form": form, "bare": True}
        answer = await self.pool.ask(pack(question), gone(request))
        if answer.problem:
            return responses.of(request, answer, self.unsent)
        return RedirectResponse(
            "/doc/" + quote(path, safe=PATH), 303, {"vary": "Accept", "cache-control": "no-cache"}
        )

    async def document(self, request: Request) -> Response:
        """Describe a thing."""
        iri = terms.ID + request.path_params["path"]
        question = {"op": "thing", "iri": iri, "form": _thing_form(request), "bare": False}
        return await self.ask(request, question)

    async def listing(self, _request: Request) -> Response:
        """List the questions as JSON."""
        rows = [
            {
                "name": file.name,
                "group": file.group,
                "title": file.title,
                "description": file.description,
                "params": [
                    {"name": each.name, "type": each.type, "default": each.default}
                    for each in file.params
                ],
                "columns": list(file.columns),
                "url": f"/api/ask/{file.name}",
                "example": f"/api/ask/{file.name}?{urlencode(file.example)}",
            }
            for file in openapi.files()
        ]
        return Response(json.dumps(rows, ensure_ascii=False), media_type=media.JSON)

    async def openapi(self, _request: Request) -> Response:
        """Describe the API (OpenAPI 3.1)."""
        text = json.dumps(openapi.document(), ensure_ascii=False)
        return Response(text, media_type=media.JSON)

    async def health(self, _request: Request) -> Response:
        """Say that the server runs."""
        return Response('{"status":"ok"}', media_type=media.JSON)


def _plain(accept: str) -> str:
    """Let `application/json` mean plain JSON where the short name stood for results in JSON."""
    return media.JSON if accept == media.SHORT["json"] else accept


def _thing_form(request: Request) -> str:
    fields = dict(requests.pairs(request.scope["query_string"]))
    accept = requests.accepted(header(request), fields)
    form = media.choose(accept, FORMS)
    if form is None:
        raise unacceptable(FORMS)
    return form


def _file(request: Request) -> QueryFile:
    name = request.path_params["name"]
    for file in openapi.files():
        if file.name == name:
            return file
    raise RefusedError(404, "not-found", f"expected the name of a question, found {name!r}")

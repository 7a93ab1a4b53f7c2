"""Which addresses a SPARQL service has, and what it takes and gives: asked once, on opening."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urlencode, urljoin, urlsplit

from sicetnon.errors import UsageError
from sicetnon.store.http import Connection, RequestError

JSON = "application/sparql-results+json"
TSV = "text/tab-separated-values"
_PATHS = ("query", "sparql")


@dataclass(frozen=True, slots=True)
class Service:
    """The endpoints of a service, and the most quads that it takes in a request and an operation.

    `graphs` is its Graph Store endpoint, or empty. Answers are asked for as `results`.
    """

    name: str
    query: str
    update: str
    graphs: str
    results: str = JSON
    per_request: int = 10_000
    per_operation: int = 10_000
    whole_dataset: bool = False


def described(location: str) -> tuple[str, Mapping[str, str]]:
    """Split `URL#update=URL&graphs=URL` into the URL to query and the others, made absolute."""
    url, fragment = urldefrag(location)
    given = parse_qs(fragment, keep_blank_values=True)
    for name, values in given.items():
        if name not in {"update", "graphs"} or len(values) != 1:
            raise UsageError(
                f"expected a store as URL#update=URL&graphs=URL, found {name!r} after the #"
            )
    return url, {name: urljoin(url, values[0]) for name, values in given.items()}


def discover(connection: Connection, url: str, given: Mapping[str, str]) -> Service:
    """Find out what stands at a URL, by its answer to the emptiest query; raises StoreError."""
    tried = [url]
    if urlsplit(url).path in {"", "/"}:
        tried = [urljoin(url, f"/{path}") for path in _PATHS]
    for place in tried:
        try:
            server = connection.repeating(lambda at=place: _server(connection, at), safe=True)  # type: ignore[misc]
        except RequestError as error:
            if place == tried[-1] or "404" not in str(error):
                raise
            continue
        found = _known(server, place)
        return Service(
            found.name,
            place,
            given.get("update", found.update),
            given.get("graphs", found.graphs),
            found.results,
            found.per_request,
            found.per_operation,
            found.whole_dataset and "graphs" not in given,
        )
    raise AssertionError


def _server(connection: Connection, url: str) -> str:
    body = urlencode({"query": "ASK {}"}).encode()
    request = urllib.request.Request(url, data=body, headers={"Accept": JSON})  # noqa: S310
    with connection.open(request) as answer:
        answer.read()
        if "json" not in answer.media_type:
            found = f"expected a SPARQL endpoint, found {answer.media_type}"
            raise RequestError(f"{connection.location}: {found}; is this the right URL?")
        return answer.headers.get("Server", "").lower()


def _known(server: str, url: str) -> Service:
    """Return what is known of a kind of server, by its name, and of the others by their URL."""
    if server.startswith("oxigraph"):
        return Service(
            "oxigraph", url, urljoin(url, "update"), urljoin(url, "store"), TSV, whole_dataset=True
        )
    if server.startswith("virtuoso"):
        return Service(
            "virtuoso",
            url,
            urljoin(url, "sparql-auth"),
            urljoin(url, "sparql-graph-crud-auth"),
            per_request=1_000,
            per_operation=250,
        )
    place = urlsplit(url).path.rpartition("/")[2]
    return Service("", url, urljoin(url, "update") if place == "query" else url, "")

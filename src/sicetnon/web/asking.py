"""Answer a query file within an engine: whole graphs, or a page of a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, serialize

from sicetnon import query, terms
from sicetnon.errors import UnknownError, UsageError
from sicetnon.query import QueryFile, Table
from sicetnon.store import Solutions, Store, Term, Triples
from sicetnon.web import media, pages
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question, problem

TABLE_FORMS = (media.JSON, media.CSV, media.JSON_LD)
GRAPH_FORMS = (*TABLE_FORMS, media.TURTLE)
GROUPS = ("ask", "section", "view")


def ask(store: Store, question: Question, _limits: Limits) -> Answer:
    """Answer a query file with the parameters of a request."""
    file, given = query.load(question["name"], *GROUPS), question["params"]
    for param in file.params:
        if given.get(param.name) == "" and param.type != "text":
            return problem(400, "bad-parameter", f"expected {param.name} to have a value")
    if missing := _missing(store, file, given):
        return problem(404, "not-found", missing)
    try:
        found = _found(store, file, given)
    except UnknownError as error:
        return problem(404, "not-found", str(error))
    except UsageError as error:
        return problem(400, "bad-parameter", str(error))
    if isinstance(found, list) and question["form"] == media.TURTLE:
        return Answer(media=media.TURTLE, body=query.turtle(sorted(found, key=str)).encode())
    if isinstance(found, list) and question["form"] == media.JSON_LD:
        return Answer(media=media.JSON_LD, body=_graph(found))
    return _page(file, found, question)


def _found(store: Store, file: QueryFile, given: Mapping[str, str]) -> Solutions | Triples | bool:
    if file.builds_graph:
        return query.drawn(store, file, given)
    return query.answered(store, file, given)


def form(store: Store, question: Question, _limits: Limits) -> Answer:
    """Return the page of a query file: its form, and no answer yet."""
    file = query.load(question["name"], *GROUPS)
    body = pages.write("question.html.j2", file=file, given={}, threads=query.threads(store))
    return Answer(media=media.HTML, body=body)


def _missing(store: Store, file: QueryFile, given: Mapping[str, str]) -> str:
    """Say which thread or version is well named and not there; that is no fault of the request."""
    slugs = [
        given[each.name] for each in file.params if each.type == "thread" and each.name in given
    ]
    if wrong := [
        slug for slug in slugs if terms.is_slug(slug) and slug not in query.threads(store)
    ]:
        return f"expected a thread of the store, found {wrong[0]!r}"
    thread = slugs[0] if slugs else None
    try:
        for each in file.params:
            if each.type == "version" and each.name in given and _is_clear(store, thread):
                query.graph_of(store, thread, given[each.name])
    except UsageError as error:
        return str(error)
    return ""


def _is_clear(store: Store, thread: str | None) -> bool:
    """Say whether a version without more is one of a thread that is there."""
    return terms.is_slug(thread) if thread else len(query.threads(store)) == 1


def _page(file: QueryFile, found: Solutions | Triples | bool, question: Question) -> Answer:
    limit, offset, form = question["limit"], question["offset"], question["form"]
    whole = Table.of(found)
    table = Table(whole.columns, whole.rows[offset : offset + limit])
    total = len(whole.rows)
    onward = question["next"] if offset + limit < total else None
    headers = [("x-total-count", str(total))]
    if onward:
        headers.append(("link", f'<{onward}>; rel="next"'))
    match form:
        case media.CSV:
            body = query.FORMATS["csv"](table).encode()
        case media.JSON_LD:
            assert isinstance(found, Solutions)
            body = _linked(file, found, slice(offset, offset + limit))
        case media.HTML:
            body = pages.write(
                "question.html.j2",
                file=file,
                given=question["params"],
                table=table,
                total=total,
                offset=offset,
                next=onward,
                data=question["data"],
                threads=[],
            )
        case _:
            body = _json(file, table, total, question, onward)
    return Answer(media=form, body=body, headers=tuple(headers))


def _json(
    file: QueryFile, table: Table, total: int, question: Question, onward: str | None
) -> bytes:
    answer = {
        "name": file.name,
        "title": file.title,
        "columns": list(table.columns),
        "total": total,
        "limit": question["limit"],
        "offset": question["offset"],
        "next": onward,
        "rows": table.dicts(),
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _linked(file: QueryFile, found: Solutions, part: slice) -> bytes:
    """Return rows as JSON-LD: a node for each row, a property of the question for each column."""
    rows = [
        {
            "@type": "Row",
            **{
                name: _value(cell)
                for name, cell in zip(found.columns, row, strict=True)
                if cell is not None
            },
        }
        for row in found.rows[part]
    ]
    context = {"@vocab": f"{terms.ID}question/{file.name}#"}
    return json.dumps({"@context": context, "@graph": rows}, ensure_ascii=False).encode()


def _value(term: Term) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return {"@id": term.value}
    if isinstance(term, BlankNode):
        return {"@id": f"_:{term.value}"}
    if not isinstance(term, Literal):
        return {"@value": str(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == terms.XSD + "string":
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _graph(triples: Triples) -> bytes:
    ordered = sorted(set(triples), key=str)
    return serialize(ordered, format=media.GRAPHS[media.JSON_LD]) or b"[]"

"""Read a request for a query as the question that it is: in the server, or where it is answered."""

from __future__ import annotations

from sicetnon.store import Store
from sicetnon.web import evaluate, media, requests
from sicetnon.web.limits import Limits
from sicetnon.web.requests import Operation, RefusedError
from sicetnon.web.wire import Answer, Question, problem


def request(store: Store, question: Question, limits: Limits) -> Answer:
    """Answer the address of a request by GET (SPARQL 1.1 Protocol, section 2.1.1)."""
    try:
        fields = requests.pairs(question["body"])
        operation = requests.reading(fields)
        accept = requests.accepted(question["accept"], dict(fields))
        asked = sparql(operation, accept, question["base"])
    except RefusedError as refused:
        return problem(refused.status, refused.problem, str(refused))
    return evaluate.sparql(store, asked, limits)


def sparql(operation: Operation, accept: str, base: str) -> Question:
    """Return a query as a question; raises RefusedError where no form is acceptable."""
    table = media.choose(accept, (*media.TABLES, media.HTML))
    graph = media.choose(accept, tuple(media.GRAPHS))
    if table is None and graph is None:
        raise unacceptable((*media.TABLES, *media.GRAPHS))
    return {
        "op": "sparql",
        "query": operation.text,
        "default": operation.default,
        "named": operation.named,
        "base": base,
        "table": table,
        "graph": graph,
    }


def unacceptable(offers: tuple[str, ...]) -> RefusedError:
    """Return what refuses an Accept header."""
    words = f"expected an Accept header that takes one of {', '.join(offers)}"
    return RefusedError(406, "not-acceptable", words)

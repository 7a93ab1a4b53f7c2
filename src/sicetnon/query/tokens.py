"""Bind the variables of a query to terms, and see what a query would do, token by token.

Terms replace variables token by token, as pre-binding in SHACL-SPARQL does (SHACL 5.3.1), so what
stands in strings, IRIs and comments is never touched and no text is pasted into a query.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Store

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.store import Term
from sicetnon.store.tokens import TOKEN, depth, tokens, words

_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_DEEPEST = 500  # at 1000 the engine runs out of stack, in FILTER EXISTS and in functions
_SERVICE = re.compile("service", re.IGNORECASE)


def guard(sparql: str) -> None:
    """Refuse what a reader's query may not do: change the store, fetch, or nest without end."""
    bound(sparql)
    found = set(words(sparql))
    if found & _UPDATES and not found & {"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"}:
        verb = sorted(found & _UPDATES)[0]
        raise UsageError(f"expected a query, found an update ({verb}); this command only reads")
    if _SERVICE.search(sparql) and not _parses_without_the_word(sparql):
        raise UsageError(
            "expected a query over this store, found SERVICE, which would call elsewhere, or a "
            "query that does not parse"
        )


def bound(sparql: str) -> None:
    """Refuse a query or an update that nests so deep that the engine could not end but by dying."""
    if sum(sparql.count(opening) for opening in "{([") <= _DEEPEST:
        return
    if (found := depth(sparql)) > _DEEPEST:
        raise UsageError(f"expected brackets at most {_DEEPEST} deep, found them {found} deep")


def _parses_without_the_word(sparql: str) -> bool:
    """Say whether the query is one still when every `service` in it is another word.

    No tokenizer of ours can be trusted to cut a hostile query as the engine does; the engine's own
    parser can. Where `service` is a keyword, the query no longer parses without it; where it is in
    a name, a string or a comment, it does. The word is drawn by lot, so that nobody can declare it.
    """
    harmless = _SERVICE.sub("w" + secrets.token_hex(12), sparql)
    try:
        Store().query(harmless)
    except SyntaxError:
        return False
    return True


def using(update: str, default: Iterable[NamedNode], named: Iterable[NamedNode]) -> str:
    """Give every operation of an update the dataset that a request names (USING, USING NAMED).

    Raises UsageError where the update names one itself (SPARQL 1.1 Protocol, section 2.2.3).
    """
    clauses = "".join(
        [*(f" USING {graph}" for graph in default), *(f" USING NAMED {graph}" for graph in named)]
    )
    if not clauses:
        return update
    if found := {"USING", "WITH"} & set(words(update)):
        raise UsageError(
            f"expected the graphs of the update either in the request or in the update, found "
            f"using-graph-uri and {sorted(found)[0]}"
        )
    return _with_clauses(update, f"{clauses} ")


def _with_clauses(update: str, clauses: str) -> str:
    """Put clauses before each outermost WHERE; `DELETE WHERE {…}` gets its pattern as template."""
    out: list[str] = []
    depth, last, short = 0, "", None
    for token in tokens(update):
        depth += (token["other"] == "{") - (token["other"] == "}")
        word = (token["word"] or "").upper()
        if word == "WHERE" and depth == 0:
            short = len(out) if last == "DELETE" else None
            if short is None:
                out.append(clauses)
        out.append(token[0])
        if short is not None and depth == 0 and token["other"] == "}":
            pattern = "".join(out[short + 1 :])
            out[short:] = [pattern, clauses, "WHERE", pattern]
            short = None
        if token[0].strip() and not token["comment"]:
            last = word
    return "".join(out)


def with_prefixes(sparql: str) -> str:
    """Declare our prefixes that a query uses; its own declarations, which come later, prevail."""
    used = {token["name"].partition(":")[0] for token in tokens(sparql) if token["name"]}
    known = ((name, iri) for name, iri in terms.prefixes().items() if name in used)
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in known) + sparql


def bind(sparql: str, values: Mapping[str, Term]) -> str:
    """Put terms in the place of variables; a variable that is not named stays free."""

    def put(token: re.Match[str]) -> str:
        name = token["variable"]
        return str(values[name]) if name in values else token[0]

    return TOKEN.sub(put, sparql)

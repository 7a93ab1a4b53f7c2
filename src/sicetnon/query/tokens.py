"""SPARQL as tokens: enough to bind variables to terms and to see what a query would do.

Terms replace variables token by token, as pre-binding in SHACL-SPARQL does (SHACL 5.3.1), so what
stands in strings, IRIs and comments is never touched and no text is pasted into a query.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping

from pyoxigraph import Store

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.store import Term

# The terminals of SPARQL 1.1 (section 19.8) that can hide a variable or a keyword, longest first.
_TOKEN = re.compile(
    r"""
    (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}
      | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<comment>\#[^\n\r]*)
  | [?$](?P<variable>\w+)
  | (?P<name>[\w.-]*:[\w.:%\\-]*)
  | (?P<word>[A-Za-z]\w*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_SERVICE = re.compile("service", re.IGNORECASE)


def words(sparql: str) -> Iterator[str]:
    """Yield the bare words of a query, keywords and function names among them, in capitals."""
    for token in _TOKEN.finditer(sparql):
        if token["word"]:
            yield token["word"].upper()


def guard(sparql: str) -> None:
    """Refuse what a reader's query may not do: change the store, or fetch from elsewhere."""
    found = set(words(sparql))
    if found & _UPDATES and not found & {"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"}:
        verb = sorted(found & _UPDATES)[0]
        raise UsageError(f"expected a query, found an update ({verb}); this command only reads")
    if _SERVICE.search(sparql) and not _parses_without_the_word(sparql):
        raise UsageError(
            "expected a query over this store, found SERVICE, which would call elsewhere, or a "
            "query that does not parse"
        )


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


def with_prefixes(sparql: str) -> str:
    """Declare our prefixes that a query uses; its own declarations, which come later, prevail."""
    used = {token["name"].partition(":")[0] for token in _TOKEN.finditer(sparql) if token["name"]}
    known = ((name, iri) for name, iri in terms.prefixes().items() if name in used)
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in known) + sparql


def bind(sparql: str, values: Mapping[str, Term]) -> str:
    """Put terms in the place of variables; a variable that is not named stays free."""

    def put(token: re.Match[str]) -> str:
        name = token["variable"]
        return str(values[name]) if name in values else token[0]

    return _TOKEN.sub(put, sparql)

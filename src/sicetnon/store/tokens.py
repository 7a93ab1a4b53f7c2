"""SPARQL as tokens: enough to tell words, variables and braces from what stands in strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The terminals of SPARQL 1.1 (section 19.8) that can hide a variable or a keyword, longest first.
TOKEN = re.compile(
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


def tokens(sparql: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a query; the name of the group that matched is what each is."""
    return TOKEN.finditer(sparql)


def words(sparql: str) -> Iterator[str]:
    """Yield the bare words of a query, keywords and function names among them, in capitals."""
    for token in tokens(sparql):
        if token["word"]:
            yield token["word"].upper()


def names_dataset(sparql: str) -> bool:
    """Say whether a query has a dataset of its own (FROM, SPARQL 1.1 section 13.2)."""
    for token in tokens(sparql):
        if token["other"] == "{":
            return False
        if token["word"] and token["word"].upper() == "FROM":
            return True
    return False


def lifted(sparql: str) -> tuple[str, list[str], list[str]]:
    """Take the dataset out of a query: what is left, the graphs of FROM and those of FROM NAMED.

    Raises ValueError where a graph is no absolute IRI and no name with a declared prefix.
    """
    prefixes: dict[str, str] = {}
    default: list[str] = []
    named: list[str] = []
    left = list(tokens(sparql))
    head = [token for token in left if token[0].strip() and not token["comment"]]
    taken: set[int] = set()
    for at, token in enumerate(head):
        word, before = (token["word"] or "").upper(), head[at + 1 : at + 3]
        if token["other"] == "{":
            break
        if word == "PREFIX" and len(before) == 2:
            prefixes[before[0][0].removesuffix(":")] = before[1][0][1:-1]
        if word == "FROM" and before:
            apart = (before[0]["word"] or "").upper() == "NAMED"
            (named if apart else default).append(_absolute(before[apart], prefixes))
            taken.update(each.start() for each in (token, *before[: 1 + apart]))
    return "".join(" " if t.start() in taken else t[0] for t in left), default, named


def _absolute(token: re.Match[str], prefixes: dict[str, str]) -> str:
    prefix, _, local = token[0].partition(":")
    found = (
        token[0][1:-1] if token["iri"] else prefixes[prefix] + local if prefix in prefixes else ""
    )
    if ":" not in found or "\\" in found:
        raise ValueError(f"expected the absolute IRI of a graph after FROM, found {token[0]}")
    return found


def as_select(sparql: str) -> str:
    """Return a CONSTRUCT query as the SELECT of the solutions that it is built from."""
    start = depth = 0
    for token in tokens(sparql):
        if not start and token["word"] and token["word"].upper() == "CONSTRUCT":
            start = token.end()
            head = sparql[: token.start()] + "SELECT *"
        elif start and token["word"] and not depth:
            return head + sparql[start:]  # CONSTRUCT WHERE and CONSTRUCT FROM have no template
        elif start and token["other"] in ("{", "}"):
            depth += 1 if token["other"] == "{" else -1
            if not depth:
                return head + sparql[token.end() :]
    return sparql

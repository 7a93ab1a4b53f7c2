"""SPARQL as tokens: enough to tell words, variables and braces from what stands in strings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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


def depth(sparql: str) -> int:
    """Return how deep the brackets of a query nest, of whatever kind they are."""
    now = deepest = 0
    for token in tokens(sparql):
        if token["other"] and token["other"] in "{([":
            now += 1
            deepest = max(deepest, now)
        elif token["other"] and token["other"] in "})]":
            now = max(0, now - 1)
    return deepest


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


def in_order(text: str, variables: Sequence[str]) -> str:
    """Return a query whose `SELECT *` names its variables in the order in which they appear.

    The engine orders them by the alphabet. They are the engine's own, so none comes in that is not
    in scope.
    """
    star = _star(text)
    if star is None or len(variables) < 2:
        return text
    seen = dict.fromkeys(token["variable"] for token in tokens(text) if token["variable"])
    listed = [name for name in seen if name in set(variables)]
    if len(listed) != len(variables):
        return text
    return text[:star] + " ".join(f"?{name}" for name in listed) + " " + text[star + 1 :]


def _star(text: str) -> int | None:
    """Return where the star of the outermost SELECT stands; nothing where there is none."""
    if "*" not in text:
        return None
    selected = False
    for token in tokens(text):
        word = (token["word"] or "").upper()
        if selected:
            if token["other"] == "*":
                return token.start()
            if word not in {"DISTINCT", "REDUCED"} and not token["comment"] and token[0].strip():
                return None
        selected = selected or word == "SELECT"
    return None

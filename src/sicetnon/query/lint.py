"""What is wrong with a query file: its header, prefixes and layout, and what engines trip over.

The trap is an OPTIONAL that joins on a variable which what stands above may leave without a value:
such a join matches everything and multiplies rows, or answers otherwise from engine to engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import Store
from rdflib import Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from sicetnon import terms
from sicetnon.errors import DataError
from sicetnon.query.file import QueryFile, parse
from sicetnon.query.style import formatted, prefixes
from sicetnon.store.tokens import TOKEN, words

_ELSEWHERE = {"SERVICE", "FROM"}


def problems(path: Path) -> list[str]:
    """Return what is wrong with a query file, each as `name:line: expected …, found …`."""
    try:
        file = parse(path)
    except DataError as error:
        return [str(error)]
    text = file.text
    try:
        Store().query(text)
        query = prepareQuery(text)
    except Exception as error:  # rdflib raises what its parser happens to meet
        told = str(error).splitlines()[0]
        return [f"{path.name}:1: expected a query of SPARQL 1.1, found: {told}"]
    found = [*_header(file), *_forms(file), *_layout(text), *_prefixes(text)]
    if "SELECT" in words(text) and file.columns:
        names = [str(name) for name in query.algebra.PV]
        if names != list(file.columns):
            found.append((1, f"expected the columns {', '.join(names)} as the query selects them"))
    given = frozenset(Variable(param.name) for param in file.params)
    found += [
        (_line_of(text, name), f"expected ?{name} to have a value where OPTIONAL joins on it")
        for name in sorted(set(_traps(query.algebra, given)))
    ]
    return [f"{path.name}:{line}: {message}" for line, message in sorted(found)]


Problem = tuple[int, str]


def _header(file: QueryFile) -> Iterator[Problem]:
    if not file.description.endswith("."):
        yield 1, "expected a description in whole sentences, found no full stop"
    if file.group == "ask" and not file.question:
        yield 1, "expected a header line for group, found none"
    given = {name for name, _ in file.example}
    for param in file.params:
        needed = param.type not in {"thread", "version"} and param.default is None
        if needed and param.name not in given:
            yield 1, f"expected an example of {param.name}, which has no default"
        if param.name in file.columns:
            yield 1, f"expected no column of the parameter {param.name}"
    for name in sorted(given - {param.name for param in file.params}):
        yield 1, f"expected an example of a parameter, found {name}"


def _forms(file: QueryFile) -> Iterator[Problem]:
    used = list(words(file.text))
    for word in sorted(_ELSEWHERE & set(used)):
        yield _line_of(file.text, word), f"expected a query over one store, found {word}"
    if re.search(r"SELECT\s+(DISTINCT\s+|REDUCED\s+)?\*", _code(file.text)):
        yield _line_of(file.text, "*"), "expected SELECT with its columns, found *"
    if file.columns and not re.search(r"\}[^{}]*\bORDER BY\b[^{}]*\Z", _code(file.text)):
        yield file.text.count("\n"), "expected ORDER BY after the last group, found none"


def _layout(text: str) -> Iterator[Problem]:
    lines, wanted = text.split("\n"), formatted(text).split("\n")
    for number, (line, right) in enumerate(zip(lines, wanted, strict=False), 1):
        if line != right:
            yield number, f"expected {right!r}, found {line!r}"
            break
    else:
        if len(lines) != len(wanted):
            yield len(lines), "expected one newline at the end and no empty lines"


def _prefixes(text: str) -> Iterator[Problem]:
    declared = dict(re.findall(r"(?m)^PREFIX (\w+): <([^>]*)>", text))
    for name in sorted(declared.keys() - prefixes(text)):
        yield _line_of(text, f"PREFIX {name}:"), f"expected a use of the prefix {name}, found none"
    for name, iri in declared.items():
        if terms.prefixes().get(name) != iri:
            place = _line_of(text, f"PREFIX {name}:")
            yield place, f"expected {name}: as ontology/prefixes.ttl declares it, found <{iri}>"


def _code(text: str) -> str:
    """Return a query without its comments and strings."""
    return "".join(
        " " if token["comment"] or token["string"] else token[0] for token in TOKEN.finditer(text)
    )


def _line_of(text: str, what: str) -> int:
    """Return the last line that has a text, or the first."""
    return max((n for n, line in enumerate(text.splitlines(), 1) if what in line), default=1)


Variables = frozenset[Variable]


def _traps(node: object, given: Variables) -> Iterator[str]:
    """Yield the variables on which a left join matches although its left side may leave them."""
    if isinstance(node, CompValue):
        if node.name == "LeftJoin":
            certain, possible = _scope(node.p1)
            for name in _joined(node.p2) & (possible - certain - given):
                yield str(name)
        for value in node.values():
            yield from _traps(value, given)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _traps(each, given)


def _joined(node: CompValue) -> Variables:
    """Return the variables of a group's triple patterns that it must match."""
    return _scope(node)[0]


def _scope(node: CompValue) -> tuple[Variables, Variables]:
    """Return the variables that a pattern surely gives a value, and those that it may give one."""
    none: Variables = frozenset()
    match node.name:
        case "BGP":
            return _both(_named(node.triples))
        case "Join":
            (sure, may), (more, might) = _scope(node.p1), _scope(node.p2)
            return sure | more, may | might
        case "LeftJoin":
            (sure, may), (_, might) = _scope(node.p1), _scope(node.p2)
            return sure, may | might
        case "Union":
            (sure, may), (more, might) = _scope(node.p1), _scope(node.p2)
            return sure & more, may | might
        case "Minus":
            return _scope(node.p1)
        case "values" | "ToMultiSet":
            return _table(node)
    return _of_one(node, *_scope(node.p)) if "p" in node else (none, none)


def _of_one(node: CompValue, sure: Variables, may: Variables) -> tuple[Variables, Variables]:
    """Return what a pattern around another one makes of its variables."""
    match node.name:
        case "Graph":
            own = _named([(node.term,)])
            return sure | own, may | own
        case "Extend":
            told = {node.var} if _has_value(node.expr, sure) else set()
            return sure | told, may | {node.var}
        case "Project":
            shown = frozenset(node.PV)
            return sure & shown, may | shown
    return sure, may


def _has_value(expression: object, sure: Variables) -> bool:
    """Say whether an expression is surely no error: a term, or a COALESCE that comes to one."""
    if isinstance(expression, CompValue):
        return expression.name == "Builtin_COALESCE" and any(
            _has_value(each, sure) for each in expression.arg
        )
    return expression in sure if isinstance(expression, Variable) else True


def _table(node: CompValue) -> tuple[Variables, Variables]:
    inner = node.get("p")
    if isinstance(inner, CompValue) and inner.name != "values":
        return _scope(inner)
    rows = (inner or node).res
    return _both(frozenset(name for row in rows for name in row))


def _both(names: Variables) -> tuple[Variables, Variables]:
    return names, names


def _named(triples: Sequence[Sequence[object]]) -> Variables:
    return frozenset(term for triple in triples for term in triple if isinstance(term, Variable))

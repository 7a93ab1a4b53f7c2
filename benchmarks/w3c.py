"""The W3C's query evaluation and syntax tests: the engine alone, and `sicetnon serve` over HTTP.

    python benchmarks/w3c.py [FOLDER]

Every test that the engine passes alone must pass through the endpoint; what does not is listed, and
the exit status is 1. FOLDER has the W3C's `data-r2` and `data-sparql11`; without it they are taken
from the source archive of rdflib 6.0.0, which ships them.

- The engine gets the data in its default graph. The endpoint holds every data file as a named graph
  and is told the dataset by `default-graph-uri` and `named-graph-uri`, as a client would; a query
  with FROM tells it itself.
- Tables are compared as bags of rows up to the names of blank nodes and the spelling of numbers; in
  the tests of sorting also in their order, against the engine's (elsewhere rows tie). SELECT is
  asked for as JSON, XML and TSV, ASK as JSON and XML, CONSTRUCT as Turtle and N-Triples, and all of
  them must be right.
- Tests with SERVICE are left out, since ours sends nothing elsewhere; so are tests that the W3C has
  withdrawn, and updates, which the protocol's tests cover. The engine knows no entailment: it fails
  those tests.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import httpx
import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from serving import serving  # noqa: E402

ARCHIVE = "rdflib==6.0.0"
BASE = "https://w3c.example/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
APPROVAL = "http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#approval"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SUITES = ("data-r2", "data-sparql11")
NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float")}
FORMS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {"text/turtle": RdfFormat.TURTLE, "application/n-triples": RdfFormat.N_TRIPLES}
DATA = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal
Row = dict[str, Term]


@dataclass(frozen=True)
class Table:
    """The rows of an answer, in their order."""

    rows: list[Row]


Answer = Table | bool | set[Triple]


@dataclass(frozen=True)
class Case:
    """One test: what to ask of which files, and the file that it expects; none tests syntax."""

    name: str
    suite: str
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = None
    is_wrong: bool = False

    @property
    def text(self) -> str:
        """The query, read where the test stands."""
        return f"BASE <{BASE}{self.query.as_posix()}>\n{_read(self.query).decode()}"

    @property
    def has_service(self) -> bool:
        """Whether the query sends a part of itself to another endpoint."""
        return re.search(r"\bSERVICE\b", self.text, re.IGNORECASE) is not None

    @property
    def has_dataset(self) -> bool:
        """Whether the query tells its own dataset."""
        return re.search(r"\bFROM\b", self.text, re.IGNORECASE) is not None


def _iri(file: Path) -> NamedNode:
    return NamedNode(f"{BASE}{file.as_posix()}")


_HERE = [Path()]


def _read(file: Path) -> bytes:
    return (_HERE[0] / file).read_bytes()


def cases() -> Iterator[Case]:
    """Read the manifests; a query under two names is two tests."""
    for manifest in sorted(_HERE[0].glob("data-*/**/manifest*.ttl")):
        file = manifest.relative_to(_HERE[0])
        if file.parts[0] not in SUITES:
            continue
        store = ox.Store()
        store.load(_read(file), RdfFormat.TURTLE, base_iri=_iri(file).value)
        for quad in store.quads_for_pattern(None, TYPE, None):
            kind = quad.object.value.removeprefix(MF) if isinstance(quad.object, NamedNode) else ""
            yield from _case(store, quad.subject, kind, file)


def _case(store: ox.Store, test: Subject, kind: str, manifest: Path) -> Iterator[Case]:
    def files(subject: Subject, name: str) -> tuple[Path, ...]:
        found = store.quads_for_pattern(subject, NamedNode(name), None)
        objects = (quad.object for quad in found)
        return tuple(
            sorted(Path(o.value.removeprefix(BASE)) for o in objects if isinstance(o, NamedNode))
        )

    approvals = store.quads_for_pattern(test, NamedNode(APPROVAL), None)
    if any(_spelt(quad.object).endswith("#Withdrawn") for quad in approvals):
        return
    name = f"{manifest.parent.as_posix()}/{_spelt(test).rpartition('#')[2]}"
    suite = manifest.parts[0]
    if kind in {"PositiveSyntaxTest", "PositiveSyntaxTest11"}:
        yield Case(name, suite, files(test, f"{MF}action")[0])
    elif kind in {"NegativeSyntaxTest", "NegativeSyntaxTest11"}:
        yield Case(name, suite, files(test, f"{MF}action")[0], is_wrong=True)
    elif kind == "QueryEvaluationTest":
        action = next(store.quads_for_pattern(test, NamedNode(f"{MF}action"), None)).object
        assert isinstance(action, BlankNode)
        (query,) = files(action, f"{QT}query")
        data, graphs = files(action, f"{QT}data"), files(action, f"{QT}graphData")
        yield Case(name, suite, query, data, graphs, files(test, f"{MF}result")[0])


def _spelt(term: Term) -> str:
    """Return what a term that is no triple says."""
    assert not isinstance(term, Triple)
    return term.value


def expected(case: Case) -> Answer:
    """Read the answer that the test wants."""
    assert case.result is not None
    raw, suffix = _read(case.result), case.result.suffix
    if suffix in RESULTS:
        return _answer(ox.parse_query_results(raw, RESULTS[suffix]))
    found = ox.parse(raw, DATA[suffix], base_iri=_iri(case.result).value)
    graph = ox.Dataset(found)
    tables = list(graph.quads_for_object(NamedNode(f"{RS}ResultSet")))
    if not tables:
        return {Triple(quad.subject, quad.predicate, quad.object) for quad in graph}
    return _told(graph, tables[0].subject)


def _told(graph: ox.Dataset, table: Subject) -> Answer:
    """Read a table that is written as a graph."""

    def of(subject: Term, name: str) -> list[Term]:
        assert not isinstance(subject, Literal)
        return [
            q.object for q in graph.quads_for_subject(subject) if q.predicate.value == RS + name
        ]

    if said := of(table, "boolean"):
        return _spelt(said[0]) == "true"
    rows = [
        {_spelt(of(pair, "variable")[0]): of(pair, "value")[0] for pair in of(row, "binding")}
        for row in of(table, "solution")
    ]
    return Table(rows)


def _answer(found: object) -> Answer:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QuerySolutions):
        names = [variable.value for variable in found.variables]
        rows = [{n: row[n] for n in names if row[n] is not None} for row in found]
        return Table(rows)
    assert isinstance(found, ox.QueryTriples)
    return set(found)


def _plain(term: Term) -> Term:
    """Spell a number in one way."""
    if not isinstance(term, Literal) or term.datatype.value not in NUMBERS:
        return term
    try:
        value = Decimal(term.value).normalize()
    except InvalidOperation:
        return term
    return Literal(f"{value:f}", datatype=term.datatype)


def alike(one: Answer, other: Answer) -> bool:
    """Compare two answers up to the names of blank nodes and the spelling of numbers."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Table) != isinstance(other, Table):
        return False
    return _canonical(one) == _canonical(other)


def _canonical(answer: Table | set[Triple]) -> ox.Dataset:
    if isinstance(answer, Table):
        quads = []
        for row in answer.rows:
            node = BlankNode()
            quads.append(Quad(node, TYPE, NamedNode(f"{RS}solution")))
            quads += [Quad(node, NamedNode(f"{RS}_{n}"), _plain(t)) for n, t in row.items()]
    else:
        quads = [Quad(t.subject, t.predicate, _plain(t.object)) for t in answer]
    found = ox.Dataset(quads)
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def _sequence(answer: Answer) -> list[dict[str, str]]:
    assert isinstance(answer, Table)
    return [
        {n: "_" if isinstance(t, BlankNode) else str(_plain(t)) for n, t in sorted(row.items())}
        for row in answer.rows
    ]


def _load(store: ox.Store, file: Path, to: NamedNode | ox.DefaultGraph) -> None:
    store.load(_read(file), DATA[file.suffix], base_iri=_iri(file).value, to_graph=to)


def alone(case: Case, every: ox.Store) -> Answer:
    """Ask the engine, with the least that it needs."""
    if case.has_dataset and case.result is not None:
        return _answer(every.query(case.text))
    store = ox.Store()
    for file in case.data:
        _load(store, file, ox.DefaultGraph())
    for file in case.graphs:
        _load(store, file, _iri(file))
    return _answer(store.query(case.text))


def asked(case: Case, client: httpx.Client) -> Iterator[tuple[str, Answer]]:
    """Ask the endpoint, in every form that fits."""
    parameters: list[tuple[str, str | int | float | bool | None]] = []
    if not case.has_dataset:
        data = [_iri(file).value for file in case.data] or [f"{BASE}nothing"]
        parameters += [("default-graph-uri", iri) for iri in data]
        parameters += [("named-graph-uri", _iri(file).value) for file in case.graphs]
    wanted = expected(case) if case.result else Table([])
    forms: list[str] = list(GRAPHS if isinstance(wanted, set) else FORMS)
    for form in forms[:2] if isinstance(wanted, bool) else forms:
        found = client.post(
            "/sparql",
            params=parameters,
            content=case.text.encode(),
            headers={"Content-Type": "application/sparql-query", "Accept": form},
        )
        if found.status_code != 200:
            raise ValueError(f"{found.status_code} {found.text[:200]}")
        if isinstance(wanted, set):
            quads = ox.parse(found.content, GRAPHS[form])
            yield form, {Triple(q.subject, q.predicate, q.object) for q in quads}
        else:
            yield form, _answer(ox.parse_query_results(found.content, FORMS[form]))


def evaluate(case: Case, every: ox.Store, client: httpx.Client) -> tuple[bool, str]:
    """Say whether the engine alone passes, and what is wrong through the endpoint."""
    try:
        engine = alone(case, every)
        passes = alike(expected(case), engine)
    except (SyntaxError, ValueError, OSError, RuntimeError, KeyError):
        return False, ""
    try:
        for form, answer in asked(case, client):
            if not alike(expected(case), answer):
                return passes, f"{form}: another answer"
            if "sort" in case.query.parts and _sequence(answer) != _sequence(engine):
                return passes, f"{form}: another order"
    except (SyntaxError, ValueError) as error:
        return passes, str(error)
    return passes, ""


def parse(case: Case, client: httpx.Client) -> tuple[bool, str]:
    """Say whether the engine alone takes or refuses a query rightly, and what ours does wrong."""
    is_read = True
    try:
        ox.Store().query(case.text)
    except SyntaxError:
        is_read = False
    except (RuntimeError, ValueError, OSError):  # read, and then not answered
        return not case.is_wrong, ""
    found = client.post(
        "/sparql",
        params=[] if case.has_dataset else [("default-graph-uri", f"{BASE}nothing")],
        content=case.text.encode(),
        headers={"Content-Type": "application/sparql-query", "Accept": "*/*"},
    )
    wanted = 400 if case.is_wrong else 200
    said = "" if found.status_code == wanted else f"{found.status_code} {found.text[:200]}"
    return is_read is not case.is_wrong, said


def fetch(to: Path) -> Path:
    """Take the tests from the archive that ships them."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    command += ["--no-deps", "--no-binary", ":all:", "--dest", str(to), ARCHIVE]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    with tarfile.open(next(to.glob("*.tar.gz"))) as archive:
        archive.extractall(to, filter="data")
    return next(to.glob("*/test/DAWG"))


def run() -> int:
    """Run every test and print what passed; return the number that only the engine passes."""
    tests = []
    for case in cases():
        needed = [case.query, *case.data, *case.graphs, *([case.result] if case.result else [])]
        if lost := [file for file in needed if not (_HERE[0] / file).is_file()]:
            print(f"left out: {case.name}: no {lost[0]}")
        elif not case.has_service:
            tests.append(case)
    every = ox.Store()
    named = {file for case in tests for file in (*case.data, *case.graphs)}
    named |= {
        path.relative_to(_HERE[0])
        for case in tests
        if case.has_dataset
        for path in (_HERE[0] / case.query).parent.glob("*.ttl")
    }
    for file in sorted(named):
        try:
            _load(every, file, _iri(file))
        except (SyntaxError, OSError, KeyError) as error:
            print(f"left out: {file}: {str(error)[:80]}")
    passed, ours, total, worse = Counter[str](), Counter[str](), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as folder:
        kept = ox.Store(str(Path(folder) / "store"))
        kept.extend(every)
        kept.flush()
        del kept
        with (
            serving(Path(folder) / "store") as url,
            httpx.Client(base_url=url, timeout=60) as client,
        ):
            for case in tests:
                kind = f"{case.suite} {'evaluation' if case.result else 'syntax'}"
                right, wrong = evaluate(case, every, client) if case.result else parse(case, client)
                total[kind] += 1
                passed[kind] += right
                ours[kind] += right and not wrong
                if right and wrong:
                    worse.append(f"{case.name}: {wrong}")
    for kind, count in sorted(total.items()):
        print(f"{kind:28}{count:5} tests  {passed[kind]:4} engine  {ours[kind]:4} of these by ours")
    print("\n".join(worse))
    return len(worse)


def main() -> None:
    """Print what the engine and the endpoint pass."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    options = parser.parse_args()
    versions = " ".join(f"{p} {importlib.metadata.version(p)}" for p in ("sicetnon", "pyoxigraph"))
    print(f"{versions}, Python {platform.python_version()}, tests of {options.folder or ARCHIVE}")
    with tempfile.TemporaryDirectory() as folder:
        _HERE[0] = options.folder or fetch(Path(folder))
        sys.exit(1 if run() else 0)


if __name__ == "__main__":
    main()

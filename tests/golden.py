"""The answers that questions are held to: `python tests/golden.py` writes them anew, to be read.

A case says on which graphs a question is asked, with which parameters, and what the answer is.
`examples` are the shipped pages; `graphs` what is kept by hand; `debate` three small pages whose
claims and relations are written by hand, so that better rules do not move the answers.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from sicetnon import query, rooms, terms
from sicetnon.library import Library
from sicetnon.query import QueryFile

CASES = Path(__file__).parent / "cases" / "queries"
DRAWN = ("sen:Relation", "sen:Claim", "sen:Absence", "sen:OpenQuestion", "sen:Mention")
_BY_HAND = {
    "bridges",
    "claims-of-holder",
    "common-targets",
    "contested-perspectives",
    "evidence-of-relation",
    "mutual-disputes",
    "stands-alone",
    "stances",
    "unanswered-challenges",
    "who-replied-to-whom",
    "who-supports-whom",
    "works-of-several-holders",
}
_OF_DEBATE = {
    "name": "Almeida",
    "words": "survey",
    "work": "work/a-survey-of-two-hundred-covered-timber-spans",
    "relation": "thread/timber-bridges/relation/brandt-contradicts-almeida",
    "left": "almeida",
    "right": "brandt",
    "site": "journal of wood",
    "thread": "timber-bridges",
}
_OF_THE_OTHER_THREAD = {"perspectives-without-work", "unresolved-pointers"}

Case = dict[str, object]


@cache
def library(on: str) -> Library:
    """Return the graphs that a case is asked on."""
    if on == "graphs":
        return Library(str(rooms.room("graphs")))
    found = Library(":memory:")
    pages = rooms.room("examples") if on == "examples" else CASES / "pages"
    assert all(page.status == "stored" for page in found.ingest([pages]))
    if on == "debate":
        kept = list(parse(path=str(CASES / "relations.trig"), format=RdfFormat.TRIG))
        drawn = [name for name in found.store.graphs() if name.value.endswith("/relations")]
        found.keep_in(found.store)
        judged = NamedNode(f"{terms.ID}graph/judged")
        found._write().replace([*drawn, judged], kept)
    return found


def path(name: str) -> Path:
    """Return the file of a question's cases."""
    return CASES / f"{name}.json"


def cases(name: str) -> list[Case]:
    """Return the cases that are kept for a question."""
    found: list[Case] = json.loads(path(name).read_text(encoding="utf-8"))
    return found


def answer(file: QueryFile, case: Case) -> list[list[object]]:
    """Ask a case's question; our IRIs come without their base."""
    given = case["params"]
    assert isinstance(given, dict)
    table = query.run(library(str(case["on"])).store, file, given)
    return [
        [cell.replace(terms.ID, "") if isinstance(cell, str) else cell for cell in row]
        for row in table.rows
    ]


def wanted(file: QueryFile) -> list[Case]:
    """Return the cases of a question without their answers."""
    asked = {p.name for p in file.params if p.default is None and p.type != "version"}
    debate = {name: value for name, value in _OF_DEBATE.items() if name in asked}
    if file.name in _OF_THE_OTHER_THREAD:
        debate["thread"] = "covered-roofs"
    found: list[Case] = [{"on": "debate", "params": debate}]
    if file.name in _BY_HAND:
        found.append({"on": "graphs", "params": dict(file.example)})
    foreign = file.graphs and any(param.type == "iri" for param in file.params)
    if not foreign and not any(term in file.text for term in DRAWN):
        found.append({"on": "examples", "params": dict(file.example)})
    return found


def main() -> None:
    """Write the cases of every question for analysts."""
    for file in query.catalogue().values():
        if file.group == "ask":
            told = [{**case, "rows": answer(file, case)} for case in wanted(file)]
            path(file.name).write_text(_written(told), encoding="utf-8", newline="\n")


def _written(told: list[Case]) -> str:
    """Write cases as JSON with one row of an answer in each line."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    listed = []
    for case in told:
        rows = case["rows"]
        assert isinstance(rows, list)
        body = ",\n".join(f"    {line(row)}" for row in rows)
        listed.append(
            f'  {{"on": {line(case["on"])}, "params": {line(case["params"])}, "rows": ['
            + (f"\n{body}\n  ]}}" if rows else "]}")
        )
    return "[\n" + ",\n".join(listed) + "\n]\n"


if __name__ == "__main__":
    main()

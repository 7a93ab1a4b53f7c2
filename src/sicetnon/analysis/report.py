"""A report on a debate: its findings as values, as words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from sicetnon.analysis import load, words
from sicetnon.analysis.choose import choose
from sicetnon.analysis.parts import Argument
from sicetnon.analysis.standing import Analysis
from sicetnon.analysis.standing import analyse as analysed
from sicetnon.analysis.what_if import Consequence
from sicetnon.analysis.what_if import what_if as consequence
from sicetnon.store import Store

Found = TypeVar("Found", bound=Analysis | Consequence)
_MARKUP = r"\`*_[]<>#|"


@dataclass(frozen=True)
class Report(Generic[Found]):
    """What was found, its names, and the same in words: headings, each with its lines."""

    found: Found
    argument: Argument
    names: dict[str, str]
    sections: list[words.Section]
    caveat: str = ""

    def text(self) -> str:
        """Write the report for a terminal; a heading without lines says so in one."""
        parts = [_block(heading, "  ", told) for heading, told in self.sections]
        return "\n".join([*parts, self.caveat]).rstrip("\n") + "\n"

    def markdown(self) -> str:
        """Write the report as Markdown; characters that would be markup are escaped."""
        parts = [
            _block(f"## {heading}\n", "- ", [_escaped(line) for line in told])
            for heading, told in self.sections
        ]
        return "\n".join([*parts, self.caveat]).rstrip("\n") + "\n"

    def data(self) -> dict[str, Any]:
        """Return the findings with the names of nodes and what each relation says."""
        return {
            **asdict(self.found),
            "names": self.names,
            "drawn": {edge.iri: asdict(edge) for edge in self.argument.edges},
            "caveat": self.caveat,
        }

    def json(self) -> str:
        """Write the findings as one JSON object."""
        return json.dumps(self.data(), ensure_ascii=False, indent=2) + "\n"


def _block(heading: str, lead: str, told: list[str]) -> str:
    return "\n".join([heading, *(lead + line for line in told or ["nothing"]), ""])


def _escaped(line: str) -> str:
    return "".join(f"\\{sign}" if sign in _MARKUP else sign for sign in line)


def analyse(
    store: Store, thread: str | None, version: str | int | None, *, preferred: bool = False
) -> Report[Analysis]:
    """Report how the debate of one version stands; `preferred` needs clingo."""
    argument = load.argument(store, thread, version)
    found = analysed(argument, with_preferred=preferred)
    sections = words.analysis_sections(argument, found)
    return Report(found, argument, _names(argument, {}), sections, words.CAVEAT)


def what_if(
    store: Store, without: Iterable[str], thread: str | None, version: str | int | None
) -> Report[Consequence]:
    """Report what would fall without these sources; raises UsageError for an unknown one."""
    argument, page = load.argument(store, thread, version), load.page(store, thread, version)
    found = consequence(argument, page, choose(argument, page, without))
    names = _names(argument, dict(page.names))
    sections = words.consequence_sections(argument, found, names)
    return Report(found, argument, names, sections)


def _names(argument: Argument, more: dict[str, str]) -> dict[str, str]:
    named = {node.iri: node.label for node in argument.nodes if node.label}
    return dict(sorted((more | argument.names | named).items()))

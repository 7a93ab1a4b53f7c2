"""A query file: SPARQL under a header of `#+` lines that says what it asks and what it takes."""

from __future__ import annotations

import difflib
import re
import shlex
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sicetnon import rooms
from sicetnon.errors import DataError, UsageError

TYPES = ("thread", "version", "slug", "int", "iri", "date", "text", "section", "enum")
KEYS = (
    "title",
    "group",
    "description",
    "params",
    "example",
    "columns",
    "view",
    "graphs",
    "severity",
    "message",
    "copied",
)
GROUPS = ("ask", "section", "view", "check")
QUESTIONS = (
    "who says what",
    "on what grounds",
    "against whom",
    "since when",
    "what is missing",
    "what is doubtful",
    "how two versions differ",
    "what one work carries",
    "what bridges camps",
    "what a dropped source would cost",
    "what threads share",
    "how the page is made",
)
_FEW = 8

_HEADER = re.compile(r"#\+ ([a-z]+): (.*)")
_PARAM = re.compile(r"(\w+):(\w+)(?:\(([\w|-]+)\))?(?:=(.*))?")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its variable, its type, its default and, for an enum, what it may be."""

    name: str
    type: str
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryFile:
    """A question with a name; `group` is the folder that tells what it is for.

    `question` is which of `QUESTIONS` it helps to answer, as its header's `group` says; `example`
    has a value for each parameter without a default, to be tried on the shipped example pages;
    `copied` are the services whose engine answers it wrongly, so that a copy of their graphs does.
    """

    name: str
    group: str
    title: str
    description: str
    params: tuple[Param, ...]
    columns: tuple[str, ...]
    text: str
    view: str = "table"
    question: str = ""
    example: tuple[tuple[str, str], ...] = ()
    graphs: tuple[str, ...] = ()
    severity: str = ""
    message: str = ""
    copied: tuple[str, ...] = ()
    path: Path = field(default=Path(), compare=False)

    @property
    def builds_graph(self) -> bool:
        """Whether the answer is a graph, not a table: a file without columns constructs one."""
        return not self.columns

    @property
    def command(self) -> str:
        """A command that asks this question of the shipped example pages.

        One that needs graphs which are kept by hand is asked of the folder `graphs` instead.
        """
        given = "".join(f" -p {shlex.quote(f'{name}={value}')}" for name, value in self.example)
        verb = "draw" if self.group == "view" else "ask"
        where = " --store graphs" if self.graphs and self.group == "ask" else ""
        return f"sicetnon{where} {verb} {self.name}{given}"


def parse(path: Path) -> QueryFile:
    """Read one query file; raises DataError where its header is not whole."""
    text = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        match = _HEADER.fullmatch(line)
        if not match or match[1] not in KEYS:
            raise DataError(f"{path.name}:{number}: expected '#+ key: value', found {line!r}")
        header[match[1]] = match[2].strip()
    if missing := {"title", "description"} - header.keys():
        raise DataError(f"{path.name}: expected a header line for {', '.join(sorted(missing))}")
    if (question := header.get("group", "")) not in ("", *QUESTIONS):
        raise DataError(
            f"{path.name}: expected a group ({', '.join(QUESTIONS)}), found {question!r}"
        )
    return QueryFile(
        name=path.stem,
        group=path.parent.name,
        title=header["title"],
        description=header["description"],
        params=tuple(_param(path, each) for each in _split(header.get("params", ""))),
        columns=tuple(_split(header.get("columns", ""))),
        text=text,
        view=header.get("view", "table"),
        question=question,
        example=tuple(_pair(path, each) for each in _split(header.get("example", ""))),
        graphs=tuple(_split(header.get("graphs", ""))),
        severity=header.get("severity", ""),
        message=header.get("message", ""),
        copied=tuple(_split(header.get("copied", ""))),
        path=path,
    )


@cache
def catalogue() -> dict[str, QueryFile]:
    """Return every query file by its name; a name stands in one folder only."""
    files = [
        file for group in GROUPS for file in sorted((rooms.room("queries") / group).glob("*.rq"))
    ]
    return {file.stem: parse(file) for file in files}


def load(name: str, *groups: str) -> QueryFile:
    """Return the query called `name`, which must stand in one of `groups` where any are given.

    Raises UsageError for an unknown name, with the nearest known ones.
    """
    found = catalogue().get(name)
    if found and (not groups or found.group in groups):
        return found
    known = [each.name for each in catalogue().values() if not groups or each.group in groups]
    near = difflib.get_close_matches(name, known, cutoff=0.5) or _sharing_a_word(name, known)
    if len(known) <= _FEW:
        hint = f"; there are {', '.join(sorted(known))}"
    else:
        hint = f"; the nearest are {', '.join(near)}" if near else ""
    advice = "" if hint else "'sicetnon ask --list' lists them"
    raise UsageError(f"expected a query, found {name!r}{hint}", advice=advice)


def _sharing_a_word(name: str, known: list[str]) -> list[str]:
    words = set(re.findall(r"\w{4,}", name.lower()))
    return [each for each in known if words & set(each.split("-"))][:_FEW]


def _pair(path: Path, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"\w+", name):
        raise DataError(f"{path.name}: expected an example as 'name=value', found {text!r}")
    return name, value


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _param(path: Path, text: str) -> Param:
    match = _PARAM.fullmatch(text)
    if not match or match[2] not in TYPES or (match[2] == "enum") != bool(match[3]):
        raise DataError(f"{path.name}: expected 'name:type=default', found {text!r}")
    return Param(
        match[1], match[2], match[4], tuple((match[3] or "").split("|")) if match[3] else ()
    )

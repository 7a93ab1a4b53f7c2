"""Findings as people, programs, RDF tools and code hosts read them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pyoxigraph as ox

from sicetnon.shapes.finding import Finding
from sicetnon.terms import TYPE

_SH = "http://www.w3.org/ns/shacl#"
_QUOTED = 100
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}


def place(finding: Finding) -> str:
    """Say where a finding is: file and line as editors take them, or the node off any page."""
    if not finding.line:
        return finding.node
    page = finding.file or f"{finding.thread}/v{finding.version}"
    return f"{page}:{finding.line}"


def _text(findings: list[Finding]) -> str:
    lines = []
    for finding in findings:
        quote = finding.quote if len(finding.quote) <= _QUOTED else finding.quote[:99] + "…"
        lines.append(f"{place(finding)}: {finding.severity}: {finding.message} [{finding.rule}]\n")
        if quote:
            lines.append(f"    {quote}\n")
    return "".join(lines)


def _json(findings: list[Finding]) -> str:
    return json.dumps([each.dict() for each in findings], ensure_ascii=False, indent=2) + "\n"


def _turtle(findings: list[Finding]) -> str:
    """A SHACL validation report (SHACL 3.6)."""
    report = ox.BlankNode("report")
    quads = [
        ox.Triple(report, TYPE, _sh("ValidationReport")),
        ox.Triple(report, _sh("conforms"), ox.Literal(not findings)),
    ]
    for number, finding in enumerate(findings, 1):
        node = ox.BlankNode(f"r{number}")
        rule = ox.NamedNode(f"https://w3id.org/sicetnon/shapes#{finding.rule}")
        quads += [
            ox.Triple(report, _sh("result"), node),
            ox.Triple(node, TYPE, _sh("ValidationResult")),
            ox.Triple(node, _sh("focusNode"), _node(finding.node)),
            ox.Triple(node, _sh("resultSeverity"), _sh(finding.severity.capitalize())),
            ox.Triple(node, _sh("sourceShape"), rule),
            ox.Triple(
                node, _sh("resultMessage"), ox.Literal(f"{place(finding)}: {finding.message}")
            ),
        ]
    return (ox.serialize(quads, format=ox.RdfFormat.TURTLE, prefixes={"sh": _SH}) or b"").decode()


def _node(name: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode() if name.startswith("_:") else ox.NamedNode(name)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SH + name)


def _sarif(findings: list[Finding]) -> str:
    """A log in SARIF 2.1.0, which code hosts show beside the lines of a file."""
    rules = sorted({finding.rule for finding in findings})
    results = [
        {
            "ruleId": finding.rule,
            "level": _LEVELS[finding.severity],
            "message": {"text": finding.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": finding.file or finding.node},
                        "region": {"startLine": max(finding.line, 1)},
                    }
                }
            ],
        }
        for finding in findings
    ]
    driver = {
        "name": "sicetnon",
        "informationUri": "https://w3id.org/sicetnon/ontology",
        "rules": [{"id": rule} for rule in rules],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[list[Finding]], str]] = {
    "text": _text,
    "json": _json,
    "turtle": _turtle,
    "sarif": _sarif,
}

"""Writes a debate as one HTML file that loads nothing: map, explorer, details and text twin."""

from __future__ import annotations

import base64
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from sicetnon.errors import DataError
from sicetnon.view.argument_map import summary, svg, templates
from sicetnon.view.explorer import network, script
from sicetnon.view.facts import visible
from sicetnon.view.parts import STATUSES
from sicetnon.view.theme import DARK, LIGHT, SIGNS, STATUS_WORDS, variables

if TYPE_CHECKING:
    from sicetnon.view.parts import Debate, Edge

_KINDS = {"answer": "answers", "claim": "claims", "perspective": "perspectives", "work": "works"}


def html(debate: Debate, query_text: str) -> str:
    """Return the page; what a script element or an attribute could misread is escaped."""
    environment = templates()
    css = "".join(
        (
            f":root{{{variables(LIGHT)}}}",
            f"@media (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}",
            environment.get_template("map.css").render(signs=SIGNS),
            _source("page.css"),
        )
    )
    scripts = [script(), _source("page.js"), _source("explorer.js")]
    page = environment.get_template("page.html.jinja").render(
        debate=debate,
        tension=debate.of("tension")[0],
        answers=debate.of("answer"),
        claims=sorted(debate.of("claim"), key=lambda node: (-_talk(debate, node.id), node.label)),
        works=sorted(debate.of("work"), key=lambda node: (node.year, node.label)),
        grounded=_grounded(debate),
        counts=_counts(debate),
        signs=SIGNS,
        statuses=STATUSES,
        status_words=STATUS_WORDS,
        kinds=_KINDS,
        summary=summary(debate),
        map=svg(debate, standalone=False),
        network=network(debate),
        query=visible(query_text.strip()),
        css=css,
        scripts=scripts,
        policy=policy(css, scripts),
    )
    return page.strip() + "\n"


def _source(name: str) -> str:
    """Return a file that no template language may read: "{#" begins a comment in Jinja."""
    environment = templates()
    if environment.loader is None:
        raise DataError("the templates of the view layer are missing")
    return environment.loader.get_source(environment, name)[0]


def policy(css: str, scripts: list[str]) -> str:
    """Allow exactly the styles and scripts that we put in, and no address anywhere.

    vis-network styles its canvas through the object model, which needs no 'unsafe-inline'.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(css)}'",
            "script-src " + " ".join(f"'{_digest(text)}'" for text in scripts),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode()


def _talk(debate: Debate, node: str) -> int:
    """Count how many relations end at a node."""
    return len(debate.into(node, *SIGNS))


def _grounded(debate: Debate) -> dict[str, list[Edge]]:
    """List for each work the relations that rest on it."""
    return {
        work.id: [edge for edge in debate.relations if work.id in edge.works]
        for work in debate.of("work")
    }


def _counts(debate: Debate) -> Counter[str]:
    """Count what each filter shows or hides."""
    counts = Counter(edge.kind for edge in debate.relations)
    counts.update(edge.status for edge in debate.relations)
    counts.update(node.kind for node in debate.nodes)
    return counts

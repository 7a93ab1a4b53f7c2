"""The HTML that the server writes: templates that escape, one style, no script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from sicetnon import terms

_TEMPLATES = (
    "base",
    "answer",
    "front",
    "problem",
    "queries",
    "question",
    "sparql",
    "table",
    "thing",
)


@cache
def environment() -> Environment:
    """Return the templates, all of them read: an engine can open no file."""
    found = Environment(
        loader=PackageLoader("sicetnon.web"),
        autoescape=select_autoescape(["j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals.update(local=local, short=_short, css=style())
    for name in _TEMPLATES:
        found.get_template(f"{name}.html.j2")
    return found


@cache
def style() -> str:
    """Return the style sheet, which every page carries within it."""
    return (resources.files("sicetnon.web") / "templates" / "style.css").read_text("utf-8").rstrip()


@cache
def policy() -> str:
    """Return the content security policy of the pages: our style, our forms, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def write(template: str, **values: object) -> bytes:
    """Write a page."""
    return environment().get_template(template).render(**values).encode()


def local(iri: str) -> str:
    """Return where an IRI leads from a page: ours to this server, others to where they say."""
    if iri.startswith(terms.ID):
        return "/id/" + quote(iri.removeprefix(terms.ID), safe="/:@!$&'()*+,;=~")
    return iri if iri.startswith(("http://", "https://")) else ""


def _short(iri: str) -> str:
    """Return an IRI of ours without its base, as tables show it."""
    return iri.removeprefix(terms.ID)

"""The API as an OpenAPI 3.1 document, made from the headers of the query files."""

from __future__ import annotations

from functools import cache
from typing import Any

from sicetnon import __version__, query
from sicetnon.query import Param, QueryFile
from sicetnon.web import media
from sicetnon.web.asking import GROUPS

MOST_ROWS = 10_000
FURTHEST = 10**9

_TYPES: dict[str, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    "date": {"type": "string", "format": "date"},
    "slug": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80},
    "thread": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80},
    "version": {
        "type": "string",
        "pattern": "^(latest|v?[0-9]{1,9}|[0-9]{4}-[0-9]{2}-[0-9]{2})$",
    },
    "iri": {"type": "string", "format": "iri"},
    "text": {"type": "string"},
    "section": {"type": "string"},
}
_CELL = {"type": ["string", "number", "boolean", "null"]}


def files() -> list[QueryFile]:
    """Return the query files that the API answers."""
    return [file for file in query.catalogue().values() if file.group in GROUPS]


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sic et Non",
            "version": __version__,
            "description": "Questions about debates and their sources, answered from their graph.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/ask": {"get": _listing()},
            **{f"/api/ask/{file.name}": {"get": _question(file)} for file in files()},
        },
        "components": {"schemas": {"Problem": _PROBLEM}, "responses": _RESPONSES},
    }


def _listing() -> dict[str, Any]:
    item = {
        "type": "object",
        "required": ["name", "group", "title", "description", "params", "columns", "url"],
    }
    content = {media.JSON: {"schema": {"type": "array", "items": item}}}
    return {
        "operationId": "list",
        "summary": "The questions that can be asked",
        "responses": {"200": {"description": "The questions.", "content": content}, **_FAULTS},
    }


def _question(file: QueryFile) -> dict[str, Any]:
    forms = [media.JSON, media.CSV, media.JSON_LD, *([media.TURTLE] if file.builds_graph else [])]
    content: dict[str, Any] = {form: {"schema": {"type": "string"}} for form in forms}
    content[media.JSON] = {"schema": _page(file)}
    content[media.JSON_LD] = {"schema": {"type": ["object", "array"]}}
    return {
        "operationId": file.name,
        "summary": file.title,
        "description": file.description,
        "tags": [file.group],
        "parameters": [
            *(_parameter(param) for param in file.params),
            _number("limit", "How many rows at most.", 1000, MOST_ROWS),
            _number("offset", "How many rows to leave out first.", 0, FURTHEST),
        ],
        "responses": {
            "200": {
                "description": "A page of the answer; the header Link leads to the next one.",
                "headers": {
                    "X-Total-Count": {
                        "description": "How many rows the whole answer has.",
                        "schema": {"type": "integer"},
                    },
                    "Link": {
                        "description": "The next page, if there is one (RFC 8288).",
                        "schema": {"type": "string"},
                    },
                },
                "content": content,
            },
            **_FAULTS,
        },
    }


def _parameter(param: Param) -> dict[str, Any]:
    choice: dict[str, Any] = {"type": "string", "enum": list(param.choices)}
    schema = choice if param.choices else dict(_TYPES[param.type])
    if param.default is not None:
        schema["default"] = int(param.default) if param.type == "int" else param.default
    return {
        "name": param.name,
        "in": "query",
        "required": param.default is None and param.type not in {"thread", "version"},
        "schema": schema,
    }


def _number(name: str, description: str, default: int, most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "maximum": most, "default": default}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _page(file: QueryFile) -> dict[str, Any]:
    columns = list(file.columns) or ["subject", "predicate", "object"]
    row = {
        "type": "object",
        "required": columns,
        "properties": dict.fromkeys(columns, _CELL),
        "additionalProperties": False,
    }
    fields = {
        "name": {"const": file.name},
        "title": {"type": "string"},
        "columns": {"const": columns},
        "total": {"type": "integer"},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "next": {"type": ["string", "null"]},
        "rows": {"type": "array", "items": row},
    }
    return {"type": "object", "required": list(fields), "properties": fields}


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_TOLD = {
    "400": ("BadRequest", "A parameter that is unknown, missing or ill-typed."),
    "404": ("NotFound", "A thread, version, section or IRI that the store does not hold."),
    "405": ("NotAllowed", "A method other than GET and HEAD."),
    "406": ("NotAcceptable", "An Accept header that takes none of the forms."),
    "422": ("TooMuch", "An answer that takes more time, memory or room than there is for it."),
    "503": ("Busy", "Every engine is taken; Retry-After says when to ask again."),
}
_RESPONSES = {
    name: {
        "description": description,
        "content": {media.PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for name, description in _TOLD.values()
}
_FAULTS = {
    status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in _TOLD.items()
}

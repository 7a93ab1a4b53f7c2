"""From the text of a model's answer to drafts: whatever it holds, only drafts come out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from sicetnon.proposals import CLAIMS, Draft
from sicetnon.propose.prompt import Request

_LONGEST = 100_000
_MOST = 100
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class Malformed(ValueError):  # noqa: N818 - a state of an answer, no fault
    """An answer that is not of the form that was asked for; says what it lacks."""


def drafts(answer: str, request: Request) -> list[Draft]:
    """Return the drafts of an answer; raises Malformed.

    A fence of Markdown around the object, and a model's thoughts before it, are passed over.
    """
    found = _object(_THOUGHT.sub("", answer, count=1))
    listed = [*_listed(found, "relations"), *_listed(found, "claims")]
    if len(listed) > _MOST:
        raise Malformed(f"expected at most {_MOST} items for one part, found {len(listed)}")
    relations = len(_listed(found, "relations"))
    return [_draft(item, request, is_claim=place >= relations) for place, item in enumerate(listed)]


def _object(text: str) -> Mapping[str, object]:
    start = text.find("{")
    if start < 0 or len(text) > _LONGEST:
        raise Malformed("expected one JSON object of moderate length")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"expected JSON: {error}") from None
    if not isinstance(found, dict) or not {"relations", "claims"} & found.keys():
        raise Malformed("expected a JSON object with the lists `relations` and `claims`")
    return found


def _listed(found: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    items = found.get(name) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Malformed(f"expected `{name}` to be a list of objects")
    return items


def _draft(item: Mapping[str, object], request: Request, *, is_claim: bool) -> Draft:
    given = dict(_texts(item))
    source = given.get("holder" if is_claim else "from", "")
    target = "" if is_claim else given.get("to", "")
    return Draft(
        source=request.sides.get(source, source),
        stance=CLAIMS if is_claim else given.get("stance", ""),
        target=request.sides.get(target, target),
        quote=given.get("quote", ""),
        where=request.passages.get(given.get("passage", ""), given.get("passage", "")),
    )


def _texts(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        if isinstance(value, str):
            yield name, value.encode("utf-8", "replace").decode()

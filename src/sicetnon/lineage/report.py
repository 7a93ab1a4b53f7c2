"""Changes as people and programs read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from sicetnon.lineage.changes import Change

_SIGNS = {"new": "+", "gone": "-"}


def _said(words: str | list[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or [])


def _summary(change: Change) -> str:
    if change.before is None and change.after is None:
        count = change.evidence.get("count")
        return f"{count} of {change.evidence.get('kept')} that both versions have"
    return ""


def _text(changes: Sequence[Change]) -> str:
    out = []
    for each in changes:
        sign = _SIGNS.get(each.change, "~")
        thing = str(each.evidence.get("thing", "")).rpartition("/")[2]
        where = each.evidence.get("section", "")
        about = " ".join(filter(None, (_summary(each), str(where), thing)))
        out.append(f"{sign} {each.kind} {each.change}: {about}".rstrip(": ") + "\n")
        words = each.evidence.get("words")
        if isinstance(words, list) and len(words) <= _MOST:
            out += [f"    [{old}] -> [{new}]\n" for old, new in words]
            continue
        out += [f"    - {' / '.join(text.splitlines())}\n" for text in _said(each.before)]
        out += [f"    + {' / '.join(text.splitlines())}\n" for text in _said(each.after)]
    return "".join(out) or _NOTHING


def _markdown(changes: Sequence[Change]) -> str:
    out = []
    for each in changes:
        out.append(f"- **{each.kind} {each.change}** {_summary(each)}".rstrip() + "\n")
        out += [f"  - ~~{_escaped(text)}~~\n" for text in _said(each.before)]
        out += [f"  - {_escaped(text)}\n" for text in _said(each.after)]
    return "".join(out) or "Nothing changed.\n"


def _escaped(text: str) -> str:
    folded = " / ".join(part for part in text.splitlines() if part)
    for mark in "\\`*_[]<>~":
        folded = folded.replace(mark, "\\" + mark)
    return folded


def _json(changes: Sequence[Change]) -> str:
    return json.dumps([asdict(each) for each in changes], ensure_ascii=False, indent=2) + "\n"


_MOST = 8
_NOTHING = "no change in title, sections, positions, tensions, events, sources or citations\n"

FORMATS: dict[str, Callable[[Sequence[Change]], str]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
}

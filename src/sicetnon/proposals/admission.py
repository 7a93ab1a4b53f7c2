"""Which drafts of a proposal are admitted: both sides known, a stance, and the page's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sicetnon import terms
from sicetnon.model import STANCES, Page, as_written
from sicetnon.proposals.folding import fold
from sicetnon.proposals.grounding import Missing, ground, key
from sicetnon.proposals.values import CLAIMS, Proposal

_SHOWN = 60
_LONGEST = 1_000  # of a name


@dataclass(frozen=True, slots=True)
class Side:
    """What can stand on a side of a relation: a perspective, a work, an agent or a school."""

    node: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A page with all that can stand on a side of a relation on it."""

    page: Page
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody would propose: sides by IRI or name, and words quoted from the page.

    `stance` is `claims` for a claim, which has no `target`; `where` names the passage, if given.
    """

    source: str
    stance: str
    target: str
    quote: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A draft that is not admitted, and what is wrong with it.

    `elsewhere` is the passage in which its words do stand, where they stand on the page at all.
    """

    draft: Draft
    why: str
    elsewhere: str = ""


def admit(scene: Scene, draft: Draft, method: str) -> Proposal | Refused:
    """Return a draft as a proposal, or what is wrong with it."""
    if draft.stance not in (*STANCES, CLAIMS):
        known = ", ".join((*STANCES, CLAIMS))
        return Refused(draft, f"expected a stance ({known}), found {shown(draft.stance)}")
    source = _side(scene.sides, draft.source)
    target = "" if draft.stance == CLAIMS else _side(scene.sides, draft.target)
    for side in (source, target):
        if isinstance(side, Missing):
            return Refused(draft, side.why)
    if source == target:
        return Refused(draft, f"expected two sides, found one: {shown(draft.source)}")
    found = ground(scene.page, draft.quote, draft.where)
    if isinstance(found, Missing):
        return Refused(draft, f"{found.why}: {shown(draft.quote)}", found.elsewhere)
    version = terms.version(scene.page.thread, scene.page.version)
    written = as_written(found.place.passage, found.start, found.end)
    return Proposal(
        source=str(source),
        stance=draft.stance,
        target=str(target),
        passage=terms.part(version, key(scene.page, found.place)).value,
        exact=found.text,
        start=found.start,
        end=found.end,
        method=method,
        written="" if written == found.text else written,
    )


def shown(text: str, most: int = _SHOWN) -> str:
    """Return a stranger's text as a message may show it: short, and without control characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return f"“{plain}”" if len(plain) <= most else f"“{plain[: most - 1]}…”"


def _side(sides: Sequence[Side], name: str) -> str | Missing:
    """Return the IRI of the one side that a name, or an IRI, whole or from its kind on, means."""
    for side in sides:
        if name in (side.node, side.node.removeprefix(terms.ID)):
            return side.node
    wanted = fold(name[:_LONGEST]).text.casefold()
    found = [side for side in sides if fold(side.name).text.casefold() == wanted]
    if len(found) == 1:
        return found[0].node
    if found:
        nodes = ", ".join(each.node.removeprefix(terms.ID) for each in found)
        return Missing(f"expected one side of that name, found {nodes}; name one of them so")
    likely = _alike(sides, wanted)
    hint = f"; did you mean {', '.join(likely)}?" if likely else ""
    return Missing(f"expected a side that the page knows, found {shown(name)}{hint}")


def _alike(sides: Iterable[Side], wanted: str) -> list[str]:
    """Return the names that hold the wanted one or are held by it: a hint, never a match."""
    if not wanted:
        return []
    names = (side.name for side in sides)
    low = ((name, fold(name).text.casefold()) for name in names)
    return [name for name, plain in low if plain and (wanted in plain or plain in wanted)][:3]

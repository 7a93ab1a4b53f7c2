"""Number the entries of a page by their first appearance, and every citation mark with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sicetnon.errors import DataError
from sicetnon.model import Block, Entry, Event, Page, Passage, Position, Tension, entries, passages


def renumber(page: Page) -> Page:
    """Return the page with entries 1, 2, 3… in the order in which it first cites them.

    Entries that nothing cites come last, in their old order. Raises DataError where a mark leads to
    no entry: any number that it could be given would make it lead somewhere.
    """
    known = {entry.number for entry in entries(page)}
    first: dict[int, int] = {}
    for section in page.sections:
        for passage in passages(section):
            for pointer in passage.pointers:
                if pointer.number not in known:
                    raise DataError(
                        f"line {passage.line}: expected marks that lead to a source, found "
                        f"[{pointer.number}]; a page with such a mark cannot be renumbered"
                    )
                first.setdefault(pointer.number, len(first) + 1)
    for entry in entries(page):
        first.setdefault(entry.number, len(first) + 1)

    def move(passage: Passage) -> Passage:
        marks = (replace(mark, number=first[mark.number]) for mark in passage.pointers)
        return replace(passage, pointers=tuple(marks))

    sections = []
    for section in page.sections:
        blocks = tuple(_block(block, move, first) for block in section.blocks)
        sections.append(replace(section, blocks=_in_order(blocks)))
    return replace(page, sections=tuple(sections))


def _block(block: Block, move: Callable[[Passage], Passage], first: dict[int, int]) -> Block:
    match block:
        case Passage():
            return move(block)
        case Event(passage=passage) | Tension(passage=passage):
            return replace(block, passage=move(passage))
        case Position(heading=heading, statement=statement, evolution=evolution):
            return Position(
                move(heading), tuple(map(move, statement)), evolution and move(evolution)
            )
        case Entry(number=number):
            return replace(block, number=first[number], lead=None)


def _in_order(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Sort entries by their new numbers onto the lines that the list has."""
    listed = [block for block in blocks if isinstance(block, Entry)]
    if len(listed) != len(blocks):
        return blocks
    lines = [entry.line for entry in listed]
    ordered = sorted(listed, key=lambda entry: entry.number)
    return tuple(replace(entry, line=line) for entry, line in zip(ordered, lines, strict=True))

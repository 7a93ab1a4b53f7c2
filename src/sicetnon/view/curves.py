"""Geometry of drawn lines: where they run, cross and leave room for a sign."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from math import hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Point = tuple[float, float]
_STEPS = 6


@dataclass(frozen=True)
class Box:
    """A rectangle by its centre."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box, gap: float = 0) -> bool:
        """Say whether two rectangles come nearer than `gap`."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width + 2 * gap
            and abs(self.y - other.y) * 2 < self.height + other.height + 2 * gap
        )

    def holds(self, point: Point) -> bool:
        """Say whether a point lies inside."""
        return abs(point[0] - self.x) * 2 < self.width and abs(point[1] - self.y) * 2 < self.height


def flatten(curve: Sequence[Point], steps: int = _STEPS) -> list[Point]:
    """Turn a chain of cubic Bézier curves into points along it."""
    line = [curve[0]]
    for start in range(0, len(curve) - 3, 3):
        a, b, c, d = curve[start : start + 4]
        for step in range(1, steps + 1):
            t = step / steps
            k = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            line.append(
                (
                    k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * d[0],
                    k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * d[1],
                )
            )
    return line


def crossings(lines: Iterable[Sequence[Point]]) -> int:
    """Count the pairs of lines that cross."""
    framed = [(line, _frame(line)) for line in lines]
    return sum(
        _cross(a, b)
        for (a, frame_a), (b, frame_b) in combinations(framed, 2)
        if frame_a.meets(frame_b)
    )


def _frame(line: Sequence[Point]) -> Box:
    left, right = min(p[0] for p in line), max(p[0] for p in line)
    top, bottom = min(p[1] for p in line), max(p[1] for p in line)
    return Box((left + right) / 2, (top + bottom) / 2, right - left + 1, bottom - top + 1)


def _cross(one: Sequence[Point], other: Sequence[Point]) -> bool:
    return any(
        _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0
        for a, b in pairwise(one)
        for c, d in pairwise(other)
        if max(a[0], b[0]) >= min(c[0], d[0]) and max(c[0], d[0]) >= min(a[0], b[0])
    )


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def length(line: Sequence[Point]) -> float:
    """Return how long a line of points is."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))


def along(line: Sequence[Point], share: float) -> Point:
    """Return the point after a share (0 to 1) of a line's length."""
    left = length(line) * share
    for a, b in pairwise(line):
        step = hypot(b[0] - a[0], b[1] - a[1])
        if step and left <= step:
            return (a[0] + (b[0] - a[0]) * left / step, a[1] + (b[1] - a[1]) * left / step)
        left -= step
    return line[-1]


def seats(
    lines: dict[str, list[Point]], sizes: dict[str, tuple[float, float]], boxes: Sequence[Box]
) -> dict[str, Box]:
    """Seat each line's sign on the line, off all boxes, signs and, where it can be, other lines.

    Short lines choose first, as they have the least room.
    """
    taken: list[Box] = []
    seated: dict[str, Box] = {}
    for name in sorted(lines, key=lambda name: (length(lines[name]), name)):
        best = min(
            (
                _price(Box(*along(lines[name], share), *sizes[name]), name, lines, boxes, taken)
                + abs(share - 0.5),
                share,
            )
            for share in (n / 24 for n in range(2, 23))
        )
        seated[name] = Box(*along(lines[name], best[1]), *sizes[name])
        taken.append(seated[name])
    return seated


def _price(
    seat: Box, name: str, lines: dict[str, list[Point]], boxes: Sequence[Box], taken: Sequence[Box]
) -> float:
    price = 100.0 * sum(seat.meets(sign, 2) for sign in taken)
    price += 30.0 * sum(seat.meets(box, 2) for box in boxes)
    return price + 3.0 * sum(
        any(seat.holds(point) for point in line) for other, line in lines.items() if other != name
    )

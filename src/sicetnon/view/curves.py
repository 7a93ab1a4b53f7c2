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
_SHARES = [n / 24 for n in range(2, 23)]


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


def bend(curve: Sequence[Point], by: float) -> tuple[Point, ...]:
    """Push a curve's inner points to the left of its way, so that it leaves another's track."""
    (x, y), (to_x, to_y) = curve[0], curve[-1]
    far = hypot(to_x - x, to_y - y) or 1.0
    dx, dy = (to_y - y) / far * by, (x - to_x) / far * by
    inner = [(round(px + dx, 1), round(py + dy, 1)) for px, py in curve[1:-1]]
    return (curve[0], *inner, curve[-1])


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
    framed = [(list(pairwise(line)), _frame(line)) for line in lines]
    return sum(
        _cross(_within(one, frame_b), _within(other, frame_a))
        for (one, frame_a), (other, frame_b) in combinations(framed, 2)
        if frame_a.meets(frame_b)
    )


def _within(line: Iterable[tuple[Point, Point]], frame: Box) -> list[tuple[Point, Point]]:
    """Keep the pieces of a line that come near a frame: most pairs of lines share a corner only."""
    left, right = frame.x - frame.width / 2, frame.x + frame.width / 2
    top, bottom = frame.y - frame.height / 2, frame.y + frame.height / 2
    return [
        (a, b)
        for a, b in line
        if (a[0] < right or b[0] < right)
        and (a[0] > left or b[0] > left)
        and (a[1] < bottom or b[1] < bottom)
        and (a[1] > top or b[1] > top)
    ]


def _frame(line: Sequence[Point]) -> Box:
    left, right = min(p[0] for p in line), max(p[0] for p in line)
    top, bottom = min(p[1] for p in line), max(p[1] for p in line)
    return Box((left + right) / 2, (top + bottom) / 2, right - left + 1, bottom - top + 1)


def _cross(one: Iterable[tuple[Point, Point]], other: Sequence[tuple[Point, Point]]) -> bool:
    return any(
        _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0
        for a, b in one
        for c, d in other
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
    frames = {name: _frame(line) for name, line in lines.items()}
    taken: list[Box] = []
    seated: dict[str, Box] = {}
    for name in sorted(lines, key=lambda name: (length(lines[name]), name)):
        near = [
            lines[other] for other in lines if other != name and frames[other].meets(frames[name])
        ]
        walls = [box for box in boxes if box.meets(frames[name], 40)]
        places = {share: Box(*_round(along(lines[name], share)), *sizes[name]) for share in _SHARES}
        best = min(
            _SHARES,
            key=lambda share: (
                _price(places[share], near, walls, taken) + abs(share - 0.5),
                share,
            ),
        )
        seated[name] = places[best]
        taken.append(places[best])
    return seated


def _round(point: Point) -> Point:
    return (float(round(point[0])), float(round(point[1])))


def _price(
    seat: Box, lines: Sequence[Sequence[Point]], walls: Sequence[Box], taken: Sequence[Box]
) -> float:
    price = 100.0 * sum(seat.meets(sign, 2) for sign in taken)
    price += 30.0 * sum(seat.meets(wall, 2) for wall in walls)
    return price + 3.0 * sum(any(seat.holds(point) for point in line) for line in lines)

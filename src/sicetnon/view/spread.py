"""Turns a cloud of points into boxes that fill a screen and do not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sicetnon.view.curves import Point

# How much wider than high the picture is, and how much of it may be empty.
_ASPECT = 1.7
_AIR = 3.3
_GAP = 24.0
_ROUNDS = 200


def spread(at: Mapping[str, Point], sizes: Mapping[str, tuple[float, float]]) -> dict[str, Point]:
    """Scale points to a screen's shape with room for their boxes, then push boxes apart."""
    area = _AIR * sum(width * height for width, height in sizes.values())
    high = (area / _ASPECT) ** 0.5
    xs = _scaled({name: point[0] for name, point in at.items()}, high * _ASPECT)
    ys = _scaled({name: point[1] for name, point in at.items()}, high)
    for _ in range(_ROUNDS):
        if not _push(xs, ys, sizes):
            break
    return {name: (float(round(xs[name])), float(round(ys[name]))) for name in at}


def _scaled(values: Mapping[str, float], length: float) -> dict[str, float]:
    """Scale values to a length; half by their order, so that a dense middle opens up."""
    low, high = min(values.values()), max(values.values())
    ranked = sorted(values, key=lambda name: (values[name], name))
    last = max(len(ranked) - 1, 1)
    return {
        name: length * (0.5 * (values[name] - low) / ((high - low) or 1) + 0.5 * rank / last)
        for rank, name in enumerate(ranked)
    }


def _push(
    xs: dict[str, float], ys: dict[str, float], sizes: Mapping[str, tuple[float, float]]
) -> bool:
    """Move each pair of boxes that touch half apart, the shorter way; say whether any moved."""
    widest = max(width for width, _ in sizes.values()) + _GAP
    order = sorted(xs, key=lambda name: (xs[name], name))
    moved = False
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if xs[other] - xs[one] > 2 * widest:
                break
            over_x = (sizes[one][0] + sizes[other][0]) / 2 + _GAP - abs(xs[other] - xs[one])
            over_y = (sizes[one][1] + sizes[other][1]) / 2 + _GAP - abs(ys[other] - ys[one])
            if over_x <= 0.5 or over_y <= 0.5:
                continue
            moved = True
            axis, over = (xs, over_x) if over_x < over_y else (ys, over_y)
            way = 1 if axis[other] >= axis[one] else -1
            axis[one] -= way * over / 2
            axis[other] += way * over / 2
    return moved

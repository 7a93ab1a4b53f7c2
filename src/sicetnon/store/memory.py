"""Memory that the engine has freed, given back to the system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Give memory that is freed but still held back to the system, where the C library can.

    The engine frees tens of megabytes with every flush, and more with every snapshot that is
    closed, in blocks of all sizes. The C library of most Linux systems keeps them for the process.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], object] | None:
    """Return `malloc_trim`, which only glibc has."""
    if sys.platform != "linux":
        return None
    import ctypes  # a millisecond or more, which most commands never need

    found: Callable[[int], object] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found

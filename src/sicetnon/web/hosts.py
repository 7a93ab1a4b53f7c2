"""The Host header: whom a request calls, and on which port (RFC 9110, section 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address

from starlette.requests import Request

from sicetnon.web.requests import RefusedError

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_LAST_PORT = 65535


class Hosts:
    """The names that a server answers to; `*` is any."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(
            _plain(f"[{name}]" if name.count(":") > 1 and name[0] != "[" else name)
            for name in names
        )

    def check(self, request: Request) -> None:
        """Raise RefusedError where a request has no one sound Host header, or calls another."""
        found = [value for name, value in request.scope["headers"] if name == b"host"]
        if len(found) != 1:
            raise RefusedError(400, "host", f"expected one Host header, found {len(found)}")
        called = str(found[0], "latin-1")
        name = _name(called)
        if not name:
            words = f"expected Host to be a name or an address, and a port, found {called!r}"
            raise RefusedError(400, "host", words)
        if name not in self._names and "*" not in self._names:
            raise RefusedError(421, "host", f"expected a request to this server, found {called!r}")


@lru_cache(maxsize=64)
def _name(called: str) -> str:
    """Return the name in a Host header, without its port; nothing where the header is malformed."""
    found = _HOST.fullmatch(called)
    if not found or (found[2] and not 0 < int(found[2]) <= _LAST_PORT):
        return ""
    return _plain(found[1])


def _plain(name: str) -> str:
    """Return a name in small letters, an IPv6 address in its shortest form; nothing for neither."""
    if not name.startswith("["):
        return name.lower()
    try:
        return f"[{IPv6Address(name[1:-1])}]"
    except ValueError:
        return ""

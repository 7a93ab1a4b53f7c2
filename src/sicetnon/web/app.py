"""The server as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from starlette.routing import Router
from starlette.types import ASGIApp

from sicetnon.web.endpoint import Endpoint
from sicetnon.web.guarding import Guard, Report, to_stream
from sicetnon.web.limits import Limits
from sicetnon.web.pool import Pool
from sicetnon.web.responses import Unsent
from sicetnon.web.site import Site

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is run: a `token` allows changes, `hosts` are the names that it answers to."""

    location: str
    limits: Limits
    hosts: tuple[str, ...] = LOOPBACK
    token: str = ""
    cors: bool = True
    report: Report | None = None


def application(settings: Settings) -> ASGIApp:
    """Return the server as an ASGI application; it starts its processes with its lifespan."""
    pool = Pool(settings.location, settings.limits)
    shared = (pool, settings.limits, Unsent(settings.limits.unsent), settings.token)
    endpoint = Endpoint(*shared)
    routes = [*endpoint.routes(), *Site(*shared).routes()]
    report = settings.report or to_stream()

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        await pool.open()
        watching = asyncio.create_task(pool.watch(lambda text: report({"error": text})))
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await pool.close()

    router = Router(routes=routes, redirect_slashes=False, lifespan=lifespan)
    direct = {"/sparql": endpoint.sparql}
    return Guard(router, settings.hosts, report, direct, cors=settings.cors)

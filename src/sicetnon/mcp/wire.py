"""What the protocol's own server lets pass: arguments nobody knows, and lines it cannot read."""

from __future__ import annotations

import json
import re
from typing import Any

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    CallToolResult,
    ErrorData,
    InputRequiredResult,
    JSONRPCError,
)
from pydantic import ValidationError

_HALF = re.compile("[\ud800-\udfff]")


class Server(MCPServer[Any]):
    """A server of tools that answers every line, and names the argument that a tool lacks."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; raises ToolError for an argument that it does not take, or that is no text.

        The protocol's own server leaves unknown arguments out, and a misspelt limit is no limit.
        """
        takes = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        unknown = sorted(arguments.keys() - takes.get(name, arguments).keys())
        if unknown:
            known = ", ".join(takes[name]) or "no arguments"
            raise ToolError(f"{name}: expected {known}, found {', '.join(map(ascii, unknown))}")
        for key, value in arguments.items():
            if half := _HALF.search(json.dumps(value, ensure_ascii=False)):
                raise ToolError(
                    f"{name}: expected Unicode text for {key}, found half of a surrogate pair"
                    f" ({half[0]!a})"
                )
        return await super().call_tool(name, arguments, context)

    async def run_stdio_async(self) -> None:
        """Serve on standard input and output; a line that cannot be read is answered, too."""
        sender, receiver = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        async with stdio_server() as (read, write), anyio.create_task_group() as group:

            async def pass_on() -> None:
                async with sender:
                    async for item in read:
                        if isinstance(item, ValidationError):
                            if _is_blank(item):
                                continue
                            await write.send(SessionMessage(_unread(item)))
                        else:
                            await sender.send(item)

            group.start_soon(pass_on)
            kept = self._lowlevel_server
            await kept.run(receiver, write, kept.create_initialization_options())


def _is_blank(error: ValidationError) -> bool:
    line = error.errors()[0]["input"]
    return isinstance(line, str) and not line.strip()


def _unread(error: ValidationError) -> JSONRPCError:
    """Return the answer to a line that is no message, with its id where one can be made out."""
    first = error.errors()[0]
    is_json = first["type"] != "json_invalid"
    try:
        message = first["input"] if is_json else json.loads(first["input"])
    except (ValueError, RecursionError):
        message = None
    found = message.get("id") if isinstance(message, dict) else None
    known = found if isinstance(found, int | str) and not isinstance(found, bool) else None
    if isinstance(known, str) and _HALF.search(known):
        known = None
    code = INVALID_REQUEST if is_json else PARSE_ERROR
    told = (
        f"expected a message of JSON-RPC 2.0 in Unicode, found a line that is none: {first['msg']}"
    )
    return JSONRPCError(jsonrpc="2.0", id=known, error=ErrorData(code=code, message=told))

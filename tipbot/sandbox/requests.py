"""Reads the parameters of a call from an HTTP request of any shape the Bot API takes."""

import json
from typing import Any

from aiohttp import web

from tipbot.sandbox.parameters import Parameters, Upload
from tipbot.sandbox.refusals import bad_request


async def read_parameters(request: web.Request) -> Parameters:
    """Return query string and body together; the body wins."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values |= await _json_body(request)
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as file:
                    uploads[name] = Upload(value.filename, value.content_type, file.read())
            elif isinstance(value, str):
                values[name] = value
            else:
                values[name] = bytes(value).decode(errors="replace")
    return Parameters(values, uploads)


async def _json_body(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    try:
        body = json.loads(text) if text else {}
    except ValueError:
        raise bad_request("can't parse the request body as JSON") from None
    if not isinstance(body, dict):
        raise bad_request("object expected as the request body")
    return body

"""The verifiable log as static files, so that any C2SP client can read it."""

from typing import Any, cast

from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.ledger import NOTES, Log

from .house import House
from .page import NotFoundError


@get("/log/{path:path}", summary="A file of the verifiable log (C2SP tlog-tiles)", media_type="text/plain")
async def log_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """``checkpoint``, ``witnessed``, ``policy``, ``tile/<level>/<index>`` or ``tile/entries/<index>``."""
    house = cast("House", request.app.state.house)
    content = Log(house.folder).read(path.lstrip("/"))
    if content is None:
        raise NotFoundError("no-log-file")
    if path.lstrip("/") in NOTES:
        return Response(content, media_type="text/plain", headers={"cache-control": "no-cache"})
    return Response(
        content, media_type="application/octet-stream", headers={"cache-control": "public, max-age=31536000, immutable"}
    )

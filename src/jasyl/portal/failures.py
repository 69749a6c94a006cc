"""What a request is answered that cannot be served: refusals, pages that are not there or moved, faults of ours."""

import logging
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.exceptions import HTTPException

from jasyl.people import ANYBODY
from jasyl.storage import is_away
from jasyl.texts import Refusal

from . import cities
from .house import House
from .page import MovedError, NotFoundError, refused, split_form
from .visit import Visit, visit_of

logger = logging.getLogger("jasyl.portal")

# What a refusal is in HTTP where it is not simply a bad request.
STATUS_OF = {
    "token-unknown": 401,
    "not-allowed": 403,
    "delivery-signature": 403,
    "delivery-gateway": 403,
    "form-too-old": 403,
    "sign-in-failed": 403,
    "too-many-tries": 429,
    "push-too-often": 429,
    "push-busy": 503,
    "quarantine-full": 507,
    "push-too-large": 413,
    "push-too-many": 413,
    "live-full": 503,
    "recompute-busy": 503,
    # Nothing was stored: a program that sends readings keeps them and asks again.
    "store-unreachable": 503,
    "database-away": 503,
}


def _visit(request: Request[Any, Any, Any]) -> Visit:
    path, form = split_form(request.scope["path"])
    return visit_of(request, cast("House", request.app.state.house), ANYBODY, path, form)


def _on_refusal(request: Request[Any, Any, Any], error: Refusal) -> Response[bytes]:
    return refused(_visit(request), error, STATUS_OF.get(error.code, 400), back=_form_page(request))


def _form_page(request: Request[Any, Any, Any]) -> str | None:
    """The address of our page whose form was sent, as the browser tells it; None for programs and plain visits."""
    said = urlsplit(request.headers.get("referer", "") if request.method == "POST" else "")
    if not said.netloc or said.netloc != request.headers.get("host"):
        return None
    return "/" + said.path.lstrip("/") + (f"?{said.query}" if said.query else "")


def _on_missing(request: Request[Any, Any, Any], error: NotFoundError) -> Response[bytes]:
    meant = cities.coded_address(request.scope["path"]) if request.method in {"GET", "HEAD"} else None
    if meant is not None:
        asked = request.scope["query_string"].decode("ascii", "replace")
        return _on_moved(request, MovedError(f"{meant}?{asked}" if asked else meant))
    return refused(_visit(request), Refusal(error.message, received=request.scope["path"][:80]), 404, error.see)


def _on_moved(request: Request[Any, Any, Any], error: MovedError) -> Response[bytes]:
    prefix = request.scope.get("state", {})["prefix"]
    return Response(b"", status_code=308, headers={"location": prefix + error.path})


def _on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return _on_missing(request, NotFoundError())
    return refused(_visit(request), Refusal("bad-request", received=str(error.detail)[:200]), error.status_code)


def _on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A fault of ours: the reader gets a sentence and a number to quote, the log gets the rest."""
    if is_away(error):
        logger.error("the database does not answer: %s", str(error).partition("\n")[0])
        return refused(_visit(request), Refusal("database-away"), 503)
    number = f"{abs(hash((id(error), request.scope['path']))) % 10**8:08}"
    logger.error("fault %s at %s %s", number, request.method, request.scope["path"], exc_info=error)
    return refused(_visit(request), Refusal("fault", number=number), 500)


HANDLERS = {
    Refusal: _on_refusal,
    NotFoundError: _on_missing,
    MovedError: _on_moved,
    HTTPException: _on_http_error,
    Exception: _on_fault,
}

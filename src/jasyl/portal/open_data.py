"""Published statements as files for others: CSV and JSON-LD."""

from typing import Any, cast

from anyio import to_thread
from litestar import Request, Response, get

from jasyl.figures import open_rows, statements_csv, statements_jsonld

from .house import House

NAME = "Jasyl: published statements"


@get("/data/statements.csv", summary="Published statements as CSV, with links to their proofs", media_type="text/csv")
async def statements_csv_file(request: Request[Any, Any, Any]) -> Response[bytes]:
    """One row per statement, newest first, superseded ones too."""
    content = await to_thread.run_sync(_made, request, "csv")
    return Response(content, media_type="text/csv")


@get(
    "/data/statements.jsonld",
    summary="Published statements as JSON-LD (schema.org, PROV-O), with links to their proofs",
    media_type="application/ld+json",
)
async def statements_jsonld_file(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A Dataset of Observations; the context is inline."""
    content = await to_thread.run_sync(_made, request, "jsonld")
    return Response(content, media_type="application/ld+json")


def _made(request: Request[Any, Any, Any], form: str) -> bytes:
    house = cast("House", request.app.state.house)
    base = f"{request.url.scheme}://{request.url.netloc}"
    with house.database.reading() as connection:
        rows = open_rows(connection, base)
    return statements_csv(rows) if form == "csv" else statements_jsonld(rows, NAME, base)

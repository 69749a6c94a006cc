"""Pages that answer with a paper: PDF in the language of the address, watermarked where the data are for training."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response

from jasyl.papers.paper import Paper
from jasyl.texts import Language, say

from .house import House

PDF = "application/pdf"


@dataclass(frozen=True)
class Printing:
    """What every paper is made with: the reader's language, the day (UTC), the watermark of training data or None."""

    language: Language
    day: dt.date
    watermark: str | None


def today() -> dt.date:
    """The day that papers bear, UTC."""
    return dt.datetime.now(dt.UTC).date()


Making = Callable[[sa.Connection, Printing], Paper]


async def printed(request: Request[Any, Any, Any], stem: str, make: Making) -> Response[bytes]:
    """The paper that ``make`` gives, shown in the browser as ``jasyl-STEM-LANGUAGE.pdf``."""
    house, language = cast("House", request.app.state.house), request.scope.get("state", {})["language"]
    body = await to_thread.run_sync(paper_pdf, house, language, make)
    headers = {"content-disposition": f'inline; filename="jasyl-{stem}-{language}.pdf"'}
    return Response(body, media_type=PDF, headers=headers)


def paper_pdf(house: House, language: Language, make: Making) -> bytes:
    """The paper as PDF, made inside one reading transaction."""
    from jasyl.papers.pdf import write_pdf  # noqa: PLC0415  (a compiler of tens of megabytes)

    mark = say(language, "watermark-training") if house.training else None
    with house.database.reading() as connection:
        paper = make(connection, Printing(language, today(), mark))
    return write_pdf(paper)

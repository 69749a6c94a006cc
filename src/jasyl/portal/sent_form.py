"""A form as a browser or a program sent it, who sends it, and the way back to the page."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response

from jasyl.intake import check_size
from jasyl.people import Actor
from jasyl.texts import Language, Refusal, Where

from .session import actor_of, check_form
from .signin import check_origin

MOST_BYTES = 20 * 2**20


@dataclass(frozen=True)
class Sent:
    """A form as it came: fields, the uploaded file, and who sends it by what."""

    fields: dict[str, str]
    content: bytes
    file_name: str
    cookies: dict[str, str]
    authorization: str | None
    language: Language


async def sent_form(request: Request[Any, Any, Any]) -> Sent:
    """The form of a request. Raises Refusal ``file-too-large``, ``file-empty`` where a chosen file has nothing."""
    check_origin(request)
    form = dict(await request.form())
    upload: Any = form.pop("file", None)
    content = await upload.read() if hasattr(upload, "read") else b""
    check_size(len(content), MOST_BYTES)
    name = str(getattr(upload, "filename", "") or "")[:200]
    if name and not content:
        raise Refusal("file-empty", where=Where(name))
    state = request.scope.get("state", {})
    fields = {str(key): str(value) for key, value in form.items()}
    return Sent(
        fields,
        content,
        name or "file",
        state.get("cookies", {}),
        request.headers.get("authorization"),
        state["language"],
    )


def signed_in(
    connection: sa.Connection, cookies: dict[str, str], authorization: str | None, form: dict[str, Any]
) -> Actor:
    """Who sends a form: a browser with its key, or a program with a token. Raises Refusal ``not-allowed``,
    ``form-too-old``, ``token-unknown``."""
    actor = actor_of(connection, cookies, authorization)
    if authorization is None:
        check_form(actor, form)
    if not actor.signed_in:
        raise Refusal("not-allowed")
    return actor


def back_to(request: Request[Any, Any, Any], address: str) -> Response[bytes]:
    """To the page again, by GET."""
    prefix = request.scope.get("state", {})["prefix"]
    return Response(b"", status_code=303, headers={"location": prefix + address})

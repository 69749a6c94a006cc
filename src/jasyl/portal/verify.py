"""Passports: the file behind each statement, and the page on which a browser checks one by itself."""

from collections import OrderedDict
from threading import Lock
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.figures import passport_file
from jasyl.ledger import Log, policies_of_name
from jasyl.texts import Language, Refusal, say

from .house import House
from .islands import messages
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

# From the strongest to the weakest, as docs/passport.md has them.
LEVELS = ("device-signed", "gateway-signed", "operator-entered", "stated", "not-shown")
STEPS = ("form", "keys", "policy", "statement", "records", "inputs", "signatures", "stray", "log")
COLUMNS = (Column("step", "column-step"), Column("said", "column-value"))


@page("/verify", "Check the passport of a published number in the browser")
def verify_page(visit: Visit, connection: sa.Connection) -> Document:
    """What is checked, in order, and the part of the page that does it."""
    rows = [{"step": number, "said": visit.t(f"verify-step-{step}")} for number, step in enumerate(STEPS, 1)]
    levels = [{"level": level, "said": visit.t(f"trust-{level}")} for level in LEVELS]
    data = {"steps": [row["said"] for row in rows], "levels": levels}
    context = {"verify": verify_settings(visit, None)}
    return Document("verify.html", visit.t("verify-title"), data, Sheet(COLUMNS, rows, visit.t("verify-what")), context)


def verify_settings(visit: Visit, passport: str | None) -> dict[str, Any]:
    """What the island needs; ``passport`` is the address of the page's own, None where a visitor brings one."""
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "verify"),
        "policies": [one.encode().decode(errors="replace") for one in policies_of_name(visit.house.folder.log)],
        "passport": passport,
        "levels": level_names(visit.language),
    }


def level_names(language: Language) -> dict[str, str]:
    """The levels of trust in the reader's language."""
    return {level: say(language, f"trust-{level}") for level in LEVELS}


@get(
    "/statements/{identity:str}/passport",
    summary="The passport of a published number: one file that verifies offline",
    media_type="text/plain",
)
async def statement_passport(request: Request[Any, Any, Any], identity: FromPath[str]) -> Response[bytes]:
    """The file, for anybody: what is published is public. 404 for no statement, 400 while it waits for the log."""
    house = cast("House", request.app.state.house)
    made = await to_thread.run_sync(_passport, house, identity)
    name = passport_name(house, identity)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-cache"}
    return Response(made, media_type="text/plain", headers=headers)


def passport_name(house: House, identity: str) -> str:
    """The name under which the passport of a statement is given out; that of a training number says so."""
    return f"{'training-' if house.training else ''}{identity}.passport"


# A total of many meters takes seconds to prove: one is made at a time, and kept until the log has a newer head.
_KEPT = 64
_kept: OrderedDict[tuple[str, str, bytes], bytes] = OrderedDict()
_one_at_a_time = Lock()


def _passport(house: House, identity: str) -> bytes:
    log = Log(house.folder)
    key = (str(house.folder.path), identity, log.checkpoint_bytes())
    with _one_at_a_time, house.database.reading() as connection:
        if key not in _kept:
            try:
                _kept[key] = passport_file(connection, log, identity)
            except Refusal as refusal:
                if refusal.code == "unknown-statement":
                    raise NotFoundError from None
                raise
            if len(_kept) > _KEPT:
                _kept.popitem(last=False)
        return _kept[key]

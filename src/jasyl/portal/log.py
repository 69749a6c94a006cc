"""The verifiable log: a page about it, and its static files, so that any C2SP client can read it."""

import datetime as dt
from typing import Any, cast

import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.adviser import energy_beside_others
from jasyl.ledger import (
    NOTES,
    Log,
    log_energy,
    log_policy,
    quorum_of,
    read_statuses,
    witness_addresses,
    witness_state,
    witness_verdict,
    witnessed,
)
from jasyl.ledger.anchoring import read_states, read_targets, transactions_a_day
from jasyl.quantities import UTC, civil_time
from jasyl.texts import Refusal

from .adviser import ENERGY_COLUMNS
from .house import House
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

WITNESS_COLUMNS = (
    Column("name", "column-name"),
    Column("address", "column-address"),
    Column("size", "column-log-size", digits=0),
    Column("said", "column-state"),
)

ANCHOR_COLUMNS = (
    Column("name", "column-name"),
    Column("kind", "column-anchor-kind", choices="anchor-kind"),
    Column("host", "column-address"),
    Column("size", "column-log-size", digits=0),
    Column("sent", "column-anchor-sent"),
    Column("state", "column-state", choices="anchor-state"),
    Column("trouble", "column-anchor-trouble", choices="anchor-trouble"),
)


@page("/log", "The verifiable log: its head, its keys, who has witnessed it")
def log_page(visit: Visit, connection: sa.Connection) -> Document:
    """Size and root of the newest checkpoint, the keys that sign it, and how far which witnesses have cosigned it."""
    folder = visit.house.folder
    try:
        found, head, policy = witnessed(folder), Log(folder).checkpoint(), log_policy(folder.log)
    except Refusal:
        raise NotFoundError("no-log-file") from None
    statuses = read_statuses(folder.log)
    rows = [
        {
            "name": one.name,
            "address": one.url,
            "size": statuses[one.name].size if one.name in statuses else None,
            "said": witness_state(statuses.get(one.name), visit.language),
        }
        for one in witness_addresses(policy)
    ]
    anchors = _anchors(visit)
    own = log_energy(folder)
    energy = energy_beside_others(own, transactions_a_day(folder), visit.language)
    data = {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "vkeys": [key.vkey for key in policy.own_keys],
        "quorum": quorum_of(policy),
        "witnessed_size": found.witnessed,
        "witnessed_by": list(found.by),
        "witnesses": rows,
        "anchors": anchors,
        "energy": {"estimate": True, "joules_per_record": energy},
    }
    context = {
        "head": head,
        "keys": policy.own_keys,
        "verdict": witness_verdict(folder, visit.language),
        "whole": found.witnessed == found.size,
        "quorum": quorum_of(policy),
        "anchors": Sheet(ANCHOR_COLUMNS, anchors, visit.t("log-anchors")),
        "energy": Sheet(
            ENERGY_COLUMNS,
            [row | {"system": visit.t(f"adviser-system-{row['system']}")} for row in energy],
            visit.t("energy-caption"),
        ),
        "energy_said": visit.t("energy-what" if own else "energy-nothing"),
        "files": ["checkpoint", "policy", *(["witnessed"] if found.witnessed is not None else [])],
    }
    sheet = Sheet(WITNESS_COLUMNS, rows, visit.t("log-witnesses"))
    return Document("log.html", visit.t("log-title"), data, sheet, context, cacheable=False)


def _anchors(visit: Visit) -> list[dict[str, Any]]:
    """Where the head is fixed elsewhere; of addresses only the host, since the rest can hold passwords."""
    folder = visit.house.folder
    states = read_states(folder.log)
    return [
        {
            "name": one.name,
            "kind": one.kind,
            "host": one.host,
            "size": held.size if held else None,
            "sent": _moment(visit, held.sent) if held else None,
            "state": held.state if held else "never",
            "trouble": (held.error or None) if held else None,
            "record": held.record if held else None,
            "facts": dict(held.payload) if held else {},
        }
        for one in read_targets(folder)
        for held in [states.get(one.name)]
    ]


def _moment(visit: Visit, at: float) -> str:
    """A POSIX time, UTC: for people to the minute, for programs in RFC 3339."""
    if visit.form == "html":
        return civil_time(round(at * 1e6), UTC)
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="seconds")


@get("/log/{path:path}", summary="A file of the verifiable log (C2SP tlog-tiles)", media_type="text/plain")
async def log_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """``checkpoint``, ``witnessed``, ``policy``, ``tile/<level>/<index>`` or ``tile/entries/<index>``."""
    house = cast("House", request.app.state.house)
    name = path.lstrip("/")
    content = Log(house.folder).read(name)
    if content is None:
        raise NotFoundError("no-log-file")
    if not name.startswith("tile/"):
        changes = "no-cache" if name in NOTES else "public, max-age=31536000, immutable"
        return Response(content, media_type="text/plain", headers={"cache-control": changes})
    return Response(
        content, media_type="application/octet-stream", headers={"cache-control": "public, max-age=31536000, immutable"}
    )

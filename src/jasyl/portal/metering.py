"""Metering sheets in the portal: a file, what each column becomes, confirmed once; and what is remembered."""

import hashlib
import re
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post

from jasyl.intake import check_size
from jasyl.monitoring.metering_file import Detected, Sender, detected, sender_of, take_confirmed
from jasyl.monitoring.metering_import import MeteringReport, as_data, preview_of, read_metering
from jasyl.monitoring.metering_mapping import (
    Content,
    MappedMeter,
    MeteringMapping,
    confirmed_mappings,
    metering_sheets,
)
from jasyl.people import ANYBODY, Actor
from jasyl.quantities import UNITS, UTC, civil_time, instant, now_us
from jasyl.registry import enterprise_by_key, facility_by_id, facility_by_key
from jasyl.storage import write_durably
from jasyl.texts import Refusal, Where

from .deciders import deciders
from .house import House
from .imports import MOST_BYTES
from .page import Document, page, respond
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit, visit_of

COLUMNS = (
    Column("meter", "column-meter-label"),
    Column("series", "column-series"),
    Column("values", "column-values-count", digits=0),
    Column("missing", "column-empty-count", digits=0),
    Column("first", "column-first-interval"),
    Column("last", "column-last-interval"),
    Column("sum", "column-sum-stored"),
)
HISTORY = (
    Column("at", "column-confirmed-at"),
    Column("file", "column-confirmed-file"),
    Column("meters", "column-meters-mapped"),
    Column("sender", "column-sender"),
    Column("shape", "column-shape"),
    Column("actor", "column-confirmed-by"),
)
CONTENTS: tuple[Content, ...] = ("amounts", "means", "registers")
METER_UNITS = ("kW.h", "MW.h", "W.h", "Gcal_IT", "m3", "1000.m3", "kg", "t", "kW", "MW", "W", "Gcal_IT/h", "ug/m3")
ZONES = ("Asia/Almaty", "Asia/Aqtobe", "Asia/Oral", "Etc/GMT-5", "Etc/GMT-6", "UTC")
KEPT_SECONDS = 3600


@page("/import/metering", "The form to bring in metering sheets (signed in)")
def metering_form(visit: Visit, _connection: sa.Connection) -> Document:
    """A file and the facility whose enterprise sends it."""
    return _document(visit, None, None, None, None)


@page("/import/mappings", "What was confirmed of metering sheets, the newest first (signed in)")
def mappings_page(visit: Visit, connection: sa.Connection) -> Document:
    """The history of remembered mappings: of one's own enterprise; the agency and the auditor see all."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    everything = bool(visit.actor.roles & {"agency", "auditor"})
    held = confirmed_mappings(connection, None if everything else visit.actor.enterprise_id or "—")
    names = deciders(visit, connection, (one.confirmed_by for one in held))
    rows = [
        {
            "at": civil_time(one.confirmed_at, UTC),
            "file": one.file_name,
            "meters": "; ".join(f"{meter.label or '—'} → {meter.series or '—'}" for meter in one.mapping.meters),
            "sender": one.sender,
            "shape": one.shape[:12],
            "actor": names[one.confirmed_by],
        }
        for one in held
    ]
    told = [row | {"sender": _sender_name(visit, connection, row["sender"])} for row in rows]
    sheet = Sheet(HISTORY, told, visit.t("metering-history-caption"))
    return Document("mappings.html", visit.t("metering-history"), {"mappings": rows}, sheet, cacheable=False)


def _sender_name(visit: Visit, connection: sa.Connection, sender: str) -> str:
    """The enterprise, or the facility that has none, by its name; by its id to those who may not see it."""
    row = enterprise_by_key(connection, sender, visit.actor) or facility_by_id(connection, sender, visit.actor)
    return visit.name_of(row) if row else sender


@post("/import/metering", summary="Preview or take a file of metering sheets from the form", status_code=200)
async def metering_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The preview, or the report, as a page."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form: dict[str, Any] = dict(await request.form())
    upload: Any = form.pop("file", None)
    content = await upload.read() if hasattr(upload, "read") else b""
    if content:
        form["name"] = str(getattr(upload, "filename", "") or "file")[:200]
    cookies = request.scope.get("state", {}).get("cookies", {})
    return await to_thread.run_sync(_answer, house, request, cookies, form, content)


def _answer(
    house: House, request: Request[Any, Any, Any], cookies: dict[str, str], form: dict[str, Any], content: bytes
) -> Response[bytes]:
    with house.database.reading() as connection:
        actor = actor_of(connection, cookies, None)
        if actor is ANYBODY:
            raise Refusal("not-allowed")
        check_form(actor, form)
        content, upload = _kept(house, actor, str(form.get("upload", "")), content)
        name = str(form.get("name") or "file")[:200]
        sheets = metering_sheets(content, name)
        key = str(form.get("facility", ""))[:80]
        facility = facility_by_key(connection, key, actor)
        if facility is None:
            raise Refusal("unknown-facility", received=key)
        sender = sender_of(connection, facility, actor)
        if not sender.catalogue:
            raise Refusal("not-allowed")
        found = detected(connection, sheets, sender)
    mapping = _said(form, found.mapping) if "meters" in form else found.mapping
    taken = form.get("action") == "import"
    if taken:
        report = take_confirmed(
            house.database, house.folder, found, mapping, sender, content, name,
            actor=actor.id, now=now_us(), partial=bool(form.get("partial")),
        )  # fmt: skip
        house.revision.forget()
    else:
        report = preview_of(read_metering(sheets, mapping, sender.catalogue), mapping)
    visit = visit_of(request, house, actor, "/import/metering", "html")
    given = {"upload": upload, "name": name, "facility": key, "taken": taken}
    return respond(
        visit, _document(visit, found, mapping, report, sender, given), 422 if taken and not report.stored else 200
    )


def _kept(house: House, actor: Actor, upload: str, content: bytes) -> tuple[bytes, str]:
    """The uploaded file, kept for an hour under its hash and its sender's account: confirming asks for it again."""
    place = house.folder.uploads
    check_size(len(content), MOST_BYTES)
    if content:
        place.mkdir(exist_ok=True)
        for old in place.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink(missing_ok=True)
        digest = hashlib.sha256(content).hexdigest()
        write_durably(_file(place, actor, digest), content)
        return content, digest
    if not upload:
        raise Refusal("file-empty")
    if not re.fullmatch(r"[0-9a-f]{64}", upload) or not _file(place, actor, upload).is_file():
        raise Refusal("upload-gone")
    return _file(place, actor, upload).read_bytes(), upload


def _file(place: Path, actor: Actor, digest: str) -> Path:
    return place / hashlib.sha256(f"{actor.id} {digest}".encode()).hexdigest()


def _said(form: Mapping[str, Any], proposed: MeteringMapping) -> MeteringMapping:
    """The mapping as the form says it; a meter's place in the form is its place in the proposal."""
    meters: list[MappedMeter] = []
    for place, meter in enumerate(proposed.meters):
        said = {name: str(form.get(f"{name}-{place}", "")).strip() for name in ("series", "unit", "content", "factor")}
        factor = said["factor"].replace(",", ".") or "1"
        if not re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", factor) or not Decimal(factor):
            raise Refusal("value-unreadable", where=Where(field=meter.label), received=factor[:40], expected=".")
        content: Content = meter.content
        for one in CONTENTS:
            content = one if one == said["content"] else content
        unit = said["unit"] if said["unit"] in UNITS else meter.unit
        meters.append(
            MappedMeter(label=meter.label, series=said["series"] or None, unit=unit, content=content, factor=factor)
        )
    zone, stamp, decimal = (str(form.get(name, "")) for name in ("zone", "stamp", "decimal"))
    return MeteringMapping(
        meters=tuple(meters),
        zone=zone if zone in available_timezones() else proposed.zone,
        stamp=stamp if stamp in ("start", "end") else proposed.stamp,
        decimal=decimal if decimal in (".", ",") else proposed.decimal,
    )


def _document(
    visit: Visit,
    found: Detected | None,
    mapping: MeteringMapping | None,
    report: MeteringReport | None,
    sender: Sender | None,
    given: Mapping[str, Any] | None = None,
) -> Document:
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    rows: list[dict[str, Any]] = []
    if report is not None and mapping is not None and sender is not None:
        zone = ZoneInfo(mapping.zone)
        for each in report.meters:
            series = sender.catalogue[each.mapped.series or ""]
            total = f"{visit.number(Decimal(each.sum).scaleb(-series.scale))} {visit.unit(series.unit.ucum)}"
            rows.append(
                {
                    "meter": each.mapped.label or "—",
                    "series": each.mapped.series,
                    "values": each.values,
                    "missing": each.missing,
                    "first": None if each.first is None else civil_time(each.first, zone),
                    "last": None if each.last is None else civil_time(each.last, zone),
                    "sum": None if series.kind == "counter" else total,
                }
            )
    context = {
        "found": found,
        "mapping": mapping,
        "report": report,
        "sentences": report.sentences(visit.language)[:200] if report else [],
        "keys": sorted(sender.catalogue) if sender else [],
        "given": given or {"facility": visit.query.get("facility", ""), "taken": False},
        "confirmed_on": instant(found.known.confirmed_at).date().isoformat() if found and found.known else None,
        "left_out": ", ".join(sorted({text for s in found.sheets for text in s.layout.left_out})) if found else "",
        "choices": {"units": METER_UNITS, "contents": CONTENTS, "zones": ZONES},
    }
    data = {"report": as_data(report, visit.language) if report else None}
    sheet = Sheet(COLUMNS, rows, visit.t("metering-meters"))
    return Document("metering.html", visit.t("metering-title"), data, sheet, context, cacheable=False)

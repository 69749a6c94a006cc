"""A file of metering sheets on its way in: from whom, which series it may fill, taken and told to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from jasyl.ledger import Import, enqueue, issued_now, log_origin
from jasyl.people import Actor, Resource, account_names, may
from jasyl.quantities import sha256_hex
from jasyl.registry import Series, every_series
from jasyl.registry.tables import facility as facilities
from jasyl.storage import Database, DataFolder

from .definitions import definitions
from .delivery import Receipt, Source
from .metering_import import MeteringReport, take_metering
from .metering_mapping import (
    Confirmed,
    MeteringMapping,
    MeteringSheet,
    confirmed_mappings,
    proposed,
    recognise,
    remember,
    shape_of,
)
from .series import SeriesDefinition


@dataclass(frozen=True)
class Sender:
    """Whose sheets these are: ``id`` of the enterprise that runs a facility, or of the facility that has none;
    ``catalogue`` the series by key that the reader may fill for it."""

    id: str
    catalogue: Mapping[str, SeriesDefinition]


@dataclass(frozen=True)
class Detected:
    """A file as it was understood: the ``mapping`` that holds or is proposed, and what is ``known`` of its shape."""

    sheets: list[MeteringSheet]
    shape: str
    mapping: MeteringMapping
    known: Confirmed | None


def sender_of(connection: sa.Connection, facility: Mapping[Any, Any], actor: Actor) -> Sender:
    """The sender that a facility's sheets come from: an enterprise sends those of all its facilities in one."""
    held = facilities.c
    enterprise = facility["enterprise_id"]
    same = held.enterprise_id == enterprise if enterprise else held.id == facility["id"]
    rows = connection.execute(sa.select(held.id, held.enterprise_id, held.region).where(same))
    places = {row.id: (row.enterprise_id, row.region) for row in rows}
    mine: list[Series] = [
        one
        for one in every_series(connection)
        if one.facility_id in places
        and may(actor, "write_readings", Resource("closed", *places[one.facility_id], one.id))
    ]
    defined = definitions(connection, mine)
    return Sender(enterprise or facility["id"], {one.key: defined[one.number] for one in mine})


def detected(
    connection: sa.Connection, sheets: list[MeteringSheet], sender: Sender, *, unit: str | None = None
) -> Detected:
    """What is remembered for files of this shape from this sender, else what the file speaks for."""
    shape = shape_of(sheets)
    known = recognise(connection, sender.id, shape)
    if known is not None:
        by = account_names(connection, [known.confirmed_by])[known.confirmed_by]
        return Detected(sheets, shape, known.mapping, replace(known, confirmed_by=by))
    earlier = confirmed_mappings(connection, sender.id)
    return Detected(sheets, shape, proposed(sheets, sender.catalogue, earlier, unit=unit), None)


def take_confirmed(
    database: Database,
    folder: DataFolder,
    found: Detected,
    mapping: MeteringMapping,
    sender: Sender,
    content: bytes,
    name: str,
    *,
    actor: str,
    now: int,
    partial: bool = False,
) -> MeteringReport:
    """Store the readings of a confirmed file, and remember its mapping, in one transaction with the ledger's record.

    A mapping is remembered only with a file that went in: one that fits no file helps nobody.
    """
    digest = sha256_hex(content)

    def keep(connection: sa.Connection, receipt: Receipt) -> None:
        remember(connection, sender.id, found.shape, mapping, file=name, actor=actor, now=now)
        if receipt.source is not None:
            enqueue(connection, _record(folder, mapping, name, digest, receipt, actor))

    return take_metering(
        database,
        folder,
        found.sheets,
        mapping,
        sender.catalogue,
        source=Source("file", name, actor, digest),
        now=now,
        partial=partial,
        within=keep,
    )


def _record(
    folder: DataFolder, mapping: MeteringMapping, name: str, digest: str, receipt: Receipt, actor: str
) -> Import:
    filled = sorted({meter.series for meter in mapping.meters if meter.series})
    shown = ", ".join(filled[:8]) + (f" and {len(filled) - 8} more" if len(filled) > 8 else "")
    return Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author=actor,
        what=f"metering sheet of {shown}"[:500],
        file_name=name[:500],
        sha256=digest,
        rows=receipt.accepted + receipt.corrected,
        source=name,
        licence="as the file's owner says",
        actor=actor,
    )

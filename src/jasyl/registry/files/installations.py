"""Files of installations: the units and other equipment of facilities."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, cast

from jasyl.intake import Template, TemplateColumn
from jasyl.people import Level, Resource
from jasyl.texts import Language, Refusal

from ..keys import is_key, own_key, slug
from ..statuses import STATUSES
from . import codes, columns
from .codes import Row, RowFault
from .kind import FileKind, Record, copied, dated
from .links import Links


@cache
def installation_template() -> Template:
    """Columns of a file of installations. Required: facility and status. A technology that is left out is that of the
    facility."""
    return Template(
        "installations",
        (
            columns.key("burnoye-spp-inverter-1"),
            columns.text("facility", "field-facility-id", 80, required=True, example="burnoye-spp"),
            columns.text("unit_no", "field-unit-no", 40, example="1"),
            TemplateColumn(
                "unit_count", columns.headers("field-unit-count"), "integer", minimum=Decimal(1),
                maximum=Decimal(10) ** 7, example="16",
            ),
            columns.technology(required=False),
            columns.text("maker", "field-maker", 120),
            columns.text("model", "field-model", 120),
            columns.text("serial", "field-serial", 80),
            *columns.size("field-unit-capacity"),
            columns.day("commissioned", "field-commissioned", past=True, example="2019-12"),
            columns.day("decommissioned", "field-decommissioned", past=True),
            columns.choice("status", "field-status", STATUSES, "status", required=True),
            *columns.point(),
            *columns.provenance(confirmed=False),
            columns.note(),
        ),
    )  # fmt: skip


def _life(row: Row) -> None:
    begun, ended = row.get("commissioned"), row.get("decommissioned")
    if begun is not None and ended is not None and str(ended)[: len(str(begun))] < str(begun)[: len(str(ended))]:
        raise RowFault("decommissioned", Refusal("stages-disorder", received=str(ended), expected=str(begun)))


_STEPS = (codes.technology, codes.size, codes.point, _life)
_COPIED = (
    "facility_id", "unit_no", "unit_count", "technology", "maker", "model", "serial", "capacity", "capacity_unit",
    "status", "lon", "lat", "note",
)  # fmt: skip


def _link(row: Row, links: Links) -> None:
    """The facility, whose technology fills a gap; the key names it, so that units of two facilities never meet."""
    links.facility(row)
    row["technology"] = row.get("technology") or links.facilities_by_id[row["facility_id"]].technology
    given = row.get("key")
    if given and not is_key(given):
        raise RowFault("key", Refusal("key-form", received=given[:40], expected=slug(given)))
    if not given:
        parts = (row.get(part) for part in ("facility", "unit_no", "serial", "maker", "model", "commissioned"))
        row["key"] = own_key(f"{row['facility'][:40]} {row.get('unit_no') or ''}", *parts)


def _fields(row: Row, links: Links) -> dict[str, Any]:
    return {**copied(row, *_COPIED), **dated(row, "commissioned", "decommissioned")}


def _owned(record: Mapping[Any, Any], links: Links) -> Resource:
    """An installation belongs to whom its facility belongs, and is read by nobody who may not read that."""
    holder = links.facilities_by_id[record["facility_id"]]
    own = record.get("level") or "public"
    level = own if holder.level == "public" else "closed" if "closed" in (own, holder.level) else "aggregated"
    return Resource(cast(Level, level), holder.enterprise_id, holder.region)


def _written(record: Record, links: Links, language: Language) -> Row:
    return {"facility": links.facilities_by_id[record["facility_id"]].key}


INSTALLATIONS = FileKind(
    name="installations",
    kind="installation",
    template=installation_template,
    resolve=lambda row: codes.resolved(row, _STEPS),
    link=_link,
    fields=_fields,
    owned=_owned,
    written=_written,
)

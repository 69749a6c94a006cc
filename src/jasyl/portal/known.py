"""What is known of a record, and who said so: every assertion with its source, as a table of its page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.places import region
from jasyl.quantities import decimal_text, written_unit
from jasyl.registry import (
    ENTERPRISE_KINDS,
    ENTERPRISE_SIZES,
    FINANCING,
    MEASURE_STATUSES,
    PROJECT_KINDS,
    PROJECT_STATUSES,
    STATUSES,
    Kind,
    enterprises,
    facility_by_id,
    history,
    programme_names,
    technology,
)

from .lists import Row
from .programmes import support_names
from .sheet import Column, Sheet
from .visit import Visit

FACT_COLUMNS = (
    Column("field", "column-field"),
    Column("value", "column-value"),
    Column("valid_from", "column-valid-from"),
    Column("recorded", "column-recorded"),
    Column("source", "column-source", link=True),
    Column("confidence", "column-confidence", choices="confidence-level"),
)
# What a reader asks first stands first; other fields follow in the order of the alphabet.
FACT_ORDER = (
    "name_kk", "name_ru", "name_en", "technology", "status", "status_certain", "status_date", "commissioned",
    "commissioned_precision", "capacity", "capacity_unit", "enterprise_id", "region", "district", "place", "lon",
    "lat", "place_precision",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The assertions of a record: as a table, for programs, and their sources in the order of their numbers."""

    sheet: Sheet
    data: list[dict[str, Any]]
    sources: list[dict[str, str]]


def known_of(visit: Visit, connection: sa.Connection, kind: Kind, identity: str, caption: str) -> Known:
    """Everything the reader may see of what was said about a record."""
    said = history(connection, kind, identity)
    if visit.actor.roles.isdisjoint({"agency", "auditor"}):
        said = [one for one in said if one["level"] == "public"]
    said = sorted(said, key=_fact_place)
    sources = list(dict.fromkeys(_source_text(one) for one in said))
    names = _parties(visit, connection, said)
    facts = [_fact_row(visit, kind, one, sources, names) for one in said]
    sheet = Sheet(FACT_COLUMNS, facts, caption)
    return Known(sheet, [_assertion_data(one) for one in said], [{"title": source} for source in sources])


def _parties(visit: Visit, connection: sa.Connection, said: Sequence[Row]) -> dict[str, str]:
    """Names of what assertions speak of: enterprises and facilities by id, programmes and support by key."""
    named = [one["value"] for one in said if one["field"] in {"enterprise_id", "partner_ids"} and one["value"]]
    led_to = {one["value"] for one in said if one["field"] == "facility_id" and one["value"]}
    found = [facility_by_id(connection, identity, visit.actor) for identity in sorted(led_to)]
    rows = [*enterprises(connection, " ".join(named).split()), *(row for row in found if row)]
    names = {one["id"]: visit.name_of(one) for one in rows}
    asserted = {one["field"] for one in said}
    if "support" in asserted:
        names |= support_names(visit, connection)
    if "programme" in asserted:
        names |= {key: visit.name_of(one) for key, one in programme_names(connection).items()}
    return names


def _day(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).date().isoformat()


def _fact_place(one: Row) -> tuple[int, str]:
    field = one["field"]
    return FACT_ORDER.index(field) if field in FACT_ORDER else len(FACT_ORDER), field


def _source_text(one: Row) -> str:
    return one["source"] + (f" ({one['source_date']})" if one["source_date"] else "")


# What the same field is called of another kind of record.
_CALLED: Mapping[tuple[Kind, str], str] = {
    ("project", "kind"): "field-project-kind",
    ("project", "capacity"): "field-planned-capacity",
    ("enterprise", "kind"): "field-enterprise-kind",
    ("enterprise", "size"): "field-enterprise-size",
    ("installation", "capacity"): "field-unit-capacity",
    ("measure", "owner"): "field-measure-owner",
    ("measure", "indicator"): "field-measure-indicator",
}


def field_name(visit: Visit, kind: Kind, field: str) -> str:
    """What a field of a record is called."""
    return visit.t(_CALLED.get((kind, field)) or f"field-{field.replace('_', '-')}")


def _fact_row(visit: Visit, kind: Kind, one: Row, sources: Sequence[str], names: Mapping[str, str]) -> dict[str, Any]:
    """A fact; on the page its source is a number that leads to the list below, in files it is written out."""
    source = _source_text(one)
    number = sources.index(source) + 1
    return {
        "field": field_name(visit, kind, one["field"]),
        "value": _fact_text(visit, kind, one["field"], one["value"], names),
        "valid_from": one["valid_from"],
        "recorded": _day(one["recorded_at"]),
        "source": f"[{number}]" if visit.form == "html" else source,
        "source_link": f"#source-{number}",
        "confidence": one["confidence"],
    }


def _fact_text(visit: Visit, kind: Kind, field: str, value: Any, names: Mapping[str, str]) -> str:
    """A value in words."""
    if value is None:
        return "—"
    if isinstance(value, Decimal | float):
        return visit.number(value, 4 if field in {"lon", "lat"} else None)
    if isinstance(value, bool):
        return visit.t("yes") if value else visit.t("no")
    if field in {"enterprise_id", "partner_ids", "facility_id"}:
        return "; ".join(names.get(one, "—") for one in str(value).split())
    if field in {"support", "programme"}:
        return "; ".join(names.get(one, one) for one in str(value).split())
    if field == "financing":
        return financing_text(visit, value)
    if field == "themes":
        return "; ".join(visit.t(f"measure-theme-{one}") for one in str(value).split())
    return _named(visit, kind, field, str(value))


def financing_text(visit: Visit, codes: str | None) -> str:
    """Sources of financing in words."""
    known = [code for code in (codes or "").split() if code in FINANCING]
    return "; ".join(visit.t(f"financing-{code.replace('_', '-')}") for code in known)


# Lists of keys whose words are messages, by kind of record and field.
_WORDS: Mapping[tuple[Kind, str], tuple[str, Sequence[str]]] = {
    ("facility", "status"): ("status", STATUSES),
    ("installation", "status"): ("status", STATUSES),
    ("project", "status"): ("project-status", PROJECT_STATUSES),
    ("project", "kind"): ("project-kind", PROJECT_KINDS),
    ("measure", "status"): ("measure-status", MEASURE_STATUSES),
    ("enterprise", "kind"): ("enterprise-kind", ENTERPRISE_KINDS),
    ("enterprise", "size"): ("enterprise-size", ENTERPRISE_SIZES),
}


def _named(visit: Visit, kind: Kind, field: str, key: str) -> str:
    """The name of a key: of a status, a technology, a region, a unit, a precision; anything else as it is."""
    words, allowed = _WORDS.get((kind, field), ("", ()))
    if key in allowed:
        return visit.t(f"{words}-{key.replace('_', '-')}")
    if field == "technology":
        return technology(key).name(visit.language)
    if field == "region":
        return region(key).name(visit.language)
    if field.endswith("_unit"):
        return written_unit(key, visit.language)
    if field.endswith("_currency"):
        return written_unit(f"{{{key}}}", visit.language)
    if field == "level":
        return visit.t(f"level-{key}")
    return visit.t(f"precision-{key}") if field == "place_precision" else key


def _assertion_data(one: Row) -> dict[str, Any]:
    value = one["value"]
    return {
        "field": one["field"],
        "value": decimal_text(value) if isinstance(value, Decimal) else value,
        "valid_from": one["valid_from"],
        "recorded_at": dt.datetime.fromtimestamp(one["recorded_at"] / 1_000_000, dt.UTC).isoformat(),
        "source": one["source"],
        "source_date": one["source_date"],
        "confidence": one["confidence"],
    }

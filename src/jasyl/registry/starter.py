"""Loads the Kazakhstan starter: real facilities, enterprises, programmes and support measures, each with its source."""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from hashlib import sha256
from importlib.resources import files
from typing import Any

import sqlalchemy as sa

from .assertions import Recorded, Statement, record, source_id
from .fields import Provenance
from .tables import enterprise, facility, owner, programme, published_output, support_measure, target

ACTOR = "starter"
_DATA = files("jasyl.registry") / "data" / "starter"
_TEXTS = (
    "name_en", "name_ru", "name_kk", "technology", "status", "status_date", "commissioned", "expected",
    "capacity_unit", "second_unit", "region", "place", "place_precision", "cost_currency", "saving_unit",
    "description", "note", "possible_duplicate_of",
)  # fmt: skip
_DECIMALS = ("capacity", "second_measure", "cost", "co2_saving_t", "saving")


def starter_files() -> dict[str, str]:
    """The files of the starter and the SHA-256 of each, for the record of their import."""
    names = sorted(entry.name for entry in _DATA.iterdir() if entry.name.endswith(".csv"))
    return {name: sha256((_DATA / name).read_bytes()).hexdigest() for name in names}


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one starter file, blank cells as empty texts."""
    return list(csv.DictReader((_DATA / name).read_text(encoding="utf-8").splitlines()))


def load_enterprises(connection: sa.Connection) -> Recorded:
    """Record the starter's enterprises."""
    statements = [
        Statement(
            row["key"],
            _said({name: row[name] or None for name in ("name_en", "name_ru", "name_kk", "bin", "kind")}),
            _provenance(row),
        )
        for row in rows_of("enterprises.csv")
    ]
    return record(connection, "enterprise", statements)


def load_facilities(connection: sa.Connection) -> Recorded:
    """Record the starter's facilities, their owners and what was published of their output."""
    ids = {row.key: row.id for row in connection.execute(sa.select(enterprise.c.key, enterprise.c.id))}
    rows = rows_of("facilities.csv")
    done = record(connection, "facility", [_facility(row, ids) for row in rows])
    facility_ids = {row.key: row.id for row in connection.execute(sa.select(facility.c.key, facility.c.id))}
    _replace(connection, owner, _owners(connection, facility_ids, ids))
    _replace(connection, published_output, _outputs(connection, rows, facility_ids))
    return done


def load_projects(connection: sa.Connection) -> Recorded:
    """Record the starter's projects; enterprises and facilities have been loaded before."""
    ids = {row.key: row.id for row in connection.execute(sa.select(enterprise.c.key, enterprise.c.id))}
    facility_ids = {row.key: row.id for row in connection.execute(sa.select(facility.c.key, facility.c.id))}
    return record(connection, "project", [_project(row, ids, facility_ids) for row in rows_of("projects.csv")])


def load_programmes(connection: sa.Connection) -> int:
    """Load programmes, their targets and support measures; gives the number of rows."""
    programmes = [
        {
            "key": row["key"],
            **{name: row[name] or None for name in ("name_en", "name_ru", "name_kk", "goals")},
            "levels": row["levels"],
            "regions": row["regions"],
            "legal_acts": row["legal_acts"] or None,
        }
        for row in rows_of("programmes.csv")
    ]
    _replace(connection, target, ())
    _replace(connection, programme, programmes)
    targets = [_target(connection, row) for row in rows_of("targets.csv")]
    _replace(connection, target, targets)
    measures = [_measure(connection, row) for row in rows_of("support_measures.csv")]
    _replace(connection, support_measure, measures)
    return len(programmes) + len(targets) + len(measures)


def _facility(row: Mapping[str, str], enterprises: Mapping[str, str]) -> Statement:
    fields: dict[str, Any] = {name: row[name] or None for name in _TEXTS}
    fields |= {name: Decimal(row[name]) if row[name] else None for name in _DECIMALS}
    fields |= {
        "enterprise_id": enterprises[row["enterprise"]] if row["enterprise"] else None,
        "status_certain": row["status_certain"] == "yes",
        "confirmed": row["confirmed"] == "yes",
        "regions": row["regions"].replace(";", " ") or None,
        "stands_for": int(row["stands_for"]) if row["stands_for"] else None,
        "lon": float(row["lon"]) if row["lon"] else None,
        "lat": float(row["lat"]) if row["lat"] else None,
    }
    return Statement(row["key"], _said(fields), _provenance(row))


_PROJECT_TEXTS = (
    "name_en", "name_ru", "name_kk", "kind", "technology", "status", "status_date", "expected", "capacity_unit",
    "investment_currency", "financing", "support", "programme", "region", "place", "place_precision", "description",
    "note",
)  # fmt: skip


def _project(row: Mapping[str, str], enterprises: Mapping[str, str], facilities: Mapping[str, str]) -> Statement:
    fields: dict[str, Any] = {name: row[name] or None for name in _PROJECT_TEXTS}
    fields |= {name: Decimal(row[name]) if row[name] else None for name in ("capacity", "investment")}
    fields |= {
        "enterprise_id": enterprises[row["enterprise"]] if row["enterprise"] else None,
        "partner_ids": " ".join(enterprises[key] for key in row["partners"].split(";") if key) or None,
        "facility_id": facilities[row["facility"]],
        "confirmed": row["confirmed"] == "yes",
        "lon": float(row["lon"]) if row["lon"] else None,
        "lat": float(row["lat"]) if row["lat"] else None,
    }
    return Statement(row["key"], _said(fields), _provenance(row))


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the row says: an empty cell asserts nothing."""
    return {name: value for name, value in fields.items() if value is not None}


def _provenance(row: Mapping[str, str]) -> Provenance:
    return Provenance(row["source"], ACTOR, row["confidence"], row["source_date"] or None)


def _owners(
    connection: sa.Connection, facilities: Mapping[str, str], enterprises: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for row in rows_of("owners.csv"):
        yield {
            "facility_id": facilities[row["facility"]],
            "enterprise_id": enterprises[row["enterprise"]],
            "role": row["role"],
            "share": Decimal(row["share_percent"]) if row["share_percent"] else None,
            "source_id": source_id(connection, row["source"], row["source_date"] or None),
            "confidence": row["confidence"],
        }


def _outputs(
    connection: sa.Connection, rows: list[dict[str, str]], facilities: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        make = partial(_output, connection, row, facilities[row["key"]])
        if row["annual_output"]:
            kind = "measured" if row["output_kind"] == "published-measured" else "stated"
            yield make(row["output_year"], kind, row["annual_output"], row["output_unit"])
        if row["design_output"]:
            yield make("", "design", row["design_output"], row["design_output_unit"].removesuffix("/a"))


def _output(
    connection: sa.Connection, row: Mapping[str, str], facility_id: str, period: str, kind: str, value: str, unit: str
) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "period": period,
        "kind": kind,
        "value": Decimal(value),
        "unit": unit,
        "source_id": source_id(connection, row["source"], row["source_date"] or None),
        "confidence": row["confidence"],
    }


def _target(connection: sa.Connection, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "programme": row["programme"],
        "goal": row["goal"],
        "indicator": row["indicator"],
        **_translations(row, "indicator", "qualifier", "target_text"),
        "region": row["region"],
        "unit": row["unit"] or None,
        "qualifier": row["qualifier"] or None,
        "base_year": _year(row["base_year"]),
        "base_value": Decimal(row["base_value"]) if row["base_value"] else None,
        "target_year": _year(row["target_year"]),
        "target_value": Decimal(row["target_value"]) if row["target_value"] else None,
        "target_text": row["target_text"] or None,
        "source_id": source_id(connection, row["source"], row["source_date"] or None),
        "confidence": row["confidence"],
        "confirmed": row["confirmed"] == "yes",
        "note": row["note"] or None,
    }


def _translations(row: Mapping[str, str], *columns: str) -> dict[str, str | None]:
    names = [f"{column}_{language}" for column in columns for language in ("kk", "ru")]
    return {name: row[name] or None for name in names}


def _year(text: str) -> int | None:
    return int(text[:4]) if text[:4].isdigit() else None


def _measure(connection: sa.Connection, row: Mapping[str, str]) -> dict[str, Any]:
    names = ("who", "condition", "size", "valid_from", "valid_to", "legal_act", "note")
    return {
        "key": row["key"],
        "name_en": row["name_en"],
        "kind": row["kind"],
        **{name: row[name] or None for name in names},
        **_translations(row, "name", "kind", "who", "size"),
        "source_id": source_id(connection, row["source"], row["source_date"] or None),
        "confidence": row["confidence"],
        "confirmed": row["confirmed"] == "yes",
    }


def _replace(connection: sa.Connection, table: sa.Table, rows: Iterator[dict[str, Any]] | Any) -> None:
    """These tables hold nothing but the starter: loading it again makes them anew."""
    connection.execute(sa.delete(table))
    made = list(rows)
    if made:
        connection.execute(sa.insert(table), made)

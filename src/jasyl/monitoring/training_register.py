"""Entering the fictional world into the register, by the ordinary way, as two censuses and a connection of meters."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.quantities import LOCAL_TIME, canonical_json, decimal_text, microseconds, sha256_hex
from jasyl.registry import Provenance, Series, Statement, add_series, record, source_id
from jasyl.registry.tables import assertion, enterprise, entity, facility, installation, owner, published_output, series

from .training_meters import Meter
from .training_outputs import training_outputs
from .training_world import TrainingEnterprise, TrainingFacility, TrainingWorld

SOURCE = "training data, generated"
LICENCE = "Apache-2.0"
ACTOR = "training"
CENSUSES = (
    microseconds(dt.datetime(2025, 3, 31, 18, tzinfo=LOCAL_TIME)),
    microseconds(dt.datetime(2026, 8, 31, 18, tzinfo=LOCAL_TIME)),
)
_DATES = ("2025-03-31", "2026-08-31")


def enter_world(connection: sa.Connection, world: TrainingWorld) -> None:
    """Record the world: enterprises and what was known in March 2025, then everything as of August 2026.

    The moments of recording lie in the world's own time, so that its history can be asked for.
    """
    record(connection, "enterprise", [_enterprise(each) for each in world.enterprises], at=CENSUSES[0])
    ids = _ids(connection, enterprise)
    known = [each for each in world.facilities if each.earlier is not None]
    record(connection, "facility", [_earlier(each, ids) for each in known], at=CENSUSES[0])
    record(connection, "facility", [_now(each, ids) for each in world.facilities], at=CENSUSES[1])
    facilities = _ids(connection, facility)
    record(connection, "installation", list(_phases(world.facilities, facilities)), at=CENSUSES[1])
    said_by = source_id(connection, SOURCE, _DATES[1], LICENCE)
    connection.execute(sa.insert(owner), list(_owners(world.facilities, facilities, ids, said_by)))
    outputs = [
        {**said, "facility_id": facilities[key], "source_id": said_by, "confidence": "medium"}
        for key, said in training_outputs(world)
    ]
    connection.execute(sa.insert(published_output), outputs)


def connect_meters(connection: sa.Connection, meters: Sequence[Meter]) -> list[Series]:
    """Register the series of ``meters`` in their order."""
    facilities = _ids(connection, facility)
    return [
        add_series(
            connection,
            meter.key,
            _provenance(1, "high", meter.facility.level),
            facility_id=facilities[meter.facility.key],
            quantity=meter.quantity,
            unit=meter.unit,
            scale=meter.scale,
            interval_seconds=meter.interval_seconds,
            kind=meter.kind,
            at=CENSUSES[1],
        )
        for meter in meters
    ]


def registry_digest(connection: sa.Connection) -> str:
    """SHA-256 of what the register says, whatever ids it gave: keys stand for ids. The same in two folders that
    were filled with the same seed."""
    keys = {row.id: row.key for row in connection.execute(sa.select(entity.c.id, entity.c.key))}
    columns = (assertion.c.entity_id, assertion.c.field, assertion.c.value, assertion.c.recorded_at, assertion.c.level)
    questions = {"assertion": sa.select(*columns)}
    tables = (enterprise, facility, installation, series, owner, published_output)
    questions |= {table.name: sa.select(table) for table in tables}
    said = {
        name: sorted(_plain(row, keys) for row in connection.execute(question).mappings())
        for name, question in questions.items()
    }
    return sha256_hex(canonical_json(said))


def _plain(row: sa.RowMapping, keys: Mapping[str, str]) -> list[str]:
    return [_text(value, keys) for name, value in row.items() if name != "id"]


def _text(value: Any, keys: Mapping[str, str]) -> str:
    """A cell as text; an id, also in the JSON of an assertion, as the key it stands for."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    written = str(value)
    return keys.get(written.strip('"'), written)


def _provenance(census: int, confidence: str, level: str) -> Provenance:
    return Provenance(SOURCE, ACTOR, confidence, _DATES[census], LICENCE, level)


def _enterprise(each: TrainingEnterprise) -> Statement:
    return Statement(each.key, each.fields, _provenance(0, "high", "public"))


def _earlier(each: TrainingFacility, enterprises: Mapping[str, str]) -> Statement:
    fields = {**each.fields, **(each.earlier or {}), "enterprise_id": enterprises[each.operator]}
    said = {name: value for name, value in fields.items() if value is not None}
    return Statement(each.key, said, _provenance(0, each.confidence, each.level))


def _now(each: TrainingFacility, enterprises: Mapping[str, str]) -> Statement:
    # What only the earlier census said (an expected year, once it is built) is taken back.
    gone = dict.fromkeys((each.earlier or {}).keys() - each.fields.keys())
    fields = {**each.fields, **gone, "enterprise_id": enterprises[each.operator]}
    return Statement(each.key, fields, _provenance(1, each.confidence, each.level))


def _phases(facilities: Sequence[TrainingFacility], ids: Mapping[str, str]) -> Iterator[Statement]:
    for each in facilities:
        for key, fields in each.phases:
            yield Statement(key, {**fields, "facility_id": ids[each.key]}, _provenance(1, each.confidence, each.level))


def _owners(
    facilities: Sequence[TrainingFacility], ids: Mapping[str, str], enterprises: Mapping[str, str], said_by: int
) -> Iterator[dict[str, Any]]:
    for each in facilities:
        for key, role, share in each.owners:
            yield {
                "facility_id": ids[each.key],
                "enterprise_id": enterprises[key],
                "role": role,
                "share": share,
                "source_id": said_by,
                "confidence": each.confidence,
            }


def _ids(connection: sa.Connection, table: sa.Table) -> dict[str, str]:
    return {row.key: row.id for row in connection.execute(sa.select(table.c.key, table.c.id))}

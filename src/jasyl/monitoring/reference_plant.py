"""The reference plant: a real roof with real readings, on which the whole way from meter to statement can be walked.

It stands in Golden, Colorado, outside every national total. Its readings are from the files of the PyPI package
pvanalytics (MIT); source, licence and what is known of its time stamps stand in ``about.json`` beside them.
"""

import csv
import datetime as dt
import json
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np
import sqlalchemy as sa

from jasyl.figures import FigureKind, Request, Statement, StoredFigure, Subject, make, publish
from jasyl.ledger import Import, enqueue, issued_now, issuer_signers
from jasyl.quantities import microseconds, period
from jasyl.registry import Provenance, record
from jasyl.registry import Statement as Said
from jasyl.registry.series import Series, add_series
from jasyl.storage import Database, DataFolder

from .definitions import definitions
from .delivery import Batch, Receipt, Source
from .methods import GENERATED, gatherers
from .readings import append
from .sealing import seal_days

KEY = "reference-serf-east"
ACTOR = "starter"
# The source keeps UTC-07:00 all year; in the zone data base the sign is the other way round.
ZONE = "Etc/GMT+7"
PERIODS = ("2016-07", "2016-08", "2016-09", "2016-10")
_DATA = files("jasyl.registry") / "data" / "reference_plant"


def about() -> dict[str, Any]:
    """What is known of the plant and its readings, with sources."""
    return json.loads((_DATA / "about.json").read_text(encoding="utf-8"))


def load_reference_plant(database: Database, folder: DataFolder, now: int, *, log_origin: str) -> tuple[Statement, ...]:
    """Register the plant, store and seal its readings, publish its monthly energy; gives the statements.

    Runs through the ordinary ways only: register, append, seal, make, publish. ``now`` is the clock in µs UTC.
    """
    known = about()
    content = (_DATA / "readings.csv").read_bytes()
    with database.writing() as connection:
        series = _register(connection, known, now)
    with database.reading() as connection:
        defined = definitions(connection, [series])
    start, value = _readings(content)
    batch = Batch(
        np.full(len(start), series.number, dtype=np.int64),
        start,
        value,
        Source("starter", "readings.csv", ACTOR, sha256(content).hexdigest()),
    )
    entry = Import(
        log_origin=log_origin,
        issued=issued_now(),
        author=ACTOR,
        what="readings of the reference plant",
        file_name="readings.csv",
        sha256=sha256(content).hexdigest(),
        rows=len(start),
        source=known["source"],
        licence=known["licence"],
        actor=ACTOR,
    )

    def log_import(connection: sa.Connection, _receipt: Receipt) -> None:
        enqueue(connection, entry)

    append(database, folder, defined, batch, now, partial=False, within=log_import)
    seal_days(database, folder, defined, now, log_origin=log_origin, author=ACTOR)
    with database.writing() as connection:
        signers = issuer_signers(connection, folder)
        made = [_figure(connection, series, name, known, now) for name in PERIODS]
        return tuple(publish(connection, one.id, ACTOR, now, log_origin=log_origin, signers=signers) for one in made)


def _register(connection: sa.Connection, known: dict[str, Any], now: int) -> Series:
    provenance = Provenance(known["source"], ACTOR, "high", known["retrieved"], known["licence"])
    fields: dict[str, Any] = {
        **{f"name_{language}": name for language, name in known["names"].items()},
        "technology": known["technology"],
        "status": "operating",
        # The source tells of 2016; what became of the roof since then is not known to us.
        "status_certain": False,
        "status_date": "2016-10-13",
        "capacity": Decimal(known["capacity"]),
        "capacity_unit": known["capacity_unit"],
        "place": known["place"],
        "lon": known["lon"],
        "lat": known["lat"],
        "place_precision": known["place_precision"],
        "note": known["stamps"],
        "reference": True,
        "confirmed": True,
    }
    record(connection, "facility", [Said(KEY, fields, provenance)], at=now)
    facility = connection.execute(sa.text("select id from facility where key = :key"), {"key": KEY}).scalar_one()
    return add_series(
        connection,
        f"{KEY}-power",
        provenance,
        facility_id=facility,
        quantity="electricity_generated",
        unit="W",
        scale=3,
        interval_seconds=900,
        kind="mean",
        zone=ZONE,
        at=now,
    )


def _readings(content: bytes) -> tuple[Any, Any]:
    rows = list(csv.DictReader(content.decode("utf-8").splitlines()))
    start = np.array([microseconds(dt.datetime.fromisoformat(row["start"])) for row in rows], dtype=np.int64)
    return start, np.array([int(row["power_milliwatt"]) for row in rows], dtype=np.int64)


def _figure(connection: sa.Connection, series: Series, name: str, known: dict[str, Any], now: int) -> StoredFigure:
    defined = definitions(connection, [series])
    zone = defined[series.number].time_zone
    subject = Subject("facility", series.facility_id)
    kind: FigureKind = "observed"
    energy = make(connection, gatherers(defined, kind), GENERATED, Request(subject, period(name, zone), {}), now)
    watts = str(Decimal(known["capacity"]) * 1000)
    factor = Request(subject, period(name, zone), {"capacity": watts})
    make(connection, gatherers(defined, kind), "capacity_factor", factor, now)
    return energy

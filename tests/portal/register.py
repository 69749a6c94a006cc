"""A small register of our own: two firms, their plants, series and accounts with tokens, over every table."""

import shutil
from dataclasses import dataclass, field, replace
from importlib import import_module

import sqlalchemy as sa

from jasyl.people import create_account, new_token
from jasyl.registry import Provenance, Statement, add_series, record
from jasyl.registry.tables import enterprise, facility
from jasyl.storage import METADATA, Database, DataFolder, create_folder, database_of
from jasyl.storage.schema import ROOMS_WITH_TABLES

WHO = Provenance("test", "test")
PASSWORD = "a long enough password"
ALL = frozenset({"read", "write_registry", "write_readings"})


@dataclass
class Register:
    """Where it lies, ids by key, tokens by account."""

    folder: DataFolder
    database: Database
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def bearer(self, account):
        return {"Authorization": f"Bearer {self.tokens[account]}"}


def make_register(home):
    """Firm one: a public solar plant (quarter-hour energy, hourly power) and a closed one. Firm two: a wind farm."""
    made = Register(create_folder(home / "data", "real"), None)
    made.database = database_of(made.folder)
    made.database.migrate()
    for room in ROOMS_WITH_TABLES:
        import_module(room)
    METADATA.create_all(made.database.engine)
    with made.database.writing() as connection:
        record(connection, "enterprise", [Statement(f"firm-{n}", {"name_en": f"Firm {n}"}, WHO) for n in (1, 2)])
        firms = dict(connection.execute(sa.select(enterprise.c.key, enterprise.c.id)).all())
        plants = [
            ("solar", {"enterprise_id": firms["firm-1"], "technology": "RP.PV", "lon": 76.9, "lat": 43.2}, "public"),
            ("hidden", {"enterprise_id": firms["firm-1"], "technology": "RP.PV", "lon": 71.4, "lat": 51.1}, "closed"),
            ("wind", {"enterprise_id": firms["firm-2"], "technology": "RP.WON", "lon": 77.2, "lat": 43.9}, "public"),
        ]
        for key, fields, level in plants:
            said = Provenance("test", "test", level=level)
            fixed = {"name_en": f"{key.title()} plant", "status": "operating", "place_precision": "site", **fields}
            record(connection, "facility", [Statement(key, fixed, said)])
        made.ids = {**firms, **dict(connection.execute(sa.select(facility.c.key, facility.c.id)).all())}
        for key, plant, interval, kind, unit, level in (
            ("solar-energy", "solar", 900, "amount", "W.h", "public"),
            ("solar-power", "solar", 3600, "mean", "W", "public"),
            ("hidden-energy", "hidden", 900, "amount", "W.h", "closed"),
            ("wind-energy", "wind", 3600, "amount", "W.h", "public"),
        ):
            one = add_series(
                connection,
                key,
                Provenance("test", "test", level=level),
                facility_id=made.ids[plant],
                quantity="electricity_generated",
                unit=unit,
                interval_seconds=interval,
                kind=kind,
            )
            made.ids[key] = one.id
        for name, roles, firm in (
            ("agency", {"agency"}, None),
            ("one", {"enterprise"}, "firm-1"),
            ("two", {"enterprise"}, "firm-2"),
        ):
            account = create_account(
                connection, name, PASSWORD, frozenset(roles), enterprise_id=made.ids[firm] if firm else None
            )
            made.tokens[name] = new_token(connection, account, name, ALL)
            made.ids[name] = account
        made.tokens["meter"] = new_token(
            connection, made.ids["one"], "meter", frozenset({"write_readings"}), series=[made.ids["solar-energy"]]
        )
        made.tokens["reader"] = new_token(connection, made.ids["one"], "reader", frozenset({"read"}))
    return made


def copy_register(template, home):
    """A copy that a test may write into; making one anew takes seconds."""
    folder = DataFolder(shutil.copytree(template.folder.path, home / "data"))
    return replace(template, folder=folder, database=database_of(folder))

"""``jasyl monitor``: series, rollups, sealed days; the commands of its other parts hang on here."""

import time
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from jasyl.monitoring import (
    bring_up_to_date,
    keep_house,
    rebuild,
    roll_up,
    verify_folder,
)
from jasyl.monitoring.amounts import check_quantity
from jasyl.monitoring.definitions import definition_of, definitions
from jasyl.people import OPERATOR
from jasyl.quantities import unit
from jasyl.registry import Provenance, Series, every_series
from jasyl.registry import add_series as register_series
from jasyl.storage import database_of, open_folder
from jasyl.texts import say

from . import engines, monitor_dynamics, monitor_figures, monitor_forecast, monitor_savings
from .choices import one_of
from .engines import EngineName, Master, chosen
from .gateways import register as register_gateways
from .metering import mount_meter
from .mqtt import mqtt
from .options import HERE, AsJson, Data, Lang
from .quality import register
from .quarantine import register as register_quarantine
from .retention import retention
from .speech import answer, progress, reader_language, table
from .subjects import facility_of
from .upkeep import upkeep_data, upkeep_lines

app = typer.Typer(no_args_is_help=True, add_completion=False)
register(app)
app.command("mount-meter")(mount_meter)
app.command("mqtt")(mqtt)
app.command("retention")(retention)
register_quarantine(app)
register_gateways(app)

Facility = Annotated[str, typer.Argument(metavar="FACILITY", help="Key of the facility.")]
SERIES_FIELDS = ("key", "quantity", "unit", "scale", "interval_seconds", "kind", "zone", "trust", "level", "id")


def _now() -> int:
    return time.time_ns() // 1000


@app.command("series")
def list_series(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the series: what is metered, where, how often."""
    with database_of(open_folder(data)).reading() as connection:
        rows = [_series_data(connection, one) for one in every_series(connection)]
    if as_json:
        answer(rows)
    else:
        table([list(row.values()) for row in rows])


@app.command("add-series")
def add_series(
    facility: Facility,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The series' own key.")],
    *,
    quantity: Annotated[str, typer.Option("--quantity", help="What is measured: electricity_generated, water_saved …")],
    unit_: Annotated[str, typer.Option("--unit", help="Base unit in which it is kept: W, W.h, m3, kg …")],
    interval: Annotated[int, typer.Option("--interval", help="Seconds: a part of an hour, or 86400.")] = 900,
    kind: Annotated[str, typer.Option("--kind", help="mean, amount or counter.")] = "mean",
    scale: Annotated[int, typer.Option("--scale", min=0, max=9, help="Decimals kept.")] = 0,
    zone: Annotated[str, typer.Option("--zone", help="Civil time of its days.")] = "Asia/Almaty",
    trust: Annotated[str, typer.Option("--trust", help="device-signed, gateway-signed, operator-entered.")] = (
        "operator-entered"
    ),
    level: Annotated[str, typer.Option("--level", help="public, aggregated or closed.")] = "public",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Register a meter of a facility."""
    one_of("--kind", kind, ("mean", "amount", "counter"))
    one_of("--trust", trust, ("device-signed", "gateway-signed", "operator-entered"))
    one_of("--level", level, ("public", "aggregated", "closed"))
    with database_of(open_folder(data)).writing() as connection:
        found = facility_of(connection, facility)
        made = register_series(
            connection,
            key,
            Provenance("jasyl monitor add-series", OPERATOR.id, "high", level=level),
            facility_id=found["id"],
            quantity=quantity,
            unit=unit(unit_).ucum,
            interval_seconds=interval,
            kind=kind,
            scale=scale,
            zone=zone,
            trust=trust,
        )
        check_quantity(definition_of(made))  # what cannot be stored or added up is refused: nothing is registered then
        row = _series_data(connection, made)
    if as_json:
        answer(row)
    else:
        typer.echo(say(reader_language(asked=lang), "monitor-series-added", key=made.key, id=made.id))


@app.command()
def rollup(
    *,
    anew: Annotated[
        bool, typer.Option("--rebuild", help="Forget all sums and compute them from the readings.")
    ] = False,
    engine: EngineName = "duckdb",
    master: Master = "local[*]",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Bring daily, monthly and yearly sums up to date."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    database = database_of(folder)
    with database.reading() as connection:
        defined = definitions(connection)
    with progress(language, as_json=as_json) as seen, chosen(engine, master) as found:
        seen.step("monitor-step-rollup", 0)
        touched = (rebuild if anew else roll_up)(database, folder, defined, found)
    if as_json:
        answer({"periods": len(touched)})
    else:
        typer.echo(say(language, "monitor-rolled-up", periods=len(touched)))


@app.command()
def seal(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Seal closed days, make the figures that rest on them again, and name published ones that changed."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    with progress(language, as_json=as_json) as seen:
        seen.step("import-step-seal", 0)
        done = bring_up_to_date(database_of(folder), folder, _now(), author=OPERATOR.id)
    if as_json:
        answer(upkeep_data(done))
        return
    for line in upkeep_lines(done, language):
        typer.echo(line)


@app.command()
def check(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Hold sealed days against the stored readings and published statements against the log."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    with progress(language, as_json=as_json) as seen:
        found = verify_folder(database_of(folder), folder, seen)
    if as_json:
        answer(found.as_data())
    else:
        for line in found.lines(language):
            typer.echo(line, err=not found.ok)
    if not found.ok:
        raise typer.Exit(1)


@app.command()
def tidy(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Join small files of readings into larger ones and remove those that nobody needs any more."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    with progress(language, as_json=as_json) as seen:
        seen.step("monitor-step-tidy", 0)
        done = keep_house(database_of(folder), folder, _now())
    if as_json:
        answer({"joined_months": list(done.joined), "removed_files": done.removed})
    else:
        typer.echo(say(language, "monitor-tidied", months=len(done.joined), files=done.removed))


def _series_data(connection: sa.Connection, one: Series) -> dict[str, Any]:
    facility = facility_of(connection, one.facility_id)["key"]
    return {"facility": facility, **{name: getattr(one, name) for name in SERIES_FIELDS}}


for _part in (engines, monitor_figures, monitor_dynamics, monitor_forecast, monitor_savings):
    app.registered_commands.extend(_part.app.registered_commands)

"""``jasyl monitor``: series, rollups, sealed days, figures and their publication, dynamics."""

import dataclasses
import time
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from jasyl.emissions import avoided_kind
from jasyl.figures import FigureKind, StoredFigure, Subject, current, get, key_of, publish
from jasyl.ledger import issuer_signers, log_origin
from jasyl.monitoring import (
    DYNAMICS_INDICATORS,
    bring_up_to_date,
    dynamics_kind,
    figure_kind,
    keep_house,
    make_dynamics_figure,
    make_figure,
    make_place_figure,
    rebuild,
    roll_up,
    verify_folder,
)
from jasyl.monitoring.amounts import QUANTITIES
from jasyl.monitoring.definitions import definition_of, definitions
from jasyl.monitoring.methods import GENERATED
from jasyl.monitoring.quality import Doubt, doubt, make_sound_figure
from jasyl.people import OPERATOR
from jasyl.quantities import unit, written_unit
from jasyl.registry import Provenance, Series, every_series, series_of
from jasyl.registry import add_series as register_series
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, say, write_number

from . import engines, monitor_dynamics, monitor_savings
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
from .subjects import facility_of, is_place
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
        definition_of(made)  # refuses an interval or a unit that cannot be stored: nothing is registered then
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
def figure(
    facility: Annotated[
        str,
        typer.Argument(
            metavar="FACILITY", help="A facility; KZ or a region for dynamics and for totals of its meters."
        ),
    ],
    indicator: Annotated[
        str,
        typer.Argument(
            metavar="INDICATOR",
            help="electricity.generated, …, capacity_factor; dynamics.capacity.solar …",
        ),
    ],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="2016, 2016-07 or 2016-07-03")],
    *,
    sound: Annotated[bool, typer.Option("--sound", help="Leave out readings that were judged wrong.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compute a figure of a facility from its sealed days, or one of dynamics from the register, and keep it.

    Of a facility's readings it says how many are in doubt.
    """
    folder = open_folder(data)
    kind = figure_kind(folder)
    with database_of(folder).writing() as connection:
        if indicator in DYNAMICS_INDICATORS:
            found, under = _made(connection, folder, facility, indicator, period, dynamics_kind(kind)), None
        elif is_place(facility) and not sound:
            found, under = _made(connection, folder, facility, indicator, period, kind), None
        else:
            found, under = _made_of_readings(connection, folder, facility, indicator, period, sound=sound)
    language = reader_language(asked=lang)
    made = found.figure
    if as_json:
        readings = {} if under is None else {"readings": dataclasses.asdict(under)}
        answer({"id": found.id, "key": made.key, **made.document(), **readings})
        return
    typer.echo(f"{found.id}\t{made.key}\t{_value(found, language)}")
    if under is not None and (under.suspect or under.wrong):
        typer.echo(say(language, "quality-sums", **dataclasses.asdict(under)), err=True)


@app.command("publish")
def publish_(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FIGURE | FACILITY INDICATOR PERIOD",
            help="Id of a figure, or its facility (of dynamics: its place), indicator and period.",
        ),
    ],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why it supersedes an earlier one.")] = "recomputed",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Publish a figure: frozen, with a record in the ledger, superseding an earlier statement if there is one."""
    if len(what) not in (1, 3):
        raise typer.BadParameter("FIGURE | FACILITY INDICATOR PERIOD")
    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        chosen = get(connection, what[0]) if len(what) == 1 else _current(connection, folder, what, figure_kind(folder))
        made = publish(
            connection,
            chosen.id,
            OPERATOR.id,
            _now(),
            log_origin=log_origin(folder),
            reason=reason,
            signers=issuer_signers(connection, folder),
        )
    if as_json:
        answer({"statement": made.id, "record": made.record_id, "supersedes": made.supersedes, "key": made.key})
        return
    language = reader_language(asked=lang)
    typer.echo(say(language, "monitor-published", id=made.id, key=made.key, value=_value(chosen, language)))


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


def _made_of_readings(
    connection: sa.Connection, folder: DataFolder, facility: str, indicator: str, period: str, *, sound: bool
) -> tuple[StoredFigure, Doubt]:
    """A figure of a facility's readings, and how many of them are in doubt."""
    kind, place = figure_kind(folder), facility_of(connection, facility)
    found = (
        make_sound_figure(connection, folder, place, indicator, period, kind, _now())
        if sound
        else make_figure(connection, place, indicator, period, kind, _now(), folder=folder)
    )
    quantity = QUANTITIES.get(indicator, QUANTITIES[GENERATED])
    meters = [each for each in series_of(connection, place["id"]) if each.quantity == quantity]
    meant = list(definitions(connection, meters).values())
    return found, doubt(connection, folder, meant, found.figure.start, found.figure.end)


def _made(
    connection: sa.Connection, folder: DataFolder, subject: str, indicator: str, period: str, kind: FigureKind
) -> StoredFigure:
    """The figure of a facility or of a place."""
    if indicator in DYNAMICS_INDICATORS:
        return make_dynamics_figure(connection, subject, indicator, period, kind, _now())
    if is_place(subject):
        return make_place_figure(connection, subject, indicator, period, kind, _now())
    place = facility_of(connection, subject)
    return make_figure(connection, place, indicator, period, kind, _now(), folder=folder)


def _current(connection: sa.Connection, folder: DataFolder, what: list[str], kind: FigureKind) -> StoredFigure:
    """The newest figure of a facility or place; made when there is none yet or an input changed.

    Those of places are always made again: what was recorded since may not have been noticed yet.
    """
    subject, indicator, period = what
    if indicator in DYNAMICS_INDICATORS:
        return _made(connection, folder, subject, indicator, period, dynamics_kind(kind))
    if is_place(subject):
        return _made(connection, folder, subject, indicator, period, kind)
    facility = facility_of(connection, subject)
    # What rests on a comparison is of another kind than what was metered.
    keys = [key_of(indicator, Subject("facility", facility["id"]), period, one) for one in (kind, avoided_kind(kind))]
    found = next(iter(current(connection, keys).values()), None)
    if found is None or found.stale:
        found = _made(connection, folder, subject, indicator, period, kind)
    return found


def _value(found: StoredFigure, language: Language) -> str:
    value, written = found.figure.value, written_unit(found.figure.unit, language)
    return "—" if value is None else f"{write_number(language, value, 6)} {written}".strip()


for _part in (engines, monitor_dynamics, monitor_savings):
    app.registered_commands.extend(_part.app.registered_commands)

"""``jasyl monitor figure`` and ``publish``: from sealed days, the register or a diffusion curve to a statement."""

import dataclasses
import time
from typing import Annotated

import sqlalchemy as sa
import typer

from jasyl.emissions import avoided_kind
from jasyl.figures import FigureKind, StoredFigure, Subject, current, figure_value, get, key_of, publish
from jasyl.ledger import issuer_signers, log_origin
from jasyl.monitoring import (
    DYNAMICS_INDICATORS,
    dynamics_kind,
    figure_kind,
    make_dynamics_figure,
    make_figure,
    make_place_figure,
)
from jasyl.monitoring.amounts import QUANTITIES
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.diffusion_report import last_whole_year
from jasyl.monitoring.forecast_figures import FORECAST_INDICATORS, make_forecast_figure, winning_curve
from jasyl.monitoring.methods import GENERATED
from jasyl.monitoring.quality import Doubt, doubt, make_sound_figure
from jasyl.people import OPERATOR
from jasyl.registry import series_of
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language
from .subjects import facility_of, is_place

app = typer.Typer(no_args_is_help=True, add_completion=False)


def _now() -> int:
    return time.time_ns() // 1000


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
            help="electricity.generated, …, capacity_factor; dynamics.capacity.solar …; forecast.capacity.solar …",
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
        if _of_a_place(facility, indicator) and not sound:
            found, under = _made(connection, folder, facility, indicator, period, kind), None
        else:
            found, under = _made_of_readings(connection, folder, facility, indicator, period, sound=sound)
    language = reader_language(asked=lang)
    made = found.figure
    if as_json:
        readings = {} if under is None else {"readings": dataclasses.asdict(under)}
        answer({"id": found.id, "key": made.key, **made.document(), **readings})
        return
    typer.echo(f"{found.id}\t{made.key}\t{figure_value(found.figure, language)}")
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
    typer.echo(
        say(language, "monitor-published", id=made.id, key=made.key, value=figure_value(chosen.figure, language))
    )


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
    """The figure of a facility or of a place; a forecast is that of the curve that wins its back-test."""
    if indicator in DYNAMICS_INDICATORS:
        return make_dynamics_figure(connection, subject, indicator, period, dynamics_kind(kind), _now())
    if indicator in FORECAST_INDICATORS:
        fitted = winning_curve(connection, subject, indicator, last_whole_year())
        return make_forecast_figure(connection, subject, indicator, period, fitted, kind, _now())
    if is_place(subject):
        return make_place_figure(connection, subject, indicator, period, kind, _now())
    place = facility_of(connection, subject)
    return make_figure(connection, place, indicator, period, kind, _now(), folder=folder)


def _of_a_place(subject: str, indicator: str) -> bool:
    """Whether a figure is told of the country or a region."""
    return is_place(subject) or indicator in DYNAMICS_INDICATORS or indicator in FORECAST_INDICATORS


def _current(connection: sa.Connection, folder: DataFolder, what: list[str], kind: FigureKind) -> StoredFigure:
    """The newest figure of a facility or place; made when there is none yet or an input changed.

    Those of places are always made again: what was recorded since may not have been noticed yet.
    """
    subject, indicator, period = what
    if _of_a_place(subject, indicator):
        return _made(connection, folder, subject, indicator, period, kind)
    facility = facility_of(connection, subject)
    # What rests on a comparison is of another kind than what was metered.
    keys = [key_of(indicator, Subject("facility", facility["id"]), period, one) for one in (kind, avoided_kind(kind))]
    found = next(iter(current(connection, keys).values()), None)
    if found is None or found.stale:
        found = _made(connection, folder, subject, indicator, period, kind)
    return found

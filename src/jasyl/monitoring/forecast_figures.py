"""Forecasts as figures: what a diffusion curve says will stand at the end of a year to come.

Only a curve that beat the naive forecasts in its back-test gives a number; when the register changes and it no longer
does, its figure has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import msgspec
import sqlalchemy as sa

from jasyl.figures import FigureKind, Gathered, Gatherer, Outcome, Request, StoredFigure, make, method
from jasyl.quantities import period
from jasyl.registry import AdoptionRow, adoption_table
from jasyl.texts import Refusal

from .diffusion_report import Curve, History, best_curve, curves, history
from .dynamics import dynamics
from .dynamics_figures import COUNTRY, FAMILIES, REGISTER, dynamics_subject, register_entries

LEVEL_T = Decimal("1.645")
# The years of the page: its interval and that of a figure are drawn together.
YEARS_AHEAD = 5


@dataclass(frozen=True)
class Forecastable:
    """A measure that curves are fitted to: its unit (UCUM), and the step to which a forecast is rounded."""

    unit: str
    step: Decimal


FORECASTABLE = {
    "capacity": Forecastable("W", Decimal(1000)),
    "facilities": Forecastable("1", Decimal("0.1")),
    "enterprises": Forecastable("1", Decimal("0.1")),
}


def forecast_indicator(measure: str, family: str | None = None) -> str:
    """``forecast.capacity`` or ``forecast.capacity.solar``."""
    return f"forecast.{measure}" + (f".{family}" if family else "")


FORECAST_INDICATORS = {
    forecast_indicator(measure, family): (measure, family) for measure in FORECASTABLE for family in FAMILIES
}


class Fitted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which curve (logistic, gompertz, bass), and the last whole year whose additions it was fitted to."""

    model: str
    until: int


@dataclass(frozen=True)
class Ahead:
    """What was added year by year, and the year that is asked about."""

    known: History
    year: int


def standing_ahead(parameters: Fitted, data: Ahead, *, measure: str) -> Outcome:
    """What stands at the end of the year, with its standard uncertainty (half the 90 % interval over 1.645)."""
    curve = _curve(data.known, parameters.model)
    place = data.year - parameters.until - 1
    if curve is None or curve.forecast is None or curve.backtest is None or not curve.backtest.wins:
        return Outcome(None)
    step = FORECASTABLE[measure].step
    ahead = curve.forecast
    value, low, high = (Decimal(repr(float(each[place]))) for each in (ahead.value, ahead.low, ahead.high))
    return Outcome(_rounded(value, step), None, _rounded((high - low) / 2 / LEVEL_T, step))


for _indicator, (_measure, _family) in FORECAST_INDICATORS.items():
    method(
        _indicator,
        "1.0.0",
        indicator=_indicator,
        kind="modelled",
        unit=FORECASTABLE[_measure].unit,
        parameters=Fitted,
    )(partial(standing_ahead, measure=_measure))


def forecast_gatherers(kind: FigureKind = "modelled") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods."""

    def gather(connection: sa.Connection, request: Request, measure: str, family: str | None) -> Gathered:
        rows = _rows(connection, request.subject.id, family)
        until = msgspec.convert(dict(request.parameters), Fitted).until
        data = Ahead(_history(rows, measure, until), int(request.period.name))
        said: FigureKind = "training" if kind == "training" else "modelled"
        return Gathered(data, register_entries(connection, [each.identity for each in rows]), (REGISTER,), kind=said)

    return {
        indicator: partial(gather, measure=measure, family=family)
        for indicator, (measure, family) in FORECAST_INDICATORS.items()
    }


def winning_curve(connection: sa.Connection, place: str, indicator: str, until: int) -> Fitted:
    """The curve that did best on the past of ``place`` to the year ``until``.

    Raises Refusal ``forecast-none-wins`` where none beat the naive forecasts, ``unknown-region``.
    """
    measure, family = FORECAST_INDICATORS[indicator]
    known = _history(_rows(connection, dynamics_subject(place).id, family), measure, until)
    best = best_curve(curves(known, YEARS_AHEAD)) if known.additions else None
    if best is None:
        raise Refusal("forecast-none-wins", received=indicator)
    return Fitted(best.model, until)


def make_forecast_figure(
    connection: sa.Connection, place: str, indicator: str, year: str, fitted: Fitted, kind: FigureKind, now: int
) -> StoredFigure:
    """Compute and keep what ``fitted`` says of ``place`` (``KZ`` or the ISO code of a region) for the end of ``year``.

    Raises Refusal ``forecast-year``, ``forecast-loses``, ``unknown-region``, and why a curve cannot be fitted.
    """
    measure, family = FORECAST_INDICATORS[indicator]
    ahead = int(year) - fitted.until if len(year) == 4 and year.isascii() and year.isdigit() else 0
    if not 1 <= ahead <= YEARS_AHEAD:
        raise Refusal("forecast-year", received=year[:20], expected=f"{fitted.until + 1}–{fitted.until + YEARS_AHEAD}")
    subject = dynamics_subject(place)
    known = _history(_rows(connection, subject.id, family), measure, fitted.until)
    curve = _curve(known, fitted.model)
    if curve is None or curve.refusals:
        raise curve.refusals[0] if curve else Refusal("forecast-loses", received=fitted.model[:20])
    if curve.backtest is None or not curve.backtest.wins:
        raise Refusal("forecast-loses", received=fitted.model)
    request = Request(subject, period(year), msgspec.to_builtins(fitted))
    return make(connection, forecast_gatherers(kind), indicator, request, now)


def _rows(connection: sa.Connection, place: str, family: str | None) -> list[AdoptionRow]:
    every = adoption_table(connection, None if place == COUNTRY else place)
    return [each for each in every if family is None or each.family == family]


def _history(rows: Sequence[AdoptionRow], measure: str, until: int) -> History:
    return history(dynamics(rows, [], until + 1).rows, measure, until)


def _curve(known: History, model: str) -> Curve | None:
    found = curves(known, YEARS_AHEAD) if known.additions else ()
    return next((each for each in found if each.model == model), None)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(Decimal(1)) * step

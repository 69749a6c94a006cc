"""From a page to a statement: compute a figure that the page shows, and publish it."""

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post

from jasyl.circular.physical import INDICATOR_BOOKS, make_indicator_figure
from jasyl.emissions.inventory.figures import INVENTORY_INDICATORS, make_inventory_figure
from jasyl.emissions.plants import PLANT_INDICATORS, plant_subject, report_of
from jasyl.facts import newest_book
from jasyl.figures import StoredFigure, current_of, publish
from jasyl.ledger import issuer_signers, log_origin
from jasyl.monitoring import DYNAMICS_INDICATORS, figure_kind, make_dynamics_figure, make_figure
from jasyl.monitoring.dynamics_figures import COUNTRY
from jasyl.monitoring.forecast_figures import FORECAST_INDICATORS, Fitted, make_forecast_figure
from jasyl.monitoring.savings_figures import SAVINGS_INDICATORS, Comparison, make_savings_figure
from jasyl.people import Actor, Resource, may
from jasyl.places import region
from jasyl.quantities import LOCAL_TIME
from jasyl.registry import facility_by_key
from jasyl.texts import Refusal

from .house import House
from .page import NotFoundError
from .session import actor_of, check_form
from .signin import check_origin


def may_publish(actor: Actor, facility: Mapping[Any, Any] | None = None, place: str | None = None) -> bool:
    """Whether a reader may publish figures of a facility, of a region, or of the country (``place`` ``KZ``)."""
    if facility is not None:
        return may(actor, "publish", Resource(facility["level"], facility["enterprise_id"], facility["region"]))
    return may(actor, "publish", Resource(region=place))


@post("/publish", summary="Publish a figure (subject, indicator, period)", status_code=303)
async def publish_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From the form of a page, or by a program with a token; leads to the statement.

    ``subject`` is the key of a facility, or ``KZ`` or the ISO code of a region for figures of dynamics,
    of inventories and of the circular economy.
    """
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = {key: str(value) for key, value in (await request.form()).items()}
    state = request.scope.get("state", {})
    authorization = request.headers.get("authorization")
    made = await to_thread.run_sync(_publish, house, state.get("cookies", {}), authorization, form)
    return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/statements/{made}"})


def _publish(house: House, cookies: dict[str, str], authorization: str | None, form: dict[str, str]) -> str:
    """The id of the statement. One transaction: a figure that cannot be published is not kept either."""
    subject, indicator, name = (form.get(key, "")[:80] for key in ("subject", "indicator", "period"))
    kind, now = figure_kind(house.folder), time.time_ns() // 1000
    with house.database.writing() as connection:
        actor = actor_of(connection, cookies, authorization)
        if authorization is None:
            check_form(actor, form)
        if indicator in DYNAMICS_INDICATORS:
            place = COUNTRY if subject == COUNTRY else region(subject).iso
            _allow(actor, place=None if place == COUNTRY else place)
            found = make_dynamics_figure(connection, place, indicator, name, kind, now)
        elif indicator in FORECAST_INDICATORS:
            place = COUNTRY if subject == COUNTRY else region(subject).iso
            _allow(actor, place=None if place == COUNTRY else place)
            fitted = Fitted(form.get("model", "")[:20], _year(form.get("until", "")))
            found = make_forecast_figure(connection, place, indicator, name, fitted, kind, now)
        elif indicator in INVENTORY_INDICATORS:
            _allow(actor, place=subject)
            found = make_inventory_figure(connection, subject, name, indicator, now)
        elif indicator in INDICATOR_BOOKS:
            _allow(actor, place=subject)
            found = make_indicator_figure(connection, subject, indicator, name, now)
        elif indicator in PLANT_INDICATORS:
            found = _plant_figure(connection, subject, indicator, name, actor)
        else:
            row = _facility(connection, subject, actor)
            _allow(actor, facility=row)
            if indicator in SAVINGS_INDICATORS:
                settings = Comparison(
                    form.get("before", "")[:60], form.get("step", "")[:60], form.get("temperature", "")
                )
                quantity = SAVINGS_INDICATORS[indicator]
                found = make_savings_figure(connection, house.folder, row, name, settings, kind, now, quantity=quantity)
            else:
                found = make_figure(connection, row, indicator, name, kind, now, folder=house.folder)
        signers = issuer_signers(connection, house.folder)
        made = publish(connection, found.id, actor.id, now, log_origin=log_origin(house.folder), signers=signers)
    house.revision.forget()
    return made.id


def _year(written: str) -> int:
    """A year of the past. Raises Refusal ``dynamics-year``."""
    this = dt.datetime.now(LOCAL_TIME).year
    if not (len(written) == 4 and written.isascii() and written.isdigit() and int(written) < this):
        raise Refusal("dynamics-year", received=written[:40])
    return int(written)


def _allow(actor: Actor, facility: Mapping[Any, Any] | None = None, place: str | None = None) -> None:
    if not actor.signed_in or not may_publish(actor, facility, place):
        raise Refusal("not-allowed")


def _facility(connection: sa.Connection, key: str, actor: Actor) -> Mapping[Any, Any]:
    row = facility_by_key(connection, key, actor)
    if row is None:
        raise NotFoundError
    return row


def _plant_figure(connection: sa.Connection, plant: str, indicator: str, year: str, actor: Actor) -> StoredFigure:
    """The figure that was made when the newest report of a plant and year was kept."""
    book = newest_book(connection, "plant_report", plant, year)
    if book is None:
        raise Refusal("plant-unknown", received=plant)
    facility = facility_by_key(connection, plant, actor)
    _allow(actor, facility=facility, place=None if facility else report_of(book).place)
    made = current_of(connection, plant_subject(facility, plant), indicator)
    found = next((one for one in made if one.figure.period == year), None)
    if found is None:
        raise Refusal("figure-missing", received=indicator)
    return found

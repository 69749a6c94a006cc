"""Savings of an efficiency project: choose before, after and a temperature; see the comparison; publish it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import parse_span
from jasyl.monitoring.amounts import AMOUNTS
from jasyl.monitoring.outdoor_temperature import STORE
from jasyl.monitoring.savings_figures import PREFIX, Compared, Comparison, compare, thermometers
from jasyl.monitoring.savings_readings import CONSUMED, READ_IN
from jasyl.monitoring.stated_temperatures import KINDS, MOST, stated_source
from jasyl.people import Resource, may
from jasyl.quantities import UNITS, period
from jasyl.registry import Series, facility_by_id, facility_by_key
from jasyl.texts import Refusal

from .page import Document, NotFoundError, page
from .publishing import may_publish
from .readings import series_to_read
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (Column("what", "column-indicator"), Column("value", "column-value"))
CHECK_COLUMNS = (
    Column("check", "column-check"),
    Column("holds", "column-state"),
    Column("found", "column-found", digits=2),
    Column("wanted", "column-wanted", digits=2),
)
STEPS = ("month", "day")
EXAMPLE = (("2023-01", -12.4), ("2023-02", -9.1))


@page("/facilities/{key:str}/savings", "Savings by comparing before and after at equal weather (IPMVP option C)")
def savings_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """``before``, ``after`` (2022-10..2023-09), ``quantity``, ``step``, ``temperature``; without them the form.

    With ``temperature`` ``means`` or ``degree-days`` the values of the months stand in ``months``, a month a line.
    """
    facility = facility_by_key(connection, key, visit.actor)
    mine = series_to_read(visit, connection, facility) if facility else []
    consumed = list(dict.fromkeys(one.quantity for one in mine if one.quantity in CONSUMED))
    if facility is None or not consumed:
        raise NotFoundError
    meters = _thermometers(visit, connection)
    asked = _asked(visit, consumed, meters)
    found = _compared(visit, connection, facility, asked, list(meters)) if asked["before"] and asked["after"] else None
    publishable = found is not None and may_publish(visit.actor, facility) and ".." not in asked["after"]
    title = f"{visit.name_of(facility)}: {visit.t('savings-title')}"
    context = {
        "facility": facility,
        "facility_name": visit.name_of(facility),
        "asked": asked,
        "choices": _choices(visit, consumed, meters, asked),
        "example": "\n".join(f"{month}\t{visit.number(value, 1)}" for month, value in EXAMPLE),
        "found": found,
        "temperature": _temperature(asked) if found else "",
        "periods": _periods(found) if found else None,
        "checks": _checks(visit, found) if found else None,
        "indicator": PREFIX + asked["quantity"],
        "may_publish": publishable,
        "hint": found is not None and may_publish(visit.actor, facility) and not publishable,
    }
    data = {"asked": asked, "savings": None if found is None else found.savings.as_data()}
    if found is not None:
        data |= {"unit": AMOUNTS[asked["quantity"]], "periods": _periods(found)}
    rows = _rows(visit, found, asked["quantity"]) if found else []
    return Document("savings.html", title, data, Sheet(COLUMNS, rows, visit.t("savings-caption")), context)


def _thermometers(visit: Visit, connection: sa.Connection) -> dict[Series, str]:
    """Series of outdoor temperature that this reader may see, of whatever facility, by its name; with the series' key
    where a facility has several."""
    shown: dict[Series, str] = {}
    for one in thermometers(connection):
        row = facility_by_id(connection, one.facility_id, visit.actor)
        if row is None:
            continue
        level = cast("Any", one.level)
        if may(visit.actor, "read", Resource(level, row["enterprise_id"], row["region"], one.id)):
            shown[one] = visit.name_of(row)
    several = {name for name, count in Counter(shown.values()).items() if count > 1}
    return {one: f"{name}, {one.key}" if name in several else name for one, name in shown.items()}


def _asked(visit: Visit, consumed: list[str], meters: Mapping[Series, str]) -> dict[str, str]:
    first = next((one.key for one in meters), STORE)
    asked = {
        "before": visit.query.get("before", "").strip()[:30],
        "after": visit.query.get("after", "").strip()[:30],
        "quantity": visit.query.get("quantity") or consumed[0],
        "step": visit.query.get("step") or STEPS[0],
        "temperature": visit.query.get("temperature") or first,
        "months": visit.query.get("months", "")[: MOST + 1],
    }
    for name, allowed in (("quantity", consumed), ("step", STEPS)):
        if asked[name] not in allowed:
            raise Refusal("query-choice", received=f"{name}={asked[name]}"[:60], expected=", ".join(allowed))
    return asked


def _choices(
    visit: Visit, consumed: list[str], meters: Mapping[Series, str], asked: Mapping[str, str]
) -> dict[str, list[tuple[str, str, bool]]]:
    offered = {
        "quantity": [(one, visit.t(f"quantity-{one.replace('_', '-')}")) for one in consumed],
        "step": [(one, visit.t(f"savings-step-{one}")) for one in STEPS],
        "temperature": [*((one.key, name) for one, name in meters.items()), (STORE, visit.t("savings-store"))],
    }
    offered["temperature"] += [(kind, visit.t(f"savings-{kind}")) for kind in KINDS]
    return {name: [(key, text, key == asked[name]) for key, text in options] for name, options in offered.items()}


def _compared(
    visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any], asked: Mapping[str, str], meters: list[Series]
) -> Compared:
    settings = Comparison(asked["before"], asked["step"], _temperature(asked))
    if ".." not in asked["after"]:
        period(asked["after"])
    return compare(
        connection,
        visit.house.folder,
        facility,
        settings,
        parse_span(asked["after"]),
        quantity=asked["quantity"],
        known=meters,
        readable=series_to_read(visit, connection, facility),
    )


def _temperature(asked: Mapping[str, str]) -> str:
    """The temperature as a comparison names it."""
    kind = asked["temperature"]
    return stated_source(kind, asked["months"]) if kind in KINDS else kind


def _periods(found: Compared) -> dict[str, int]:
    return {
        "before": len(found.before.consumption.amount),
        "left_before": found.before.left,
        "after": len(found.after.consumption.amount),
        "left_after": found.after.left,
    }


def _rows(visit: Visit, found: Compared, quantity: str) -> list[dict[str, Any]]:
    unit = UNITS[READ_IN[AMOUNTS[quantity]]]
    one = found.savings

    def amount(value: float) -> str:
        return f"{visit.number(float(value) / float(unit.factor), 2)} {unit.written(visit.language)}"

    told = {
        "savings-model": one.baseline.told(visit.language),
        "savings-adjusted": amount(one.adjusted),
        "savings-metered": amount(one.metered),
        "savings-avoided": f"{amount(one.avoided)} ({amount(one.low)} … {amount(one.high)})",
        "savings-fraction": f"{visit.number(one.fraction * 100, 1)} %",
    }
    return [{"what": visit.t(message), "value": value} for message, value in told.items()]


def _checks(visit: Visit, found: Compared) -> Sheet:
    rows = [
        {
            "check": visit.t(f"savings-check-{one.name}"),
            "holds": visit.t("savings-check-holds" if one.holds else "savings-check-fails"),
            "found": one.found,
            "wanted": one.wanted,
        }
        for one in found.savings.checks
    ]
    return Sheet(CHECK_COLUMNS, rows, visit.t("savings-checks"))

"""Dynamics: how green technology is introduced and how it develops, by family, region and year."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import AMOUNTS, Dynamics, DynamicsRow, MeteredAmount, dynamics, metered_years
from jasyl.monitoring.dynamics_row import Dimension
from jasyl.places import region, regions
from jasyl.quantities import LOCAL_TIME, UNITS
from jasyl.registry import MAP_FAMILIES, adoption_table, family_name, technology
from jasyl.texts import Refusal, write_number

from .islands import family_entry, messages
from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

GROUPINGS = ("family", "region", "technology")
FIRST_YEAR = 2000
YEARS_SHOWN = 10

COLUMNS = (
    Column("year", "column-year"),
    Column("group", "column-group"),
    Column("new", "column-new", digits=0),
    Column("cumulative", "column-cumulative", digits=0),
    Column("enterprises", "column-enterprises", digits=0),
    Column("new_capacity", "column-new-capacity", unit="MW"),
    Column("capacity", "column-capacity-mw", unit="MW"),
    Column("output", "column-output", unit="GW.h"),
    Column("metered", "column-metered"),
    Column("share", "column-share", unit="%"),
    Column("growth", "column-growth", unit="%"),
)


@page("/dynamics", "Introduction and development by family, region or technology and year")
def dynamics_page(visit: Visit, connection: sa.Connection) -> Document:
    """Facilities, enterprises, capacity and output by year of commissioning, with shares and growth."""
    by = _grouping(visit)
    place = region(visit.query["region"]).iso if visit.query.get("region") else None
    last = dt.datetime.now(LOCAL_TIME).year
    facilities = adoption_table(connection, place)
    found = dynamics(facilities, [by], last, metered=metered_years(connection))
    total = dynamics(facilities, [], last)
    first = visit.whole("from", last - YEARS_SHOWN + 1, 0, last)
    # The page shows the last years, or those from the asked one; files hold them all.
    since = first if visit.form == "html" else 0
    rows = [_row(visit, by, one) for one in found.rows if _worth_showing(one) and one.year >= since]
    sheet = Sheet(COLUMNS, sorted(rows, key=lambda row: (-row["year"], row["group"])), visit.t("dynamics-caption"))
    context = {
        "chart": _chart(visit, found) if by == "family" else None,
        "apart": found.apart,
        "now": total.rows[-1] if total.rows else None,
        "by": by,
        "groupings": [(key, visit.t(f"group-{key}"), visit.with_query(by=key), key == by) for key in GROUPINGS],
        "regions": [(one.iso, one.name(visit.language)) for one in regions()],
        "last": last,
        "first": first,
        "earlier": visit.with_query(**{"from": "0"}) if first > FIRST_YEAR else None,
    }
    data = {"by": by, "region": place, "rows": [one.as_data() for one in found.rows], "apart": _apart(found)}
    return Document("dynamics.html", visit.t("nav-dynamics"), data, sheet, context)


def _grouping(visit: Visit) -> Dimension:
    asked = visit.query.get("by") or "family"
    if asked not in GROUPINGS:
        raise Refusal("query-choice", received=f"by={asked}"[:60], expected=", ".join(GROUPINGS))
    return cast("Dimension", asked)


def _worth_showing(row: DynamicsRow) -> bool:
    """Years in which nothing was there yet say nothing."""
    return row.cumulative > 0 or row.new > 0


def _row(visit: Visit, by: Dimension, row: DynamicsRow) -> dict[str, Any]:
    return {
        "year": row.year,
        "group": _group_name(visit, by, row.group[0]),
        "new": row.new,
        "cumulative": row.cumulative,
        "enterprises": row.enterprises,
        "new_capacity": row.new_capacity / 1e6,
        "capacity": row.capacity / 1e6,
        "output": None if row.output is None else row.output / 1e9,
        "metered": "; ".join(_amount(visit, quantity, one) for quantity, one in row.metered.items()) or None,
        "share": None if row.share is None else row.share * 100,
        "growth": None if row.growth is None else row.growth * 100,
    }


# The unit in which a year of a group is read, by dimension of the base unit.
_WRITTEN = {"W.h": "MW.h", "m3": "1000.m3", "kg": "t"}


def _amount(visit: Visit, quantity: str, amount: MeteredAmount) -> str:
    shown = UNITS[_WRITTEN[AMOUNTS[quantity]]]
    value = write_number(visit.language, shown.from_base(amount.value), 1)
    name = visit.t(f"quantity-{quantity}".replace("_", "-"))
    return f"{name}: {value} {shown.written(visit.language)}"


def _group_name(visit: Visit, by: Dimension, key: str | None) -> str:
    if key is None:
        return visit.t("group-none")
    if by == "region":
        return region(key).name(visit.language)
    if by == "technology":
        return technology(key).name(visit.language)
    return family_name(cast("Any", key), visit.language)


def _apart(found: Dynamics) -> dict[str, Sequence[str]]:
    apart = found.apart
    return {
        "unconfirmed": apart.unconfirmed,
        "year_unknown": apart.year_unknown,
        "closed_year_unknown": apart.closed_year_unknown,
        "not_introduced": apart.not_introduced,
    }


def _chart(visit: Visit, found: Dynamics) -> dict[str, Any]:
    shown = [one for one in found.rows if one.year >= FIRST_YEAR]
    present = {one.group[0] for one in shown if one.cumulative}
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "title": visit.t("dynamics-chart-title"),
        "description": visit.t("dynamics-chart-text"),
        "measures": [
            {"key": "capacity", "label": visit.t("measure-capacity"), "unit": visit.t("unit-MW")},
            {"key": "cumulative", "label": visit.t("measure-facilities"), "unit": ""},
            {"key": "enterprises", "label": visit.t("measure-enterprises"), "unit": ""},
        ],
        "families": [family_entry(key, family_name(key, visit.language)) for key in MAP_FAMILIES if key in present],
        "rows": [
            {
                "year": one.year,
                "family": one.group[0],
                "capacity": one.capacity / 1e6,
                "cumulative": one.cumulative,
                "enterprises": one.enterprises,
            }
            for one in shown
            if one.group[0] in present
        ],
    }

"""Dynamics: how green technology is introduced and how it develops, by technology, region, sector, size and year."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import (
    AMOUNTS,
    DIMENSIONS,
    DYNAMICS_INDICATORS,
    Decomposition,
    Dynamics,
    DynamicsRow,
    MeteredAmount,
    capacity_growth,
    dynamics,
    metered_years,
    output_growth,
)
from jasyl.monitoring.dynamics_figures import COUNTRY
from jasyl.monitoring.dynamics_row import Dimension
from jasyl.places import region, regions
from jasyl.quantities import LOCAL_TIME, UNITS
from jasyl.registry import MAP_FAMILIES, AdoptionRow, adoption_table, family_name, technology
from jasyl.texts import Refusal, write_number

from .islands import FAMILY_SIGNS, family_entry, messages
from .page import Document, page
from .publishing import may_publish
from .sheet import Column, Sheet
from .statements import indicator_name
from .visit import Visit

GROUPINGS: tuple[Dimension, ...] = tuple(one for one in DIMENSIONS if one != "enterprise")
FIRST_YEAR = 2000
YEARS_SHOWN = 10

_NUMBERS = (
    Column("new", "column-new", digits=0),
    Column("cumulative", "column-cumulative", digits=0),
    Column("new_enterprises", "column-new-enterprises", digits=0),
    Column("enterprises", "column-enterprises", digits=0),
    Column("new_installations", "column-new-installations", digits=0),
    Column("new_capacity", "column-new-capacity", unit="MW"),
    Column("capacity", "column-capacity-mw", unit="MW"),
    Column("invested", "column-invested"),
    Column("output", "column-output", unit="GW.h"),
    Column("capacity_factor", "column-capacity-factor", unit="%"),
    Column("metered", "column-metered"),
    Column("avoided", "column-avoided", unit="kt"),
    Column("share", "column-share", unit="%"),
    Column("growth", "column-growth", unit="%"),
)
GROWTH_COLUMNS = (
    Column("what", "column-what"),
    Column("factor", "column-factor"),
    Column("value", "column-value", digits=1),
    Column("unit", "column-unit"),
)


@page("/dynamics", "Introduction and development by technology, region, sector, size and year")
def dynamics_page(visit: Visit, connection: sa.Connection) -> Document:
    """Facilities, enterprises, money, capacity and output by year of commissioning, with shares and growth."""
    by = _grouping(visit)
    place = region(visit.query["region"]).iso if visit.query.get("region") else None
    last = dt.datetime.now(LOCAL_TIME).year
    facilities = adoption_table(connection, place)
    found = dynamics(facilities, by, last, metered=metered_years(connection))
    total = dynamics(facilities, [], last)
    first = visit.whole("from", last - YEARS_SHOWN + 1, 0, last)
    # The page shows the last years, or those from the asked one; files hold them all.
    since = first if visit.form == "html" else 0
    rows = [_row(visit, by, one) for one in found.rows if _worth_showing(one) and one.year >= since]
    columns = (Column("year", "column-year"), *(Column(f"by_{one}", f"column-by-{one}") for one in by), *_NUMBERS)
    ordered = sorted(rows, key=lambda row: (-row["year"], *(row[f"by_{one}"] for one in by)))
    context = {
        "chart": _chart(visit, found) if len(by) == 1 else None,
        "apart": found.apart,
        "now": total.rows[-1] if total.rows else None,
        "by": by,
        "groupings": [(key, visit.t(f"group-{key}"), key in by) for key in GROUPINGS],
        "regions": [(one.iso, one.name(visit.language)) for one in regions()],
        "last": last,
        "first": first,
        "earlier": visit.with_query(**{"from": "0"}) if first > FIRST_YEAR else None,
        "growth": _growth(visit, facilities, found, last),
        "place": place or COUNTRY,
        "offered": _offered(visit, place),
    }
    data = {
        "by": list(by) if len(by) != 1 else by[0],
        "region": place,
        "rows": [one.as_data(tuple(by)) for one in found.rows],
        "apart": _apart(found),
    }
    sheet = Sheet(columns, ordered, visit.t("dynamics-caption"))
    return Document("dynamics.html", visit.t("nav-dynamics"), data, sheet, context)


def _offered(visit: Visit, place: str | None) -> list[tuple[str, str]]:
    """(indicator, name) of the figures of a place that this reader may publish."""
    if not may_publish(visit.actor, place=place):
        return []
    return [(one, indicator_name(visit, one)) for one in DYNAMICS_INDICATORS]


def asked_choice(visit: Visit, key: str, allowed: Sequence[str], default: str) -> str:
    """A value of the query that comes from a list. Raises Refusal ``query-choice``."""
    asked = visit.query.get(key) or default
    if asked not in allowed:
        raise Refusal("query-choice", received=f"{key}={asked}"[:60], expected=", ".join(one for one in allowed if one))
    return asked


def _grouping(visit: Visit) -> list[Dimension]:
    """One or several dimensions, each once: ``by=region,size``; ``and`` adds a second one from the page's form."""
    asked = f"{visit.query.get('by') or 'family'},{visit.query.get('and') or ''}"
    wanted = list(dict.fromkeys(one.strip() for one in asked.split(",") if one.strip()))
    if any(one not in GROUPINGS for one in wanted):
        raise Refusal("query-choice", received=f"by={asked.strip(',')}"[:60], expected=", ".join(GROUPINGS))
    return cast("list[Dimension]", wanted)


def _worth_showing(row: DynamicsRow) -> bool:
    """Years in which nothing was there yet say nothing."""
    return row.cumulative > 0 or row.new > 0


def _row(visit: Visit, by: Sequence[Dimension], row: DynamicsRow) -> dict[str, Any]:
    money = [f"{visit.number(one.value, 0)} {currency}" for currency, one in row.invested.items()]
    return {
        "year": row.year,
        **{f"by_{one}": _group_name(visit, one, key) for one, key in zip(by, row.group, strict=True)},
        "new": row.new,
        "cumulative": row.cumulative,
        "new_enterprises": row.new_enterprises,
        "enterprises": row.enterprises,
        "new_installations": row.new_installations or None,
        "new_capacity": row.new_capacity / 1e6,
        "capacity": row.capacity / 1e6,
        "invested": "; ".join(money) or None,
        "output": None if row.output is None else row.output / 1e9,
        "capacity_factor": None if row.capacity_factor is None else row.capacity_factor * 100,
        "metered": "; ".join(_amount(visit, quantity, one) for quantity, one in row.metered.items()) or None,
        "avoided": None if row.avoided is None else row.avoided / 1e6,
        "share": None if row.share is None else row.share * 100,
        "growth": None if row.growth is None else row.growth * 100,
    }


def _growth(visit: Visit, facilities: Sequence[AdoptionRow], found: Dynamics, last: int) -> Sheet | None:
    """What growth over the shown years was made of; None where nothing stood."""
    outside = {one for part in _apart(found).values() for one in part}
    counted = [one for one in facilities if one.id not in outside]
    first = last - YEARS_SHOWN
    parts = [("capacity", capacity_growth(counted, first, last - 1), 1e6, visit.t("unit-MW"))]
    told = [year for one in counted for year in one.output if one.capacity]
    if told and min(told) < max(told):
        ends = min(told), max(told)
        parts.append(("output", output_growth(counted, *ends), 1e9, UNITS["GW.h"].written(visit.language)))
    rows = [row for what, one, scale, unit in parts for row in _growth_rows(visit, what, one, scale, unit)]
    return (
        Sheet(GROWTH_COLUMNS, rows, visit.t("growth-caption", first=str(first), last=str(last - 1))) if rows else None
    )


def _growth_rows(visit: Visit, what: str, one: Decomposition, scale: float, unit: str) -> list[dict[str, Any]]:
    if one.before == one.after == 0:
        return []
    head = {"what": visit.t(f"growth-{what}"), "unit": unit}
    parts = [(f"factor-{name.replace('_', '-')}", value) for name, value in one.effects.items()]
    parts.append(("factor-change", one.change))
    return [{**head, "factor": visit.t(name), "value": value / scale} for name, value in parts]


# The unit in which a year of a group is read, by dimension of the base unit.
_WRITTEN = {"W.h": "MW.h", "m3": "1000.m3", "kg": "t"}


def _amount(visit: Visit, quantity: str, amount: MeteredAmount) -> str:
    shown = UNITS[_WRITTEN[AMOUNTS[quantity]]]
    value = write_number(visit.language, shown.from_base(amount.value), 1)
    name = visit.t(f"quantity-{quantity}".replace("_", "-"))
    return f"{name}: {value} {shown.written(visit.language)}"


def _group_name(visit: Visit, by: Dimension, key: str | None) -> str:
    if key is None:
        return visit.t("group-none" if by == "region" else "group-unknown")
    if by == "region":
        return region(key).name(visit.language)
    if by == "technology":
        return technology(key).name(visit.language)
    if by == "sector":
        return visit.t(f"activity-{key.lower()}")
    if by == "size":
        return visit.t(f"enterprise-size-{key}")
    return family_name(cast("Any", key), visit.language)


def _apart(found: Dynamics) -> dict[str, Sequence[str]]:
    apart = found.apart
    return {
        "unconfirmed": apart.unconfirmed,
        "year_unknown": apart.year_unknown,
        "closed_year_unknown": apart.closed_year_unknown,
        "not_introduced": apart.not_introduced,
    }


def _chart(visit: Visit, found: Dynamics) -> dict[str, Any] | None:
    """Stacked years of one dimension; None where there are more groups than signs to tell them apart."""
    by = found.by[0]
    shown = [one for one in found.rows if one.year >= FIRST_YEAR]
    present = {one.group[0] for one in shown if one.cumulative}
    groups = [key for key in MAP_FAMILIES if key in present] if by == "family" else sorted(present, key=str)
    if len(groups) > len(FAMILY_SIGNS):
        return None
    # Signs belong to families; other groups borrow them in order.
    signs = list(groups) if by == "family" else list(FAMILY_SIGNS)[: len(groups)]
    entries = [
        {**family_entry(str(sign), _group_name(visit, by, key)), "key": str(key)}
        for key, sign in zip(groups, signs, strict=True)
    ]
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "title": visit.t("dynamics-chart-title"),
        "description": visit.t("dynamics-chart-text"),
        "measures": [
            {"key": "capacity", "label": visit.t("measure-capacity"), "unit": visit.t("unit-MW")},
            {"key": "cumulative", "label": visit.t("measure-facilities"), "unit": ""},
            {"key": "enterprises", "label": visit.t("measure-enterprises"), "unit": ""},
            {"key": "new", "label": visit.t("measure-new-facilities"), "unit": ""},
            {"key": "avoided", "label": visit.t("column-avoided"), "unit": UNITS["kt"].written(visit.language)},
        ],
        "families": entries,
        "rows": [
            {
                "year": one.year,
                "family": str(one.group[0]),
                "capacity": one.capacity / 1e6,
                "cumulative": one.cumulative,
                "enterprises": one.enterprises,
                "new": one.new,
                "avoided": None if one.avoided is None else one.avoided / 1e6,
            }
            for one in shown
            if one.group[0] in present
        ],
    }

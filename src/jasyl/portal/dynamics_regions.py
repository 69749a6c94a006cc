"""Regions in order: each value with its bounds and the ranks that missing data leave open, never a bare rank."""

import datetime as dt
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import RANKING_MEASURES, SCALES, RankedRegion, RankingMeasure, Scale, rank_regions, region_scale
from jasyl.places import region, regions
from jasyl.quantities import LOCAL_TIME
from jasyl.registry import MAP_FAMILIES, adoption_table, family_name

from .dynamics import asked_choice
from .islands import messages
from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("ranks", "column-ranks"),
    Column("region", "column-region", link=True),
    Column("value", "column-value", digits=1),
    Column("high", "column-at-most", digits=1),
    Column("unit", "column-unit"),
    Column("counted", "column-counted", digits=0),
    Column("missing", "column-missing", digits=0),
    Column("unbounded", "column-unbounded", digits=0),
)


@page("/dynamics/regions", "Regions in order, with the ranks that missing data leave open")
def ranking_page(visit: Visit, connection: sa.Connection) -> Document:
    """Capacity or facilities by region, whole or per inhabitants or area, with what is not known."""
    measure = asked_choice(visit, "measure", RANKING_MEASURES, "capacity")
    per = asked_choice(visit, "per", SCALES, "region")
    family = asked_choice(visit, "family", ("", *MAP_FAMILIES), "")
    year = visit.whole("year", dt.datetime.now(LOCAL_TIME).year, 1900, 2100)
    rows = [one for one in adoption_table(connection) if not family or one.family == family]
    places, scale = [one.iso for one in regions()], region_scale(cast("Scale", per))
    found = rank_regions(rows, places, year, cast("RankingMeasure", measure), scale)
    unit = visit.t(f"ranking-unit-{measure}-{per}")
    size = 1e6 if measure == "capacity" else 1.0
    names = [("", visit.t("filter-every-family")), *((key, family_name(key, visit.language)) for key in MAP_FAMILIES)]
    context = {
        "chart": _chart(visit, found, size, unit),
        "measures": [(key, visit.t(f"measure-{key}"), key == measure) for key in RANKING_MEASURES],
        "scales": [(key, visit.t(f"ranking-per-{key}"), key == per) for key in SCALES],
        "families": [(key, text, key == family) for key, text in names],
        "year": year,
        "nowhere": sum(one.region is None for one in rows),
    }
    data = {
        "measure": measure,
        "per": per,
        "family": family or None,
        "year": year,
        "regions": [vars(one) for one in found],
    }
    sheet = Sheet(COLUMNS, [_row(visit, one, size, unit) for one in found], visit.t("ranking-caption"))
    return Document("dynamics_regions.html", visit.t("ranking-title"), data, sheet, context)


def _row(visit: Visit, one: RankedRegion, size: float, unit: str) -> dict[str, Any]:
    return {
        "ranks": str(one.rank) if one.best == one.worst else f"{one.best}–{one.worst}",
        "region": region(one.region).name(visit.language),
        "region_link": visit.href(f"/regions/{one.region}"),
        "value": one.value / size,
        "high": one.high / size,
        "unit": unit,
        "counted": one.counted,
        "missing": one.missing,
        "unbounded": one.unbounded,
    }


def _chart(visit: Visit, found: list[RankedRegion], size: float, unit: str) -> dict[str, Any]:
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "title": visit.t("ranking-title"),
        "description": visit.t("ranking-chart-text"),
        "unit": unit,
        "mark": None,
        "rows": [
            {
                "label": region(one.region).name(visit.language),
                "value": one.value / size,
                "low": one.low / size,
                "high": one.high / size,
                "note": visit.t("ranking-missing", missing=one.missing),
            }
            for one in found
        ],
    }

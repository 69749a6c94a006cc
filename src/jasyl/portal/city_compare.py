"""Cities and years beside each other: ranges of scores instead of a bare rank, values and bands, a trend."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from jasyl.cities import city
from jasyl.cities.pictures import band_text, category_radar, percent, point_name, rank_intervals
from jasyl.cities.ranking import RankedCity, rank_cities
from jasyl.cities.result import CityResult, name_text, standing_text, value_text
from jasyl.cities.results import CATALOGUE, city_words, read_results
from jasyl.cities.trends import completion_text, point_trend, trend_picture
from jasyl.indicators import BANDS, Catalogue, catalogue
from jasyl.papers.drawing import TONES
from jasyl.texts import Refusal

from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("place", "column-iso"),
    Column("city", "city-city"),
    Column("year", "column-year"),
    Column("point", "city-point-id"),
    Column("name", "city-point"),
    Column("value", "city-value", number=True),
    Column("unit", "column-unit"),
    Column("share", "city-share", unit="%", digits=1),
    Column("points", "city-points", number=True),
    Column("band", "city-band"),
    Column("status", "column-status"),
)
RANK_COLUMNS = (
    Column("city", "city-city"),
    Column("year", "column-year"),
    Column("score", "rank-score"),
    Column("range", "rank-range"),
    Column("band", "city-band"),
    Column("ranks", "rank-ranks"),
    Column("scored", "city-scored", digits=0),
    Column("missing", "rank-missing", digits=0),
)
TREND_COLUMNS = (
    Column("city", "city-city"),
    Column("values", "trend-values"),
    Column("target", "city-target"),
    Column("distance", "trend-distance"),
    Column("completion", "trend-completion"),
)
# Radars take three lines; more books would not be told apart.
RADAR_BOOKS = 3
Results = Sequence[CityResult]


@page("/cities/compare", "Cities and years beside each other: ?group=&point=&place=&year=")
def compare_page(visit: Visit, connection: sa.Connection) -> Document:
    """A group's score in every book with the ranks that missing data leave open, its data points, and a trend."""
    held = read_results(connection, visit.actor, training=visit.house.training)
    of = catalogue(CATALOGUE)
    point = _point_asked(visit, of)
    path = _group_asked(visit, of, point)
    results = _chosen(visit, held)
    ranked = rank_cities(of, {(one.place, one.year): one.evaluation for one in results}, path) if results else []
    shown = [one.id for one in of.points if set(path) <= set(of.indicator_of(one.id).path)]
    rows = [_row(result, scored_point) for result in results for scored_point in shown]
    context: dict[str, Any] = {
        "groups": _groups(visit, of, path), "points": _points(visit, of, shown, point), "path": ".".join(path),
        "places": _options(visit, held, "place"), "years": _options(visit, held, "year"),
        "books": [(result, visit.href(f"/cities/{result.place}/{result.year}")) for result in results],
        "matrix": [_line(visit, results, one) for one in shown],
        "tones": TONES,
        **_ranking(visit, results, ranked, path),
        **_trend(visit, [one for one in held if one.place in {shown.place for shown in results}], point),
    }  # fmt: skip
    data = {
        "group": list(path),
        "ranking": [_rank_data(one) for one in ranked],
        "rows": [{**row, "value": _text(row["value"]), "share": _text(row["share"])} for row in rows],
    }
    sheet = Sheet(COLUMNS, [_written(visit, row) for row in rows], visit.t("cities-compare-title"))
    return Document("cities_compare.html", visit.t("cities-compare-title"), data, sheet, context)


def _group_asked(visit: Visit, of: Catalogue, point: str | None) -> tuple[str, ...]:
    """The group of the query, by the keys of its path joined with dots, else the dimension of the data point it names.
    Raises Refusal ``query-choice``."""
    known = list(dict.fromkeys(indicator.path[:length] for indicator in of.indicators for length in (1, 2, 3)))
    written = visit.query.get("group")
    if not written:
        return known[0] if point is None else of.indicator_of(point).path[:1]
    asked = tuple(written.split("."))
    if asked not in known:
        raise Refusal(
            "query-choice", received=f"group={written}"[:80], expected=", ".join(".".join(one) for one in known)
        )
    return asked


def _point_asked(visit: Visit, of: Catalogue) -> str | None:
    written = visit.query.get("point")
    if written and not of.has(written):
        raise Refusal("query-choice", received=f"point={written}"[:80], expected=f"{next(iter(of.points)).id}, …")
    return written or None


def _chosen(visit: Visit, held: Results) -> list[CityResult]:
    """The books of the query's places and years, of all where it names none; of places alone, every year."""
    place, year = visit.query.get("place"), visit.query.get("year")
    newest = {one.place: one.year for one in held}
    if not place and not year:
        return [one for one in held if one.year == newest[one.place]]
    found = [one for one in held if place in (None, "", one.place) and year in (None, "", str(one.year))]
    if not found:
        known = ", ".join(f"{one.place} {one.year}" for one in held)
        raise Refusal("query-choice", received=f"{place or ''} {year or ''}".strip()[:40], expected=known or "—")
    return found


def _options(visit: Visit, held: Results, key: str) -> list[tuple[str, str, bool]]:
    named = {str(getattr(one, key)): one.names[visit.language] if key == "place" else str(one.year) for one in held}
    chosen = visit.query.get(key) or ""
    return [(value, text, value == chosen) for value, text in sorted(named.items())]


def _groups(visit: Visit, of: Catalogue, path: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    known = dict.fromkeys(indicator.path[:length] for length in (1, 2, 3) for indicator in of.indicators)
    ordered = sorted(known, key=lambda one: [list(known).index(one[: length + 1]) for length in range(len(one))])
    return [
        (".".join(one), " · ".join(of.group_name(part)[visit.language] for part in one), one == path) for one in ordered
    ]


def _points(visit: Visit, of: Catalogue, shown: Sequence[str], chosen: str | None) -> list[tuple[str, str, bool]]:
    return [(one, point_name(of.indicator_of(one), one, visit.language), one == chosen) for one in shown]


def _ranking(visit: Visit, results: Results, ranked: list[RankedCity], path: tuple[str, ...]) -> dict[str, Any]:
    if not ranked:
        return {"ranking": None, "picture": None, "radar": None}
    names = {one.place: one.names[visit.language] for one in results}
    svg, _ = rank_intervals(ranked, names, visit.language)
    sheet = Sheet(RANK_COLUMNS, [_ranked_row(visit, results, one, names, path, len(ranked)) for one in ranked],
                  visit.t("rank-title"))  # fmt: skip
    drawn = {f"{one.names[visit.language]}, {one.year}": one.evaluation for one in results[-RADAR_BOOKS:]}
    radar, _ = category_radar(results[0].catalogue, drawn, path[0], visit.language)
    return {"ranking": sheet, "picture": svg, "radar": radar}


def _ranked_row(
    visit: Visit, results: Results, row: RankedCity, names: Mapping[str, str], path: tuple[str, ...], count: int
) -> dict[str, Any]:
    bounds = row.bounds
    result = next(one for one in results if (one.place, one.year) == (row.place, row.year))
    return {
        "city": names[row.place],
        "year": row.year,
        "score": percent(bounds.value, visit.language),
        "range": f"{percent(bounds.low, visit.language)} … {percent(bounds.high, visit.language)}",
        "band": band_text(result.evaluation.group(*path).band, visit.language),
        "ranks": visit.t("rank-open", best=row.best, worst=row.worst, count=count),
        "scored": bounds.scored,
        "missing": bounds.missing,
    }


def _rank_data(row: RankedCity) -> dict[str, Any]:
    bounds = row.bounds
    return {
        "place": row.place, "year": row.year, "score": _text(bounds.value), "low": _text(bounds.low),
        "high": _text(bounds.high), "scored": bounds.scored, "missing": bounds.missing, "best": row.best,
        "worst": row.worst,
    }  # fmt: skip


def _line(visit: Visit, results: Results, point: str) -> dict[str, Any]:
    """A data point in every book: value and band."""
    cells: list[tuple[str, str, int | None]] = []
    for result in results:
        scored = result.evaluation.of(point)
        number = None if scored.band is None else BANDS.index(scored.band)
        cells.append((value_text(result, scored, visit.language), standing_text(scored, visit.language), number))
    first = results[0] if results else None
    name = name_text(first, first.evaluation.of(point), visit.language) if first else point
    return {"name": name, "cells": cells, "link": visit.with_query(point=point) + "#trend"}


def _trend(visit: Visit, results: Results, point: str | None) -> dict[str, Any]:
    """The chosen data point through every year that each city has a book of."""
    if point is None or not results:
        return {"trend": None, "trends": []}
    by_place: dict[str, dict[int, CityResult]] = {}
    for result in results:
        by_place.setdefault(result.place, {})[result.year] = result
    rows: list[dict[str, Any]] = []
    pictures: list[tuple[str, str]] = []
    for books in by_place.values():
        newest = books[max(books)]
        found = point_trend(books, point)
        svg, _ = trend_picture(books, found, visit.language)
        pictures.append((svg, newest.names[visit.language]))
        rows.append({
            "city": newest.names[visit.language],
            "values": "; ".join(
                f"{year}: {value_text(books[year], one, visit.language)}" for year, one in found.years.items()
            ),
            "target": _number(visit, found.outlook and found.outlook.target),
            "distance": _number(visit, found.outlook and found.outlook.distance),
            "completion": completion_text(found, visit.language),
        })  # fmt: skip
    caption = visit.t("trend-title", name=name_text(results[0], results[0].evaluation.of(point), visit.language))
    return {"trend": Sheet(TREND_COLUMNS, rows, caption), "trends": pictures}


def _number(visit: Visit, value: float | None) -> str | None:
    return None if value is None else visit.number(value)


def _row(result: CityResult, point: str) -> dict[str, Any]:
    scored = result.evaluation.of(point)
    entry = result.entries.get(point)
    return {
        "place": result.place,
        "year": result.year,
        "point": point,
        "value": scored.value,
        "unit": entry.unit if entry and entry.unit else result.catalogue.point(point).unit,
        "share": scored.share,
        "points": scored.points,
        "band": scored.band,
        "status": scored.answer.status,
    }


def _written(visit: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the spreadsheet with names in the reader's language."""
    indicator = catalogue(CATALOGUE).indicator_of(row["point"])
    return {
        **row,
        "city": city_words(city(row["place"]))[visit.language],
        "name": point_name(indicator, row["point"], visit.language),
        "share": None if row["share"] is None else row["share"] * 100,
    }


def _text(number: Any) -> str | None:
    return None if number is None else str(number)

"""A report as one table: part, item, value, unit, kind of number, detail. The same rows for CSV and for terminals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jasyl.texts import Language, say

from . import words
from .site_report import PlantEntry, Room, SiteReport, WeatherEntry

Row = dict[str, Any]
KEYS = ("part", "item", "value", "unit", "kind", "detail")


def site_rows(report: SiteReport, language: Language) -> list[Row]:
    """Every number of ``report``, exact, in the order of the report; ``value`` is None where nothing is known."""
    return [
        *_place(report, language),
        *_layers(report, language),
        *_weather(report, language),
        *_surroundings(report, language),
        *_plants(report, language),
        *_local(report, language),
        *_sources(report, language),
    ]


def _row(part: str, item: str, value: object, unit: str = "", kind: str = "", detail: str = "") -> Row:
    return dict(zip(KEYS, (part, item, value, unit, kind, detail), strict=True))


def _place(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-where")
    yield _row(part, say(language, "site-longitude"), report.longitude)
    yield _row(part, say(language, "site-latitude"), report.latitude)
    borders = say(language, "site-schematic") if report.borders == "schematic" else ""
    yield _row(part, say(language, "column-region"), words.region_name(report.region, language), detail=borders)
    if report.area is not None:
        place = words.coordinates(report, language)
        yield _row(
            part, say(language, "column-area"), report.area, "m2", "", say(language, "site-of-area", place=place)
        )


def _layers(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-layers")
    for entry in report.layers:
        name, kind = words.title(entry.id, language), words.kind_text(entry.kind, language)
        value = words.layer_value(entry, language) if entry.code is not None else entry.value
        yield _row(part, name, value, entry.unit, kind, entry.period or "")
        for month, number in enumerate(entry.months, start=1):
            yield _row(part, f"{name}, {say(language, f'month-{month}')}", number, entry.unit, kind)
        for band, number in entry.bands.items():
            yield _row(part, f"{name}, {band}", number, entry.unit, kind)
        for rank in entry.ranks:
            share = None if rank.share is None else Decimal(str(round(rank.share * 100, 2)))
            where = words.region_name(rank.within, language)
            yield _row(part, name, share, "%", kind, f"{say(language, 'site-rank-note')} {where}")
        if entry.statistics is not None:
            known = entry.statistics
            for label, number in (("min", known.minimum), ("p10", known.p10), ("p50", known.p50), ("p90", known.p90),
                                  ("max", known.maximum)):  # fmt: skip
                rounded = None if number is None else Decimal(str(round(number, 6)))
                yield _row(part, f"{name}, {label}", rounded, entry.unit, kind)
    yield from _spreads(report, language)


def _spreads(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-spreads")
    for spread in report.spreads:
        name = words.title(spread.estimates[0].layer, language)
        for one in spread.estimates:
            kind = words.kind_text(one.kind, language)
            yield _row(part, name, one.value, one.unit, kind, words.said_by(one, language))
        yield _row(part, name, spread.half, spread.unit, "", say(language, "site-half"))
        if spread.relative is not None:
            relative = Decimal(str(round(spread.relative * 100, 2)))
            yield _row(part, name, relative, "%", "", say(language, "site-spread"))


def _weather(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-weather")
    for entry in report.weather:
        yield from _profile(part, entry, language)


def _profile(part: str, entry: WeatherEntry, language: Language) -> Iterator[Row]:
    name, kind = say(language, f"site-quantity-{entry.quantity}"), words.kind_text("modelled", language)
    span = f"{entry.first}/{entry.last}"
    yield _row(part, name, entry.mean, entry.unit, kind, span)
    yield _row(part, f"{name}, P50", entry.p50, entry.unit, kind, span)
    yield _row(part, f"{name}, P90", entry.p90, entry.unit, kind, span)
    for month, number in enumerate(entry.months, start=1):
        yield _row(part, f"{name}, {say(language, f'month-{month}')}", number, entry.unit, kind, span)
    for month, row in enumerate(entry.hours, start=1):
        for hour, number in enumerate(row):
            label = f"{name}, {say(language, f'month-{month}')}, {hour:02}:00"
            yield _row(part, label, number, entry.unit, kind, "UTC+5")


def _surroundings(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-distances-area" if report.shape == "polygon" else "site-distances")
    for entry in report.distances:
        metres = None if entry.metres is None else Decimal(str(entry.metres))
        detail = words.distance_note(entry, report, language)
        yield _row(part, say(language, f"site-to-{entry.to}"), metres, "m", "", detail)
    for hit in report.rules:
        measured = None if hit.measured is None else Decimal(str(hit.measured))
        unit = "m" if hit.quantity == "distance" else ""
        result = say(language, f"site-rule-{hit.state}")
        yield _row(say(language, "site-rules"), hit.title or hit.id, measured, unit, "", result)
    if report.room is not None:
        yield from _room(report.room, language)


def _room(room: Room, language: Language) -> Iterator[Row]:
    part = say(language, "site-room")
    for name in ("area", "excluded", "remaining", "unknown"):
        yield _row(part, say(language, f"site-room-{name}"), getattr(room, name), "m2", "", room.title)
    if room.capacity is not None:
        yield _row(part, say(language, "site-room-capacity"), room.capacity, "W", "", room.title)
    for rule in room.rules:
        for key, size in (("share", rule.hit), ("alone", rule.alone), ("no-data", rule.unknown)):
            yield _row(part, rule.title or rule.id, size, "m2", "", say(language, f"site-rule-{key}"))
    precision = say(language, "site-room-precision", metres=words.distance(room.precision, language))
    yield _row(part, say(language, "site-detail"), Decimal(str(room.precision)), "m", "", precision)


def _plants(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-plants-area" if report.shape == "polygon" else "site-plants")
    for plant in report.plants:
        name = words.plant_name(plant, language)
        where = words.plant_distance(plant, language) if plant.inside else ""
        yield _row(part, name, Decimal(str(plant.metres)), "m", "", ", ".join(filter(None, (plant.key, where))))
        yield from _plant(part, name, plant, language)


def _plant(part: str, name: str, plant: PlantEntry, language: Language) -> Iterator[Row]:
    if plant.capacity is not None:
        yield _row(part, name, plant.capacity, "W", "", say(language, "column-capacity"))
    for factor in plant.factors:
        kind = words.kind_text(factor.kind, language)
        yield _row(part, name, factor.value, "1", kind, f"{factor.year} ({factor.figure})")
    if plant.modelled is not None:
        modelled = words.kind_text("modelled", language)
        yield _row(part, name, plant.modelled, "1", modelled, say(language, "site-factor-modelled"))


def _local(report: SiteReport, language: Language) -> Iterator[Row]:
    for entry in report.areas:
        name, kind = words.title(entry.layer, language), words.kind_text(entry.kind, language)
        detail = _detail(words.region_name(entry.place, language), entry.year, entry.confirmed, language)
        yield _row(say(language, "site-areas"), name, entry.value, entry.unit, kind, f"{detail}; {entry.source}")
    for site in report.sites:
        detail = _detail(words.distance(site.metres, language), site.year, site.confirmed, language)
        kind, item = (
            words.kind_text(site.kind, language),
            f"{words.title(site.layer, language)}: {words.site_name(site.name, language)}",
        )
        yield _row(say(language, "site-near-sites"), item, site.value, site.unit, kind, f"{detail}; {site.source}")


def _detail(first: str, year: int | None, confirmed: bool, language: Language) -> str:
    parts = [first, str(year or ""), "" if confirmed else say(language, "site-unconfirmed")]
    return ", ".join(part for part in parts if part)


def _sources(report: SiteReport, language: Language) -> Iterator[Row]:
    part = say(language, "site-sources")
    for source in report.licences:
        yield _row(part, f"{source.name} {source.version}".strip(), source.licence, detail=source.reference)
    yield _row(part, say(language, "site-inputs"), report.digest)

"""A site report as a printed paper."""

import datetime as dt
from collections.abc import Iterator

from jasyl.facts import source_word
from jasyl.papers.paper import (
    Block,
    Chart,
    Charts,
    Heading,
    Items,
    KeyNumber,
    Numbers,
    Paper,
    Table,
    Text,
)
from jasyl.places.boundaries import Boundaries
from jasyl.texts import Language, say, write_number

from ..layer_notes import layer_period
from . import charts, words
from .site_report import LayerEntry, Licence, PlantEntry, Room, SiteReport, Spread

KEY_NUMBERS = 8


def site_paper(
    report: SiteReport, borders: Boundaries, language: Language, *, day: dt.date, watermark: str | None = None
) -> Paper:
    """The report in ``language``, dated ``day``; at its foot the hash by which it can be matched with its data."""
    place = words.coordinates(report, language)
    return Paper(
        title=say(language, "site-title"),
        subtitle=place,
        lead=words.lead(report, language),
        language=language,
        day=day,
        digest=report.digest,
        watermark=watermark,
        blocks=tuple(_blocks(report, borders, language, place)),
    )


def _blocks(report: SiteReport, borders: Boundaries, language: Language, place: str) -> Iterator[Block]:
    yield _where(report, borders, language, place)
    if report.borders == "schematic":
        yield Text(say(language, "site-schematic"), soft=True)
    if report.shape == "polygon":
        yield Text(say(language, "site-of-area", place=place), soft=True)
    yield from _resources(report, language)
    yield from _profiles(report, language)
    yield from _surroundings(report, language)
    yield from _plants(report, language)
    yield from _local(report, language)
    yield from _sources(report, language)


def _where(report: SiteReport, borders: Boundaries, language: Language, place: str) -> Block:
    picture = charts.locator(borders, float(report.longitude), float(report.latitude))
    entries = [Chart(picture, say(language, "site-locator"), say(language, "site-locator-alt", place=place))]
    monthly = next((entry for entry in report.layers if entry.months), None)
    if monthly is not None:
        entries.append(_months(monthly, language))
    return Charts(tuple(entries), columns=2)


def _months(entry: LayerEntry, language: Language) -> Chart:
    name, unit = words.title(entry.id, language), words.layer_unit(entry, language)
    values = "; ".join(
        f"{say(language, f'month-{number}')} {words.number(value, language)}"
        for number, value in enumerate(entry.months, start=1)
    )
    spoken = say(language, "site-months-alt", title=name, values=values)
    return Chart(charts.month_bars(entry.months, language), f"{name}, {unit}", spoken)


def _resources(report: SiteReport, language: Language) -> Iterator[Block]:
    yield Heading(say(language, "site-layers"))
    if not report.layers:
        yield Text(say(language, "site-lead-none"))
        return
    shown = [entry for entry in report.layers if entry.family != "land"][:KEY_NUMBERS]
    yield Numbers(tuple(_key_number(entry, language) for entry in shown))
    yield _layer_table(report, language)
    yield Text(say(language, "site-rank-note"), soft=True)
    monthly = [entry for entry in report.layers if entry.months][1:]
    if monthly:
        yield Charts(tuple(_months(entry, language) for entry in monthly), columns=2)
    if report.spreads:
        yield _spread_table(report, language)
        yield _estimate_table(report, language)
        yield Text(say(language, "site-spread-note"), soft=True)


def _key_number(entry: LayerEntry, language: Language) -> KeyNumber:
    ranks = "; ".join(
        f"{words.region_name(rank.within, language)}: {words.percent(rank.share, language)}" for rank in entry.ranks
    )
    return KeyNumber(
        words.title(entry.id, language),
        words.layer_value(entry, language),
        words.layer_unit(entry, language),
        words.MARKS[entry.kind],
        words.kind_text(entry.kind, language),
        ranks,
    )


def _layer_table(report: SiteReport, language: Language) -> Table:
    polygon = report.shape == "polygon"
    keys = ("column-layer", "site-value", "column-unit", *(("site-range",) if polygon else ()), "site-rank-region",
            "site-rank-country", "site-kind")  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for entry in report.layers:
        ranks = {rank.within: words.percent(rank.share, language) for rank in entry.ranks}
        known = entry.statistics
        inner = "—" if known is None else f"{words.number(known.p10, language)}–{words.number(known.p90, language)}"
        rows.append((
            words.title(entry.id, language), words.layer_value(entry, language), words.layer_unit(entry, language),
            *((inner,) if polygon else ()), ranks.get(report.region or "", "—"), ranks.get("KZ", "—"),
            words.kind_text(entry.kind, language),
        ))  # fmt: skip
    widths = (34, 11, 18, 15, 9, 9, 20) if polygon else (38, 13, 20, 10, 9, 22)
    numeric = (1, 3, 4, 5) if polygon else (1, 3, 4)
    return Table(
        say(language, "atlas-caption"), tuple(say(language, key) for key in keys), tuple(rows), numeric, widths
    )


def _spread_table(report: SiteReport, language: Language) -> Table:
    head = tuple(say(language, key) for key in ("column-layer", "site-low", "site-high", "column-unit", "site-spread"))
    rows = tuple(
        (
            words.title(spread.estimates[0].layer, language),
            words.number(spread.low, language),
            words.number(spread.high, language),
            words.unit_text(spread.unit, language),
            _off(spread, language),
        )
        for spread in report.spreads
    )
    return Table(say(language, "site-spreads"), head, rows, (1, 2, 4), (50, 12, 12, 14, 12))


def _off(spread: Spread, language: Language) -> str:
    if spread.relative is None:
        return f"± {words.number(spread.half, language)} {words.unit_text(spread.unit, language)}"
    return f"± {write_number(language, spread.relative * 100, 1)} %"


def _estimate_table(report: SiteReport, language: Language) -> Table:
    head = tuple(
        say(language, key) for key in ("column-layer", "site-said-by", "site-value", "column-unit", "site-kind")
    )
    rows = tuple(
        (
            words.title(spread.estimates[0].layer, language),
            words.said_by(one, language),
            words.number(one.value, language),
            words.unit_text(one.unit, language),
            words.kind_text(one.kind, language),
        )
        for spread in report.spreads
        for one in spread.estimates
    )
    return Table(say(language, "site-estimates"), head, rows, (2,), (24, 42, 10, 12, 12))


def _profiles(report: SiteReport, language: Language) -> Iterator[Block]:
    if not report.weather:
        return
    yield Heading(say(language, "site-weather"))
    head = ("site-item", "site-mean", "P50", "P90", "column-unit", "site-years")
    rows = tuple(
        (
            say(language, f"site-quantity-{entry.quantity}"),
            words.number(entry.mean, language),
            words.number(entry.p50, language),
            words.number(entry.p90, language),
            words.unit_text(entry.unit, language),
            str(entry.years),
        )
        for entry in report.weather
    )
    written = tuple(key if key.startswith("P") else say(language, key) for key in head)
    yield Table("", written, rows, (1, 2, 3, 5), (40, 12, 12, 12, 14, 10))
    first = report.weather[0]
    yield Text(say(language, "site-weather-note", first=first.first, last=first.last), soft=True)
    pictures: list[Chart] = []
    for entry in report.weather:
        name, unit = say(language, f"site-quantity-{entry.quantity}"), words.unit_text(entry.unit, language)
        known = [value for row in entry.hours for value in row if value is not None]
        low, high = (words.number(edge(known), language) if known else "—" for edge in (min, max))
        spoken = say(language, "site-hours-alt", title=name, low=low, high=high, unit=unit)
        caption = f"{name}, {unit}. {say(language, 'site-hours')}"
        pictures.append(Chart(charts.hour_table(entry.hours, language), caption, spoken))
    yield Charts(tuple(pictures), columns=2)


def _surroundings(report: SiteReport, language: Language) -> Iterator[Block]:
    whole = report.shape == "polygon"
    yield Heading(say(language, "site-distances-area" if whole else "site-distances"))
    rows = tuple(
        (
            say(language, f"site-to-{entry.to}"),
            words.distance(entry.metres, language),
            words.distance_note(entry, report, language),
        )
        for entry in report.distances
    )
    head = tuple(say(language, key) for key in ("site-item", "site-distance", "site-detail"))
    yield Table("", head, rows, (1,), (28, 14, 58))
    if report.room is not None:
        yield from _room(report.room, language)
        return
    yield Heading(say(language, "site-rules"))
    if not report.rules:
        yield Text(say(language, "site-rules-none"))
        return
    hits = tuple(
        (
            hit.title or hit.id,
            say(language, f"site-rule-{hit.state}"),
            words.distance(hit.measured, language)
            if hit.quantity == "distance"
            else words.number(hit.measured, language),
        )
        for hit in report.rules
    )
    head = tuple(say(language, key) for key in ("site-rule", "site-rule-result", "site-rule-measured"))
    yield Table("", head, hits, (2,), (60, 22, 18))


def _room(room: Room, language: Language) -> Iterator[Block]:
    yield Heading(say(language, "site-room"))
    yield Text(say(language, "site-room-of", title=room.title), soft=True)
    parts = ("area", "excluded", "remaining", "unknown")
    sizes = [(say(language, f"site-room-{part}"), getattr(room, part)) for part in parts]
    rows = [
        (name, words.square(size, language), words.exact_percent(room.share(size), language)) for name, size in sizes
    ]
    if room.capacity is not None:
        rows.append((say(language, "site-room-capacity"), words.power(room.capacity, language), "—"))
    head = tuple(say(language, key) for key in ("site-item", "site-value", "site-rule-share"))
    yield Table("", head, tuple(rows), (1, 2), (60, 20, 20))
    hits = tuple(
        (
            rule.title or rule.id,
            *(words.exact_percent(room.share(part), language) for part in (rule.hit, rule.alone, rule.unknown)),
        )
        for rule in room.rules
    )
    head = tuple(say(language, f"site-rule{key}") for key in ("", "-share", "-alone", "-no-data"))
    yield Table("", head, hits, (1, 2, 3), (46, 18, 18, 18))
    notes = ["site-room-note"] if len(room.rules) > 1 else []
    notes += ["site-room-no-density"] if room.capacity is None else []
    precision = say(language, "site-room-precision", metres=words.distance(room.precision, language))
    yield Text(" ".join([*(say(language, note) for note in notes), precision]), soft=True)


def _plants(report: SiteReport, language: Language) -> Iterator[Block]:
    yield Heading(say(language, "site-plants-area" if report.shape == "polygon" else "site-plants"))
    if not report.plants:
        yield Text(say(language, "site-plants-none"))
        return
    head = ("site-plant", "column-status", "site-distance", "column-capacity", "site-factor", "site-factor-published",
            "site-factor-modelled")  # fmt: skip
    rows = tuple(_plant(plant, language) for plant in report.plants)
    written = tuple(say(language, key) for key in head)
    yield Table("", written, rows, (2, 3, 4, 5, 6), (30, 15, 11, 11, 13, 14, 12))
    yield Text(say(language, "site-factor-note"), soft=True)


def _plant(plant: PlantEntry, language: Language) -> tuple[str, ...]:
    def factor(kind: str) -> str:
        newest = next((one for one in plant.factors if one.kind == kind), None)
        return "—" if newest is None else f"{words.percent(float(newest.value), language)} ({newest.year})"

    status = say(language, f"status-{plant.status.replace('_', '-')}")
    doubt = "" if plant.confirmed else f" ({say(language, 'site-unconfirmed')})"
    modelled = None if plant.modelled is None else float(plant.modelled)
    return (
        f"{words.plant_name(plant, language)}{doubt}",
        status,
        words.plant_distance(plant, language),
        words.power(plant.capacity, language),
        factor("observed"),
        factor("published"),
        words.percent(modelled, language),
    )


def _local(report: SiteReport, language: Language) -> Iterator[Block]:
    head = ("column-layer", "site-area-place", "site-value", "column-unit", "site-year", "site-kind", "site-confidence")
    if report.areas:
        rows = tuple(
            (
                words.title(entry.layer, language),
                words.region_name(entry.place, language),
                words.number(entry.value, language),
                words.unit_text(entry.unit, language),
                str(entry.year or "—"),
                words.kind_text(entry.kind, language),
                _confidence(entry.confidence, entry.confirmed, language),
            )
            for entry in report.areas
        )
        written = tuple(say(language, key) for key in head)
        yield Heading(say(language, "site-areas"))
        yield Table("", written, rows, (2,), (30, 18, 12, 12, 8, 14, 14))
    if report.sites:
        written = tuple(say(language, key) for key in ("site-site", "column-layer", "site-distance", *head[2:]))
        sites = tuple(
            (
                words.site_name(site.name, language),
                words.title(site.layer, language),
                words.distance(site.metres, language),
                words.number(site.value, language),
                words.unit_text(site.unit, language),
                str(site.year or "—"),
                words.kind_text(site.kind, language),
                _confidence(site.confidence, site.confirmed, language),
            )
            for site in report.sites
        )
        yield Heading(say(language, "site-near-sites"))
        yield Table("", written, sites, (2, 3), (22, 22, 11, 10, 10, 8, 14, 13))


def _confidence(confidence: str, confirmed: bool, language: Language) -> str:
    written = say(language, f"confidence-level-{confidence}")
    return written if confirmed else f"{written}, {say(language, 'site-unconfirmed')}"


def _source(one: Licence, language: Language) -> str:
    name, licence, reference = (source_word(text, language) for text in (one.name, one.licence, one.reference))
    return ". ".join(part.rstrip(".") for part in (f"{name} {one.version}".strip(), licence, reference) if part)


def _sources(report: SiteReport, language: Language) -> Iterator[Block]:
    if report.waiting:
        yield Heading(say(language, "site-waiting"))
        yield Text("; ".join(words.title(layer, language) for layer in report.waiting), soft=True)
    yield Heading(say(language, "site-sources"))
    yield Items(tuple(_source(one, language) for one in report.licences))
    methods = tuple(
        f"{entry.id}: {'; '.join(part for part in (entry.method, layer_period(entry.period or '', language)) if part)}"
        for entry in report.layers
        if entry.method or entry.period
    )
    if methods:
        yield Heading(say(language, "site-methods"))
        yield Items(methods)
    yield Heading(say(language, "site-inputs"))
    yield Items(tuple(f"{name}: {digest}" for name, digest in report.inputs.items()))

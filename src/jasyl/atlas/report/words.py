"""How the entries of a report are written: titles, units, kinds, distances, places."""

import re
from decimal import Decimal

from jasyl.facts import source_word, word
from jasyl.papers.paper import Mark
from jasyl.places import region
from jasyl.quantities import unit
from jasyl.texts import Language, Refusal, has, say, write_number

from ..layer_catalogue import SCALES, definition
from ..layer_notes import layer_period
from .site_report import Distance, Estimate, LayerEntry, PlantEntry, SiteReport

_PLACE = re.compile(r"(-?\d+\.\d{4}) (-?\d+\.\d{4})")
# The mark of each kind of layer and value, by which it is coloured on paper and page.
MARKS: dict[str, Mark] = {
    "modelled-upper-bound": "bound",
    "modelled": "modelled",
    "published": "published",
    "allocated": "allocated",
    "observed": "observed",
    "assumed": "assumed",
}


def title(layer_id: str, language: Language) -> str:
    """The title of a layer."""
    return definition(layer_id).title(language)


def unit_text(code: str, language: Language) -> str:
    """A unit as ``language`` writes it."""
    return unit(code).written(language).strip()


def number(value: Decimal | float | None, language: Language) -> str:
    """A value with about four significant digits, a dash where there is none."""
    if value is None:
        return "—"
    size = abs(value)
    digits = 0 if size >= 1000 or value == int(value) else 1 if size >= 100 else 2 if size >= 10 else 3
    return write_number(language, value, digits)


def layer_value(entry: LayerEntry, language: Language) -> str:
    """The value of a layer, or the name of its class."""
    if entry.code is not None and entry.id in SCALES:
        names = {category.code: category.key for category in SCALES[entry.id].categories}
        return say(language, names[entry.code]) if entry.code in names else str(entry.code)
    return number(entry.value, language)


def layer_unit(entry: LayerEntry, language: Language) -> str:
    return "" if entry.code is not None else unit_text(entry.unit, language)


def kind_text(kind: str, language: Language) -> str:
    """What kind of number it is, for layers and for values of places."""
    key = f"layer-kind-{kind}"
    return say(language, key if has(language, key) else f"value-kind-{kind}")


def percent(share: float | None, language: Language) -> str:
    """A share between 0 and 1 in per cent."""
    return "—" if share is None else f"{write_number(language, share * 100, 0)}\N{NO-BREAK SPACE}%"


def distance(metres: float | None, language: Language) -> str:
    """Metres under a kilometre, else kilometres with as many digits as mean something."""
    if metres is None:
        return "—"
    if metres < 1000:
        return f"{write_number(language, metres, 0)}\N{NO-BREAK SPACE}{unit_text('m', language)}"
    written = write_number(language, metres / 1000, 1 if metres < 100_000 else 0)
    return f"{written}\N{NO-BREAK SPACE}{unit_text('km', language)}"


def distance_note(entry: Distance, report: SiteReport, language: Language) -> str:
    """What is said beside a distance: that a polygon is crossed, or what to load where none is known."""
    if entry.metres is None:
        return say(language, f"site-load-{entry.to}")
    return say(language, "site-crossed") if entry.metres == 0 and report.shape == "polygon" else ""


def plant_distance(plant: PlantEntry, language: Language) -> str:
    """How far a plant is, or that it lies inside, as surely as its place is known."""
    if not plant.inside:
        return distance(plant.metres, language)
    return say(language, "site-inside" if plant.precision == "site" else "site-inside-roughly")


def exact_percent(share: float, language: Language) -> str:
    """A share between 0 and 1 in per cent with a decimal: a tenth of a thousandth of an area may matter."""
    return f"{write_number(language, share * 100, 1)}\N{NO-BREAK SPACE}%"


def square(metres: int, language: Language) -> str:
    """An area, m² in, km² out."""
    return f"{number(Decimal(metres) / 1_000_000, language)}\N{NO-BREAK SPACE}{unit_text('km2', language)}"


def power(watts: int | None, language: Language) -> str:
    """A capacity, W in, MW out."""
    return "—" if watts is None else f"{number(watts / 1e6, language)} {unit_text('MW', language)}"


def coordinates(report: SiteReport, language: Language) -> str:
    """Where the place of a report lies."""
    return written_place(report.longitude, report.latitude, language)


def written_place(longitude: Decimal | float, latitude: Decimal | float, language: Language, digits: int = 4) -> str:
    """Latitude and longitude as people write them."""
    return f"{write_number(language, latitude, digits)}° N, {write_number(language, longitude, digits)}° E"


def site_name(name: str, language: Language) -> str:
    """The name of a site in ``language``; one that a model found is named by its longitude and latitude, its place."""
    if found := _PLACE.fullmatch(name):
        return written_place(Decimal(found[1]), Decimal(found[2]), language)
    return word(name, language) or name


def region_name(code: str | None, language: Language) -> str:
    """The name of a region, of the country, or the code of a district."""
    if code is None:
        return say(language, "site-no-region")
    if code == "KZ":
        return say(language, "country-name")
    try:
        return region(code).name(language)
    except Refusal:
        return code


def said_by(one: Estimate, language: Language) -> str:
    """Who says it, of which time, and how far away a station stands."""
    away = None if one.metres is None else distance(one.metres, language)
    parts = (source_word(one.source, language), layer_period(one.period, language) if one.period else None, away)
    return ", ".join(part for part in parts if part)


def plant_name(plant: PlantEntry, language: Language) -> str:
    """The name in ``language``, else in the first that has one, else the key."""
    order = (language, "ru", "kk", "en")
    return next((name for each in order if (name := plant.names.get(each))), plant.key)


def lead(report: SiteReport, language: Language) -> str:
    """The sentence under the title."""
    named = region_name(report.region, language)
    if report.area is None:
        return say(language, "site-lead-point", region=named)
    area = number(Decimal(report.area) / 1_000_000, language)
    return say(language, "site-lead-polygon", region=named, area=area)

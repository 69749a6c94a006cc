"""Columns that templates of several kinds share: names, party, size, place, provenance; each written once."""

from decimal import Decimal

from jasyl.intake import Choice, TemplateColumn
from jasyl.texts import Language, everywhere

PRECISIONS = ("site", "settlement", "approximate", "none")
CONFIDENCES = ("high", "medium", "low")
LEVELS = ("public", "aggregated", "closed")
Columns = tuple[TemplateColumn, ...]


def headers(message: str) -> dict[Language, str]:
    """The heading in each language."""
    return dict(everywhere(message))


def choices(values: tuple[str, ...], message: str) -> tuple[Choice, ...]:
    """A list of keys with their names, messages ``<message>-<value>``."""
    return tuple(Choice(value, headers(f"{message}-{value.replace('_', '-')}")) for value in values)


def text(key: str, message: str, length: int, *, required: bool = False, example: str | None = None) -> TemplateColumn:
    """A column of words."""
    return TemplateColumn(key, headers(message), length=length, required=required, example=example)


def key(example: str) -> TemplateColumn:
    """The file's own name for a record: the same key in a later file means the same record."""
    return TemplateColumn("key", headers("field-key"), length=80, unique=True, example=example)


def names() -> Columns:
    """A name as it comes, and in each language."""
    tongues = (text(f"name_{tongue}", f"field-name-{tongue}", 200) for tongue in ("kk", "ru", "en"))
    return (text("name", "field-name", 200, required=True), *tongues)


def bin_number(*, unique: bool = False) -> TemplateColumn:
    """The BIN of an enterprise."""
    return TemplateColumn("bin", headers("field-bin"), length=20, unique=unique, example="990340005977")


def party() -> Columns:
    """Who runs or carries it out: by BIN or by name."""
    return (text("enterprise", "field-enterprise-id", 200), bin_number())


def technology(*, required: bool = True) -> TemplateColumn:
    """A technology by code, name or usual word."""
    return text("technology", "field-technology", 200, required=required, example="RP.PV")


def choice(key: str, message: str, values: tuple[str, ...], words: str, *, required: bool = False) -> TemplateColumn:
    """A value from a list."""
    return TemplateColumn(key, headers(message), "choice", choices=choices(values, words), required=required)


def day(key: str, message: str, *, past: bool = False, example: str | None = None) -> TemplateColumn:
    """A date that may be known to the year only."""
    return TemplateColumn(key, headers(message), "date", past=past, example=example)


def size(message: str = "field-capacity") -> Columns:
    """A capacity or another size with its unit."""
    largest = Decimal(10) ** 15
    number = TemplateColumn(
        "capacity", headers(message), "decimal", minimum=Decimal(0), maximum=largest, example="50"
    )  # fmt: skip
    return (number, text("capacity_unit", "field-capacity-unit", 24, example="MW"))


def point() -> Columns:
    """Longitude and latitude on WGS 84."""
    return (
        TemplateColumn("lon", headers("field-lon"), "longitude", example="69.1786"),
        TemplateColumn("lat", headers("field-lat"), "latitude", example="43.7645"),
    )


def place() -> Columns:
    """Region, district, words, coordinates, how exact they are."""
    return (
        text("region", "field-region", 80, example="KZ-61"),
        TemplateColumn("district", headers("field-district-kato"), "digits", length=9, example="614000000"),
        text("place", "field-place", 160),
        *point(),
        choice("place_precision", "field-place-precision", PRECISIONS, "precision"),
    )


def provenance(*, confirmed: bool = True) -> Columns:
    """Who says so, how sure it is, who may see it."""
    counted = (TemplateColumn("confirmed", headers("field-confirmed"), "boolean"),) if confirmed else ()
    return (
        text("source", "column-source", 2000),
        text("source_date", "field-source-date", 40),
        choice("confidence", "column-confidence", CONFIDENCES, "confidence"),
        *counted,
        choice("level", "field-level", LEVELS, "level"),
    )


def note() -> TemplateColumn:
    """A free remark."""
    return text("note", "field-note", 4000)

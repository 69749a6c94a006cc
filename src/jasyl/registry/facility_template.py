"""The template of facility files: columns, their headings in three languages, what they may hold."""

from decimal import Decimal
from functools import cache

from jasyl.intake import Choice, Template, TemplateColumn
from jasyl.places import regions
from jasyl.texts import Language, everywhere

from .statuses import STATUSES

PRECISIONS = ("site", "settlement", "approximate", "none")
CONFIDENCES = ("high", "medium", "low")
LEVELS = ("public", "aggregated", "closed")


def _headers(message: str) -> dict[Language, str]:
    return dict(everywhere(message))


def _choices(values: tuple[str, ...], message: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, _headers(f"{message}-{value.replace('_', '-')}")) for value in values)


@cache
def facility_template() -> Template:
    """Columns of a file of facilities. Required: name, technology, status. Everything else may be missing.

    ``key`` is the file's own name for a facility: the same key in a later file means the same facility.
    """
    # Regions are read as text and resolved by `places`, which knows old codes and spellings.
    assert len(regions()) == 20
    return Template(
        "facilities",
        (
            TemplateColumn("key", _headers("field-key"), length=80, unique=True, example="almaty-sorting-1"),
            TemplateColumn("name", _headers("field-name"), length=200, required=True),
            TemplateColumn("name_kk", _headers("field-name-kk"), length=200),
            TemplateColumn("name_ru", _headers("field-name-ru"), length=200),
            TemplateColumn("name_en", _headers("field-name-en"), length=200),
            TemplateColumn("enterprise", _headers("field-enterprise-id"), length=200),
            TemplateColumn("bin", _headers("field-bin"), length=20, example="990340005977"),
            TemplateColumn("technology", _headers("field-technology"), length=200, required=True, example="RP.PV"),
            TemplateColumn(
                "status", _headers("field-status"), "choice", choices=_choices(STATUSES, "status"), required=True
            ),
            TemplateColumn("commissioned", _headers("field-commissioned"), "date", past=True, example="2019-12"),
            TemplateColumn("expected", _headers("field-expected"), "date"),
            TemplateColumn(
                "capacity",
                _headers("field-capacity"),
                "decimal",
                minimum=Decimal(0),
                maximum=Decimal(10) ** 15,
                example="50",
            ),
            TemplateColumn("capacity_unit", _headers("field-capacity-unit"), length=24, example="MW"),
            TemplateColumn("region", _headers("field-region"), length=80, example="KZ-61"),
            TemplateColumn("place", _headers("field-place"), length=160),
            TemplateColumn("lon", _headers("field-lon"), "longitude", example="69.1786"),
            TemplateColumn("lat", _headers("field-lat"), "latitude", example="43.7645"),
            TemplateColumn(
                "place_precision",
                _headers("field-place-precision"),
                "choice",
                choices=_choices(PRECISIONS, "precision"),
            ),
            TemplateColumn("source", _headers("column-source"), length=2000),
            TemplateColumn("source_date", _headers("field-source-date"), length=40),
            TemplateColumn(
                "confidence", _headers("column-confidence"), "choice", choices=_choices(CONFIDENCES, "confidence")
            ),
            TemplateColumn("confirmed", _headers("field-confirmed"), "boolean"),
            TemplateColumn("level", _headers("field-level"), "choice", choices=_choices(LEVELS, "level")),
            TemplateColumn("note", _headers("field-note"), length=4000),
        ),
    )

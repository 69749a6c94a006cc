"""Files of facilities."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from jasyl.intake import Template
from jasyl.people import Level, Resource
from jasyl.texts import LANGUAGES, Language

from ..statuses import STATUSES
from . import codes, columns
from .codes import Row
from .kind import FileKind, copied, dated, named
from .links import Links


@cache
def facility_template() -> Template:
    """Columns of a file of facilities. Required: name, technology, status. Everything else may be missing."""
    return Template(
        "facilities",
        (
            columns.key("almaty-sorting-1"),
            *columns.names(),
            *columns.party(),
            columns.technology(),
            columns.choice("status", "field-status", STATUSES, "status", required=True),
            columns.day("commissioned", "field-commissioned", past=True, example="2019-12"),
            columns.day("expected", "field-expected"),
            *columns.size(),
            *columns.place(),
            *columns.provenance(),
            columns.note(),
        ),
    )


_STEPS = (
    codes.technology, codes.place, codes.size, codes.bin_number,
    codes.key_of("technology", "region", "lon", "lat"),
)  # fmt: skip
_COPIED = ("technology", "status", "capacity", "capacity_unit", "region", "district", "place", "lon", "lat",
           "place_precision", "note")  # fmt: skip


def _fields(row: Row, links: Links) -> dict[str, Any]:
    fields = {**named(row), **copied(row, *_COPIED), **dated(row, "commissioned", "expected")}
    operator = links.enterprise_id(row)
    if operator:
        fields["enterprise_id"] = operator
    return placed_and_counted(row, fields)


def placed_and_counted(row: Row, fields: dict[str, Any]) -> dict[str, Any]:
    """``fields`` with how exact a point is, and whether the record enters totals."""
    if row.get("lon") is not None:
        fields.setdefault("place_precision", "approximate")
    said = row.get("confirmed")
    fields["confirmed"] = row.get("confidence") != "low" if said is None else said
    return fields


def of_operator(record: Mapping[Any, Any], links: Links) -> Resource:
    """A row or a record that belongs to an enterprise (only its BIN proves it in a row) and lies in a region."""
    owner = record["enterprise_id"] if "enterprise_id" in record else links.enterprise_ids.get(record.get("bin") or "")
    return Resource(cast(Level, record.get("level") or "public"), owner, record.get("region"))


def one_name(record: Mapping[Any, Any], language: Language) -> str:
    """The name in ``language``, else the first one there is."""
    names = (record.get(f"name_{tongue}") for tongue in (language, *LANGUAGES))
    return next((name for name in names if name), record["key"])


def written_with_operator(record: Mapping[Any, Any], links: Links, language: Language) -> Row:
    """Name and operator of a record."""
    operator = record.get("enterprise_id")
    return {
        "name": one_name(record, language),
        "enterprise": links.written(operator, language),
        "bin": links.bin_of(operator),
    }


def _nothing(row: Row, links: Links) -> None:
    """A facility names nothing that must be there already."""


FACILITIES = FileKind(
    name="facilities",
    kind="facility",
    template=facility_template,
    resolve=lambda row: codes.resolved(row, _STEPS),
    link=_nothing,
    fields=_fields,
    owned=of_operator,
    written=written_with_operator,
    located=True,
    partied=True,
)

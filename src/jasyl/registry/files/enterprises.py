"""Files of enterprises."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from jasyl.intake import Template
from jasyl.people import Level, Resource
from jasyl.texts import Language, Refusal

from ..keys import is_key, own_key, slug
from . import codes, columns
from .codes import Row, RowFault
from .facilities import one_name
from .kind import FileKind, Record, copied, named
from .links import Links

ENTERPRISE_KINDS = ("company", "farm", "authority", "institution", "cooperative", "person")
ENTERPRISE_SIZES = ("micro", "small", "medium", "large")


@cache
def enterprise_template() -> Template:
    """Columns of a file of enterprises. Required: name. The BIN, where it is given, says which enterprise is meant."""
    return Template(
        "enterprises",
        (
            columns.key("samruk-green-energy"),
            *columns.names(),
            columns.bin_number(unique=True),
            columns.choice("kind", "field-enterprise-kind", ENTERPRISE_KINDS, "enterprise-kind"),
            columns.choice("size", "field-enterprise-size", ENTERPRISE_SIZES, "enterprise-size"),
            columns.text("sector", "field-sector", 8, example="D"),
            *columns.provenance(confirmed=False),
        ),
    )


def _link(row: Row, links: Links) -> None:
    """The key of the enterprise that the row means: by BIN, by key, by a name that one enterprise has."""
    given, number = row.get("key"), row.get("bin")
    if given and not is_key(given):
        raise RowFault("key", Refusal("key-form", received=given[:40], expected=slug(given)))
    known = links.enterprises.get(links.enterprise_ids.get(number, "")) if number else None
    if known is None and not given and not number:
        known = links.enterprises.get(links.enterprise_ids.get(row["name"], ""))
    if known is not None and given and given != known.key:
        raise RowFault("bin", Refusal("bin-taken", received=number or "", expected=known.key))
    row["key"] = known.key if known is not None else given or own_key(row["name"], number or "")
    standing = links.enterprises_by_key.get(row["key"])
    if number and standing is not None and standing.bin and standing.bin != number:
        raise RowFault("bin", Refusal("bin-other", received=number, expected=standing.bin))


def _owned(record: Mapping[Any, Any], links: Links) -> Resource:
    """A row or a record of an enterprise belongs to itself."""
    standing = links.enterprises_by_key.get(record["key"])
    return Resource(cast(Level, record.get("level") or "public"), standing.id if standing else None)


def _written(record: Record, links: Links, language: Language) -> Row:
    return {"name": one_name(record, language)}


def _fields(row: Row, links: Links) -> dict[str, Any]:
    return {**named(row), **copied(row, "bin", "kind", "size", "sector")}


ENTERPRISES = FileKind(
    name="enterprises",
    kind="enterprise",
    template=enterprise_template,
    resolve=lambda row: codes.resolved(row, (codes.bin_number,)),
    link=_link,
    fields=_fields,
    owned=_owned,
    written=_written,
)

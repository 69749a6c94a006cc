"""Certificates in the fields of EnergyTag and of CAD Trust, for the owner to hand over."""

from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.certificates import SCHEMES, Handed, hand_out, known_of, scheme_fields, scheme_of
from jasyl.papers import Column as Header
from jasyl.papers import write_csv
from jasyl.people import Resource, may
from jasyl.texts import Language, Refusal

from .certificates import issuer_of
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit


@dataclass(frozen=True)
class SchemeColumn(Column):
    """A field of a scheme: it has its name in every language."""

    def label(self, language: Language) -> str:
        return self.key


class SchemeSheet(Sheet):
    """Rows for a program of somebody else: the scheme's own names as headings, all fields, in its order."""

    def as_csv(self, language: Language, watermark: str | None = None) -> bytes:
        headers = [Header(column.key, {}) for column in self.columns]
        rows = self.rows
        if watermark:
            headers.append(Header("watermark", {}))
            rows = [{**row, "watermark": watermark} for row in rows]
        return b"".join(write_csv(headers, rows, language, keys=True))


# What a page shows of a row; the files have all fields.
SHOWN = {
    "energytag": (
        "issuance_id", "device_id", "production_starting_interval", "bundle_id_range_start", "bundle_id_range_end",
        "bundle_quantity", "certificate_status",
    ),
    "cad-trust": ("unitBlockStart", "unitBlockEnd", "unitCount", "vintageYear", "unitStatus"),
}  # fmt: skip


@page("/certificates/schemes/{scheme:str}", "Certificates of an owner in the fields of EnergyTag or CAD Trust")
def scheme_page(visit: Visit, connection: sa.Connection, scheme: str) -> Document:
    """What the reader may hand over: their own pieces, those of everybody for the agency and auditors."""
    try:
        asked = scheme_of(scheme)
    except Refusal:
        raise NotFoundError from None
    fields = scheme_fields(asked)
    made = _handed(visit, connection, asked)
    columns = [SchemeColumn(field.name, "", files_only=field.name not in SHOWN[asked]) for field in fields]
    title = visit.t(f"certificates-scheme-{asked}")
    data = {"scheme": asked, "rows": made.rows, "missing": made.missing, "left_out": made.left_out}
    context = {
        "signed_in": visit.actor.signed_in,
        "missing": made.missing,
        "left_out": visit.number(made.left_out),
        "others": [(one, visit.t(f"certificates-scheme-{one}")) for one in SCHEMES if one != asked],
        "name": title,
    }
    return Document("certificate_scheme.html", title, data, SchemeSheet(columns, made.rows, title), context)


def _handed(visit: Visit, connection: sa.Connection, scheme: str) -> Handed:
    owner = visit.actor.enterprise_id
    everybody = visit.actor.signed_in and may(visit.actor, "read", Resource("closed"))
    own = owner is not None and may(visit.actor, "read", Resource("closed", enterprise_id=owner))
    if not everybody and not own:
        return Handed((), (), 0)
    wanted = None if everybody else owner
    address = f"https://{visit.host}" if visit.host else None
    known = known_of(connection, owner=wanted)
    return hand_out(scheme_of(scheme), known, issuer_of(visit), address, owner=wanted)

"""Green certificates: totals and retirements for everybody, an owner's certificates for the owner."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from jasyl.certificates import (
    ATTRIBUTES,
    SCHEMES,
    Certificate,
    Happened,
    certificate_document,
    certificates,
    events_of,
    load,
    moment,
    retirement,
    state_hash,
    totals,
)
from jasyl.ledger import log_origin
from jasyl.people import Resource, may
from jasyl.quantities import LOCAL_TIME, civil_time, written_unit
from jasyl.registry import enterprise_names
from jasyl.texts import Refusal

from .certificate_forms import movable
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

# Events of a part of the units; an issue has a period of time in its place.
_OF_UNITS = {"transfer", "retire", "cancel", "export", "import"}
LIST_COLUMNS = (
    Column("certificate", "certificate-column-certificate", link=True),
    Column("attribute", "certificate-column-attribute", choices="certificate-attribute"),
    Column("device", "certificate-column-device"),
    Column("from", "certificate-column-from"),
    Column("to", "certificate-column-to"),
    Column("amount", "certificate-column-amount", number=True),
    Column("held", "certificate-standing-held", number=True),
    Column("unit", "certificate-column-unit"),
    Column("expires", "certificate-column-expires"),
)
TOTAL_COLUMNS = (
    Column("attribute", "certificate-column-attribute", choices="certificate-attribute"),
    Column("unit", "certificate-column-unit"),
    Column("issued", "certificate-column-issued", number=True),
    *(
        Column(name, f"certificate-standing-{name}", number=True)
        for name in ("held", "retired", "cancelled", "expired", "exported")
    ),
)
RETIREMENT_COLUMNS = (
    Column("certificate", "certificate-column-certificate", link=True),
    Column("units", "certificate-column-units"),
    Column("beneficiary", "certificate-column-beneficiary"),
    Column("purpose", "certificate-column-purpose"),
    Column("period", "certificate-column-period"),
    Column("when", "certificate-column-when"),
)
PIECE_COLUMNS = (
    Column("units", "certificate-column-units"),
    Column("standing", "certificate-column-standing", choices="certificate-standing"),
    Column("owner", "certificate-column-owner"),
)
EVENT_COLUMNS = (
    Column("number", "certificate-column-number", digits=0),
    Column("event", "certificate-column-event", choices="certificate-event"),
    Column("units", "certificate-column-units"),
    Column("when", "certificate-column-when"),
    Column("record", "column-record"),
)
FIELD_COLUMNS = (
    Column("field", "certificate-column-field"),
    Column("energytag", "certificate-column-energytag"),
    Column("go", "certificate-column-go"),
)


@page("/certificates", "Green certificates: totals, retirements; an owner's own after signing in")
def certificates_list(visit: Visit, connection: sa.Connection) -> Document:
    """Certificates that this reader may see, newest production first."""
    found = _seen(visit, connection)
    rows = [_row(visit, one) for one in found]
    sums = [{**one, "unit": _unit(visit, one["attribute"])} for one in totals(connection)]
    retired = [_retired(visit, one) for one in events_of(connection, name="retire", limit=200)]
    data = {"state": state_hash(connection), "totals": sums, "retirements": retired, "certificates": rows}
    context = {
        "totals": Sheet(TOTAL_COLUMNS, sums, visit.t("certificates-totals")),
        "retirements": Sheet(RETIREMENT_COLUMNS, retired, visit.t("certificates-retirements")),
        "state": data["state"],
        "signed_in": visit.actor.signed_in,
        "schemes": [
            (visit.href(f"/certificates/schemes/{one}"), visit.t(f"certificates-scheme-{one}")) for one in SCHEMES
        ],
    }
    sheet = Sheet(LIST_COLUMNS, rows, visit.t("certificates-caption")) if found or visit.actor.signed_in else None
    shown = sheet or Sheet(TOTAL_COLUMNS, sums, visit.t("certificates-totals"))
    return Document("certificates.html", visit.t("certificates-title"), data, shown, {**context, "certificates": sheet})


@page("/certificates/{identity:str}", "One certificate: its units, events, and fields of EnergyTag and GO")
def certificate_page(visit: Visit, connection: sa.Connection, identity: str) -> Document:
    """What the certificate stands for and what was retired of it; who holds the rest only for who may see it."""
    document = certificate_document(connection, identity, issuer_of(visit))
    if document is None:
        raise NotFoundError
    (one,) = load(connection, [identity])
    facts = one.facts
    pieces = [piece | {"owner": piece["owner"] if _sees(visit, piece["owner"]) else None}
              for piece in document["pieces"]]  # fmt: skip
    accounts = _accounts(visit, connection, pieces)
    held = [
        piece | {"owner": accounts.get(piece["owner"], piece["owner"]), "units": _units(visit, each.start, each.end)}
        for piece, each in zip(pieces, one.pieces, strict=True)
    ]
    happened = events_of(connection, certificate=identity)
    retired = [_retired(visit, each) for each in happened if each.name == "retire"]
    events = [_event(visit, each) for each in happened]
    fields = [{"field": name, "energytag": value, "go": None} for name, value in document["energytag"].items()]
    fields += [
        {"field": name, "energytag": None, "go": value} for name, value in document["guarantee_of_origin"].items()
    ]
    row = _row(visit, one)
    data = {**row, **document, "pieces": pieces, "events": events, "retirements": retired}
    context = {
        "row": row,
        "movable": movable(visit, one),
        "accounts": accounts,
        "amount": f"{visit.number(facts.amount)} {row['unit']}",
        "events": Sheet(EVENT_COLUMNS, events, visit.t("certificates-events")),
        "retirements": Sheet(RETIREMENT_COLUMNS, retired, visit.t("certificates-retirements")),
        "fields": Sheet(FIELD_COLUMNS, fields, visit.t("certificates-fields")),
        "hashes": document["attribute_hashes"],
    }
    title = visit.t(f"certificate-attribute-{facts.attribute}") + f", {facts.device}, {row['from']}"
    return Document(
        "certificate.html", title, data, Sheet(PIECE_COLUMNS, held, visit.t("certificates-pieces")), context
    )


def _sees(visit: Visit, owner: str | None) -> bool:
    return may(visit.actor, "read", Resource("closed", enterprise_id=owner))


def _accounts(visit: Visit, connection: sa.Connection, pieces: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The names that accounts have on the page: those of enterprises of the register. Files keep the accounts."""
    if visit.form != "html":
        return {}
    named = enterprise_names(connection, [piece["owner"] for piece in pieces if piece["owner"]])
    return {account: visit.name_of(row) for account, row in named.items()}


def _seen(visit: Visit, connection: sa.Connection) -> list[Certificate]:
    if not visit.actor.signed_in:
        return []
    if _sees(visit, None):
        return certificates(connection)
    mine = visit.actor.enterprise_id
    return certificates(connection, owner=mine) if mine and _sees(visit, mine) else []


def _row(visit: Visit, one: Certificate) -> dict[str, Any]:
    facts = one.facts
    return {
        "certificate": facts.id,
        "certificate_link": visit.href(f"/certificates/{facts.id}"),
        "attribute": facts.attribute,
        "device": facts.device,
        "from": _when(visit, facts.start),
        "to": _when(visit, facts.end),
        "amount": facts.amount,
        "held": one.units("held"),
        "unit": _unit(visit, facts.attribute),
        "usable_until": _when(visit, facts.usable_until),
        "expires": _when(visit, facts.expires_at),
        "registry": facts.origin.registry if facts.origin else None,
    }


def _event(visit: Visit, one: Happened) -> dict[str, Any]:
    units = _units(visit, one.said["start"], one.said["end"]) if one.name in _OF_UNITS else None
    return {
        "number": one.number, "event": one.name, "units": units, "when": _when(visit, one.at), "record": one.record_id,
    }  # fmt: skip


def _retired(visit: Visit, one: Happened) -> dict[str, Any]:
    said = retirement(one.said)
    return {
        "certificate": one.certificate,
        "certificate_link": visit.href(f"/certificates/{one.certificate}"),
        "units": _units(visit, said.pop("start"), said.pop("end")),
        **said,
        "when": _when(visit, one.at),
    }


def _when(visit: Visit, at: int) -> str:
    """A moment (µs UTC): the country's civil time for people, as days are sealed; UTC for programs."""
    return civil_time(at, LOCAL_TIME) if visit.form == "html" else moment(at)


def _units(visit: Visit, start: int, end: int) -> str:
    """A range of units: a program writes it as commands take it."""
    return f"{visit.number(start)}–{visit.number(end)}" if visit.form == "html" else f"{start}:{end}"


def issuer_of(visit: Visit) -> str:
    """The name of this registry: that of its log, if it has one."""
    try:
        return log_origin(visit.house.folder)
    except Refusal:  # no log yet
        return ""


def _unit(visit: Visit, attribute: str) -> str:
    code = ATTRIBUTES[attribute].unit
    return written_unit(code, visit.language) if visit.form == "html" else code

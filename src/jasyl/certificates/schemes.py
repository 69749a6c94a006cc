"""Certificates in the fields of other schemes: EnergyTag's bundles and the units of the Climate Action Data Trust.

Which field takes what of ours is a table (``data/scheme_fields.csv``): a field that nobody here can fill with certainty
stays empty there with the reason, and null in what is handed out. Field names: EnergyTag API Specification to Version 2
of the Standard, as Future-Energy-Associates/granular_certificate_registry has it (``certificate/schemas.py``, 051bc42);
CAD Trust: Chia-Network/cadt (``validations/units.validations.js``, 00d68bf). Read 2026-11-22.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from jasyl.quantities import instant
from jasyl.texts import Refusal

from .attributes import HOUR
from .certificate import Piece, Standing
from .events import Issue
from .listing import Happened, Known

Scheme = Literal["energytag", "cad-trust"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
_TONNE = 1_000_000
_STATUS: dict[Scheme, dict[Standing, str]] = {
    "energytag": {"held": "Active", "retired": "Cancelled", "cancelled": "Withdrawn", "expired": "Expired"},
    "cad-trust": {"held": "Held", "retired": "Retired", "cancelled": "Cancelled"},
}


@dataclass(frozen=True)
class SchemeField:
    """A field of a scheme: whether it demands one, which value of ours goes in (None: none), and why so."""

    name: str
    demanded: bool
    ours: str | None
    note: str


@dataclass(frozen=True)
class Handed:
    """``rows`` by the scheme's field names; ``missing`` are demanded fields that some row leaves empty; ``left_out``
    counts the pieces that have no place in the scheme."""

    rows: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    left_out: int


def scheme_of(name: str) -> Scheme:
    """Raises Refusal ``certificate-scheme``."""
    for scheme in SCHEMES:
        if scheme == name:
            return scheme
    raise Refusal("certificate-scheme", received=name[:40], expected=", ".join(SCHEMES))


@cache
def scheme_fields(scheme: Scheme) -> tuple[SchemeField, ...]:
    """The fields of a scheme in its own order."""
    text = files("jasyl.certificates").joinpath("data/scheme_fields.csv").read_text(encoding="utf-8")
    return tuple(
        SchemeField(row["field"], row["demanded"] == "yes", row["ours"] or None, row["note"])
        for row in csv.DictReader(text.splitlines())
        if row["scheme"] == scheme
    )


def hand_out(
    scheme: Scheme, known: Iterable[Known], issuer: str, address: str | None = None, *, owner: str | None = None
) -> Handed:
    """Certificates in the fields of a scheme, a row for each piece; with ``owner`` for each of that account's.

    EnergyTag takes electricity of at most an hour, CAD Trust whole tonnes of avoided CO2e; what was exported to another
    registry is that one's to tell. ``address`` is where the pages of this registry are found.
    """
    fields = scheme_fields(scheme)
    rows: list[dict[str, Any]] = []
    left_out = 0
    for one in known:
        for piece in one.certificate.pieces:
            if owner not in {None, piece.owner}:
                continue
            values = _values(scheme, one, piece, issuer, address)
            if values is None:
                left_out += 1
            else:
                rows.append({field.name: values[field.ours] if field.ours else None for field in fields})
    empty = (field.name for field in fields if field.demanded and any(row[field.name] is None for row in rows))
    return Handed(tuple(rows), tuple(empty), left_out)


def _values(scheme: Scheme, one: Known, piece: Piece, issuer: str, address: str | None) -> dict[str, Any] | None:
    facts, status = one.certificate.facts, _STATUS[scheme].get(piece.standing)
    tonnes = piece.units // _TONNE
    if scheme == "energytag":
        fits = facts.attribute == "electricity" and facts.end - facts.start <= HOUR
    else:
        fits = facts.attribute == "carbon" and tonnes > 0
    if not fits or status is None:
        return None
    about = one.beginning.about if isinstance(one.beginning, Issue) else {}
    return {
        **{name: about.get(name) for name in ("device_name", "source", "technology", "commissioned", "capacity_w")},
        "support": about.get("support"),
        "configuration": about.get("configuration"),
        "certificate": facts.id,
        "status": status,
        "reason": _reason(one.endings, piece),
        "owner": piece.owner,
        "first": piece.start,
        "last": piece.end - 1,
        "units": piece.units,
        "face": 1,
        "tonnes": tonnes,
        "block_start": f"{facts.id}:{piece.start}",
        "block_end": f"{facts.id}:{piece.start + tonnes * _TONNE - 1}",
        "carrier": "Electricity",
        "conversion": False if isinstance(one.beginning, Issue) else None,
        "storage": False if isinstance(one.beginning, Issue) else None,
        "device": facts.device,
        "from": f"{instant(facts.start):%Y-%m-%dT%H:%M:%SZ}",
        "to": f"{instant(facts.end):%Y-%m-%dT%H:%M:%SZ}",
        "expires": f"{instant(facts.expires_at):%Y-%m-%d}",
        "year": instant(facts.start).year,
        "issuer": (issuer or None) if isinstance(one.beginning, Issue) else one.beginning.registry,
        "link": f"{address.rstrip('/')}/certificates/{facts.id}" if address else None,
    }


def _reason(endings: Sequence[Happened], piece: Piece) -> str | None:
    """What the event said that ended the units of a piece: neighbours are one piece only if they ended alike."""
    if piece.standing not in {"retired", "cancelled"}:
        return None
    said = next((one.said for one in endings if one.said["start"] <= piece.start < one.said["end"]), None)
    return None if said is None else "; ".join(_words(said))


def _words(said: Mapping[str, Any]) -> list[str]:
    return [str(said[name]) for name in ("beneficiary", "purpose", "period", "reason") if name in said]

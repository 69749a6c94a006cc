"""All that is known of one certificate, as a document for pages, commands and programs."""

from typing import Any

import sqlalchemy as sa

from jasyl.quantities import instant

from .attributes import attribute_hashes
from .listing import beginning_of, events_of, retirement
from .standards import energytag, guarantee_of_origin
from .store import load


def certificate_document(connection: sa.Connection, identity: str, issuer: str) -> dict[str, Any] | None:
    """Who holds which units, what happened (newest first), retirements, the fields of EnergyTag and of a guarantee of
    origin, the published attribute hashes, the leaf in the tree of states; None for an unknown certificate."""
    found, beginning = load(connection, [identity]), beginning_of(connection, identity)
    if not found or beginning is None:
        return None
    one, facts = found[0], found[0].facts
    happened = events_of(connection, certificate=identity)
    return {
        "state_leaf": one.leaf().hex(),
        "pieces": [
            {"units": f"{piece.start}:{piece.end}", "standing": piece.standing, "owner": piece.owner}
            for piece in one.pieces
        ],
        "events": [
            {"number": each.number, "event": each.name, "when": moment(each.at), "record": each.record_id}
            for each in happened
        ],
        "retirements": [retirement(each.said) for each in happened if each.name == "retire"],
        "energytag": energytag(one, beginning, issuer),
        "guarantee_of_origin": guarantee_of_origin(one, beginning, issuer),
        "attribute_hashes": list(attribute_hashes(facts.attribute, facts.device, facts.start, facts.end)),
    }


def moment(at: int) -> str:
    """``2026-05-01T05:00Z``."""
    return f"{instant(at):%Y-%m-%dT%H:%MZ}"

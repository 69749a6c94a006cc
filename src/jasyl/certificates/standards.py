"""A certificate in the fields of others: EnergyTag's granular certificate, and the guarantee of origin."""

from typing import Any

from jasyl.quantities import instant

from .attributes import ATTRIBUTES
from .certificate import Certificate
from .events import Import, Issue

# What the issuer may say about a device; each key is a fact of ``about``.
ABOUT = (
    "device_name", "source", "technology", "capacity_w", "commissioned", "location", "longitude", "latitude",
    "support", "configuration",
)  # fmt: skip


def energytag(one: Certificate, event: Issue | Import, issuer: str) -> dict[str, Any]:
    """Attributes of a granular certificate (EnergyTag, standard of 2024); None where nobody stated one."""
    about = event.about if isinstance(event, Issue) else {}
    facts = one.facts
    return {
        "certificate_id": facts.id,
        "issuing_body": issuer if isinstance(event, Issue) else event.registry,
        "energy_carrier": facts.attribute if ATTRIBUTES[facts.attribute].unit == "W.h" else None,
        "quantity": facts.amount,
        "unit": "Wh" if ATTRIBUTES[facts.attribute].unit == "W.h" else "g",
        "production_starting_interval": _stamp(facts.start),
        "production_ending_interval": _stamp(facts.end),
        "issuance_datestamp": _stamp(event.at),
        "expiry_datestamp": _stamp(facts.expires_at),
        "device_id": facts.device,
        "device_name": about.get("device_name"),
        "energy_source": about.get("source"),
        "device_technology_type": about.get("technology"),
        "device_capacity_w": about.get("capacity_w"),
        "device_production_start_date": about.get("commissioned"),
        "device_location": about.get("location"),
        "device_longitude": about.get("longitude"),
        "device_latitude": about.get("latitude"),
        "release": "production" if isinstance(event, Issue) else None,
        "conversion": False if isinstance(event, Issue) else None,
        "configuration": about.get("configuration"),
        "support_received": about.get("support"),
    }


def guarantee_of_origin(one: Certificate, event: Issue | Import, issuer: str) -> dict[str, Any]:
    """What a guarantee of origin must state (Directive 2012/27/EU annex X and 2018/2001 article 19).

    ``whole_mwh`` says how many standard certificates of 1 MWh the units make; the rest stays here in Wh.
    """
    about = event.about if isinstance(event, Issue) else {}
    facts = one.facts
    return {
        "identification": facts.id,
        "energy_source": about.get("source"),
        "production_start": _stamp(facts.start),
        "production_end": _stamp(facts.end),
        "installation_identity": facts.device,
        "installation_name": about.get("device_name"),
        "installation_location": about.get("location"),
        "installation_type": about.get("technology"),
        "installation_capacity_w": about.get("capacity_w"),
        "installation_operational": about.get("commissioned"),
        "support": about.get("support"),
        "issued": _stamp(event.at),
        "issuer": issuer if isinstance(event, Issue) else event.registry,
        "whole_mwh": facts.amount // 1_000_000 if ATTRIBUTES[facts.attribute].unit == "W.h" else None,
    }


def _stamp(at: int) -> str:
    return f"{instant(at):%Y-%m-%dT%H:%M:%SZ}"

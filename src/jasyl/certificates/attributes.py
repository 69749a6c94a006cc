"""What a certificate certifies: attribute and base unit, and the hash by which registries find it twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from jasyl.quantities import instant
from jasyl.texts import Refusal

HOUR = 3_600_000_000
DOMAIN = b"jasyl-attribute/1\n"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:@/-]{0,63}")


@dataclass(frozen=True)
class Attribute:
    """One kind of certificate: UCUM code of its base unit, what may be metered for it, the factor to its unit.

    ``factor`` None means that the issuer states one with its source (grams of CO2e avoided per Wh).
    """

    name: str
    unit: str
    quantities: frozenset[str]
    metered: frozenset[str]
    factor: Fraction | None


_ENERGY = frozenset({"W", "W.h"})
_MASS = frozenset({"kg", "kg/s"})
ATTRIBUTES = {
    one.name: one
    for one in (
        Attribute("electricity", "W.h", frozenset({"electricity_generated"}), _ENERGY, Fraction(1)),
        Attribute("heat", "W.h", frozenset({"heat_supplied"}), _ENERGY, Fraction(1)),
        Attribute("carbon", "g", frozenset({"electricity_generated", "heat_supplied"}), _ENERGY, None),
        Attribute("recycled", "g", frozenset({"waste_recycled"}), _MASS, Fraction(1000)),
    )
}


def attribute_of(name: str) -> Attribute:
    """The attribute of a name. Raises Refusal ``certificate-attribute``."""
    if name not in ATTRIBUTES:
        raise Refusal("certificate-attribute", received=name[:40], expected=", ".join(ATTRIBUTES))
    return ATTRIBUTES[name]


def check_name(value: str, field: str) -> None:
    """Accounts, devices, certificates and commands: 1–64 of A–Z a–z 0–9 . _ : @ / -. Raises ``certificate-name``."""
    if not _NAME.fullmatch(value):
        raise Refusal("certificate-name", received=value[:70], field=field)


def attribute_hashes(attribute: str, device: str, start: int, end: int) -> Iterator[str]:
    """One hash for every hour (UTC) of [start, end), in µs: what this registry publishes of a certificate.

    SHA-256(``jasyl-attribute/1`` LF ‖ attribute LF ‖ public device id LF ‖ first instant of the hour, RFC 3339 LF).
    By the hour, so that a certificate of a day and one of an hour in it are found too. Nobody learns amounts or
    owners from it; a device id that another registry does not know stays unknown to it.
    """
    for hour in range(start, end, HOUR):
        said = f"{attribute}\n{device}\n{instant(hour):%Y-%m-%dT%H:%M:%SZ}\n"
        yield sha256(DOMAIN + said.encode()).hexdigest()

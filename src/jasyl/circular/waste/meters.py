"""Tonnes that meters of registered plants counted, taken into a programme in place of expected ones."""

from decimal import Decimal

import msgspec
import sqlalchemy as sa

from jasyl.figures import Subject, current_of
from jasyl.people import ANYBODY, Actor
from jasyl.registry import facility_by_id, facility_by_key

from .programme import Facility, WasteProgramme

INDICATOR = "waste.received"
# A year of which less was read would count too little as if it were all.
_WHOLE = Decimal("0.95")
_YEAR = 4  # characters of a period that is a year


def with_meters(connection: sa.Connection, programme: WasteProgramme, actor: Actor = ANYBODY) -> WasteProgramme:
    """The programme with the metered years of every plant, its own and its scenarios', whose ``register`` is the key or
    id of a facility that ``actor`` may see. What the document says of a year gives way to the meter.
    """

    def counted(plants: tuple[Facility, ...]) -> tuple[Facility, ...]:
        return tuple(
            msgspec.structs.replace(one, metered={**one.metered, **received(connection, one.register, actor)})
            for one in plants
        )

    scenarios = tuple(msgspec.structs.replace(one, facilities=counted(one.facilities)) for one in programme.scenarios)
    return msgspec.structs.replace(programme, facilities=counted(programme.facilities), scenarios=scenarios)


def received(connection: sa.Connection, register: str, actor: Actor = ANYBODY) -> dict[int, float]:
    """kg by year that a registered facility's public figures count, of years read nearly whole."""
    row = facility_by_key(connection, register, actor) or facility_by_id(connection, register, actor)
    if not register or row is None:
        return {}
    return {
        int(one.figure.period): float(one.figure.value)
        for one in current_of(connection, Subject("facility", row["id"]), INDICATOR)
        if one.figure.value is not None
        and one.figure.publication == "public"
        and len(one.figure.period) == _YEAR
        and (one.figure.completeness is None or one.figure.completeness >= _WHOLE)
    }

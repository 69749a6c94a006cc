"""Who may read, write and judge the book of a city; decided by ``people.may`` alone."""

from jasyl.people import CITY_BOOK, Actor, Level, Resource, may
from jasyl.texts import Refusal

from .city import City


def book_of(city: City, level: Level = "closed") -> Resource:
    """The book as something rights are asked for."""
    return Resource(level, region=city.region.iso, tags=frozenset({CITY_BOOK}))


def may_read(actor: Actor, city: City, level: Level) -> bool:
    """Whether an entry of ``level`` is shown: closed ones to the akimat, the agency, auditors and verifiers."""
    return may(actor, "read", book_of(city, level))


def may_write(actor: Actor, city: City) -> bool:
    """Whether ``actor`` writes values: the akimat of the region, and the agency."""
    return may(actor, "write_registry", book_of(city))


def may_verify(actor: Actor, city: City) -> bool:
    """Whether ``actor`` judges: a verifier who could not have written the values."""
    return may(actor, "verify", book_of(city))


def may_discuss(actor: Actor, city: City) -> bool:
    """Whether ``actor`` takes part in the threads."""
    return may_write(actor, city) or may_verify(actor, city)


def demand(allowed: bool) -> None:
    """Raises Refusal ``not-allowed`` unless ``allowed``."""
    if not allowed:
        raise Refusal("not-allowed")

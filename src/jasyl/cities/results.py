"""Results of city books out of the database, as a reader may see them."""

from collections.abc import Sequence

import sqlalchemy as sa

from jasyl.indicators import Benchmarks, Rules, Words, catalogue, house_benchmarks
from jasyl.people import Actor
from jasyl.texts import LANGUAGES

from .access import may_read
from .book import books, entries
from .city import City, city
from .result import CityResult, city_result
from .verdicts import verdicts

CATALOGUE = "u4ssc"


def city_words(one: City) -> Words:
    """The names of a city in every language, without the word for city where the place has its own name."""
    return Words(*(one.region.centre_names.of(each) if one.is_region else one.name(each) for each in LANGUAGES))


def read_result(
    connection: sa.Connection,
    one: City,
    year: int,
    actor: Actor,
    *,
    of: str = CATALOGUE,
    benchmarks: Benchmarks | None = None,
    rules: Rules | None = None,
    training: bool = False,
) -> CityResult:
    """The book of a city and a year as ``actor`` may see it; closed entries are counted in ``withheld`` and neither
    shown nor judged. A verdict counts only for the entry it was given on. Without ``benchmarks``, ours."""
    every = entries(connection, one.place, year, of)
    seen = {point: entry for point, entry in every.items() if may_read(actor, one, entry.level)}
    judged = {
        point: verdict.verified
        for point, verdict in verdicts(connection, one.place, year, of).items()
        if point in seen and seen[point].id == verdict.entry
    }
    return city_result(
        one.place, year, city_words(one), catalogue(of), seen.values(), benchmarks or house_benchmarks(of), rules,
        verified=judged, withheld=len(every) - len(seen), training=training,
    )  # fmt: skip


def read_results(
    connection: sa.Connection, actor: Actor, *, place: str | None = None, of: str = CATALOGUE, training: bool = False
) -> list[CityResult]:
    """The results of every book (of one place), by place and year."""
    found: Sequence[tuple[str, int, str, int]] = books(connection, place)
    return [
        read_result(connection, city(where), year, actor, of=of, training=training)
        for where, year, kept, _ in sorted(found)
        if kept == of
    ]

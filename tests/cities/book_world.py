"""What tests of city books share: a book without any finding, and people with their rights."""

from decimal import Decimal

from jasyl.cities import Entry
from jasyl.indicators import catalogue
from jasyl.people import Actor

U4SSC = catalogue("u4ssc")
AKIMAT = Actor("akim", "akim", frozenset({"akimat"}), region="KZ-71")
OTHER = Actor("other", "other", frozenset({"akimat"}), region="KZ-75")
VERIFIER = Actor("vera", "vera", frozenset({"verifier"}))
NOW = 1_760_000_000_000_000


def entry(point, numerator=None, denominator=None, value=None, **fields):
    numbers = (None if one is None else Decimal(str(one)) for one in (numerator, denominator, value))
    return Entry(point, *numbers, **{"origin": "statistics", "quality": "measured"} | fields)


def book(*given):
    """A complete book of a city of 1.2 million: what is not given in ``given`` is said to be not applicable."""
    own = (
        entry("base.population", value=1_200_000),
        entry("base.households", value=400_000),
        entry("base.area", value=800, unit="km2"),
        entry("base.gdp", value="9600000000000", unit="KZT", dated="2024"),
        entry("base.national_gdp_per_head", value=6_500_000, unit="KZT"),
    )
    entries = {
        one.point: Entry(one.point, None, None, None, "not_applicable") for one in [Entry(p.id) for p in U4SSC.points]
    }
    return entries | {one.point: one for one in (*own, *given)}

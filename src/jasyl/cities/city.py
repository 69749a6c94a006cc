"""A city as a place: one of the three of republican rank by its ISO code, any other by KATO or by GeoNames."""

from dataclasses import dataclass
from functools import cache

from jasyl.places import Region, Settlement, region, regions, settlement, settlements
from jasyl.texts import Language, Refusal

_KATO_DIGITS = 9
# In KATO (NK RK 11) the town that is the centre of a region has the region's two digits and these; not so Qonaev and
# Turkistan, which became centres later and whose codes we have not read.
_CENTRE, _NOT_BY_RULE = "1010000", ("KZ-19", "KZ-61")
_NUMBERED = "G"


@dataclass(frozen=True)
class City:
    """``place`` is the ISO 3166-2 code of a city of republican rank, the KATO code of another settlement, or ``G`` and
    its number in GeoNames where its KATO code is not known; ``region`` the region whose akimat keeps its book.
    ``settlement`` is the town itself, None for a KATO code whose town is not known here."""

    place: str
    region: Region
    settlement: Settlement | None = None

    @property
    def is_region(self) -> bool:
        """Whether the city is a region of its own: what is known of the region is known of the city."""
        return self.place == self.region.iso

    def name(self, language: Language) -> str:
        """Its name; of a KATO code whose town is not known here, the code with the region behind."""
        if self.is_region:
            return self.region.name(language)
        if self.settlement is None:
            return f"{self.place} ({self.region.name(language)})"
        return self.region.centre_names.of(language) if self._is_centre else self.settlement.name(language)

    @property
    def _is_centre(self) -> bool:
        return self.settlement == _centre_of(self.region)


def cities() -> tuple[City, ...]:
    """The cities of republican rank, by their code."""
    return tuple(City(one.iso, one) for one in regions() if one.kind == "city")


def city(place: str) -> City:
    """The city of a code. Raises Refusal ``city-unknown``; for what people write use `city_named`."""
    code = place.strip().upper()
    for one in cities():
        if code in (one.place, one.region.kato):
            return one
    if len(code) == _KATO_DIGITS and code.isascii() and code.isdigit():
        # The first two digits of KATO are those of the region, and the region as a whole is no city.
        home = next((one for one in regions() if one.kato[:2] == code[:2] and one.kato != code), None)
        if home is not None:
            is_centre = code[2:] == _CENTRE and home.iso not in _NOT_BY_RULE
            return City(code, home, _centre_of(home) if is_centre else None)
    town = next((one for one in settlements() if code == f"{_NUMBERED}{one.geoname}"), None)
    if town is not None:
        return _of_town(town)
    known = ", ".join(one.place for one in cities())
    raise Refusal("city-unknown", received=place[:40], expected=f"{known}, KATO (9)")


def city_named(name: str) -> City:
    """The city of a settlement by any of its names. Raises Refusal ``unknown-settlement``, ``settlement-ambiguous``."""
    return _of_town(settlement(name))


def _of_town(town: Settlement) -> City:
    """One code for one town: ISO, else KATO, else the number in GeoNames."""
    home = region(town.region)
    if home.kind == "city" and town == _centre_of(home):
        return City(home.iso, home)
    if town == _centre_of(home) and home.iso not in _NOT_BY_RULE:
        return City(f"{home.kato[:2]}{_CENTRE}", home, town)
    return City(f"{_NUMBERED}{town.geoname}", home, town)


@cache
def _centre_of(home: Region) -> Settlement | None:
    """The administrative centre of a region among the settlements."""
    try:
        return settlement(home.centre_names.en, home)
    except Refusal:
        return None

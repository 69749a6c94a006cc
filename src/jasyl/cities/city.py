"""A city as a place: one of the three of republican rank by its ISO code, any other by its KATO code."""

from dataclasses import dataclass

from jasyl.places import Region, regions
from jasyl.texts import Language, Refusal

_KATO_DIGITS = 9


@dataclass(frozen=True)
class City:
    """``place`` is the ISO 3166-2 code of a city of republican rank or the KATO code of another settlement, ``region``
    the region whose akimat keeps its book."""

    place: str
    region: Region

    def name(self, language: Language) -> str:
        """Its name; of a settlement, whose names no list of ours has by KATO, the code with the region behind."""
        named = self.region.name(language)
        return named if self.place == self.region.iso else f"{self.place} ({named})"


def cities() -> tuple[City, ...]:
    """The cities of republican rank, by their code."""
    return tuple(City(one.iso, one) for one in regions() if one.kind == "city")


def city(place: str) -> City:
    """The city of a code. Raises Refusal ``city-unknown``."""
    code = place.strip().upper()
    for one in cities():
        if code in (one.place, one.region.kato):
            return one
    if len(code) == _KATO_DIGITS and code.isascii() and code.isdigit():
        # The first two digits of KATO are those of the region, and the region as a whole is no city.
        region = next((one for one in regions() if one.kato[:2] == code[:2] and one.kato != code), None)
        if region is not None:
            return City(code, region)
    known = ", ".join(one.place for one in cities())
    raise Refusal("city-unknown", received=place[:40], expected=f"{known}, KATO (9)")

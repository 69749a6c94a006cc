"""Codes of places, by what tables of people and of the statistics bureau call them."""

from functools import cached_property

from jasyl.places import resolve
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal, Where
from jasyl.texts.catalogue import Argument
from jasyl.texts.refusal import Worded

_COUNTRY = ("республика казахстан", "қазақстан республикасы", "republic of kazakhstan", "kz", "казахстан", "қазақстан")


class PlaceCodes:
    """Codes of places by what sheets call them: ISO 3166 for country and regions, nine digits of KATO for districts.

    A district's name is looked for in the region named last before it; names of districts need the official boundaries
    of ``folder``.
    """

    def __init__(self, folder: DataFolder | None = None) -> None:
        self._folder = folder
        self._region: str | None = None

    def code(self, text: str, where: Where | None = None) -> str:
        """Code of a place. Raises Refusal ``sheet-place`` for one that nobody knows, and ``region-divided``."""
        written = " ".join(text.split())
        if written.casefold() in _COUNTRY:
            return "KZ"
        digits = written.removesuffix(".0")
        if len(digits) == 9 and digits.isdigit() and not digits.endswith("0000000"):
            self._known_region(digits[:2], written, where)
            return digits
        district = self._district(written)
        if district is not None:
            return district
        try:
            self._region = resolve(digits).iso
        except Refusal as refusal:
            code = refusal.code if refusal.code == "region-divided" else "sheet-place"
            raise Refusal(code, where=where, **_told(refusal), received=written[:60]) from refusal
        return self._region

    def _known_region(self, digits: str, written: str, where: Where | None) -> None:
        """Raises Refusal ``sheet-place`` for a district of a region that is none."""
        try:
            resolve(f"KZ-{digits}")
        except Refusal as refusal:
            raise Refusal("sheet-place", where=where, **_told(refusal), received=written[:60]) from refusal

    def _district(self, written: str) -> str | None:
        found = self._districts.get(_folded(written), [])
        inside = [code for code, region in found if region == self._region]
        return inside[0] if len(inside) == 1 else found[0][0] if len(found) == 1 else None

    @cached_property
    def _districts(self) -> dict[str, list[tuple[str, str | None]]]:
        """Districts of the official boundaries by name in each language; none while only schematic ones are there."""
        from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

        known: dict[str, list[tuple[str, str | None]]] = {}
        for unit in current(self._folder).of("district") if self._folder else ():
            for name in {_folded(unit.names.of(language)) for language in LANGUAGES}:
                known.setdefault(name, []).append((unit.kato or unit.code, unit.region))
        return known


def _told(refusal: Refusal) -> dict[str, Argument | Worded | None]:
    return {key: value for key, value in refusal.arguments.items() if key != "received"}


def _folded(written: str) -> str:
    words = written.casefold().replace("ё", "е").split()
    return " ".join(word for word in words if word not in ("район", "ауданы", "district"))

"""Compares the coordinates of imported rows with the regions and districts they name, by the borders of the
installation, and finds the district of each."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jasyl.storage import DataFolder
from jasyl.texts import Language, Refusal

if TYPE_CHECKING:
    from jasyl.places.boundaries import Boundaries

Row = dict[str, Any]
_KATO = re.compile(r"\d{9}")


class PlaceCheck:
    """Rows whose point lies elsewhere than they say: refused under official borders, warned under schematic ones."""

    def __init__(self, boundaries: "Boundaries", language: Language) -> None:
        from jasyl.places.locate import locator_of  # noqa: PLC0415  (loads shapely)

        self.locator = locator_of(boundaries)
        self.language: Language = language
        # A publisher may have codes of its own beside KATO, or instead of it: then statements cannot be compared.
        self.kato = {unit.code: unit.kato or unit.code for unit in boundaries.of("district")}
        self.known = {
            self.kato[unit.code]: unit for unit in boundaries.of("district") if _KATO.fullmatch(self.kato[unit.code])
        }
        self._codes: list[tuple[str | None, str | None]] = []

    def faults(self, rows: Sequence[Row]) -> Iterator[tuple[int, str, Refusal | None, str]]:
        """Index, column, refusal (None where it is a warning only) and text of each row that is not where it says."""
        self._codes = self._located(rows)
        for index, (row, (region, district)) in enumerate(zip(rows, self._codes, strict=True)):
            if row.get("district") and self.known and row["district"] not in self.known:
                yield index, "district", self._unknown(row["district"]), ""
            elif row.get("lon") is None:
                continue
            elif row.get("region") and region != row["region"]:
                yield from self._judged(index, "lon", self.locator.check_place(row["lon"], row["lat"], row["region"]))
            elif row.get("district") in self.known and district != row["district"]:
                declared = self.known[row["district"]].code
                yield from self._judged(
                    index, "district", self.locator.check_district(row["lon"], row["lat"], declared)
                )

    def districts(self, rows: Sequence[Row]) -> Sequence[str | None]:
        """The code of the district that each row's point lies in, None where none is known."""
        found = self._codes if len(self._codes) == len(rows) else self._located(rows)
        return [district for _, district in found]

    def _located(self, rows: Sequence[Row]) -> list[tuple[str | None, str | None]]:
        nowhere = float("nan")
        lon = [nowhere if row.get("lon") is None else row["lon"] for row in rows]
        lat = [nowhere if row.get("lat") is None else row["lat"] for row in rows]
        regions, districts = self.locator.locate(lon, lat)
        return [
            (region, self.kato.get(code)) for region, code in zip(regions.tolist(), districts.tolist(), strict=True)
        ]

    def _judged(self, index: int, column: str, placement: Any) -> Iterator[tuple[int, str, Refusal | None, str]]:
        if placement.status != "ok":
            yield index, column, placement.refusal, placement.text(self.language) or ""

    def _unknown(self, code: str) -> Refusal:
        """Near ones: the districts of the same region."""
        near = [f"{one} ({unit.names.ru})" for one, unit in self.known.items() if one[:2] == code[:2]]
        return Refusal(
            "unknown-district", received=code, expected=", ".join(near[:30]) or ", ".join(list(self.known)[:30])
        )


def place_check(folder: DataFolder, language: Language = "en") -> PlaceCheck:
    """The check for one installation."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    return PlaceCheck(current(folder), language)

"""Compares the coordinates of imported rows with the regions they name, by the borders of the installation."""

from collections.abc import Iterator, Sequence
from typing import Any

from jasyl.storage import DataFolder
from jasyl.texts import Language, Refusal


class PlaceCheck:
    """Rows whose point lies elsewhere than they say: refused under official borders, warned under schematic ones."""

    def __init__(self, folder: DataFolder, language: Language) -> None:
        self.folder = folder
        self.language: Language = language

    def __call__(self, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[int, Refusal | None, str]]:
        from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)
        from jasyl.places.locate import locator_of  # noqa: PLC0415

        placed = [(i, row) for i, row in enumerate(rows) if row.get("lon") is not None and row.get("region")]
        if not placed:
            return
        locator = locator_of(current(self.folder))
        found, _ = locator.locate([row["lon"] for _, row in placed], [row["lat"] for _, row in placed])
        for (index, row), where in zip(placed, found.tolist(), strict=True):
            if where == row["region"]:
                continue
            placement = locator.check_place(row["lon"], row["lat"], row["region"])
            if placement.status != "ok":
                yield index, placement.refusal, placement.text(self.language) or ""


def place_check(folder: DataFolder, language: Language = "en") -> PlaceCheck:
    """The check for one installation."""
    return PlaceCheck(folder, language)

"""How an inventory of another year begins: with nothing but a boundary, or with the lines of an earlier year.

What is carried over is no number of the new year: each line says from which year it is (``carried_from``), is graded
low, and stands among what is assumed until somebody puts in the amount of the year.
"""

from collections.abc import Iterable

import msgspec

from jasyl.texts import Refusal

from .document import FORM, Activity, GwpSet, Inventory, Methane, Population, Statement, in_order
from .lines import PLANT_REPORT
from .structure import cells


def begun(
    place: str, year: int, population: Population, boundary: str, gwp_set: GwpSet, methane: Methane | None,
    author: str, *, reason: str, training: bool = False,
) -> Inventory:  # fmt: skip
    """An inventory in which nothing is estimated yet: every cell NE with ``reason``.

    Raises Refusal ``inventory-begin-boundary``.
    """
    if not boundary:
        raise Refusal("inventory-begin-boundary")
    keys = _not_estimated((one.ref for one in cells() if not one.optional), reason)
    return Inventory(
        form=FORM, place=place, year=year, boundary=boundary, population=population, gwp_set=gwp_set, methane=methane,
        author=author, training=training, cells=keys,
    )  # fmt: skip


def carried_over(
    earlier: Inventory, year: int, population: Population, author: str, *, reason: str, boundary: str = ""
) -> Inventory:
    """The next inventory of the same place by the choices, factors, keys and lines of an ``earlier`` one.

    Lines of plants' reports and values of others are of their year alone and stay behind; cells that they leave empty
    are NE with ``reason``, and so are cells that referred to such a cell.
    """
    lines = tuple(_carried(one, earlier.year) for one in earlier.activities if not _of_plant(one))
    left = {one.ref for one in lines}
    gone = {one.ref for one in earlier.activities} - left
    kept = tuple(one for one in earlier.cells if one.target not in gone)
    emptied = (*gone, *(one.ref for one in earlier.cells if one.target in gone))
    made = msgspec.structs.replace(
        earlier, year=year, population=population, author=author, boundary=boundary or earlier.boundary,
        activities=lines, cells=(*kept, *_not_estimated(emptied, reason)), checks=(), note="",
    )  # fmt: skip
    return in_order(made)


def _of_plant(one: Activity) -> bool:
    return one.calculation is not None and one.calculation.by == PLANT_REPORT


def _carried(one: Activity, year: int) -> Activity:
    """A line twice carried is still of the year it was first put in."""
    return msgspec.structs.replace(one, carried_from=one.carried_from or year, quality="L", uncertainty=None)


def _not_estimated(refs: Iterable[str], reason: str) -> tuple[Statement, ...]:
    return tuple(Statement(ref=ref, key="NE", reason=reason) for ref in refs)

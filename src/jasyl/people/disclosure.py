"""Small cells: when the sum of values that may be published only in sums would still tell one of them.

A cell is what a reader can single out by every grouping and filter there is. Values open in the finest cells alone
are the same in every table, so that nothing is found by subtracting one table from another.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import TypeVar

SMALLEST_CELL = 3
Cell = TypeVar("Cell", bound=Hashable)


def open_cells(members: Iterable[tuple[Cell, str | None]], smallest: int = SMALLEST_CELL) -> set[Cell]:
    """The cells in which at least ``smallest`` different enterprises have a value; ``members`` are cell and enterprise.

    A value of an unknown enterprise counts for nobody. The frequency rule of statistical disclosure control; it does
    not protect against an enterprise that holds nearly all of a cell (no dominance rule).
    """
    found: dict[Cell, set[str]] = defaultdict(set)
    for cell, enterprise in members:
        if enterprise is not None:
            found[cell].add(enterprise)
    return {cell for cell, enterprises in found.items() if len(enterprises) >= smallest}

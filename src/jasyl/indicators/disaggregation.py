"""A data point broken down by sex, age, disability, income or district, without telling on single people.

Counts below a threshold are closed by the rule of ``jasyl.people.open_cells``; then so many more are closed that no
closed count is a total less the open ones. This protects against subtraction along every line of the tables given here,
not against an audit with other tables, nor against who knows nearly all of a cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from jasyl.people import SMALLEST_CELL, open_cells
from jasyl.texts import Refusal

from .catalogue import DataPoint, Indicator
from .catalogue_columns import BREAKDOWNS
from .evaluation import Answer, value_of
from .share import Group, Share

By = tuple[Group, ...]
"""Axes and values that single out a cell, in the order of ``BREAKDOWNS``; empty is everybody."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a cell. ``people`` is how many persons stand behind the value; where numerator and denominator
    count persons it need not be given. A cell of which nobody knows how many stand behind it is closed."""

    by: By
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    people: int | None = None

    @classmethod
    def of(cls, by: Mapping[str, str], **known: Decimal | int | None) -> "Part":
        """``Part.of({"sex": "female"}, numerator=…)``. Raises Refusal ``indicator-breakdown`` for an unknown axis."""
        for axis in by:
            if axis not in BREAKDOWNS:
                raise Refusal("indicator-breakdown", received=axis, expected=", ".join(BREAKDOWNS))
        return cls(tuple((axis, by[axis]) for axis in BREAKDOWNS if axis in by), **known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it may be published: ``suppressed`` cells have no numbers, and their value is not even None by lack of
    data. ``primary`` says that the cell itself was too small, and not closed to protect another."""

    by: By
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    suppressed: bool
    primary: bool = False


def disaggregate(point: DataPoint, parts: Iterable[Part], smallest: int = SMALLEST_CELL) -> tuple[Shown, ...]:
    """Every part as it may be shown, in the order given.

    Zero cases are shown (they single out nobody) as long as the group itself is large enough; where the numerator is
    a part of the denominator, what is left over is counted too. Raises Refusal ``indicator-breakdown-twice``.
    """
    held = list(parts)
    by_cell = {part.by: part for part in held}
    if len(by_cell) != len(held):
        seen = [part.by for part in held]
        twice = next(by for by in seen if seen.count(by) > 1)
        raise Refusal("indicator-breakdown-twice", received=_named(twice), point=point.id)
    least = {part.by: _least(point, part) for part in held}
    members = ((by, f"{number}") for by, persons in least.items() for number in range(min(persons, smallest)))
    is_open = open_cells(members, smallest)
    primary = set(by_cell) - is_open
    closed = primary | _more_closed(by_cell, primary, least)
    return tuple(_shown(point, part, part.by in closed, part.by in primary) for part in held)


def missing_breakdowns(indicator: Indicator, parts: "Iterable[Part | Shown]") -> tuple[str, ...]:
    """The breakdowns that the methodology asks for and of which no part is given."""
    given = {axis for part in parts for axis, _ in part.by}
    return tuple(axis for axis in indicator.disaggregation if axis not in given)


def parts_of(share: Share) -> list[Part]:
    """A computed share and its groups, counts rounded to whole persons (grids hold fractions of people)."""
    whole = [((), share), *(((group,), one) for group, one in share.by.items())]
    return [Part(by, Decimal(round(one.counted)), Decimal(round(one.of))) for by, one in whole]


def _least(point: DataPoint, part: Part) -> int:
    """The smallest number of persons that the part tells of."""
    if part.people is not None:
        return part.people
    if part.numerator is None or (point.has_denominator and part.denominator is None):
        return 0
    counts = [part.numerator] if part.numerator else []
    if part.denominator is not None:
        counts.append(part.denominator)
        rest = part.denominator - part.numerator
        if point.unit.startswith("percent") and rest > 0:
            counts.append(rest)
    return int(min(counts, default=Decimal(0)))


def _more_closed(cells: Mapping[By, Part], primary: set[By], least: Mapping[By, int]) -> set[By]:
    """Closed besides the small ones, until no line of cells and its sum has exactly one closed member."""
    closed = set(primary)
    lines = list(_lines(cells))
    for _ in count():
        lone = [line for line in lines if sum(by in closed for by in line) == 1]
        candidates = [[by for by in line[:-1] if by not in closed] for line in lone]
        chosen = next((line for line in candidates if line), None)
        if chosen is None:
            return closed - primary
        closed.add(min(chosen, key=lambda by: (least[by], by)))
    raise AssertionError  # the loop closes a cell each time, and there are finitely many


def _lines(cells: Mapping[By, Part]) -> Iterator[Sequence[By]]:
    """Cells that differ on one axis only, and last the cell that is their sum, where it is given."""
    found = dict[tuple[By, str], list[By]]()
    for by in cells:
        for left, (axis, _) in enumerate(by):
            found.setdefault(((*by[:left], *by[left + 1 :]), axis), []).append(by)
    for (whole, _), line in found.items():
        if whole in cells:
            yield [*line, whole]


def _shown(point: DataPoint, part: Part, suppressed: bool, primary: bool) -> Shown:
    if suppressed:
        return Shown(part.by, None, None, None, suppressed=True, primary=primary)
    exact = value_of(point, Answer(point.id, part.numerator, part.denominator, part.value))
    value = None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)
    return Shown(part.by, value, part.numerator, part.denominator, suppressed=False)


def _named(by: By) -> str:
    return ", ".join(f"{axis} {value}" for axis, value in by) or "—"

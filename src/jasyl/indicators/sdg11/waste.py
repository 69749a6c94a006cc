"""Municipal waste collected and managed in controlled facilities (SDG 11.6.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from jasyl.texts import Refusal

from ..share import Share

Control = Literal["full", "improved", "basic", "limited", "none"]
"""Levels of control of a facility, from the ladder of UN-Habitat's Waste Wise Cities tool."""
CONTROLLED: tuple[Control, ...] = ("full", "improved", "basic")


@dataclass(frozen=True, slots=True)
class Facility:
    """A place that received municipal waste in the year; ``passed_on`` went from it to other facilities of the list.

    Masses in kg. ``district`` is where the waste was collected, empty where it is not known.
    """

    name: str
    control: Control
    received: float
    passed_on: float = 0.0
    district: str = ""

    @property
    def kept(self) -> float:
        """What was recovered or disposed of here: rejects counted where they end, not twice."""
        return self.received - self.passed_on


def waste_managed(generated: float, facilities: Iterable[Facility]) -> Share:
    """The share of the waste ``generated`` (kg) that ended in facilities of at least basic control.

    Raises Refusal ``sdg-positive``, ``sdg-control``, ``sdg-waste-passed`` (more left a facility than came in),
    ``sdg-waste-over`` (more was managed than generated: one of the two is wrong, and neither is cut to fit).
    """
    if not generated > 0:
        raise Refusal("sdg-positive", received=generated)
    managed = whole = 0.0
    for one in facilities:
        if one.control not in get_args(Control):
            raise Refusal("sdg-control", received=one.control, expected=", ".join(get_args(Control)))
        if not 0 <= one.passed_on <= one.received:
            raise Refusal("sdg-waste-passed", received=one.name, expected=f"{one.passed_on} ≤ {one.received}")
        whole += one.kept
        managed += one.kept if one.control in CONTROLLED else 0.0
    if whole > generated * (1 + 1e-9):
        raise Refusal("sdg-waste-over", received=whole, expected=generated)
    return Share(managed, generated)

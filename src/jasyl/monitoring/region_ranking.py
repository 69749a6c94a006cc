"""Regions in order, with what is not known: each has the range of ranks that missing data leave open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from jasyl.places import regions
from jasyl.registry import AdoptionRow

from .dynamics import CLOSED, RUNNING, standing

RankingMeasure = Literal["capacity", "facilities"]
RANKING_MEASURES: tuple[RankingMeasure, ...] = get_args(RankingMeasure)


Scale = Literal["region", "inhabitants", "area"]
SCALES: tuple[Scale, ...] = get_args(Scale)


def region_scale(per: Scale) -> dict[str, float]:
    """What regions are divided by: 1, hundred thousands of inhabitants, thousands of km²."""
    return {
        one.iso: 1.0 if per == "region" else one.population / 1e5 if per == "inhabitants" else one.area_km2 / 1e3
        for one in regions()
    }


@dataclass(frozen=True)
class RankedRegion:
    """``value`` counts what is confirmed and known; ``low`` and ``high`` bound what it may be.

    ``low`` leaves out facilities whose year is not known, ``high`` takes every unconfirmed and undated one as standing,
    and each of unknown capacity as the largest known of its technology in the country (one without any counts 0 and is
    in ``unbounded``). ``best`` and ``worst`` are the ranks that these bounds leave open. ``missing`` facilities are
    not counted in ``value`` or counted without their capacity.
    """

    region: str
    value: float
    low: float
    high: float
    rank: int
    best: int
    worst: int
    counted: int
    missing: int
    unbounded: int


def rank_regions(
    facilities: Sequence[AdoptionRow],
    places: Sequence[str],
    year: int,
    measure: RankingMeasure = "capacity",
    per: Mapping[str, float] | None = None,
) -> list[RankedRegion]:
    """Regions by ``measure`` (W or facilities) at the end of ``year``, highest first; equal values share a rank.

    ``per`` divides each region's value (inhabitants, km²). A region without facilities is there with 0. Facilities of
    no region are in none.
    """
    largest = _largest(facilities)
    parts = {region: _bounds([each for each in facilities if each.region == region], year, measure, largest)
             for region in places}  # fmt: skip
    scale = {region: per[region] if per else 1.0 for region in places}
    bounds = {region: tuple(number / scale[region] for number in parts[region][:3]) for region in places}
    found: list[RankedRegion] = []
    for region in places:
        value, low, high = bounds[region]
        others = [bounds[other] for other in places if other != region]
        found.append(
            RankedRegion(
                region, value, low, high,
                rank=1 + sum(other[0] > value for other in others),
                best=1 + sum(other[1] > high for other in others),
                worst=1 + sum(other[2] > low for other in others),
                counted=parts[region][3],
                missing=parts[region][4],
                unbounded=parts[region][5],
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (each.rank, each.region))


def _largest(facilities: Sequence[AdoptionRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in facilities:
        if each.capacity is not None and each.confirmed:
            found[each.technology] = max(found.get(each.technology, 0), each.capacity)
    return found


Bounds = tuple[float, float, float, int, int, int]


def _bounds(
    facilities: Sequence[AdoptionRow], year: int, measure: RankingMeasure, largest: Mapping[str, int]
) -> Bounds:
    introduced = [each for each in facilities if each.status in RUNNING | CLOSED]
    dated = [each for each in introduced if each.confirmed and not _undated(each)]
    sure = standing(dated, year)
    # Undated confirmed facilities that run today stood at the end of the last year, if not of an earlier one.
    open_ = [each for each in introduced if _undated(each) or not each.confirmed]
    open_ = [each for each in open_ if each.commissioned_year is None or each.commissioned_year <= year]
    if measure == "facilities":
        return len(sure), len(sure), len(sure) + len(open_), len(sure), len(open_), 0
    value = float(sum(each.capacity or 0 for each in sure))
    unknown = [each for each in (*sure, *open_) if each.capacity is None]
    more = sum(each.capacity if each.capacity is not None else largest.get(each.technology, 0) for each in open_)
    more += sum(largest.get(each.technology, 0) for each in sure if each.capacity is None)
    unbounded = sum(each.technology not in largest for each in unknown)
    missing = len(open_) + sum(each.capacity is None for each in sure)
    return value, value, value + more, len(sure), missing, unbounded


def _undated(each: AdoptionRow) -> bool:
    return each.commissioned_year is None or (each.status in CLOSED and each.closed_year is None)

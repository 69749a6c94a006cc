"""The gas that can be collected from landfills whose waste is published, by the decay of `jasyl.emissions`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from msgspec.structs import replace

from jasyl.emissions import Case, Management, decay_of, first_order_decay, practice_of, recoverable_energy
from jasyl.facts import Fact

from ..areas import COUNTRY
from ..bounds import Bounds
from ..sites import SiteValue
from ..value_file import significant
from .composition import Composition, composition_of
from .landfills import slug

# Share of the gas that a collection system gets: US EPA, AP-42 section 2.4 (75 %, from 60 to 85 %).
COLLECTION: Final = Bounds(0.60, 0.75, 0.85)
COLLECTION_SOURCE: Final = "US EPA, AP-42, section 2.4: 75 % (60 to 85 %)"
_CASES: tuple[Case, ...] = ("low", "central", "high")


@dataclass(frozen=True)
class Filling:
    """How waste came into a landfill: wet tonnes by year from ``first_year``, and by whom it is said.

    ``assumed`` says what nobody published; ``managements`` are the classes for the least, the central and the most
    methane.
    """

    first_year: int
    tonnes: tuple[float, ...]
    source: str
    assumed: str
    managements: tuple[Management, Management, Management]
    confirmed: bool


def fillings(facts: Iterable[Fact]) -> dict[str, Filling]:
    """The landfills whose waste can be put into years without inventing an amount.

    - Waste buried since a year: evenly over the years since; how the site is run is not published, so it is bounded
      from a shallow dump to an engineered landfill.
    - Astana: the city's amounts published for two years, straight between them; earlier waste is not counted, so it
      is a lower bound, and it stays unconfirmed: all of it is taken to be landfilled.
    """
    facts = [fact for fact in facts if fact.confirmed]
    found: dict[str, Filling] = {}
    for fact in facts:
        since = re.fullmatch(r"waste_buried_since_(\d{4})", fact.metric)
        if since and fact.value is not None and fact.end_year:
            first = int(since[1])
            years = fact.end_year - first + 1
            found[slug(fact.object)] = Filling(
                first,
                (float(fact.value) / years,) * years,
                fact.source,
                "buried evenly over the years; management not published",
                ("unmanaged_shallow_5_m", "uncategorised", "managed_anaerobic"),
                True,
            )
    amounts = {
        fact.start_year: float(fact.value) * 1000
        for fact in facts
        if fact.metric == "generation" and fact.place == "KZ-71" and fact.unit == "kt/a" and fact.value is not None
    }
    known = sorted(year for year in amounts if year is not None)
    if len(known) > 1:
        first, last = known[0], known[-1]
        slope = (amounts[last] - amounts[first]) / (last - first)
        found["astana-municipal-landfill"] = Filling(
            first,
            tuple(amounts[first] + slope * step for step in range(last - first + 1)),
            "; ".join(fact.source for fact in facts if fact.metric == "generation" and fact.place == "KZ-71"),
            f"only the waste of {first} to {last}, straight between two published years, all of it landfilled",
            ("managed_anaerobic", "managed_anaerobic", "managed_anaerobic"),
            False,
        )
    return found


def methane(filling: Filling, made_of: Composition) -> tuple[Bounds, tuple[str, ...]]:
    """Methane generated in the year after the last waste, t, over the ranges of the IPCC's parameters; their ids.

    The ends are the least and greatest over every combination of ends of carbon, share decomposed, rate and
    management, since more speed is not always more gas in a year.
    """
    shares = made_of.decaying
    waste = {kind: [share * tonnes * 1000 for tonnes in filling.tonnes] for kind, share in shares.items()}
    made: list[float] = []
    central, used = 0.0, ()
    for doc, docf, rate, management in product(_CASES, _CASES, _CASES, range(3)):
        gas = first_order_decay(
            waste,
            filling.first_year,
            practice_of(filling.managements[management]),
            {kind: decay_of(kind, doc=doc, docf=docf, k=rate) for kind in shares},
            years=len(filling.tonnes) + 1,
        )
        amount = gas.of(gas.years[-1])[0] / 1000
        made.append(amount)
        if (doc, docf, rate, management) == ("central", "central", "central", 1):
            central, used = amount, gas.factors
    return Bounds(min(made), central, max(made)), used


def landfill_gas(
    sites: Iterable[SiteValue], found: Mapping[str, Filling], made_of: Mapping[str, Composition], engine: float
) -> tuple[SiteValue, ...]:
    """The energy of the methane that could be collected at each landfill, GW·h a year; None where waste is unknown.

    ``engine`` is the electric efficiency of a gas engine.
    """
    return tuple(
        _gas(site, found.get(site.id), composition_of(site.place or COUNTRY, made_of), engine) for site in sites
    )


def _gas(site: SiteValue, filling: Filling | None, mix: Composition | None, engine: float) -> SiteValue:
    plain = replace(site, value=None, low=None, high=None, parts={}, kind="modelled")
    if filling is None or mix is None:
        return replace(plain, note="how much waste lies there is not published in tonnes")
    tonnes, used = methane(filling, mix)
    energy = Bounds(
        recoverable_energy(tonnes.low * 1000, COLLECTION.low) / 1e9,
        recoverable_energy(tonnes.central * 1000, COLLECTION.central) / 1e9,
        recoverable_energy(tonnes.high * 1000, COLLECTION.high) / 1e9,
    )
    low, central, high = energy.rounded()
    return replace(
        plain,
        value=central,
        low=low,
        high=high,
        year=filling.first_year + len(filling.tonnes),
        source=f"{filling.source}; composition: {mix.source}; collection: {COLLECTION_SOURCE}",
        confidence="medium",
        confirmed=filling.confirmed,
        note=filling.assumed,
        parts={
            "methane_t": significant(tonnes.central),
            "methane_t_low": significant(tonnes.low),
            "methane_t_high": significant(tonnes.high),
            "electricity_gwh": significant(energy.central * engine),
            "waste_t": significant(sum(filling.tonnes)),
        },
        factors=used,
    )

"""Building the layers of biomass, waste and geothermal heat from what ships with the program and what was loaded."""

from collections.abc import Iterable

import sqlalchemy as sa
from msgspec.structs import replace

from jasyl.facts import Fact, load_facts
from jasyl.places import regions, settlements
from jasyl.storage import DataFolder

from .areas import AreaValue, write_areas
from .biomass import layers as biomass
from .biomass.factors import single
from .biomass.potential import (
    crop_values,
    manure_values,
    organics_values,
    sums,
    theoretical_values,
    wood_values,
)
from .biomass.sheet import FILE as SHEET
from .biomass.sheet import kept
from .biomass.statistics import package_statistics
from .geothermal import layers as geothermal
from .geothermal.register import electricity_values, heat_values, sites, temperature_values
from .layer import Layer
from .layer_catalogue import read_record
from .package_inputs import file_hashes, sources_of
from .sites import SiteValue, write_sites
from .waste import layers as waste
from .waste.collection import collection, destinations
from .waste.composition import Composition, compositions
from .waste.facilities import Facility, facilities_hash, registered, starter
from .waste.generation import Amount, generation, national
from .waste.landfill_gas import fillings, landfill_gas
from .waste.landfills import register
from .waste.recyclables import recyclables_values

# Raise one whenever the same inputs give other numbers.
BIOMASS_METHOD = "biomass/residues@1.0.0"
WASTE_METHOD = "waste/municipal@1.0.0"
LANDFILL_METHOD = "waste/first-order-decay@1.0.0"
COLLECTION_METHOD = "waste/great-circle@1.0.0"
GEOTHERMAL_METHOD = "geothermal/heat-and-binary@1.0.0"

_STATISTICS, _FACTORS = "atlas/data/agriculture.csv", "atlas/data/bioenergy_factors.csv"
_WASTE, _WASTE_REGIONS = "facts/data/waste.csv", "facts/data/waste_regions.csv"
_REGIONS, _SETTLEMENTS = "places/data/regions.csv", "places/data/settlements.csv"
_DECAY, _FACILITIES = "emissions/data/landfill_factors.csv", "registry/data/starter/facilities.csv"
_GEOTHERMAL = "facts/data/geothermal.csv"


def build_residues(folder: DataFolder, connection: sa.Connection | None = None) -> list[Layer]:
    """Build every layer of biomass, waste and geothermal heat for which there is data; gives their records to log.

    Only real data: facts and statistics of the package, the statistics loaded into the folder, and the facilities of
    the register (``connection``). A training folder, whose register is fictional, and a call without a connection
    take the facilities of the starter. What is already built from the same inputs keeps its bytes.
    """
    facts = list(load_facts())
    known = registered(connection) if connection is not None and folder.kind == "real" else starter()
    made_of = compositions(facts)
    amounts = generation(facts, regions())
    with folder.locked("atlas"):
        return [
            *build_biomass(folder, amounts, made_of),
            *build_waste(folder, facts, known, amounts, made_of),
            *build_geothermal(folder, facts),
        ]


def build_biomass(
    folder: DataFolder, amounts: tuple[Amount, ...] | None = None, made_of: dict[str, Composition] | None = None
) -> list[Layer]:
    """Build the layers of biomass: statistics of the package, or of the sheet kept in the folder where it has rows."""
    facts = () if amounts is not None and made_of is not None else tuple(load_facts())
    amounts = generation(facts, regions()) if amounts is None else amounts
    made_of = compositions(facts) if made_of is None else made_of
    own, digest = kept(folder)
    statistics = (*package_statistics(), *own)
    crops, dung, wood = crop_values(statistics), manure_values(statistics), wood_values(statistics)
    organics = organics_values(amounts, made_of)
    parts = {"crop residues": crops, "manure": dung, "organics": organics} | ({"wood": wood} if wood else {})
    files = (_STATISTICS, _FACTORS)
    more = {} if digest is None else {f"data/{SHEET}": digest}
    waste_files = (_FACTORS, _WASTE, _WASTE_REGIONS, _REGIONS)
    everything = tuple(dict.fromkeys((*files, *waste_files)))
    chosen: list[tuple[Layer, Iterable[AreaValue], tuple[str, ...], dict[str, str]]] = [
        (biomass.ENERGY, sums(parts, least=2), everything, more),
        (biomass.THEORETICAL, theoretical_values(crops, dung), files, more),
        (biomass.CROP_RESIDUES, crops, files, more),
        (biomass.MANURE, dung, files, more),
        (biomass.WOOD, wood, files, more),
        (biomass.ORGANICS, organics, waste_files, {}),
    ]
    return [
        write_areas(folder, _draft(layer, BIOMASS_METHOD, names, loaded), values)
        for layer, rows, names, loaded in chosen
        if (values := tuple(rows)) or _clear(folder, layer)
    ]


def build_waste(
    folder: DataFolder,
    facts: list[Fact],
    known: tuple[Facility, ...],
    amounts: tuple[Amount, ...],
    made_of: dict[str, Composition],
) -> list[Layer]:
    """Build the layers of waste."""
    whole = national(facts)
    areas = [amount.as_area() for amount in (*amounts, *([whole] if whole else []))]
    landfills = register(facts, known)
    engine = single("conv.gas_chp.electric").bounds.central
    gas = landfill_gas(landfills, fillings(facts), made_of, engine)
    people = {region.iso: region.population for region in regions()}
    ways = collection(settlements(), destinations(known, landfills), amounts, people)
    base = (_WASTE, _WASTE_REGIONS)
    register_hash = {"facilities": facilities_hash(known)}
    drafts = [
        write_areas(folder, _draft(waste.GENERATION, WASTE_METHOD, (*base, _REGIONS)), areas),
        write_areas(
            folder, _draft(waste.RECYCLABLES, WASTE_METHOD, (*base, _REGIONS)), recyclables_values(amounts, made_of)
        ),
    ]
    sited: list[tuple[Layer, str, tuple[str, ...], tuple[SiteValue, ...]]] = [
        (waste.LANDFILLS, WASTE_METHOD, base, landfills),
        (waste.LANDFILL_GAS, LANDFILL_METHOD, (*base, _DECAY, _FACTORS), gas),
        (waste.COLLECTION, COLLECTION_METHOD, (*base, _REGIONS, _SETTLEMENTS), ways),
    ]
    return drafts + [
        write_sites(folder, _draft(layer, method, files, register_hash, (_FACILITIES,)), rows)
        for layer, method, files, rows in sited
    ]


def build_geothermal(folder: DataFolder, facts: list[Fact]) -> list[Layer]:
    """Build the layers of geothermal heat."""
    found = sites(facts)
    rows = (
        (geothermal.HEAT, heat_values(found)),
        (geothermal.ELECTRICITY, electricity_values(found)),
        (geothermal.TEMPERATURE, temperature_values(found)),
    )
    return [write_sites(folder, _draft(layer, GEOTHERMAL_METHOD, (_GEOTHERMAL,)), values) for layer, values in rows]


def _draft(
    layer: Layer,
    method: str,
    files: tuple[str, ...],
    more: dict[str, str] | None = None,
    also_from: tuple[str, ...] = (),
) -> Layer:
    """The record before its values: ``files`` are hashed, ``more`` are hashes of what came from elsewhere."""
    return replace(
        layer,
        method=method,
        sources=sources_of(*files, *also_from),
        inputs=file_hashes(*files) | (more or {}),
        period="the latest year published for each place; said with each value",
    )


def _clear(folder: DataFolder, layer: Layer) -> bool:
    """Take away a layer for which nothing is loaded any longer."""
    record = read_record(folder, layer.id)
    if record is not None:
        (folder.atlas / f"{layer.id}.json").unlink()
        (folder.atlas / (record.file or "")).unlink(missing_ok=True)
    return False

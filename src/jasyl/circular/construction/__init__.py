"""The value chain of construction: buildings in use, what is demolished, where its materials go."""

from .aggregate import AggregateYear, allocate
from .chain import (
    FATES,
    Building,
    BuildingType,
    ConstructionChain,
    Demolition,
    Fates,
    FloorArea,
    Intensity,
    Maker,
    NewBuild,
    Retrofit,
    Use,
    chain_schema,
)
from .examination import examine_chain, parse_chain
from .indicator_deviations import chain_deviation
from .intensities import PublishedIntensity, published_intensities
from .passport import material_passport
from .passport_paper import passport_paper
from .pictures import chain_columns, chain_fate_chart, chain_stock_chart, material_name
from .run import ORIGINS, ChainRun, run_chain
from .starter import STARTER_PLACES, starter_chain

__all__ = [
    "FATES",
    "ORIGINS",
    "STARTER_PLACES",
    "AggregateYear",
    "Building",
    "BuildingType",
    "ChainRun",
    "ConstructionChain",
    "Demolition",
    "Fates",
    "FloorArea",
    "Intensity",
    "Maker",
    "NewBuild",
    "PublishedIntensity",
    "Retrofit",
    "Use",
    "allocate",
    "chain_columns",
    "chain_deviation",
    "chain_fate_chart",
    "chain_schema",
    "chain_stock_chart",
    "examine_chain",
    "material_name",
    "material_passport",
    "parse_chain",
    "passport_paper",
    "published_intensities",
    "run_chain",
    "starter_chain",
]

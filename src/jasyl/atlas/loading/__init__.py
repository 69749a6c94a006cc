"""Published files made into layers of the atlas: checked, gathered onto a grid, recorded with source and licence."""

from .features import SUBJECTS, FeatureRecord, load_features
from .load import Ask, Loaded, load_raster
from .offer import Offer, offered
from .opening import Opened, open_rasters
from .recipe import RECIPES, Recipe
from .sheets import SheetSays, StatisticRow, read_sheet

__all__ = [
    "RECIPES",
    "SUBJECTS",
    "Ask",
    "FeatureRecord",
    "Loaded",
    "Offer",
    "Opened",
    "Recipe",
    "SheetSays",
    "StatisticRow",
    "load_features",
    "load_raster",
    "offered",
    "open_rasters",
    "read_sheet",
]

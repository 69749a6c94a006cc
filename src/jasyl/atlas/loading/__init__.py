"""Published files made into layers of the atlas: checked, gathered onto a grid, recorded with source and licence."""

from .load import Loaded, load_raster
from .opening import Opened, open_rasters
from .recipe import RECIPES, Recipe

__all__ = ["RECIPES", "Loaded", "Opened", "Recipe", "load_raster", "open_rasters"]

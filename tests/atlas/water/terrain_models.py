"""Generated terrain for the tests: hills, random rough ground, directions without circles."""

import numpy as np

from jasyl.atlas.water.terrain import TerrainGrid


def grid_of(shape, west=76.0, north=45.0, side=3 / 3600):
    return TerrainGrid(west, north, side, side, *shape)


def hills(rows=80, columns=100, seed=1, tilt=2.0, rough=30.0):
    """A tilted, rough plain: falls to the south-east, full of small depressions."""
    random = np.random.default_rng(seed)
    row, column = np.mgrid[:rows, :columns]
    ground = 1000 - tilt * (row + column) + rough * random.standard_normal((rows, columns))
    return ground.astype(np.float32)

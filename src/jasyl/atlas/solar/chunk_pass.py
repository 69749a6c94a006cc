"""One pass over a chunk of weather: every lit row is worked out once and added to what was asked for."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiled import compiled
from .rows import (
    albedo_as_read,
    albedo_of_outflux,
    beam_normal,
    collect,
    facing_axis,
    facing_axis_limited,
    facing_fixed,
    facing_round,
    facing_sun,
    light_of_parts,
    light_of_total,
    light_together,
    panel_temperature,
    plane_of_array,
    plane_of_array_bright,
    power_bofinger,
    power_huld,
    sine_of_sun,
)

# Places in the table of choices.
LIGHT, GROUND, TURN, SKY, MODEL = range(5)
PARTS, TOTAL, TOTAL_ENHANCED = range(3)
ALBEDO, OUTFLUX = range(2)
EVEN, BRIGHT = range(2)
HULD, BOFINGER = range(2)
# Outputs by number.
GHI, DHI, DNI, GTI, POWER, WARMTH = range(6)
# Cells of a block: long enough for vectors to pay, seven buffers of it still in the nearest memory.
WORK = 1024


def blocks_of(rows: int, columns: int) -> NDArray[np.uint64]:
    """First and last row, first and last column (open) of blocks of up to ``WORK`` cells that cover a grid."""
    if columns > WORK:
        edges = [*range(0, columns, WORK), columns]
        found = [(row, row + 1, west, east) for row in range(rows) for west, east in pairwise(edges)]
    else:
        edges = [*range(0, rows, WORK // columns), rows]
        found = [(north, south, 0, columns) for north, south in pairwise(edges)]
    return np.array(found, dtype=np.uint64)


@compiled
def lit(here: Any, t: Any, block: Any, highest: Any, dark: Any) -> Any:
    """Whether the sun stands above ``dark`` in a block whose greatest cosine of the hour angle is ``highest``."""
    for r in range(block[0], block[1]):
        if here[t, r, 0] + here[t, r, 1] * highest >= dark:
            return True
    return False


@compiled
def face(choices: Any, where: Any, cosine: Any, sine: Any, here: Any, limits: Any, ratio: Any, view: Any) -> None:
    """The chosen way to turn."""
    turn = choices[TURN]
    if turn == 0:
        facing_fixed(where, cosine, sine, here, ratio, view)
    elif turn == 1:
        facing_axis(where, cosine, sine, here, ratio, view)
    elif turn == 2:
        facing_round(where, cosine, here, ratio, view)
    elif turn == 3:
        facing_sun(where, cosine, here, ratio, view)
    else:
        facing_axis_limited(where, cosine, sine, here, limits, ratio, view)


@compiled
def add_regions(t: Any, block: Any, width: Any, values: Any, output: Any, matrix: Any, series: Any, lost: Any) -> None:
    """Add a block's cells to the regions they lie in, each by its weight; what is missing adds to what is lost."""
    first, last, west, east = block
    starts, columns, regions, weights = matrix
    for r in range(first, last):
        for entry in range(starts[r], starts[r + 1]):
            c = columns[entry]
            if c >= west and c < east:
                value = values[(r - first) * width + c - west]
                if np.isnan(value):
                    lost[output, regions[entry], t] += weights[entry]
                else:
                    series[output, regions[entry], t] += weights[entry] * value


@compiled
def light_of_block(
    choices: Any, where: Any, first: Any, second: Any, top: Any, temperature: Any, humidity: Any, packing: Any,
    sines: Any, direct: Any, diffuse: Any,
) -> None:  # fmt: skip
    """Direct and diffuse light, read or split."""
    if choices[LIGHT] == PARTS:
        light_of_parts(where, first, second, top, packing, direct, diffuse)
    else:
        enhanced = choices[LIGHT] == TOTAL_ENHANCED
        light_of_total(where, first, top, temperature, humidity, packing, enhanced, sines, direct, diffuse)


@compiled
def pass_over(
    first: Any, second: Any, top: Any, ground: Any, temperature: Any, humidity: Any, packing: Any,
    cosines: Any, sines: Any, here: Any, limits: Any, choices: Any, panel: Any, dark: Any, outputs: Any,
    blocks: Any, highest: Any, bins: Any, sums: Any, missing: Any, cube: Any, matrix: Any, series: Any, lost: Any,
) -> None:  # fmt: skip
    """Fill ``sums`` and ``missing`` [output, bin, cell], ``cube`` [output, time, cell] where it has room, ``series`` and
    ``lost`` [output, region, time] (weighted sums, and the weight of what is missing).

    Fields are [time, cell], float32 or int16, read as they lie. ``blocks`` [block, 4] are first and last row, first and
    last column (open) of what is worked out together: whole rows, or a part of one; ``highest`` [time, block] the greatest cosine of the
    hour angle in it. Dark blocks are not looked at.
    ``matrix`` has where the entries of a row start [rows + 1], then column, region and weight of each entry.
    """
    steps, width = np.uint64(first.shape[0]), np.uint64(cosines.shape[1])
    work = np.empty((7, WORK), dtype=np.float32)
    direct, diffuse, ratio, view, thrown, tilted, found = (
        work[0], work[1], work[2], work[3], work[4], work[5], work[6],
    )  # fmt: skip
    maps, cells, tilt = sums.shape[1] > 0, cube.shape[1] > 0, outputs[-1] >= GTI
    # Unsigned places: a negative index would mean counting from the end, and looking for it keeps loops from vectors.
    for t in range(steps):
        place = np.uint64(bins[t])
        for number in range(len(blocks)):
            block = (blocks[number, 0], blocks[number, 1], blocks[number, 2], blocks[number, 3])
            if not lit(here, t, block, highest[t, number], dark):
                continue
            north, south, west, east = block
            count = (south - north) * (east - west)
            where = (t, north * width + west, count)
            if choices[LIGHT] != PARTS:
                for r in range(north, south):
                    sine_of_sun((t, r, west, east, (r - north) * width - west), cosines, here, ratio)
            light_of_block(
                choices, where, first, second, top, temperature, humidity, packing, ratio, direct, diffuse
            )  # fmt: skip
            if tilt:
                for r in range(north, south):
                    row = (t, r, west, east, (r - north) * width - west)
                    face(choices, row, cosines, sines, here, limits, ratio, view)
                if choices[GROUND] == OUTFLUX:
                    albedo_of_outflux(where, ground, direct, diffuse, packing, thrown)
                else:
                    albedo_as_read(where, ground, packing, thrown)
                plane_of_array(where, direct, diffuse, ratio, view, thrown, tilted)
                if choices[SKY] == BRIGHT:
                    plane_of_array_bright(where, direct, diffuse, ratio, view, top, packing, tilted)
            for o in range(np.uint64(len(outputs))):
                if outputs[o] == GHI:
                    light_together(where, direct, diffuse, found)
                elif outputs[o] == DHI:
                    found[:] = diffuse
                elif outputs[o] == DNI:
                    for r in range(north, south):
                        row = (t, r, west, east, (r - north) * width - west)
                        beam_normal(row, direct, cosines, here, found)
                elif outputs[o] == GTI:
                    found[:] = tilted
                elif outputs[o] == WARMTH:
                    panel_temperature(where, tilted, temperature, packing, panel, found)
                elif choices[MODEL] == HULD:
                    power_huld(where, tilted, temperature, packing, panel, found)
                else:
                    power_bofinger(where, tilted, temperature, packing, panel, found)
                if maps:
                    collect(where, found, o, place, sums, missing)
                if cells:
                    for i in range(count):
                        cube[o, t, where[1] + i] = found[i]
                if len(matrix[1]) > 0:
                    add_regions(t, block, width, found, o, matrix, series, lost)

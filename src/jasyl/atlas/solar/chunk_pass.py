"""One pass over a chunk of weather: every lit row is worked out once and added to what was asked for.

Compiled by ``pass_loop``; it allocates nothing, so that its code runs without numba.
"""

from typing import Any

import numpy as np

from ..compiled import part
from .rows import (
    albedo_as_read,
    albedo_of_outflux,
    as_it_is,
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


@part
def lit(sines: Any, cosines: Any, places: Any, block: Any, highest: Any, dark: Any) -> Any:
    """Whether the sun stands above ``dark`` in a block whose greatest cosine of the hour angle is ``highest``.

    ``sines`` and ``cosines`` are those of the declination; ``places`` [3, row, 9] are the mounting's coefficients.
    """
    found = False
    for r in range(block[0], block[1]):
        found |= sines * places[0, r, 0] + cosines * places[1, r, 1] * highest >= dark
    return found


@part
def set_here(sine: Any, cosine: Any, places: Any, block: Any, here: Any) -> None:
    """The coefficients of a block's rows at a moment."""
    for r in range(block[0], block[1]):
        for k in range(here.shape[1]):
            here[r - block[0], k] = sine * places[0, r, k] + cosine * places[1, r, k] + places[2, r, k]


@part
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


@part
def add_regions(t: Any, block: Any, values: Any, output: Any, matrix: Any, series: Any, lost: Any) -> None:
    """Add a block's cells to the regions they lie in, each by its weight; what is missing adds to what is lost."""
    first, last, west, east = block
    starts, columns, regions, weights = matrix
    for r in range(first, last):
        for entry in range(starts[r], starts[r + 1]):
            c = columns[entry]
            if c >= west and c < east:
                value = values[(r - first) * (east - west) + c - west]
                if np.isnan(value):
                    lost[output, regions[entry], t] += weights[entry]
                else:
                    series[output, regions[entry], t] += weights[entry] * value


@part
def light_of_block(
    choices: Any, where: Any, block: Any, fields: Any, packing: Any, cosines: Any, here: Any, buffers: Any
) -> None:
    """Direct and diffuse light, read or split."""
    first, second, top, _, temperature, humidity = fields
    direct, diffuse, sines = buffers[0], buffers[1], buffers[2]
    if choices[LIGHT] == PARTS:
        light_of_parts(where, first, second, top, packing, direct, diffuse)
        return
    north, south, west, east = block
    sine_of_sun((where[0], south - north, west, east), cosines, here, sines)
    enhanced = choices[LIGHT] == TOTAL_ENHANCED
    light_of_total(where, first, top, temperature, humidity, packing, enhanced, sines, direct, diffuse)


@part
def light_on_panels(
    choices: Any, limits: Any, where: Any, block: Any, fields: Any, packing: Any, hours: Any, here: Any, buffers: Any
) -> None:
    """Light on the surface, from light on the ground."""
    top, ground = fields[2], fields[3]
    direct, diffuse, ratio, view, thrown, tilted = (
        buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], buffers[5],
    )  # fmt: skip
    north, south, west, east = block
    face(choices, (where[0], south - north, west, east), hours[0], hours[1], here, limits, ratio, view)
    if choices[GROUND] == OUTFLUX:
        albedo_of_outflux(where, ground, direct, diffuse, packing, thrown)
    else:
        albedo_as_read(where, ground, packing, thrown)
    plane_of_array(where, direct, diffuse, ratio, view, thrown, tilted)
    if choices[SKY] == BRIGHT:
        plane_of_array_bright(where, direct, diffuse, ratio, view, top, packing, tilted)


@part
def value_of(
    output: Any, choices: Any, where: Any, block: Any, fields: Any, packing: Any, panel: Any, cosines: Any, here: Any,
    buffers: Any,
) -> None:  # fmt: skip
    """One output of a block, into the last buffer."""
    temperature = fields[4]
    direct, diffuse, tilted, found = buffers[0], buffers[1], buffers[5], buffers[6]
    if output == GHI:
        light_together(where, direct, diffuse, found)
    elif output == DHI:
        as_it_is(where, diffuse, found)
    elif output == DNI:
        north, south, west, east = block
        beam_normal((where[0], south - north, west, east), direct, cosines, here, found)
    elif output == GTI:
        as_it_is(where, tilted, found)
    elif output == WARMTH:
        panel_temperature(where, tilted, temperature, packing, panel, found)
    elif choices[MODEL] == HULD:
        power_huld(where, tilted, temperature, packing, panel, found)
    else:
        power_bofinger(where, tilted, temperature, packing, panel, found)


def pass_over(
    first: Any, second: Any, top: Any, ground: Any, temperature: Any, humidity: Any, packing: Any,
    declination_sine: Any, declination_cosine: Any, hour_cosine: Any, hour_sine: Any, places: Any, limits: Any,
    choices: Any, panel: Any, dark: Any, outputs: Any, blocks: Any, highest: Any, bins: Any,
    sums: Any, missing: Any, cube: Any,
    starts: Any, columns: Any, regions: Any, weights: Any, series: Any, lost: Any, buffers: Any, here: Any,
) -> None:  # fmt: skip
    """Fill ``sums`` and ``missing`` [output, bin, cell], ``cube`` [output, time, cell] where it has room, ``series``
    and ``lost`` [output, region, time] (weighted sums, and the weight of what is missing).

    The six fields are [time, cell], float32 or int16, read as they lie. The declination has its sine and cosine [time],
    the hour angle cosine and sine [time, column]. ``blocks`` [block, 4] are first and last row, first and last column
    (open) of what is worked out together: whole rows, or a part of one; ``highest`` [time, block] is the greatest
    cosine of the hour angle in it. Dark blocks are not looked at. Entries of a row of cells in regions begin at
    ``starts`` [rows + 1]; each has column, region and weight. ``buffers`` [7, cell of a block] and ``here`` [row of a
    block, coefficient] are room to work in.
    """
    fields = (first, second, top, ground, temperature, humidity)
    hours = (hour_cosine, hour_sine)
    matrix = (starts, columns, regions, weights)
    found = buffers[6]
    width = np.uint64(hour_cosine.shape[1])
    # Unsigned places: a negative index would mean counting from the end, and looking for it keeps loops from vectors.
    for t in range(np.uint64(len(bins))):
        sine, cosine = declination_sine[t], declination_cosine[t]
        for number in range(len(blocks)):
            block = (blocks[number, 0], blocks[number, 1], blocks[number, 2], blocks[number, 3])
            if not lit(sine, cosine, places, block, highest[t, number], dark):
                continue
            north, south, west, east = block
            where = (t, north * width + west, (south - north) * (east - west))
            set_here(sine, cosine, places, block, here)
            light_of_block(choices, where, block, fields, packing, hours[0], here, buffers)
            if outputs[-1] >= GTI:
                light_on_panels(choices, limits, where, block, fields, packing, hours, here, buffers)
            for o in range(np.uint64(len(outputs))):
                value_of(outputs[o], choices, where, block, fields, packing, panel, hours[0], here, buffers)
                if sums.shape[1] > 0:
                    collect(where, found, o, np.uint64(bins[t]), sums, missing)
                if cube.shape[1] > 0:
                    for i in range(where[2]):
                        cube[o, t, where[1] + i] = found[i]
                if len(columns) > 0:
                    add_regions(t, block, found, o, matrix, series, lost)

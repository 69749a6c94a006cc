"""One pass over a chunk of weather: every lit row is worked out once and added to what was asked for.

Compiled by ``pass_loop``; it allocates nothing, so that its code runs without numba.
"""

from typing import Any

import numpy as np

from ..compiled import part
from .facing import (
    beam_normal,
    facing_axis,
    facing_axis_limited,
    facing_fixed,
    facing_round,
    facing_sun,
    sine_of_sun,
)
from .rows import (
    as_it_is,
    collect,
    light_of_parts,
    light_of_total,
    light_together,
    panel_temperature,
    plane_of_array,
    plane_of_array_bright,
    power_at_once,
    power_bofinger,
    power_huld,
    put,
)

# Cells that the processor works on together: columns are taken by so many, that none is left to be done alone.
_ONE, _LANES = np.uint64(1), np.uint64(16)
# More than the rounding of a cosine.
_ROUNDED = 1e-9
# Places in the table of choices.
LIGHT, GROUND, TURN, SKY, MODEL = range(5)
PARTS, TOTAL, TOTAL_ENHANCED = range(3)
ALBEDO, OUTFLUX = range(2)
EVEN, BRIGHT = range(2)
HULD, BOFINGER = range(2)
# Outputs by number.
GHI, DHI, DNI, GTI, POWER, WARMTH = range(6)


@part
def lit(sine: Any, cosine: Any, places: Any, block: Any, hours: Any, highest: Any, dark: Any) -> Any:
    """The block from the first to the last column in which the sun stands above ``dark``; without columns when nowhere.

    ``sine`` and ``cosine`` are those of the declination; ``places`` [3, row, 9] are the mounting's coefficients,
    ``hours`` the cosine of the hour angle by column and ``highest`` its greatest in the block.
    """
    north, south, west, east = block
    least = np.inf
    for r in range(north, south):
        least = min(least, (dark - sine * places[0, r, 0]) / (cosine * places[1, r, 1]) - _ROUNDED)
    if highest < least:
        return north, south, west, west
    first, last = west, east
    while hours[first] < least:
        first += _ONE
    while hours[last - _ONE] < least:
        last -= _ONE
    wanted = (last - first + _LANES - _ONE) // _LANES * _LANES
    if wanted >= east - west:
        return block
    first = min(first, east - wanted)
    return north, south, first, first + wanted


@part
def cells_of(t: Any, block: Any, width: Any) -> Any:
    """Where the block's cells lie in fields of ``width`` columns: as ``rows`` takes it."""
    north, south, west, east = block
    rows, columns = south - north, east - west
    if columns == width:
        return t, north * width, _ONE, rows * width, width
    return t, north * width + west, rows, columns, width


@part
def set_here(sine: Any, cosine: Any, places: Any, block: Any, here: Any) -> None:
    """The coefficients of a block's rows at a moment."""
    for r in range(block[0], block[1]):
        for k in range(here.shape[1]):
            here[r - block[0], k] = sine * places[0, r, k] + cosine * places[1, r, k] + places[2, r, k]


@part
def face(choices: Any, across: Any, cosine: Any, sine: Any, here: Any, limits: Any, ratio: Any, view: Any) -> None:
    """The chosen way to turn."""
    turn = choices[TURN]
    if turn == 0:
        facing_fixed(across, cosine, sine, here, ratio, view)
    elif turn == 1:
        facing_axis(across, cosine, sine, here, ratio, view)
    elif turn == 2:
        facing_round(across, cosine, here, ratio, view)
    elif turn == 3:
        facing_sun(across, cosine, here, ratio, view)
    else:
        facing_axis_limited(across, cosine, sine, here, limits, ratio, view)


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
    choices: Any, where: Any, across: Any, fields: Any, packing: Any, cosines: Any, here: Any, buffers: Any
) -> None:
    """Direct and diffuse light, read or split."""
    first, second, top, _, temperature, humidity = fields
    direct, diffuse, sines = buffers[0], buffers[1], buffers[2]
    if choices[LIGHT] == PARTS:
        light_of_parts(where, first, second, top, packing, direct, diffuse)
        return
    sine_of_sun(across, cosines, here, sines)
    enhanced = choices[LIGHT] == TOTAL_ENHANCED
    light_of_total(where, first, top, temperature, humidity, packing, enhanced, sines, direct, diffuse)


@part
def light_on_panels(choices: Any, where: Any, fields: Any, packing: Any, buffers: Any) -> None:
    """Light on the surface, from light on the ground."""
    top, ground = fields[2], fields[3]
    direct, diffuse, ratio, view, tilted = buffers[0], buffers[1], buffers[2], buffers[3], buffers[4]
    upward = choices[GROUND] == OUTFLUX
    plane_of_array(where, direct, diffuse, ratio, view, ground, packing, upward, tilted)
    if choices[SKY] == BRIGHT:
        plane_of_array_bright(where, direct, diffuse, ratio, view, top, packing, tilted)


@part
def at_once(outputs: Any, choices: Any) -> Any:
    """Whether nothing but power is asked for, of the usual weather and panels."""
    usual = choices[LIGHT] == PARTS and choices[GROUND] == ALBEDO and choices[SKY] == EVEN and choices[MODEL] == HULD
    return usual and outputs[0] == POWER and outputs[-1] == POWER


@part
def value_of(
    output: Any, choices: Any, where: Any, across: Any, fields: Any, packing: Any, panel: Any, cosines: Any, here: Any,
    buffers: Any,
) -> None:  # fmt: skip
    """One output of a block, into the last buffer."""
    temperature = fields[4]
    direct, diffuse, tilted, found = buffers[0], buffers[1], buffers[4], buffers[5]
    if output == GHI:
        light_together(where, direct, diffuse, found)
    elif output == DHI:
        as_it_is(where, diffuse, found)
    elif output == DNI:
        beam_normal(across, direct, cosines, here, found)
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
    cosine of the hour angle in it. Dark columns on either side of a block are not looked at. Entries of a row of cells
    in regions begin at ``starts`` [rows + 1]; each has column, region and weight. ``buffers`` [6, cell of a block] and
    ``here`` [row of a block, coefficient] are room to work in.
    """
    fields = (first, second, top, ground, temperature, humidity)
    matrix = (starts, columns, regions, weights)
    found = buffers[5]
    width = np.uint64(hour_cosine.shape[1])
    alone = at_once(outputs, choices)
    # Unsigned places: a negative index would mean counting from the end, and looking for it keeps loops from vectors.
    for t in range(np.uint64(len(bins))):
        sine, cosine = declination_sine[t], declination_cosine[t]
        for number in range(len(blocks)):
            block = (blocks[number, 0], blocks[number, 1], blocks[number, 2], blocks[number, 3])
            block = lit(sine, cosine, places, block, hour_cosine[t], highest[t, number], dark)
            north, south, west, east = block
            if west == east:
                continue
            where, across = cells_of(t, block, width), (t, south - north, west, east)
            set_here(sine, cosine, places, block, here)
            if alone:
                face(choices, across, hour_cosine, hour_sine, here, limits, buffers[2], buffers[3])
                power_at_once(where, fields, packing, buffers[2], buffers[3], panel, found)
            else:
                light_of_block(choices, where, across, fields, packing, hour_cosine, here, buffers)
                if outputs[-1] >= GTI:
                    face(choices, across, hour_cosine, hour_sine, here, limits, buffers[2], buffers[3])
                    light_on_panels(choices, where, fields, packing, buffers)
            for o in range(np.uint64(len(outputs))):
                if not alone:
                    value_of(outputs[o], choices, where, across, fields, packing, panel, hour_cosine, here, buffers)
                if sums.shape[1] > 0:
                    collect(where, found, o, np.uint64(bins[t]), sums, missing)
                if cube.shape[1] > 0:
                    put(where, found, o, cube)
                if len(columns) > 0:
                    add_regions(t, block, found, o, matrix, series, lost)

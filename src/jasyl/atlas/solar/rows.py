"""Light and power for a block of cells at one moment: single passes that the compiler turns into vectors.

A block is (moment, first cell, rows, cells of a row, cells from row to row); whole rows count as one. Fields are
[time, cell]; results stand in buffers, row after row from 0.

Light is single precision. Missing input is NaN and stays NaN. The arithmetic is that of atlite 0.7 (``pv``, MIT
licence), which names its sources: diffuse light D. T. Reindl et al., Solar Energy 45 (1990) 1; panels T. Huld et al.,
Solar Energy 84 (2010) 324 and H. G. Beyer et al., EuroSun 2004.
"""

from typing import Any

import numpy as np

from ..compiled import exponent, mantissa, part

MISSING = -32768
# W/m²; less light than this on the ground counts as none.
NO_LIGHT = np.float32(0.01)

_NAN = np.float32(np.nan)
_ZERO, _ONE, _HALF = np.float32(0), np.float32(1), np.float32(0.5)
# The limits of Reindl's three ranges of clearness, compared in single precision as atlite does.
_CLOUDY, _BRIGHT = np.float32(0.3), np.float32(0.78)
_LN2 = np.float32(np.log(2))
_P0, _P1, _P2 = np.float32(-0.499999976), np.float32(0.3333333), np.float32(-0.250007812)
_P3, _P4, _P5 = np.float32(0.200012345), np.float32(-0.166266456), np.float32(0.14204856)
_P6, _P7, _P8 = np.float32(-0.131275557), np.float32(0.127226728), np.float32(-0.0767364148)


@part
def logarithm(value: Any) -> Any:
    """Natural logarithm of a positive float32, within 2 units in the last place, without call or division.

    ln(m · 2^e) = e ln 2 + f + f² P(f) with f = m − 1; P is the Chebyshev interpolation of degree 8 on [√½ − 1, √2 − 1].
    """
    f = mantissa(value) - _ONE
    tail = _P4 + f * (_P5 + f * (_P6 + f * (_P7 + f * _P8)))
    series = _P0 + f * (_P1 + f * (_P2 + f * (_P3 + f * tail)))
    return exponent(value) * _LN2 + (f + f * f * series)


@part
def unpacked(stored: Any, scale: Any, offset: Any) -> Any:
    """The value of a stored number; float32 fields have scale 1 and offset 0."""
    value = np.float32(stored) * scale + offset
    return _NAN if stored == MISSING else value


@part
def within(first: Any, second: Any, limit: Any) -> Any:
    """Direct and diffuse light on the ground, W/m², neither negative nor more than arrives above the air."""
    first = _ZERO if first < _ZERO else first
    first = limit if first > limit else first
    rest = limit - first
    second = _ZERO if second < _ZERO else second
    second = rest if second > rest else second
    # A missing limit must not go unseen: it is neither less nor more than anything.
    return first, second + (limit - limit)


@part
def light_of_parts(where: Any, beam: Any, sky: Any, top: Any, packing: Any, direct: Any, diffuse: Any) -> None:
    """Direct and diffuse light as they are known."""
    t, start, rows, count, width = where
    s0, o0, s1, o1, s2, o2 = packing[0, 0], packing[0, 1], packing[1, 0], packing[1, 1], packing[2, 0], packing[2, 1]
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            first, second = unpacked(beam[t, at + i], s0, o0), unpacked(sky[t, at + i], s1, o1)
            direct[to + i], diffuse[to + i] = within(first, second, unpacked(top[t, at + i], s2, o2))


@part
def light_of_total(
    where: Any, total: Any, top: Any, warmth: Any, damp: Any, packing: Any, enhanced: Any, sines: Any, direct: Any,
    diffuse: Any,
) -> None:  # fmt: skip
    """Direct and diffuse light from their sum: Reindl's correlations with clearness and the sun's sine.

    ``enhanced`` takes temperature (K) and relative humidity into account, with atlite's coefficients.
    """
    t, start, rows, count, width = where
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            limit = unpacked(top[t, at + i], packing[2, 0], packing[2, 1])
            light = unpacked(total[t, at + i], packing[0, 0], packing[0, 1])
            light = _ZERO if light < _ZERO else light
            light = limit if light > limit else light
            clear = light / limit if limit != _ZERO else _ZERO
            sine = sines[to + i]
            if enhanced:
                k = unpacked(warmth[t, at + i], packing[4, 0], packing[4, 1])
                h = unpacked(damp[t, at + i], packing[5, 0], packing[5, 1])
                cloudy = 1.0 - 0.232 * clear + 0.0239 * sine - 0.000682 * k + 0.0195 * h
                mixed = 1.329 - 1.716 * clear + 0.267 * sine - 0.00357 * k + 0.106 * h
                bright = 0.426 * clear - 0.256 * sine + 0.00349 * k + 0.0734 * h
            else:
                cloudy = 1.020 - 0.254 * clear + 0.0123 * sine
                mixed = 1.400 - 1.749 * clear + 0.177 * sine
                bright = 0.486 * clear - 0.182 * sine
            share = 0.0
            if clear > _ZERO and clear <= _CLOUDY:
                share = 1.0 if cloudy > 1.0 else cloudy
            elif clear > _CLOUDY and clear < _BRIGHT:
                share = 0.1 if mixed < 0.1 else 0.97 if mixed > 0.97 else mixed
            elif clear >= _BRIGHT:
                share = 0.1 if bright < 0.1 else bright
            diffuse[to + i] = light * np.float32(share) + (limit - limit)
            direct[to + i] = light - diffuse[to + i]


@part
def light_together(where: Any, direct: Any, diffuse: Any, found: Any) -> None:
    """All light on level ground."""
    _, _, rows, count, _ = where
    for i in range(rows * count):
        found[i] = direct[i] + diffuse[i]


@part
def as_it_is(where: Any, values: Any, found: Any) -> None:
    """What was worked out before."""
    _, _, rows, count, _ = where
    for i in range(rows * count):
        found[i] = values[i]


@part
def on_surface(beam: Any, sky: Any, ratio: Any, view: Any, albedo: Any) -> Any:
    """Light on the surface, W/m²: beam, even sky, and what the ground throws back."""
    light = beam + sky
    total = ratio * beam + view * sky + albedo * light * (_ONE - view)
    return _ZERO if (ratio < _ZERO or light <= NO_LIGHT) else total


@part
def plane_of_array(
    where: Any, direct: Any, diffuse: Any, ratio: Any, view: Any, ground: Any, packing: Any, upward: Any, found: Any
) -> None:
    """Light on the surface, W/m²: beam, even sky, and what the ground throws back.

    ``ground`` is its albedo, or with ``upward`` the light that goes up from it.
    """
    t, start, rows, count, width = where
    scale, offset = packing[3, 0], packing[3, 1]
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            beam, sky = direct[to + i], diffuse[to + i]
            light = beam + sky
            thrown = unpacked(ground[t, at + i], scale, offset)
            if upward:
                share = thrown / light
                share = _ONE if share > _ONE else share
                thrown = _ZERO if light == _ZERO else share
            found[to + i] = on_surface(beam, sky, ratio[to + i], view[to + i], thrown)


@part
def plane_of_array_bright(
    where: Any, direct: Any, diffuse: Any, ratio: Any, view: Any, top: Any, packing: Any, found: Any
) -> None:
    """Put a sky that is brighter about the sun and the horizon in place of the even one in ``found``.

    J. E. Hay, J. A. Davies (1980) with D. T. Reindl's brightening of the horizon.
    """
    t, start, rows, count, width = where
    scale, offset = packing[2, 0], packing[2, 1]
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            beam, sky = direct[to + i], diffuse[to + i]
            light = beam + sky
            brightening = np.sqrt(beam / light) if light > _ZERO else _ZERO
            clear = beam / unpacked(top[t, at + i], scale, offset)
            away = _ONE - view[to + i]
            even = (_ONE - clear) * view[to + i] * (_ONE + brightening * away * np.sqrt(away)) + clear * ratio[to + i]
            even = _ZERO if even < _ZERO else even
            bright = found[to + i] + (even - view[to + i]) * sky
            found[to + i] = _ZERO if (ratio[to + i] < _ZERO or light <= NO_LIGHT) else bright


@part
def huld(light: Any, air: Any, parameters: Any) -> Any:
    """Power relative to the panel's rating, Huld's model: efficiency by the logarithm of light and panel warmth."""
    ambient, heating, reference, rated, k1, k2, k3, k4, k5, k6, inverter = parameters
    share = light * rated
    warm = ambient * air + heating * light - reference
    log = logarithm(share)
    efficiency = _ONE + log * (k1 + k2 * log) + warm * (k3 + log * (k4 + k5 * log) + k6 * warm)
    efficiency = _ZERO if efficiency < _ZERO else efficiency
    return _ZERO if light <= _ZERO else share * efficiency * inverter


@part
def huld_parameters(panel: Any) -> Any:
    return (
        panel[0], panel[1], panel[2], panel[3], panel[4], panel[5], panel[6], panel[7], panel[8], panel[9], panel[10],
    )  # fmt: skip


@part
def power_huld(where: Any, light: Any, temperature: Any, packing: Any, panel: Any, found: Any) -> None:
    """Power of the light on the panels."""
    t, start, rows, count, width = where
    scale, offset = packing[4, 0], packing[4, 1]
    parameters = huld_parameters(panel)
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            found[to + i] = huld(light[to + i], unpacked(temperature[t, at + i], scale, offset), parameters)


@part
def power_at_once(where: Any, fields: Any, packing: Any, ratio: Any, view: Any, panel: Any, found: Any) -> None:
    """The same from light in parts and albedo, where nothing else is asked for: memory is read while it is worked."""
    t, start, rows, count, width = where
    beam, sky, top, ground, temperature, _ = fields
    s0, o0, s1, o1, s2, o2 = packing[0, 0], packing[0, 1], packing[1, 0], packing[1, 1], packing[2, 0], packing[2, 1]
    s3, o3, s4, o4 = packing[3, 0], packing[3, 1], packing[4, 0], packing[4, 1]
    parameters = huld_parameters(panel)
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            first, second = unpacked(beam[t, at + i], s0, o0), unpacked(sky[t, at + i], s1, o1)
            direct, diffuse = within(first, second, unpacked(top[t, at + i], s2, o2))
            albedo, air = unpacked(ground[t, at + i], s3, o3), unpacked(temperature[t, at + i], s4, o4)
            found[to + i] = huld(on_surface(direct, diffuse, ratio[to + i], view[to + i], albedo), air, parameters)


@part
def power_bofinger(where: Any, light: Any, temperature: Any, packing: Any, panel: Any, found: Any) -> None:
    """Power relative to the panel's rating, the model of Beyer, Heilscher and Bofinger."""
    t, start, rows, count, width = where
    scale, offset = packing[4, 0], packing[4, 1]
    a, b, k, d, fraction, standard, absorbed, weight, threshold = (
        panel[0], panel[1], panel[2], panel[3], panel[4], panel[5], panel[6], panel[7], panel[8],
    )  # fmt: skip
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            g = light[to + i]
            reference = a + b * g + k * logarithm(g)
            warmth = fraction * g + (unpacked(temperature[t, at + i], scale, offset) - standard)
            efficiency = reference * (_ONE + d * warmth) / (_ONE + d * fraction / absorbed * reference * g)
            found[to + i] = _ZERO if g < threshold else g * efficiency * weight


@part
def panel_temperature(where: Any, light: Any, temperature: Any, packing: Any, panel: Any, found: Any) -> None:
    """Light times the panel's temperature in K: divided by the sum of light it is the mean warmth that counts."""
    t, start, rows, count, width = where
    ambient, heating = panel[len(panel) - 2], panel[len(panel) - 1]
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            warm = ambient * unpacked(temperature[t, at + i], packing[4, 0], packing[4, 1]) + heating * light[to + i]
            found[to + i] = warm * light[to + i]


@part
def collect(where: Any, values: Any, output: Any, place: Any, sums: Any, missing: Any) -> None:
    """Add a row to the sums [output, bin, row, column]; what is missing is left out and counted."""
    _, start, rows, count, width = where
    for r in range(rows):
        at, to = start + r * width, r * count
        gaps = np.int32(0)
        for i in range(count):
            value = values[to + i]
            unknown = value != value  # noqa: PLR0124 - NaN, in a form that vectorises
            gaps += np.int32(unknown)
            sums[output, place, at + i] += _ZERO if unknown else value
        if gaps > 0:
            for i in range(count):
                missing[output, place, at + i] += np.isnan(values[to + i])


@part
def put(where: Any, values: Any, output: Any, cube: Any) -> None:
    """Keep the values of a moment [output, time, cell]."""
    t, start, rows, count, width = where
    for r in range(rows):
        at, to = start + r * width, r * count
        for i in range(count):
            cube[output, t, at + i] = values[to + i]

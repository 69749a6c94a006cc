"""What is worked out for a block of cells at one moment: single passes that the compiler turns into vectors.

A block is (moment, first cell, number of cells), its results stand from 0 in buffers; fields are [time, cell].
The passes that look at the sun take it as (moment, number of rows, first and last column): all its rows in one call,
since every call counts references to its arrays, which costs more than a row's arithmetic.

Light is single precision, the sun's place double. A cell where the sun stands under ``LOWEST_SUN`` has ``ratio`` −1.
Missing input is NaN and stays NaN. The arithmetic is that of atlite 0.7 (``pv``, MIT licence), which names its sources:
sun and trackers A. B. Sproul, Renewable Energy 32 (2007) 1187; B. Marion, A. Dobos, NREL/TP-6A20-58891 (2013);
diffuse light D. T. Reindl et al., Solar Energy 45 (1990) 1; panels T. Huld et al., Solar Energy 84 (2010) 324 and
H. G. Beyer et al., EuroSun 2004.
"""

from typing import Any

import numpy as np

from ..compiled import exponent, mantissa, part

MISSING = -32768
# The mid-hour sun says little about an hour in which it rises or sets: below 1° no light is put on a tilted surface.
LOWEST_SUN = float(np.sin(np.radians(1.0)))
DARK = np.float32(-1)
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
def light_of_parts(where: Any, beam: Any, sky: Any, top: Any, packing: Any, direct: Any, diffuse: Any) -> None:
    """Direct and diffuse light on the ground, W/m², neither negative nor more than arrives above the air."""
    t, start, count = where
    s0, o0, s1, o1, s2, o2 = packing[0, 0], packing[0, 1], packing[1, 0], packing[1, 1], packing[2, 0], packing[2, 1]
    for i in range(count):
        limit = unpacked(top[t, start + i], s2, o2)
        first = unpacked(beam[t, start + i], s0, o0)
        second = unpacked(sky[t, start + i], s1, o1)
        first = _ZERO if first < _ZERO else first
        first = limit if first > limit else first
        rest = limit - first
        second = _ZERO if second < _ZERO else second
        second = rest if second > rest else second
        direct[i] = first
        # A missing limit must not go unseen: it is neither less nor more than anything.
        diffuse[i] = second + (limit - limit)


@part
def light_of_total(
    where: Any, total: Any, top: Any, warmth: Any, damp: Any, packing: Any, enhanced: Any, sines: Any, direct: Any,
    diffuse: Any,
) -> None:  # fmt: skip
    """Direct and diffuse light from their sum: Reindl's correlations with clearness and the sun's sine.

    ``enhanced`` takes temperature (K) and relative humidity into account, with atlite's coefficients.
    """
    t, start, count = where
    for i in range(count):
        limit = unpacked(top[t, start + i], packing[2, 0], packing[2, 1])
        light = unpacked(total[t, start + i], packing[0, 0], packing[0, 1])
        light = _ZERO if light < _ZERO else light
        light = limit if light > limit else light
        clear = light / limit if limit != _ZERO else _ZERO
        sine = sines[i]
        if enhanced:
            k = unpacked(warmth[t, start + i], packing[4, 0], packing[4, 1])
            h = unpacked(damp[t, start + i], packing[5, 0], packing[5, 1])
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
        diffuse[i] = light * np.float32(share) + (limit - limit)
        direct[i] = light - diffuse[i]


@part
def sine_of_sun(where: Any, cosine: Any, here: Any, sines: Any) -> None:
    """Sine of the sun's height; ``here`` begins with its two coefficients, ``cosine`` is of the hour angle."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b = here[r, 0], here[r, 1]
        for c in range(low, high):
            sines[at + c] = np.float32(a + b * cosine[t, c])


@part
def facing_fixed(where: Any, cosine: Any, sine: Any, here: Any, ratio: Any, view: Any) -> None:
    """A surface that stands still: ``ratio`` of the beam on it to the beam on the ground, share of the sky in view."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b, fa, fb, fc = here[r, 0], here[r, 1], here[r, 2], here[r, 3], here[r, 4]
        seen = np.float32((1 + here[r, 5]) / 2)
        for c in range(low, high):
            up = a + b * cosine[t, c]
            front = fa + fb * cosine[t, c] + fc * sine[t, c]
            front = 0.0 if front < 0.0 else front
            ratio[at + c] = np.float32(front) / np.float32(up) if up >= LOWEST_SUN else DARK
            view[at + c] = seen


@part
def facing_axis(where: Any, cosine: Any, sine: Any, here: Any, ratio: Any, view: Any) -> None:
    """A surface that turns about an axis so as to face the sun best; axis level or tilted, free of limits."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b = here[r, 0], here[r, 1]
        xa, xb, xc, za, zb, zc = here[r, 2], here[r, 3], here[r, 4], here[r, 5], here[r, 6], here[r, 7]
        level = np.float32(here[r, 8])
        for c in range(low, high):
            up = a + b * cosine[t, c]
            across = np.float32(xa + xb * cosine[t, c] + xc * sine[t, c])
            above = np.float32(za + zb * cosine[t, c] + zc * sine[t, c])
            front = np.sqrt(across * across + above * above)
            ratio[at + c] = front / np.float32(up) if up >= LOWEST_SUN else DARK
            # The turned panel's slope; beyond a quarter turn the angle is taken as its complement, as atlite has it.
            view[at + c] = _HALF + _HALF * level * abs(above) / front


@part
def facing_axis_limited(where: Any, cosine: Any, sine: Any, here: Any, limits: Any, ratio: Any, view: Any) -> None:
    """The same with backtracking and a largest turn: ``limits`` has ground cover (0: none), cosine and sine of it.

    Rows of panels ``1/ground cover`` widths apart turn back just so far that none shades its neighbour (flat ground):
    K. Anderson, M. Mikofski, NREL/TP-5K00-76626 (2020), equation 14 without cross-axis slope.
    """
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b = here[r, 0], here[r, 1]
        xa, xb, xc, za, zb, zc = here[r, 2], here[r, 3], here[r, 4], here[r, 5], here[r, 6], here[r, 7]
        level, cover = np.float32(here[r, 8]), np.float32(limits[0])
        least, most = np.float32(limits[1]), np.float32(limits[2])
        for c in range(low, high):
            up = a + b * cosine[t, c]
            across = abs(np.float32(xa + xb * cosine[t, c] + xc * sine[t, c]))
            above = np.float32(za + zb * cosine[t, c] + zc * sine[t, c])
            length = np.sqrt(across * across + above * above)
            turn_cosine, turn_sine = above / length, across / length
            if cover > _ZERO:
                share = abs(turn_cosine) / cover
                share = _ONE if share > _ONE else share
                back = np.sqrt(_ONE - share * share)
                turned = turn_cosine * share + turn_sine * back
                turn_sine = turn_sine * share - turn_cosine * back
                turn_cosine = turned
            if turn_cosine < least:
                turn_cosine, turn_sine = least, most
            front = above * turn_cosine + across * turn_sine
            front = _ZERO if front < _ZERO else front
            ratio[at + c] = front / np.float32(up) if up >= LOWEST_SUN else DARK
            view[at + c] = _HALF + _HALF * level * turn_cosine


@part
def facing_round(where: Any, cosine: Any, here: Any, ratio: Any, view: Any) -> None:
    """A tilted surface that turns about the vertical; ``here`` ends with sine and cosine of its slope."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b, slope_sine, slope_cosine = here[r, 0], here[r, 1], here[r, 2], here[r, 3]
        seen = np.float32((1 + slope_cosine) / 2)
        for c in range(low, high):
            up = a + b * cosine[t, c]
            front = slope_sine * np.sqrt((1 - up) * (1 + up)) + slope_cosine * up
            front = 0.0 if front < 0.0 else front
            ratio[at + c] = np.float32(front) / np.float32(up) if up >= LOWEST_SUN else DARK
            view[at + c] = seen


@part
def facing_sun(where: Any, cosine: Any, here: Any, ratio: Any, view: Any) -> None:
    """A surface on two axes, square to the beam."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b = here[r, 0], here[r, 1]
        for c in range(low, high):
            up = np.float32(a + b * cosine[t, c])
            ratio[at + c] = _ONE / up if a + b * cosine[t, c] >= LOWEST_SUN else DARK
            view[at + c] = _HALF + _HALF * up


@part
def light_together(where: Any, direct: Any, diffuse: Any, found: Any) -> None:
    """All light on level ground."""
    _, _, count = where
    for i in range(count):
        found[i] = direct[i] + diffuse[i]


@part
def as_it_is(where: Any, values: Any, found: Any) -> None:
    """What was worked out before."""
    _, _, count = where
    for i in range(count):
        found[i] = values[i]


@part
def albedo_as_read(where: Any, ground: Any, packing: Any, found: Any) -> None:
    """Share of the light that the ground throws back."""
    t, start, count = where
    scale, offset = packing[3, 0], packing[3, 1]
    for i in range(count):
        found[i] = unpacked(ground[t, start + i], scale, offset)


@part
def plane_of_array(where: Any, direct: Any, diffuse: Any, ratio: Any, view: Any, albedo: Any, found: Any) -> None:
    """Light on the surface, W/m²: beam, even sky, and what the ground throws back."""
    _, _, count = where
    for i in range(count):
        light = direct[i] + diffuse[i]
        seen = view[i]
        total = ratio[i] * direct[i] + seen * diffuse[i] + albedo[i] * light * (_ONE - seen)
        found[i] = _ZERO if (ratio[i] < _ZERO or light <= NO_LIGHT) else total


@part
def plane_of_array_bright(
    where: Any, direct: Any, diffuse: Any, ratio: Any, view: Any, top: Any, packing: Any, found: Any
) -> None:
    """Put a sky that is brighter about the sun and the horizon in place of the even one in ``found``.

    J. E. Hay, J. A. Davies (1980) with D. T. Reindl's brightening of the horizon.
    """
    t, start, count = where
    scale, offset = packing[2, 0], packing[2, 1]
    for i in range(count):
        beam, sky = direct[i], diffuse[i]
        light = beam + sky
        brightening = np.sqrt(beam / light) if light > _ZERO else _ZERO
        clear = beam / unpacked(top[t, start + i], scale, offset)
        away = _ONE - view[i]
        even = (_ONE - clear) * view[i] * (_ONE + brightening * away * np.sqrt(away)) + clear * ratio[i]
        even = _ZERO if even < _ZERO else even
        bright = found[i] + (even - view[i]) * sky
        found[i] = _ZERO if (ratio[i] < _ZERO or light <= NO_LIGHT) else bright


@part
def albedo_of_outflux(where: Any, outflux: Any, direct: Any, diffuse: Any, packing: Any, found: Any) -> None:
    """Share of the light that the ground throws back, from the light that goes up."""
    t, start, count = where
    for i in range(count):
        light = direct[i] + diffuse[i]
        share = unpacked(outflux[t, start + i], packing[3, 0], packing[3, 1]) / light
        share = _ONE if share > _ONE else share
        found[i] = _ZERO if light == _ZERO else share


@part
def power_huld(where: Any, light: Any, temperature: Any, packing: Any, panel: Any, found: Any) -> None:
    """Power relative to the panel's rating, Huld's model: efficiency by the logarithm of light and panel warmth."""
    t, start, count = where
    scale, offset = packing[4, 0], packing[4, 1]
    ambient, heating, reference, rated = panel[0], panel[1], panel[2], panel[3]
    k1, k2, k3, k4, k5, k6, inverter = panel[4], panel[5], panel[6], panel[7], panel[8], panel[9], panel[10]
    for i in range(count):
        g = light[i]
        share = g * rated
        warm = ambient * unpacked(temperature[t, start + i], scale, offset) + heating * g - reference
        log = logarithm(share)
        efficiency = _ONE + log * (k1 + k2 * log) + warm * (k3 + log * (k4 + k5 * log) + k6 * warm)
        efficiency = _ZERO if efficiency < _ZERO else efficiency
        found[i] = _ZERO if g <= _ZERO else share * efficiency * inverter


@part
def power_bofinger(where: Any, light: Any, temperature: Any, packing: Any, panel: Any, found: Any) -> None:
    """Power relative to the panel's rating, the model of Beyer, Heilscher and Bofinger."""
    t, start, count = where
    scale, offset = packing[4, 0], packing[4, 1]
    a, b, k, d, fraction, standard, absorbed, weight, threshold = (
        panel[0], panel[1], panel[2], panel[3], panel[4], panel[5], panel[6], panel[7], panel[8],
    )  # fmt: skip
    for i in range(count):
        g = light[i]
        reference = a + b * g + k * logarithm(g)
        warmth = fraction * g + (unpacked(temperature[t, start + i], scale, offset) - standard)
        efficiency = reference * (_ONE + d * warmth) / (_ONE + d * fraction / absorbed * reference * g)
        found[i] = _ZERO if g < threshold else g * efficiency * weight


@part
def panel_temperature(where: Any, light: Any, temperature: Any, packing: Any, panel: Any, found: Any) -> None:
    """Light times the panel's temperature in K: divided by the sum of light it is the mean warmth that counts."""
    t, start, count = where
    ambient, heating = panel[len(panel) - 2], panel[len(panel) - 1]
    for i in range(count):
        warm = ambient * unpacked(temperature[t, start + i], packing[4, 0], packing[4, 1]) + heating * light[i]
        found[i] = warm * light[i]


@part
def beam_normal(where: Any, direct: Any, cosine: Any, here: Any, found: Any) -> None:
    """Direct light on a surface square to it, W/m²; none while the sun stands under ``LOWEST_SUN``."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b = here[r, 0], here[r, 1]
        for c in range(low, high):
            up = a + b * cosine[t, c]
            found[at + c] = direct[at + c] / np.float32(up) if up >= LOWEST_SUN else _ZERO


@part
def collect(where: Any, values: Any, output: Any, place: Any, sums: Any, missing: Any) -> None:
    """Add a row to the sums [output, bin, row, column]; what is missing is left out and counted."""
    _, start, count = where
    gaps = np.int32(0)
    for i in range(count):
        value = values[i]
        unknown = value != value  # noqa: PLR0124 - NaN, in a form that vectorises
        gaps += np.int32(unknown)
        sums[output, place, start + i] += _ZERO if unknown else value
    if gaps > 0:
        for i in range(count):
            missing[output, place, start + i] += np.isnan(values[i])

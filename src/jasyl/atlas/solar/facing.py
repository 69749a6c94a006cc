"""How the sun's beam meets a surface, for a block of cells at one moment: passes that the compiler turns into vectors.

They take the block as (moment, number of rows, first and last column): all its rows in one call, since every call
counts references to its arrays, which costs more than a row's arithmetic. The sun's place is double precision. A cell
where the sun stands under ``LOWEST_SUN`` has ``ratio`` −1.

The arithmetic is that of atlite 0.7 (``pv``, MIT licence), which names its sources: sun and trackers A. B. Sproul,
Renewable Energy 32 (2007) 1187; B. Marion, A. Dobos, NREL/TP-6A20-58891 (2013).
"""

from typing import Any

import numpy as np

from ..compiled import part

# The mid-hour sun says little about an hour in which it rises or sets: below 1° no light is put on a tilted surface.
LOWEST_SUN = float(np.sin(np.radians(1.0)))
DARK = np.float32(-1)

_ZERO, _ONE, _HALF = np.float32(0), np.float32(1), np.float32(0.5)


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
def beam_normal(where: Any, direct: Any, cosine: Any, here: Any, found: Any) -> None:
    """Direct light on a surface square to it, W/m²; none while the sun stands under ``LOWEST_SUN``."""
    t, rows, low, high = where
    for r in range(rows):
        at = r * (high - low) - low
        a, b = here[r, 0], here[r, 1]
        for c in range(low, high):
            up = a + b * cosine[t, c]
            found[at + c] = direct[at + c] / np.float32(up) if up >= LOWEST_SUN else _ZERO

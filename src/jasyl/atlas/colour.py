"""Perceptual colour ramps: equal steps of the ramp look equally large, lighter is always less."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]

# B. Ottosson, A perceptual color space for image processing (2020): linear sRGB -> cone response -> Oklab.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def ramp(anchors: tuple[str, ...], count: int) -> tuple[Colour, ...]:
    """``count`` colours along the polyline through ``anchors`` (``#rrggbb``) in Oklab, at equal distances."""
    points = oklab(np.array([parse(anchor) for anchor in anchors], dtype=np.float64))
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    places = np.linspace(0, along[-1], count)
    lab = np.stack([np.interp(places, along, axis) for axis in points.T], axis=1)
    linear = np.asarray(np.linalg.solve(_TO_CONES, np.linalg.solve(_TO_LAB, lab.T) ** 3).T, dtype=np.float64)
    colours = np.rint(255 * _encode(np.clip(linear, 0, 1))).astype(int)
    return tuple((int(red), int(green), int(blue)) for red, green, blue in colours)


def oklab(colours: Floats) -> Floats:
    """Oklab lightness, green-red and blue-yellow of sRGB colours 0-255; [n, 3]."""
    return np.cbrt(decode(colours) @ _TO_CONES.T) @ _TO_LAB.T


def decode(colours: Floats) -> Floats:
    """Linear light 0-1 of sRGB values 0-255 (IEC 61966-2-1)."""
    value = colours / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _encode(linear: Floats) -> Floats:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def parse(colour: str) -> Colour:
    """Red, green and blue of ``#rrggbb``."""
    value = int(colour.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255

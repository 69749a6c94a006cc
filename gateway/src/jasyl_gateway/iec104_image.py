"""Last known values of an IEC 60870-5-104 device: it tells changes, a mean needs what stood in between."""

import threading
from collections.abc import Mapping

from .iec104_asdu import Measured
from .intervals import Point


class Image:
    """The good values of one device by object address, from one thread taken in, from another looked at."""

    def __init__(self, points: Mapping[int, Point]) -> None:
        self._points = points
        self._values: dict[int, float] = {}
        self._lock = threading.Lock()

    def take(self, value: Measured) -> str | None:
        """Keep a measured value, or drop the one before where the device does not vouch for it any more.

        Gives the series of a good counter: a register is read at a moment, nothing is known of it afterwards.
        """
        point = self._points.get(value.address)
        if point is None:
            return None
        if point.kind == "counter":
            return point.series if value.good else None
        with self._lock:
            if value.good:
                self._values[value.address] = value.value
            else:
                self._values.pop(value.address, None)
        return None

    def means(self) -> list[tuple[str, float]]:
        """Series and value of each point that has one now."""
        with self._lock:
            return [(self._points[address].series, value) for address, value in self._values.items()]

    def forget(self) -> None:
        """The connection is lost: nobody knows the values until the device says them again."""
        with self._lock:
            self._values.clear()

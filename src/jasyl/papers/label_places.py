"""Places for the words of a picture: each as near as can be to what it names, covering no other words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# How far words may be moved up or down from where they belong, in steps of this.
_STEP = 6.0
_STEPS = 9


@dataclass(frozen=True)
class Box:
    """A rectangle by its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    def shared(self, other: "Box") -> float:
        """The area that both cover."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return across * down if across > 0 and down > 0 else 0.0


class LabelPlaces:
    """Boxes that are taken, and a place for one more."""

    def __init__(self, taken: Iterable[Box], width: float) -> None:
        self._taken, self._width = list(taken), width

    def place(self, wanted: Sequence[tuple[float, float]], width: float, height: float) -> Box:
        """A box about one of the ``wanted`` points, the earlier the better, else a little above or below one.

        Where nothing is free, the place that covers least of the others.
        """
        best, least = Box(0.0, 0.0, width, height), float("inf")
        for step in range(2 * _STEPS + 1):
            away = (step + 1) // 2 * _STEP * (-1 if step % 2 else 1)
            for x, y in wanted:
                left = min(max(x - width / 2, 2.0), self._width - width - 2.0)
                box = Box(left, max(y + away - height / 2, 0.0), width, height)
                covered = sum(box.shared(other) for other in self._taken)
                if covered < least:
                    best, least = box, covered
            if least == 0.0:
                break
        self._taken.append(best)
        return best

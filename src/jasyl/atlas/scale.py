"""How a layer's values are coloured: the anchors of its ramp, and the classes of its legend."""

from dataclasses import dataclass

# Light to dark, so that more is darker; told apart in every kind of colour blindness (a test measures it).
AMBER = ("#fff3c4", "#f6b84b", "#d9603b", "#97285c", "#3a1247")
LAKE = ("#f3f5d0", "#a6d39a", "#47a69c", "#2c6b9c", "#262a66")


@dataclass(frozen=True)
class Category:
    """A class of a layer whose values are codes: its stored code, its colour, its name as a message."""

    code: int
    colour: str
    key: str


@dataclass(frozen=True)
class Scale:
    """Equal classes in the layer's unit as decimal texts: upper edge of the first, width of the others.

    ``year`` is for the year (or for a layer's only band), ``month`` for a single month, so that months can be compared
    with each other. Spread over what Kazakhstan has: what lies outside falls in the open classes at both ends.
    ``edges`` are the edges between the classes where equal ones would not do (values of districts or sites that
    differ a thousandfold); the layer then has one band. ``categories`` are the classes of a layer of codes.
    """

    anchors: tuple[str, ...] = ()
    year: tuple[str, str] = ("0", "1")
    month: tuple[str, str] | None = None
    edges: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()

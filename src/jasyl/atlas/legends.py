"""The legend of a layer: fixed classes for the whole country, their colours, and the picture of both."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape

from jasyl.quantities import decimal_text
from jasyl.texts import Language, Refusal, say, write_number

from .colour import Colour, parse, ramp
from .layer import BANDS, Layer
from .layer_catalogue import SCALES, definition
from .scale import Category, Scale

# Classes between the two open ones.
_INNER = 11


@dataclass(frozen=True)
class LegendClass:
    """Values from ``lower`` (inclusive) to ``upper`` (exclusive), None where the class is open, and their colour.

    A class of a layer of codes holds its ``code`` alone and has a name of its own, the message ``key``.
    """

    lower: Decimal | None
    upper: Decimal | None
    colour: Colour
    code: int | None = None
    key: str | None = None

    @property
    def hex(self) -> str:
        red, green, blue = self.colour
        return f"#{red:02x}{green:02x}{blue:02x}"


@dataclass(frozen=True)
class Legend:
    """The classes of one layer, in its unit, ascending; the same for its tiles and for the picture beside the map."""

    layer: Layer
    band: int
    classes: tuple[LegendClass, ...]

    @property
    def breaks(self) -> tuple[Decimal, ...]:
        """Edges between the classes; none where they are codes."""
        return tuple(entry.lower for entry in self.classes if entry.lower is not None)

    def label(self, number: int, language: Language) -> str:
        """For example ``< 4.2``, ``4.2–4.4``, ``≥ 6.2``; the name of a class of codes."""
        entry = self.classes[number]
        if entry.key is not None:
            return say(language, entry.key)
        lower, upper = (None if edge is None else _write(language, edge) for edge in (entry.lower, entry.upper))
        if lower is None:
            return f"< {upper}"
        return f"≥ {lower}" if upper is None else f"{lower}–{upper}"

    def as_data(self, language: Language) -> dict[str, object]:
        """Title, unit, label of kind, and classes with edges (decimal texts), colour and label."""
        return {
            "layer": self.layer.id,
            "band": self.band,
            "title": self.layer.title(language),
            "unit": self.layer.unit,
            "unit_text": self.layer.units.written(language),
            "kind": self.layer.kind,
            "kind_text": self.layer.label(language),
            "classes": [
                {
                    "lower": None if entry.lower is None else decimal_text(entry.lower),
                    "upper": None if entry.upper is None else decimal_text(entry.upper),
                    "colour": entry.hex,
                    "label": self.label(number, language),
                    **({} if entry.code is None else {"code": entry.code}),
                }
                for number, entry in enumerate(self.classes)
            ],
        }

    def svg(self, language: Language, *, width: int = 288) -> str:
        """The legend as an SVG picture with title and description for screen readers; takes the page's text colour."""
        swatch = width / len(self.classes)
        unit_text = escape(self.layer.units.written(language))
        title = escape(self.layer.title(language))
        spoken = escape(self._spoken(language))
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} 46" width="{width}" height="46" '
            f'font-family="sans-serif" font-size="10" fill="currentColor">',
            f"<title>{title}</title><desc>{spoken}</desc>",
            f'<text x="0" y="10">{unit_text}</text>',
        ]
        for number, entry in enumerate(self.classes):
            parts.append(
                f'<rect x="{number * swatch:.2f}" y="16" width="{swatch:.2f}" height="14" fill="{entry.hex}">'
                f"<title>{escape(self.label(number, language))} {unit_text}</title></rect>"
            )
            if entry.lower is not None and number % 2:
                label = escape(_write(language, entry.lower))
                parts.append(f'<text x="{number * swatch:.2f}" y="42" text-anchor="middle">{label}</text>')
        return "".join([*parts, "</svg>"])

    def _spoken(self, language: Language) -> str:
        if not self.breaks:
            return "; ".join(self.label(number, language) for number in range(len(self.classes)))
        low, high = _write(language, self.breaks[0]), _write(language, self.breaks[-1])
        return say(language, "legend-description", low=low, high=high, unit=self.layer.units.written(language))


@cache
def legend(layer_id: str, band: int = 0) -> Legend:
    """The legend of a layer's band: 0 the year, 1 to 12 the months (all months share one, so they can be compared).

    Bands of a layer without months share one. Raises Refusal ``layer-unknown``, ``layer-band``, and ``layer-waiting``
    for a layer that has no classes yet.
    """
    layer = definition(layer_id)
    if layer_id not in SCALES:
        raise Refusal("layer-waiting", received=layer_id)
    scale = SCALES[layer_id]
    if band < 0 or (scale.month is not None and band >= len(BANDS)):
        raise Refusal("layer-band", received=str(band), expected=f"0–{len(BANDS) - 1}")
    if scale.categories:
        return Legend(layer, band, tuple(_named(category) for category in scale.categories))
    edges = [None, *_edges(scale, band), None]
    colours = ramp(scale.anchors, len(edges) - 1)
    return Legend(
        layer,
        band,
        tuple(
            LegendClass(lower, upper, colour)
            for lower, upper, colour in zip(edges[:-1], edges[1:], colours, strict=True)
        ),
    )


def _named(category: Category) -> LegendClass:
    return LegendClass(None, None, parse(category.colour), category.code, category.key)


def _edges(scale: Scale, band: int) -> list[Decimal]:
    if scale.edges:
        return [Decimal(edge) for edge in scale.edges]
    low, step = (Decimal(edge) for edge in (scale.month if band and scale.month else scale.year))
    return [low + number * step for number in range(_INNER)]


def _write(language: Language, edge: Decimal) -> str:
    places = 0 if edge == edge.to_integral_value() else max(1, -int(edge.normalize().as_tuple().exponent))
    return write_number(language, edge, places)

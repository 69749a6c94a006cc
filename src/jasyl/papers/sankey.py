"""Sankey diagrams as SVG text: loops, stock boxes, uncertainty and negative flows included.

Pure functions of numbers and words. Nothing is dropped: a flow whose amount is not known is a dashed line, a negative
one is drawn against its direction and marked, and what was drawn is added up again from the widths that were written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from jasyl.texts import Language, write_number

from .chart import PALETTE
from .label_places import Box, LabelPlaces
from .sankey_layout import (
    LEFT,
    LINE,
    NODE_WIDTH,
    RIGHT,
    Link,
    Node,
    Place,
    band_heights,
    columns_of,
    places_of,
    scale_of,
    stops_of,
    thickness,
)

_LETTER = 6.4
_LANE = 14.0  # room between flows that lead back
_SMALL_LETTER, _SMALL_LINE = 6.0, 13.0  # of the words of flows
# Where along a band its words may stand, the middle first.
_SHARES = (0.5, 0.35, 0.65, 0.22, 0.78)
# Words stand out on hatching and on lines that run behind them, on light paper and on dark.
_HALO = ' paint-order="stroke" stroke="Canvas" stroke-width="3" stroke-linejoin="round"'


@dataclass(frozen=True)
class Words:
    """What the picture says: ``unknown`` beside dashed lines, ``drawn`` the sentence of sums with {drawn}, {data}."""

    title: str
    description: str
    unit: str
    unknown: str
    negative: str
    drawn: str


@dataclass(frozen=True)
class Sankey:
    """The picture, the amount its widths add up to, the amount the data add up to (sizes of all known flows), their
    unit as people read it."""

    svg: str
    drawn: float
    data: float
    undrawn: int
    unit: str


def sankey(
    nodes: Sequence[Node], links: Sequence[Link], words: Words, language: Language, *, name: str = "s", width: int = 960
) -> Sankey:
    """Draw nodes in columns from source to sink and links as bands whose width is their amount.

    The full colour reaches one standard deviation below the value, hatching one above it. Links that lead back run
    below the picture. ``name`` begins the ids of patterns, so that two pictures can stand on one page.
    """
    columns = columns_of(nodes, links)
    scale = scale_of(nodes, links, columns)
    stops = stops_of(links, columns)
    places, floor = places_of(nodes, links, columns, stops, scale, width)
    kinds = list(dict.fromkeys(link.kind for link in links))
    colours = {kind: PALETTE[at % len(PALETTE)] for at, kind in enumerate(kinds)}
    back = [link for link in links if columns[link.source] >= columns[link.target]]
    parts, drawn, ways = _bands(links, places, columns, stops, scale, colours, floor, words, language, name)
    parts += [part for node in nodes for part in _node(node, places[node.id], words, language, columns, width)]
    parts += _labels(links, ways, nodes, places, words, language, columns, width)
    legend = _legend(kinds, colours, width)
    height = floor + _LANE * 2 + sum(thickness(link, scale) + _LANE for link in back) + (len(legend) + 1) * LINE
    known = [abs(link.value) for link in links if link.value is not None]
    sums = words.drawn.format(
        drawn=f"{write_number(language, _digits(drawn))} {words.unit}",
        data=f"{write_number(language, _digits(sum(known)))} {words.unit}",
        unknown=str(len(links) - len(known)),
    )
    for at, row in enumerate(reversed(legend)):
        parts.append(f'<g transform="translate(0 {height - LINE * (1.6 + at):.1f})">{row}</g>')
    parts.append(_text(8, height - 6, sums, "start"))
    svg = _svg(words, parts, colours, name, width, height)
    return Sankey(svg, drawn, sum(known), len(links) - len(known), words.unit)


def _bands(
    links: Sequence[Link], places: Mapping[str, Place], columns: Mapping[str, int], stops: Mapping[int, list[str]],
    scale: float, colours: Mapping[str, str], floor: float, words: Words, language: Language, name: str,
) -> tuple[list[str], float, list[list[tuple[float, float]]]]:  # fmt: skip
    """The bands, the amount their widths add up to, and for each the points where its words may stand."""
    parts: list[str] = []
    ways: list[list[tuple[float, float]]] = []
    drawn, lane = 0.0, floor
    # From the top of each node downwards, so that bands cross as little as their ends allow.
    starts = [places[(*stops[at], link.target)[0]].y for at, link in enumerate(links)]
    ends = [places[(link.source, *stops[at])[-1]].y for at, link in enumerate(links)]
    begins = band_heights(links, places, starts, scale, outgoing=True)
    arrives = band_heights(links, places, ends, scale, outgoing=False)
    for number, link in enumerate(links):
        thick = float(f"{thickness(link, scale):.3f}")
        source, target = places[link.source], places[link.target]
        y1, y2 = begins[number], arrives[number]
        x1, x2 = source.x + NODE_WIDTH, target.x
        if columns[link.source] >= columns[link.target]:
            lane += thick + _LANE
            path = _back(x1, y1, x2, y2, lane - thick / 2)
            ways.append([(x1 + (x2 - x1) * share, lane - thick / 2) for share in _SHARES])
        else:
            way = [(x1, y1)]
            for stop in stops[number]:
                middle = places[stop].y + thick / 2
                way += [(places[stop].x, middle), (places[stop].x + NODE_WIDTH, middle)]
            way.append((x2, y2))
            path = _forth(way)
            ways.append([point for start, end in list(pairwise(way))[::2] for point in _along(start, end)])
        parts += _band(link, path, thick, scale, colours[link.kind], words, language, f"{name}-{_kind(colours, link)}")
        parts += _arrow(link, x1, y1, x2, y2, thick)
        drawn += thick / scale if link.value is not None else 0.0
    return parts, drawn, ways


def _along(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Points of the smooth line of `_forth` between two columns, its middle first."""
    (x1, y1), (x2, y2) = start, end
    # The bend makes x linear-ish and y a smooth step in the line's own parameter.
    return [(x1 + (x2 - x1) * (1.5 * t - 1.5 * t * t + t**3), y1 + (y2 - y1) * t * t * (3 - 2 * t)) for t in _SHARES]


def _labels(
    links: Sequence[Link], ways: Sequence[Sequence[tuple[float, float]]], nodes: Sequence[Node],
    places: Mapping[str, Place], words: Words, language: Language, columns: Mapping[str, int], width: int,
) -> list[str]:  # fmt: skip
    """The words of the bands, where they cover neither each other nor nodes and their words; the widest bands choose
    first."""
    taken = [box for node in nodes for box in _node_boxes(node, places[node.id], words, language, columns, width)]
    free, most = LabelPlaces(taken, width), _letters_between(columns, width)
    parts: list[str] = []
    for at in sorted(range(len(links)), key=lambda one: -abs(links[one].value or 0.0)):
        link = links[at]
        # What is not known is said in full by the line itself.
        said = f"{link.label}: ?" if link.value is None else _label(link, words, language)
        lines = _wrapped(said, most)
        box = free.place(ways[at], max(map(len, lines)) * _SMALL_LETTER, len(lines) * _SMALL_LINE)
        parts += _leader(box, ways[at])
        for row, line in enumerate(lines):
            y = box.y + _SMALL_LINE * (row + 0.8)
            parts.append(_text(box.x + box.width / 2, y, line, "middle", f'font-size="11"{_HALO}'))
    return parts


def _leader(box: Box, way: Sequence[tuple[float, float]]) -> list[str]:
    """A thin line from words to their band, where they had to be moved off it."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    to_x, to_y = min(way, key=lambda point: abs(point[0] - x) + abs(point[1] - y))
    if abs(to_y - y) <= box.height / 2 + 2:
        return []
    edge = box.y if to_y < y else box.y + box.height
    return [f'<path d="M{x:.1f} {edge:.1f}L{to_x:.1f} {to_y:.1f}" stroke="currentColor" stroke-width="0.7"/>']


def _letters_between(columns: Mapping[str, int], width: int) -> int:
    """How many letters of a label fit between two columns."""
    last = max(columns.values(), default=0)
    return max(10, int(((width - LEFT - RIGHT) / max(1, last) - 2 * NODE_WIDTH) / _SMALL_LETTER))


def _forth(way: Sequence[tuple[float, float]]) -> str:
    """A smooth line from column to column."""
    path = f"M{way[0][0]:.1f} {way[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(way):
        bend = (x2 - x1) / 2
        path += f"C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return path


def _kind(colours: Mapping[str, str], link: Link) -> int:
    return list(colours).index(link.kind)


def _band(
    link: Link, path: str, thick: float, scale: float, colour: str, words: Words, language: Language, pattern: str
) -> list[str]:  # fmt: skip
    told = f"<title>{escape(_label(link, words, language))}</title>"
    if link.value is None:
        line = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="5 4">'
        return [f"{line}{told}</path>"]
    spread = (link.sd or 0.0) * scale
    parts: list[str] = []
    if spread > 0:
        parts.append(f'<path d="{path}" fill="none" stroke="url(#{pattern})" stroke-width="{thick + spread:.2f}"/>')
    full = max(thick - spread, 0.0)
    dash = ' stroke-dasharray="9 3"' if link.value < 0 else ""
    parts.append(
        f'<path d="{path}" fill="none" stroke="{_tint(colour)}" stroke-opacity="0.9" stroke-width="{full:.2f}"{dash}/>'
    )
    # A line in the middle: bands thinner than it are seen, and so is the value within its hatching.
    parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="0.8">{told}</path>')
    return parts


def _tint(colour: str) -> str:
    """The colour halfway to white, so that words stand out on it and hatching below does not show."""
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + 255) // 2:02x}" for at in (1, 3, 5))


def _back(x1: float, y1: float, x2: float, y2: float, lane: float) -> str:
    """Out to the right, below the picture, and in again from the left."""
    out, into = x1 + 34, x2 - 34
    return (
        f"M{x1:.1f} {y1:.1f}C{out:.1f} {y1:.1f} {out:.1f} {lane:.1f} {x1:.1f} {lane:.1f}"
        f"L{x2:.1f} {lane:.1f}C{into:.1f} {lane:.1f} {into:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    )


def _arrow(link: Link, x1: float, y1: float, x2: float, y2: float, thick: float) -> list[str]:
    """Where the amount goes: at the target, or at the source for a negative flow."""
    size = min(7.0, max(3.5, thick / 2))
    if link.value is not None and link.value < 0:
        tip, y, turn = x1, y1, 1
    else:
        tip, y, turn = x2, y2, -1
    return [f'<path d="M{tip:.1f} {y:.1f}l{turn * size:.1f} {-size:.1f}v{2 * size:.1f}z" fill="currentColor"/>']


def _label(link: Link, words: Words, language: Language) -> str:
    if link.value is None:
        return f"{link.label}: {words.unknown}"
    sign = f" ({words.negative})" if link.value < 0 else ""
    spread = f" ± {write_number(language, _digits(link.sd))}" if link.sd else ""
    return f"{link.label}: {write_number(language, _digits(link.value))}{spread}{sign}"


def _node(
    node: Node, place: Place, words: Words, language: Language, columns: Mapping[str, int], width: int
) -> list[str]:
    parts = [
        f'<rect x="{place.x:.1f}" y="{place.y:.1f}" width="{NODE_WIDTH:.0f}" height="{place.height:.2f}"'
        f' fill="currentColor" fill-opacity="0.75"><title>{escape(node.label)}</title></rect>'
    ]
    x, y, anchor, lines = _node_words(node, place, columns, width)
    for at, line in enumerate(lines):
        parts.append(_text(x, y + at * LINE, line, anchor, 'font-weight="600"'))
    if node.stock:
        label, box = _stock_box(node, place, words, language, width)
        parts.append(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.0f}" fill="none"'
            ' stroke="currentColor" stroke-width="1.5"/>'
        )
        parts.append(_text(box.x + box.width / 2, box.y + 14, label, "middle"))
    return parts


def _node_words(
    node: Node, place: Place, columns: Mapping[str, int], width: int
) -> tuple[float, float, str, list[str]]:  # fmt: skip
    """Where the name of a node begins, its anchor and its lines: beside the outer columns, above the inner ones."""
    first, last = columns[node.id] == 0, columns[node.id] == max(columns.values())
    if not first and not last:
        lines = _wrapped(node.label, _letters_between(columns, width))
        return place.x + NODE_WIDTH / 2, place.y - 6 - (len(lines) - 1) * LINE, "middle", lines
    lines = _wrapped(node.label, 18)
    y = place.y + place.height / 2 + 4
    return (place.x - 6, y, "end", lines) if first else (place.x + NODE_WIDTH + 6, y, "start", lines)


def _stock_box(node: Node, place: Place, words: Words, language: Language, width: int) -> tuple[str, Box]:
    change = words.unknown
    if node.change is not None:
        change = f"{'+' if node.change >= 0 else '−'}{write_number(language, _digits(abs(node.change)))}"
    label = f"Δ {change}"
    room = len(label) * _LETTER + 12
    return label, Box(
        min(max(4.0, place.x + NODE_WIDTH / 2 - room / 2), width - room - 4), place.y + place.height + 5, room, 19.0
    )


def _node_boxes(
    node: Node, place: Place, words: Words, language: Language, columns: Mapping[str, int], width: int
) -> list[Box]:
    """What a node, its name and its stock cover."""
    x, y, anchor, lines = _node_words(node, place, columns, width)
    room = max(map(len, lines)) * _LETTER * 1.1
    left = {"start": x, "middle": x - room / 2, "end": x - room}[anchor]
    boxes = [Box(place.x, place.y, NODE_WIDTH, place.height), Box(left, y - LINE * 0.8, room, len(lines) * LINE)]
    return [*boxes, _stock_box(node, place, words, language, width)[1]] if node.stock else boxes


def _wrapped(label: str, most: int) -> list[str]:
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + len(word) < most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _legend(kinds: Sequence[str], colours: Mapping[str, str], width: int) -> list[str]:
    """Rows of colours with their names, as many as the width needs."""
    rows: list[str] = [""]
    x = 8.0
    for kind in filter(None, kinds):
        room = len(kind) * _LETTER * 1.1 + 34
        if rows[-1] and x + room > width:
            rows.append("")
            x = 8.0
        rows[-1] += f'<rect x="{x:.1f}" y="-9" width="12" height="10" fill="{colours[kind]}"/>'
        rows[-1] += _text(x + 16, 0, kind, "start")
        x += room
    return rows


def _svg(
    words: Words, parts: Sequence[str], colours: Mapping[str, str], name: str, width: int, height: float
) -> str:  # fmt: skip
    patterns = "".join(
        f'<pattern id="{name}-{at}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="2.2" height="6" fill="{colour}" fill-opacity="0.6"/></pattern>'
        for at, colour in enumerate(colours.values())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img" width="100%"'
        f' font-family="sans-serif" font-size="12" fill="currentColor" aria-label="{escape(words.title)}">'
        f"<title>{escape(words.title)}</title><desc>{escape(words.description)}</desc><defs>{patterns}</defs>"
        f"{''.join(parts)}</svg>"
    )


def _digits(value: float | None) -> float:
    """Four digits, as many as such data ever have."""
    return float(f"{value or 0.0:.4g}")


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{" " + more if more else ""}>{escape(text)}</text>'

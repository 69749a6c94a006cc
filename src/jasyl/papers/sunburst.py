"""A sunburst: rings of a hierarchy around a centre, every part with its value as a colour and as words."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from .drawing import TONES, opened, polar, ring_piece, text, width_of, with_mark

SIDE = 720.0
_CENTRE = SIDE / 2
# Inner and outer radius of the rings of depth 1, 2 and 3.
_RINGS = ((84.0, 128.0), (130.0, 268.0), (270.0, 352.0))
_SMALLEST, _SIZE = 6.5, 9.0


@dataclass(frozen=True)
class Sector:
    """A part of the picture.

    ``label`` is drawn in it and followed by ``mark``, its value in words; ``told`` is the whole sentence for screen
    readers and pointers. ``tone`` is the place on the scale of colours (0 worst, 3 best), None for none: such a part
    has a dashed edge and no colour. ``href`` is where it leads.
    """

    label: str
    told: str
    tone: int | None = None
    mark: str = ""
    href: str = ""
    children: tuple["Sector", ...] = field(default=())

    @property
    def leaves(self) -> int:
        """How many parts of the outermost ring belong to it: its share of the circle."""
        return sum(child.leaves for child in self.children) or 1


def sunburst(sectors: Sequence[Sector], *, centre: Sequence[str], alternative: str) -> str:
    """The picture as SVG text: up to three rings, every part as wide as its leaves are many, clockwise from the top.

    Parts with an address are links, so they can be reached with the keyboard in the order of reading; each carries its
    sentence. ``centre`` is written in the middle, the first line large.
    """
    parts = [opened(SIDE, SIDE, alternative, size=_SIZE)]
    total = sum(one.leaves for one in sectors) or 1
    step = 2 * math.pi / total
    parts += _ring(sectors, 0.0, step, 0)
    for number, words in enumerate(centre):
        size = 20.0 if number == 0 else 12.0
        size = min(size, size * 150 / max(1.0, width_of(words, size)))
        y = _CENTRE - 10 * (len(centre) - 1) + 22 * number + 4
        parts.append(text(_CENTRE, y, words, anchor="middle", size=size, bold=number == 0))
    return "".join([*parts, "</svg>"])


def _ring(sectors: Sequence[Sector], start: float, step: float, depth: int) -> Iterator[str]:
    for one in sectors:
        end = start + step * one.leaves
        yield _sector(one, start, end, depth)
        if depth + 1 < len(_RINGS):
            yield from _ring(one.children, start, step, depth + 1)
        start = end


def _sector(one: Sector, start: float, end: float, depth: int) -> str:
    inner, outer = _RINGS[depth]
    shape = ring_piece(_CENTRE, inner, outer, start, end)
    if one.tone is None:
        look, ink = 'fill="none" stroke-dasharray="2 2"', "currentColor"
    else:
        look, ink = f'fill="{TONES[one.tone].fill}"', TONES[one.tone].ink
    drawn = f'<path d="{shape}" {look} stroke="currentColor" stroke-width="0.6"/>'
    drawn += (_along if depth == 0 else _radial)(one, start, end, depth, ink)
    # The title is the name; the words drawn are cut to their room, so that no label could repeat them whole.
    told = escape(one.told)
    tag = "a" if one.href else "g"
    to = f' href="{escape(one.href)}"' if one.href else ' role="img"'
    return f'<{tag}{to} class="sector" data-depth="{depth}"><title>{told}</title>{drawn}</{tag}>'


def _along(one: Sector, start: float, end: float, depth: int, ink: str) -> str:
    """Words along the arc, upright on both halves of the circle."""
    words = f"{one.label} {one.mark}".strip()
    inner, outer = _RINGS[depth]
    middle, low = (start + end) / 2, math.pi / 2 < ((start + end) / 2) % (2 * math.pi) < 3 * math.pi / 2
    radius = (inner + outer) / 2 + (4 if low else -4)
    begin, finish = (end, start) if low else (start, end)
    (ax, ay), (bx, by) = polar(_CENTRE, radius, begin), polar(_CENTRE, radius, finish)
    far, sweep = int(end - start > math.pi), 0 if low else 1
    name = f"arc-{depth}-{round(middle * 1000)}"
    size = min(12.0, 12.0 * (end - start) * radius * 0.94 / max(1.0, width_of(words, 12.0)))
    return (
        f'<path id="{name}" d="M{ax:.2f} {ay:.2f}A{radius:g} {radius:g} 0 {far} {sweep} {bx:.2f} {by:.2f}" '
        f'fill="none"/><text font-size="{size:.2f}" font-weight="bold" fill="{ink}" text-anchor="middle">'
        f'<textPath href="#{name}" startOffset="50%">{escape(words)}</textPath></text>'
    )


def _radial(one: Sector, start: float, end: float, depth: int, ink: str) -> str:
    """Words from the middle outwards, on as many lines as the part has room for, upright on both halves."""
    inner, outer = _RINGS[depth]
    room, middle = outer - inner - 8, (start + end) / 2
    across = (end - start) * inner
    size = max(_SMALLEST, min(_SIZE, across * 0.9))
    lines = with_mark(one.label, one.mark, room, size, max(1, int(across / (size * 1.15))))
    left = math.pi < middle % (2 * math.pi)
    turn = math.degrees(middle) + (90 if left else -90)
    found: list[str] = []
    for number, words in enumerate(lines):
        shift = (number - (len(lines) - 1) / 2) * size * 1.15 * (-1 if left else 1)
        x, y = polar(_CENTRE, (inner + outer) / 2, middle)
        x, y = x + shift * math.cos(middle), y + shift * math.sin(middle)
        # The foot of the letters lies a third of their size below the line they are centred on.
        down = size * 0.35
        x -= down * math.sin(math.radians(turn))
        y += down * math.cos(math.radians(turn))
        found.append(text(x, y, words, anchor="middle", size=size, ink=ink, turn=turn))
    return "".join(found)

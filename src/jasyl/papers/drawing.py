"""What every picture is drawn with: escaped texts, arcs, widths of words, four steps of colour.

Pictures are SVG texts that stand in pages, papers and downloads alike. Lines and letters take ``currentColor``, so that
they can be read on light pages, dark pages and paper; the colours of a scale bring their own colour of letters.
"""

import math
from dataclasses import dataclass
from html import escape

FONT = "Inter, system-ui, sans-serif"
# Share of the font size that a letter takes on average; Cyrillic is wider than Latin.
_LETTER = 0.62


@dataclass(frozen=True)
class Tone:
    """A colour of a surface and the colour of letters on it (at least 4.5:1)."""

    fill: str
    ink: str


# From worst to best: burnt orange, sand, light blue, deep blue. Orange and blue are told apart with every common
# deficiency of colour vision, and light and dark alternate so that neighbours differ in grey as well.
TONES = (Tone("#a6500a", "#ffffff"), Tone("#fcc77f", "#17211b"), Tone("#a3cdea", "#17211b"), Tone("#1d5a9e", "#ffffff"))


def opened(width: float, height: float, alternative: str, *, size: float = 9) -> str:
    """The head of a picture; ``alternative`` is what a screen reader says of the whole."""
    told = f' role="group" aria-label="{escape(alternative)}"' if alternative else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="{FONT}" font-size="{size:g}"{told}>'
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", size: float | None = None, ink: str = "currentColor",
         bold: bool = False, turn: float | None = None) -> str:  # fmt: skip
    """Words at a point; ``turn`` rotates them about it, in degrees clockwise."""
    more = f' font-size="{size:g}"' if size else ""
    more += ' font-weight="bold"' if bold else ""
    more += f' transform="rotate({turn:.2f} {x:.2f} {y:.2f})"' if turn is not None else ""
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{ink}"{more}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, width: float = 1, dash: str = "", faint: bool = False) -> str:
    """A straight line."""
    more = f' stroke-dasharray="{dash}"' if dash else ""
    more += ' stroke-opacity="0.3"' if faint else ""
    return (
        f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="currentColor" '
        f'stroke-width="{width:g}"{more}/>'
    )


def polar(centre: float, radius: float, angle: float) -> tuple[float, float]:
    """The point at ``angle`` (radians, clockwise from twelve o'clock) around (centre, centre)."""
    return centre + radius * math.sin(angle), centre - radius * math.cos(angle)


def ring_piece(centre: float, inner: float, outer: float, start: float, end: float, gap: float = 0.7) -> str:
    """The path of a piece of a ring between two angles, ``gap`` narrower at each side."""
    if end - start >= 2 * math.pi - 1e-9:
        return _whole_ring(centre, inner, outer)
    far = 1 if end - start > math.pi else 0
    corners: list[tuple[float, float]] = []
    for radius in (outer, inner):
        slack = min(gap / radius, (end - start) / 3)
        corners += [polar(centre, radius, start + slack), polar(centre, radius, end - slack)]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return (
        f"M{ax:.2f} {ay:.2f}A{outer:g} {outer:g} 0 {far} 1 {bx:.2f} {by:.2f}"
        f"L{dx:.2f} {dy:.2f}A{inner:g} {inner:g} 0 {far} 0 {cx:.2f} {cy:.2f}Z"
    )


def _whole_ring(centre: float, inner: float, outer: float) -> str:
    def circle(radius: float, sweep: int) -> str:
        half = f"A{radius:g} {radius:g} 0 1 {sweep}"
        top, foot = centre - radius, centre + radius
        return f"M{centre:g} {top:g}{half} {centre:g} {foot:g}{half} {centre:g} {top:g}Z"

    return circle(outer, 1) + circle(inner, 0)


def width_of(words: str, size: float) -> float:
    """About how wide ``words`` are."""
    return len(words) * size * _LETTER


def cut(words: str, room: float, size: float) -> str:
    """``words``, or as many letters of them as fit into ``room``, with an ellipsis."""
    if width_of(words, size) <= room:
        return words
    return words[: max(1, int(room / (size * _LETTER)) - 1)].rstrip(" ,·") + "…"


def with_mark(words: str, mark: str, room: float, size: float, lines: int) -> list[str]:
    """``words`` and behind them ``mark``, which is never cut: a value that loses digits is another value."""
    if not mark:
        return wrapped(words, room, size, lines)
    whole = f"{words} {mark}".strip()
    if width_of(whole, size) <= room:
        return [whole]
    if lines > 1:
        return [*wrapped(words, room, size, lines - 1), mark]
    rest = room - width_of(f" {mark}", size)
    return [f"{cut(words, rest, size)} {mark}" if rest > 3 * size * _LETTER else mark]


def wrapped(words: str, room: float, size: float, lines: int) -> list[str]:
    """``words`` on up to ``lines`` lines of ``room``, the last cut where they do not fit."""
    found: list[str] = []
    rest = words.split()
    while rest and len(found) < lines:
        if len(found) == lines - 1:
            found.append(cut(" ".join(rest), room, size))
            break
        count = 1
        while count < len(rest) and width_of(" ".join(rest[: count + 1]), size) <= room:
            count += 1
        found.append(cut(" ".join(rest[:count]), room, size))
        rest = rest[count:]
    return found

"""Where the nodes of a Sankey diagram stand, and where its bands begin and end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

NODE_WIDTH = 16.0  # width of a node
_GAP = 26.0  # least room between nodes of a column
TOP = 34.0
_TALLEST = 300.0  # height of all flows of the fullest column together
LINE = 15.0
LEFT, RIGHT = 150.0, 170.0  # room for the words of the first and the last column


@dataclass(frozen=True)
class Node:
    """A process. ``change`` is the growth of its stock (None: not known), drawn as a box where ``stock`` is set."""

    id: str
    label: str
    stock: bool = False
    change: float | None = None


@dataclass(frozen=True)
class Link:
    """A flow. ``value`` None: not known; ``sd`` its standard deviation; links of one ``kind`` have one colour."""

    source: str
    target: str
    label: str
    value: float | None
    sd: float | None = None
    kind: str = ""


@dataclass(frozen=True)
class Place:
    """Upper left corner of a node, or of the room a band has kept free in a column, and its height."""

    x: float
    y: float
    height: float


def columns_of(nodes: Sequence[Node], links: Sequence[Link]) -> dict[str, int]:
    """The column of each node: the longest way from a source, links that close a cycle left out."""
    forward: dict[str, list[str]] = {node.id: [] for node in nodes}
    for link in links:
        forward[link.source].append(link.target)
    taken_in = {link.target for link in links}
    order: list[str] = []
    state: dict[str, int] = {}
    kept: dict[str, list[str]] = {node.id: [] for node in nodes}
    starts = [node.id for node in nodes if node.id not in taken_in] + [node.id for node in nodes]
    for start in starts:
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(forward[start]))]
        while stack:
            own, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[own] = 2
                order.append(own)
                stack.pop()
            elif state.get(following) != 1:
                kept[own].append(following)
                if following not in state:
                    state[following] = 1
                    stack.append((following, iter(forward[following])))
    columns = dict.fromkeys(state, 0)
    for own in reversed(order):
        for following in kept[own]:
            columns[following] = max(columns[following], columns[own] + 1)
    return columns


def stops_of(links: Sequence[Link], columns: Mapping[str, int]) -> dict[int, list[str]]:
    """For each link that passes columns, the places kept free for it there: no band runs behind a node."""
    return {
        at: [f"\0{at}.{column}" for column in range(columns[link.source] + 1, columns[link.target])]
        for at, link in enumerate(links)
    }


def _through(node: str, links: Sequence[Link]) -> float:
    gives = sum(abs(link.value or 0.0) for link in links if link.source == node)
    takes = sum(abs(link.value or 0.0) for link in links if link.target == node)
    return max(gives, takes)


def scale_of(nodes: Sequence[Node], links: Sequence[Link], columns: Mapping[str, int]) -> float:
    """Picture units for one unit of amount."""
    sums: dict[int, float] = {}
    for node in nodes:
        sums[columns[node.id]] = sums.get(columns[node.id], 0.0) + _through(node.id, links)
    return _TALLEST / max([*sums.values(), 0.0]) if max([*sums.values(), 0.0]) > 0 else 1.0


def places_of(
    nodes: Sequence[Node], links: Sequence[Link], columns: Mapping[str, int], stops: Mapping[int, list[str]],
    scale: float, width: int,
) -> tuple[dict[str, Place], float]:  # fmt: skip
    """Where each node and each stop stands, and the lowest edge of all."""
    last = max(columns.values(), default=0)
    held: list[list[str]] = [[node.id for node in nodes if columns[node.id] == at] for at in range(last + 1)]
    tall = {node.id: max(10.0, _through(node.id, links) * scale) for node in nodes}
    steps: list[tuple[str, str]] = []
    for at, link in enumerate(links):
        way = [link.source, *stops[at], link.target]
        steps += pairwise(way)
        for column, stop in enumerate(stops[at], columns[link.source] + 1):
            held[column].append(stop)
            tall[stop] = thickness(link, scale)
    _order(held, steps)
    places: dict[str, Place] = {}
    floor = TOP
    left, right = LEFT, width - RIGHT
    for at, column in enumerate(held):
        x = left + (right - left - NODE_WIDTH) * (at / last if last else 0.0)
        heights = [tall[own] for own in column]
        room = max(_GAP + LINE, (_TALLEST - sum(heights)) / (len(column) + 1))
        y = TOP + (0.0 if len(column) > 1 else max(0.0, (_TALLEST - sum(heights)) / 2))
        for own, height in zip(column, heights, strict=True):
            places[own] = Place(x, y, height)
            y += height + room
            floor = max(floor, places[own].y + height)
    return places, floor + LINE * 2


def _order(held: Sequence[list[str]], steps: Sequence[tuple[str, str]]) -> None:
    """Order each column by the middle of its neighbours, to and fro, so that fewer bands cross."""
    near: dict[str, list[str]] = {}
    for one, other in steps:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    rank = {own: at / max(1, len(column) - 1) for column in held for at, own in enumerate(column)}
    for sweep in range(6):
        for column in held if sweep % 2 == 0 else reversed(held):
            middle = {own: sum(rank[one] for one in near[own]) / len(near[own]) if own in near else rank[own]
                      for own in column}  # fmt: skip
            column.sort(key=middle.__getitem__)
            rank |= {own: at / max(1, len(column) - 1) for at, own in enumerate(column)}


def thickness(link: Link, scale: float) -> float:
    """How thick a band is drawn; one whose amount is not known is a line."""
    return 1.0 if link.value is None else abs(link.value) * scale


def band_heights(
    links: Sequence[Link], places: Mapping[str, Place], far: Sequence[float], scale: float, *, outgoing: bool
) -> list[float]:
    """The height at which each band leaves (or reaches) its node: in the order of where it goes to (or comes from)."""
    heights = [0.0] * len(links)
    taken: dict[str, float] = {}
    for at in sorted(range(len(links)), key=far.__getitem__):
        link = links[at]
        own = link.source if outgoing else link.target
        thick = float(f"{thickness(link, scale):.3f}")
        heights[at] = places[own].y + taken.get(own, 0.0) + thick / 2
        taken[own] = taken.get(own, 0.0) + (thick if link.value is not None else 3.0)
    return heights

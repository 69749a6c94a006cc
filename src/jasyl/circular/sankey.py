"""The Sankey diagram of a reconciled account, and how far reconciliation moved each value."""

from dataclasses import dataclass
from html import escape

from jasyl.papers.sankey import Link, Node, Sankey, Words, sankey
from jasyl.quantities import unit
from jasyl.texts import Language, say, write_number

from .account import GOODS, Index, name_of
from .reconciled import Reconciled, Row, shown_in

_WIDTH, _BAR, _LABEL = 960, 22, 320


@dataclass(frozen=True)
class Moved:
    """One value before and after, in standard deviations of the observation; None where nothing could move it."""

    of: str
    name: str
    moved: float | None
    shift: float | None


def sankey_of(found: Reconciled, period: str, language: Language, *, balanced: str = GOODS, name: str = "s") -> Sankey:
    """The flows of a period as a Sankey: all goods, or one substance or energy carrier by its id."""
    account, index = found.account, Index(found.account)
    shown = {(row.kind, row.of): shown_in(row, account) for row in found.rows if _final(row, period)}
    flows = [flow for flow in account.flows if index.balanced_in(flow.material) == balanced]
    links: list[Link] = []
    for flow in flows:
        row = shown.get(("flow", flow.id))
        material = name_of(index.materials[flow.material].name, language, flow.material)
        label = name_of(flow.name, language, flow.id)
        links.append(Link(flow.source, flow.target, label, row and row.value, row and row.sd, material))
    used = {end for flow in flows for end in (flow.source, flow.target)}
    stocks = {one.process: one.id for one in account.stocks if index.balanced_in(one.material) == balanced}
    nodes: list[Node] = []
    for process in account.processes:
        if process.id in used:
            row = shown.get(("change", stocks.get(process.id, "")))
            label = name_of(process.name, language, process.id)
            nodes.append(Node(process.id, label, process.id in stocks, row.value if row else None))
    base = next((row.base for (kind, _), row in shown.items() if kind == "flow"), account.unit)
    title = f"{name_of(account.title, language, account.id)}, {period}"
    words = Words(
        title, say(language, "account-sankey-description"), unit(base).written(language),
        say(language, "account-unknown"), say(language, "account-negative"), say(language, "account-sankey-drawn"),
    )  # fmt: skip
    return sankey(nodes, links, words, language, name=name)


def moved_values(found: Reconciled, period: str, language: Language) -> list[Moved]:
    """Every stated value of a period and how far it moved, the farthest first."""
    names = {one.id: one.name for one in (*found.account.flows, *found.account.stocks, *found.account.relations)}
    listed = [
        Moved(row.of, name_of(names.get(row.of, ""), language, row.of), row.moved, row.shift)
        for row in found.rows
        if row.status == "reconciled" and row.period == period
    ]
    return sorted(listed, key=lambda one: -abs(one.moved or 0.0))


def moved_chart(found: Reconciled, period: str, language: Language) -> str:
    """Bars of the adjustments in standard deviations of the observation; the limits of the local test are lines."""
    values = moved_values(found, period, language)
    reach = max([2.5, *(abs(one.moved or 0.0) * 1.1 for one in values)])
    middle = _LABEL + (_WIDTH - _LABEL) / 2
    factor = (_WIDTH - _LABEL - 90) / 2 / reach
    height = 40 + _BAR * len(values)
    title, said = say(language, "account-moved-title"), say(language, "account-moved-description")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" width="100%"'
        f' font-family="sans-serif" font-size="12" fill="currentColor" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
    ]
    for mark in (-2, -1, 0, 1, 2):
        x = middle + mark * factor
        dash = "" if mark == 0 else ' stroke-dasharray="3 4"'
        parts.append(
            f'<line x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{height - 6}" stroke="currentColor"'
            f' stroke-opacity="0.4"{dash}/>'
            f'<text x="{x:.1f}" y="12" text-anchor="middle">{write_number(language, mark)}</text>'
        )
    for at, one in enumerate(values):
        y = 26 + at * _BAR
        parts.append(f'<text x="{_LABEL - 8}" y="{y + 12}" text-anchor="end">{escape(one.name[:48])}</text>')
        if one.moved is None:
            parts.append(f'<text x="{middle + 6:.1f}" y="{y + 12}">—</text>')
            continue
        colour = "#d55e00" if abs(one.shift or 0.0) > found.limit else "#0072b2"
        size = one.moved * factor
        parts.append(
            f'<rect x="{min(middle, middle + size):.1f}" y="{y + 2}" width="{abs(size):.1f}" height="13"'
            f' fill="{colour}"/><text x="{middle + size + (6 if size >= 0 else -6):.1f}" y="{y + 12}"'
            f' text-anchor="{"start" if size >= 0 else "end"}">{write_number(language, one.moved, 2)}</text>'
        )
    return "".join((*parts, "</svg>"))


def _final(row: Row, period: str) -> bool:
    return row.period == period and row.status != "observed" and row.kind != "again"

"""Pictures of an evaluation: the benchmarking wheel, radars of categories, ranges of scores, a trend."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from jasyl.indicators import (
    BANDS,
    Band,
    Catalogue,
    Evaluation,
    GroupScore,
    Indicator,
    Scored,
    band_name,
    reason_name,
)
from jasyl.papers.intervals import Interval, intervals
from jasyl.papers.radar import Ray, radar
from jasyl.papers.sunburst import Sector, sunburst
from jasyl.texts import Language, say, write_number

from .ranking import RankedCity

Link = Callable[[str], str]
# What is written in a narrow part; the whole name of the band stands in its sentence.
_MARKS = ("0–33", "33–66", "66–95", "95+")
_EDGES = {33: "33", 66: "66", 95: "95"}


def _no_link(_key: str) -> str:
    return ""


def band_text(band: Band | None, language: Language) -> str:
    """A band as it is written beside its colour; a dash where there is none."""
    return "—" if band is None else band_name(band, language)


def percent(share: Decimal | None, language: Language) -> str:
    """A share in per cent with one decimal, and a dash for none."""
    return "—" if share is None else f"{write_number(language, share * 100, 1)} %"


def wheel(
    catalogue: Catalogue, evaluation: Evaluation, language: Language, *, name: str, year: int, link: Link = _no_link
) -> str:
    """The benchmarking wheel as SVG: dimensions, categories and data points, each with its band in words.

    ``link`` gives the address of a data point (its id) or a group (its path, joined by dots), empty for none.
    """
    by_category: dict[str, dict[tuple[str, ...], list[Indicator]]] = {}
    for indicator in catalogue.indicators:
        path = category_path(evaluation, indicator.dimension, indicator.subdimension, indicator.category)
        by_category.setdefault(indicator.dimension, {}).setdefault(path, []).append(indicator)
    groups = {group.path: group for group in evaluation.groups}
    points = {scored.point: scored for scored in evaluation.points}
    sectors = [
        _group(
            catalogue, groups.get((dimension,)), (dimension,), language, link,
            tuple(
                _group(catalogue, groups.get(path), path, language, link,
                       tuple(_leaf(one, points[point.id], point.id, language, link)
                             for one in indicators for point in one.points))
                for path, indicators in categories.items()
            ),
        )
        for dimension, categories in by_category.items()
    ]  # fmt: skip
    scored = sum(one.points is not None for one in evaluation.points)
    told = say(language, "wheel-alternative", name=name, year=str(year), scored=scored, of=len(evaluation.points))
    counted = say(language, "wheel-scored", scored=scored, of=len(evaluation.points))
    return sunburst(sectors, centre=(name, str(year), counted), alternative=told)


def _group(
    catalogue: Catalogue, group: GroupScore | None, path: tuple[str, ...], language: Language, link: Link,
    children: tuple[Sector, ...],
) -> Sector:  # fmt: skip
    name = catalogue.group_name(path[-1])[language]
    share, band = (group.share, group.band) if group else (None, None)
    counted = {"name": name, "scored": group.scored if group else 0, "of": group.of if group else 0}
    if band is None:
        told = say(language, "wheel-group-open", **counted)
    else:
        told = say(language, "wheel-group", share=percent(share, language), band=band_text(band, language), **counted)
    tone = None if band is None else BANDS.index(band)
    return Sector(name, told, tone, percent(share, language), link(".".join(path)), children)


def _leaf(indicator: Indicator, scored: Scored, point: str, language: Language, link: Link) -> Sector:
    name = point_name(indicator, point, language)
    band, code = band_text(scored.band, language), short_code(indicator, point, language)
    if scored.band is None:
        told = say(language, "wheel-point-open", name=name, reason=reason_name(scored.reason, language))
        return Sector(code, f"{code} · {told}", None, "—", link(point))
    told = say(
        language, "wheel-point", name=name, band=band, points=scored.points,
        value="—" if scored.value is None else write_number(language, scored.value),
    )  # fmt: skip
    number = BANDS.index(scored.band)
    return Sector(code, f"{code} · {told}", number, _MARKS[number], link(point))


def short_code(indicator: Indicator, point: str, language: Language) -> str:
    """What stands in a narrow part: the last piece of the code, and of a part its name."""
    own = indicator.id.rsplit(".", 1)[-1]
    part = "" if point == indicator.id else next(one.name[language] for one in indicator.points if one.id == point)
    return f"{own} {part}".strip()


def point_name(indicator: Indicator, point: str, language: Language) -> str:
    """The name of a data point with that of its indicator."""
    if point == indicator.id:
        return indicator.name[language]
    part = next(one for one in indicator.points if one.id == point)
    return f"{indicator.name[language]}: {part.name[language]}"


def category_radar(
    catalogue: Catalogue, books: Mapping[str, Evaluation], dimension: str, language: Language
) -> tuple[str, str]:
    """The categories of a dimension on axes from 0 to 100 per cent, a line for each of up to three books by their
    name; and what it shows in words."""
    first = next(iter(books.values()))
    groups = [one for one in first.groups if one.level == "category" and one.path[0] == dimension]
    rays: list[Ray] = []
    for group in groups:
        shares = [_share(evaluation, group.path) for evaluation in books.values()]
        values = tuple(None if share is None else float(share * 100) for share in shares)
        written = percent(shares[0], language) if len(books) == 1 else ""
        rays.append(Ray(_category_name(catalogue, group.path, groups, language), values, written))
    told = "; ".join(
        f"{ray.label}: " + ", ".join("—" if one is None else write_number(language, one, 1) for one in ray.values)
        for ray in rays
    )
    name = catalogue.group_name(dimension)[language]
    alternative = say(language, "radar-alternative", dimension=name, books=", ".join(books), values=told)
    return radar(rays, list(books), rings=_EDGES, alternative=alternative), alternative


def _category_name(
    catalogue: Catalogue, path: tuple[str, ...], groups: Sequence[GroupScore], language: Language
) -> str:
    """Two categories of one name in a dimension are told apart by their sub-dimension."""
    name = catalogue.group_name(path[-1])[language]
    alike = sum(1 for group in groups if group.path[-1] == path[-1])
    return name if alike == 1 else f"{name} ({catalogue.group_name(path[-2])[language]})"


def _share(evaluation: Evaluation, path: tuple[str, ...]) -> Decimal | None:
    return next((group.share for group in evaluation.groups if group.path == path), None)


def rank_intervals(rows: Sequence[RankedCity], names: Mapping[str, str], language: Language) -> tuple[str, str]:
    """Ranges of a score with the ranks they leave open; and what it shows in words."""
    drawn: list[Interval] = []
    for row in rows:
        bounds = row.bounds
        ranks = say(language, "rank-open", best=row.best, worst=row.worst, count=len(rows))
        note = ranks if bounds.value is not None else f"{say(language, 'city-nothing-scored')}; {ranks}"
        drawn.append(
            Interval(
                f"{names[row.place]}, {row.year}", _hundred(bounds.value), _hundred(bounds.low), _hundred(bounds.high),
                note,
            )
        )  # fmt: skip
    told = "; ".join(f"{one.label}: {one.note}" for one in drawn)
    alternative = say(language, "rank-alternative", values=told)
    ticks = [(float(value), words) for value, words in {0: "0", **_EDGES}.items()]
    return intervals(drawn, low=0, high=100, ticks=ticks, alternative=alternative), alternative


def _hundred(share: Decimal | None) -> float | None:
    return None if share is None else float(share * 100)


def category_path(evaluation: Evaluation, dimension: str, subdimension: str, category: str) -> tuple[str, ...]:
    """The path of a category under the rules of an evaluation."""
    inner = evaluation.rules.category_within == "subdimension" and subdimension
    return (dimension, subdimension, category) if inner else (dimension, category)

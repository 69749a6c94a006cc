"""Exclusion and suitability over a grid: rule by rule in blocks of rows, then areas by region.

Memory holds a block of rows; what all cells need to remember (one bit for each rule) lies in a temporary file.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from jasyl.places.boundaries import Boundary, current
from jasyl.quantities import canonical_json, sha256_hex
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..area_coverage import coverage
from ..grid import ARC_SECONDS, Grid
from .areas import Tally, tally_regions, total_of
from .distance import Block, blocks, distances, heights, part, widths
from .result import SitingResult
from .rules import MAX_RULES, Criterion, DistanceRule, RasterSource, Rule, SitingRules, ValueRule, VectorSource
from .sources import Cells, Features, cells, excluded, features

Progress = Callable[[int, int], None]
# A year-long wait is no answer: 3″ over the whole country are 0.7 thousand million cells.
MAX_CELLS = 2_000_000_000
# A page waits for these: about 30 ms a rule.
SITE_CELLS = 500_000
SITE = "site"
METRES_OF_SECOND = 30.7  # an arc-second of a meridian, where it is shortest
_UNKNOWN = np.uint64(MAX_RULES)  # bit of the first rule's "no data here"
Unit = tuple[str, Any]  # code and polygon


@dataclass(frozen=True, eq=False)
class Board:
    """What is remembered of every cell: ``bits`` [rows, columns] (bit n: excluded by rule n; bit 24 + n: rule n has no
    data here) and ``score`` [rows, columns] (NaN: none), both in temporary files.
    """

    grid: Grid
    bits: NDArray[np.uint64]
    score: NDArray[np.float32] | None


def analyse(
    rules: SitingRules,
    folder: DataFolder,
    base: Path,
    *,
    progress: Progress | None = None,
    raster: Path | None = None,
    area: Any = None,
) -> SitingResult:
    """Where ``rules`` leave room, in the regions they name; files are looked for in ``base``.

    ``area`` is a polygon (WGS 84) outside which nothing is counted. ``raster`` names a GeoTIFF to write: band 1 is 0
    free, 1 excluded, band 2 the score in per cent, 255 no value.
    ``progress(done, total)`` counts rules and criteria. Raises Refusal ``siting-source``, ``siting-too-fine``,
    ``siting-raster``, ``siting-area``, ``unknown-boundary`` and what ``raster.load`` raises.
    """
    borders = current(folder)
    units = _inside([borders.unit(code) for code in rules.regions] or list(borders.of("region")), area)
    shapes = [(unit.code, unit.shape) for unit in units]
    return _analyse(rules, folder, base, shapes, borders.precision, progress, raster)


def analyse_site(rules: SitingRules, folder: DataFolder, base: Path, site: Any) -> SitingResult:
    """What ``rules`` leave of a polygon (WGS 84), whatever regions they name, on a grid as fine as a page can wait for.

    The one region of the result is `SITE`. Raises as `analyse`.
    """
    fine = msgspec.structs.replace(rules, resolution=site_resolution(rules, site))
    return _analyse(fine, folder, base, [(SITE, _polygons(site))], "")


def site_resolution(rules: SitingRules, site: Any) -> int:
    """Side of a cell (arc-seconds) by which ``site`` and all that its rules look at around it have `SITE_CELLS`."""
    west, south, east, north = site.bounds
    reach = 2 * max((_reach(entry) for entry in (*rules.rules, *rules.criteria)), default=0.0) / METRES_OF_SECOND
    tall = (north - south) * ARC_SECONDS + reach
    wide = (east - west) * ARC_SECONDS + reach / np.cos(np.radians(max(abs(south), abs(north))))
    return max(1, int(np.ceil(np.sqrt(tall * wide / SITE_CELLS))))


def _analyse(
    rules: SitingRules,
    folder: DataFolder,
    base: Path,
    units: Sequence[Unit],
    precision: str,
    progress: Progress | None = None,
    raster: Path | None = None,
) -> SitingResult:
    grid = grid_of([shape for _, shape in units], rules.resolution)
    sources = {entry.id: _open(entry, folder, base) for entry in (*rules.rules, *rules.criteria)}
    with tempfile.TemporaryFile() as bits, tempfile.TemporaryFile() as score:
        board = Board(
            grid,
            np.memmap(bits, dtype=np.uint64, mode="w+", shape=grid.shape),
            np.memmap(score, dtype=np.float32, mode="w+", shape=grid.shape) if rules.criteria else None,
        )
        steps = len(rules.rules) + len(rules.criteria)
        for number, rule in enumerate(rules.rules):
            _exclude(board, number, rule, sources[rule.id])
            if progress:
                progress(number + 1, steps)
        for number, criterion in enumerate(rules.criteria):
            _score(board, criterion, sources[criterion.id], sum(each.weight for each in rules.criteria))
            if progress:
                progress(len(rules.rules) + number + 1, steps)
        tallies = tally_regions(_parts(board, units), len(units))
        if raster is not None:
            from .picture import write_result  # noqa: PLC0415  (rasterio)

            write_result(raster, board)
    return _result(rules, precision, units, grid, sources, tallies)


def _inside(units: list[Boundary], area: Any) -> list[Boundary]:
    """What lies of each unit in ``area``. Raises Refusal ``siting-area`` where that is nothing."""
    if area is None:
        return units
    shapes = [_polygons(unit.shape.intersection(area)) for unit in units]
    found = [replace(unit, shape=shape) for unit, shape in zip(units, shapes, strict=True) if shape is not None]
    if not found:
        raise Refusal("siting-area", received=", ".join(f"{edge:g}" for edge in area.bounds))
    return found


def grid_of(shapes: Sequence[Any], step: int) -> Grid:
    """The grid of whole multiples of ``step`` arc-seconds over the shapes. Raises Refusal ``siting-too-fine``."""
    bounds = np.array([shape.bounds for shape in shapes]) * ARC_SECONDS / step
    west, south = (int(edge) * step for edge in np.floor(bounds[:, :2].min(axis=0)))
    east, north = (int(edge) * step for edge in np.ceil(bounds[:, 2:].max(axis=0)))
    grid = Grid(west, north, step, rows=(north - south) // step, columns=(east - west) // step)
    if grid.rows * grid.columns > MAX_CELLS:
        raise Refusal("siting-too-fine", received=str(grid.rows * grid.columns), expected=str(MAX_CELLS))
    return grid


def _open(entry: Rule | Criterion, folder: DataFolder, base: Path) -> Features | Cells:
    source = entry.source
    return cells(folder, source, base) if isinstance(source, RasterSource) else features(source, base)


def _exclude(board: Board, number: int, rule: Rule, source: Any) -> None:
    for (first, end), hit, unknown in _hits(board.grid, rule, source):
        found = hit.astype(np.uint64) << np.uint64(number)
        if unknown is not None:
            found |= unknown.astype(np.uint64) << (_UNKNOWN + np.uint64(number))
        board.bits[first:end] |= found


Hits = Iterator[tuple[Block, NDArray[np.bool_], NDArray[np.bool_] | None]]


def _hits(grid: Grid, rule: Rule, source: Any) -> Hits:
    """Excluded cells of each block, and those for which the rule has no data."""
    if isinstance(rule, ValueRule):
        yield from _value_hits(grid, rule, source)
    elif rule.closer_than == 0:
        for block in blocks(grid):
            yield block, source.inside(part(grid, block)), None
    else:
        for block, away in _away(grid, _reach(rule), source.near):
            if rule.farther_than is not None:
                yield block, away > rule.farther_than, None
            else:
                yield block, away <= np.float32(rule.closer_than or 0), None


def _value_hits(grid: Grid, rule: ValueRule, source: Cells) -> Hits:
    if rule.buffer == 0:
        for block in blocks(grid):
            values = source.on(part(grid, block))
            yield block, excluded(rule, values), np.isnan(values)
        return
    for block, away in _away(grid, _reach(rule), lambda window: excluded(rule, source.on(window))):
        yield block, away <= np.float32(rule.buffer), np.isnan(source.on(part(grid, block)))


def _reach(entry: Rule | Criterion) -> float:
    """How far around a cell (m) anything changes what ``entry`` says of it."""
    if isinstance(entry, ValueRule):
        return entry.buffer
    if isinstance(entry, DistanceRule):
        return entry.closer_than or entry.farther_than or 0.0
    return max(entry.worst, entry.best) if isinstance(entry.source, VectorSource) else 0.0


def _away(
    grid: Grid, reach: float, marked: Callable[[Grid], NDArray[np.bool_]]
) -> Iterator[tuple[Block, NDArray[np.float32]]]:
    """`distances` over the blocks of ``grid`` to what ``marked`` marks in it and up to ``reach`` metres beyond it."""
    rows = int(reach / _height(grid)) + 1
    columns = int(reach / widths(grid).min()) + 1
    wide = Grid(
        grid.west - columns * grid.step, grid.north + rows * grid.step, grid.step,
        grid.rows + 2 * rows, grid.columns + 2 * columns,
    )  # fmt: skip
    for (first, end), away in distances(wide, lambda block: marked(part(wide, block))):
        top, bottom = max(first, rows), min(end, rows + grid.rows)
        if top < bottom:
            yield (top - rows, bottom - rows), away[top - first : bottom - first, columns : columns + grid.columns]


def _score(board: Board, criterion: Criterion, source: Any, weights: float) -> None:
    assert board.score is not None
    grid = board.grid
    share = criterion.weight / weights
    measured: Iterable[tuple[Block, NDArray[Any]]] = (
        _away(grid, _reach(criterion), source.near)
        if isinstance(source, Features)
        else ((block, source.on(part(grid, block))) for block in blocks(grid))
    )
    for (first, end), values in measured:
        reached = (values - criterion.worst) / (criterion.best - criterion.worst)
        board.score[first:end] += (share * np.clip(reached, 0, 1)).astype(np.float32)  # NaN stays NaN


def _parts(board: Board, units: Sequence[Unit]) -> Iterator[tuple[int, NDArray[Any], NDArray[Any], NDArray[Any]]]:
    """(number of the region, bits, score, area in m² inside the region) of the cells of each block and region."""
    import shapely  # noqa: PLC0415

    for block in blocks(board.grid):
        first, end = block
        window = part(board.grid, block)
        bits = np.asarray(board.bits[first:end]).ravel()
        score = None if board.score is None else np.asarray(board.score[first:end]).ravel()
        for number, (_, shape) in enumerate(units):
            piece = _polygons(shapely.clip_by_rect(shape, *window.bounds))
            if piece is None:
                continue
            (found,) = coverage(window, [piece])
            picked = np.full(len(found.cells), np.nan, dtype=np.float32) if score is None else score[found.cells]
            yield number, bits[found.cells], picked, found.areas


def _polygons(shape: Any) -> Any:
    """The areas of a clipped shape, None where nothing but lines and points is left."""
    import shapely  # noqa: PLC0415

    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and one.area > 0]
    return shapely.MultiPolygon(parts) if parts else None


def _result(
    rules: SitingRules,
    precision: str,
    units: Sequence[Unit],
    grid: Grid,
    sources: dict[str, Any],
    tallies: Sequence[Tally],
) -> SitingResult:
    inputs = {identifier: source.digest for identifier, source in sorted(sources.items())}
    shapes = sha256_hex(b"".join(shape.wkb for _, shape in units))
    said = {"rules": sha256_hex(msgspec.json.encode(rules)), "inputs": inputs, "shapes": shapes}
    density = None if rules.density is None else Decimal(str(rules.density))
    whole = total_of(tallies)
    return SitingResult(
        title=rules.title,
        regions=tuple(
            tally.region(code, rules.threshold, density) for (code, _), tally in zip(units, tallies, strict=True)
        ),
        total=whole.region("KZ", rules.threshold, density),
        rules=whole.rules([(rule.id, rule.title) for rule in rules.rules]),
        overlaps=whole.overlaps([rule.id for rule in rules.rules]),
        licences={key: source.licence for key, source in sources.items() if getattr(source, "licence", "")},
        inputs=inputs,
        digest=sha256_hex(canonical_json(said)),
        resolution=rules.resolution,
        cells=grid.rows * grid.columns,
        precision=round(float(np.hypot(widths(grid).max(), _height(grid)) / 2), 1),
        boundaries=precision,
    )


def _height(grid: Grid) -> float:
    tall = heights(grid)
    return float(tall[0] - tall[1]) if len(tall) > 1 else grid.degrees * 111_200.0

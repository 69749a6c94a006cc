"""A site report beside its target of 150 ms, the paper made of it, and the cost of a buffer against its radius."""

import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from jasyl.atlas import build_clear_sky
from jasyl.atlas.grid import Grid
from jasyl.storage import DataFolder, create_folder, database_of

PLACES = ((71.43, 51.13), (76.9, 43.25), (69.6, 42.3), (51.9, 47.1), (66.95, 48.6), (80.2, 50.4))
SQUARE = {"type": "Polygon", "coordinates": [[[70, 50], [70.6, 50], [70.6, 50.4], [70, 50.4], [70, 50]]]}


def run() -> None:
    """Print milliseconds of this process and of the wall."""
    with tempfile.TemporaryDirectory() as place:
        folder = create_folder(Path(place) / "data", "real")
        build_clear_sky(folder)
        _starter(folder)
        _reports(folder)
        _siting(folder, Path(place))
    print(f"peak memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _starter(folder: DataFolder) -> None:
    """The facilities of Kazakhstan, so that the nearest plants are looked for among real ones."""
    from jasyl.registry import load_enterprises, load_facilities

    database = database_of(folder)
    database.migrate()
    with database.writing() as connection:
        for load in (load_enterprises, load_facilities):
            load(connection)


def _reports(folder: DataFolder) -> None:
    import datetime as dt

    from jasyl.atlas.report.gather import site_report
    from jasyl.atlas.report.paper import site_paper
    from jasyl.atlas.report.place import point_place, polygon_place
    from jasyl.papers.pdf import write_pdf
    from jasyl.places.boundaries import current

    borders, database = current(folder), database_of(folder)

    def one(where: tuple[float, float] | None) -> object:
        with database.reading() as connection:
            found = polygon_place(SQUARE, borders) if where is None else point_place(*where, borders)
            return site_report(folder, found, connection=connection)

    point_place(*PLACES[0], borders)
    import exactextract  # noqa: F401  (libraries are loaded once in the life of a server)
    import pyproj  # noqa: F401

    wall, spent = time.perf_counter(), time.process_time()
    one(PLACES[0])
    wall, spent = (time.perf_counter() - wall) * 1000, (time.process_time() - spent) * 1000
    print(f"site report, first of the process: {wall:.0f} ms wall, {spent:.0f} ms CPU (target 150 ms)")
    for where in PLACES:
        one(where)
    walls: list[float] = []
    spent = time.process_time()
    for where in PLACES * 5:
        wall = time.perf_counter()
        one(where)
        walls.append((time.perf_counter() - wall) * 1000)
    each = (time.process_time() - spent) * 1000 / len(walls)
    print(f"site report of a point, warm: {each:.1f} ms CPU; wall {np.median(walls):.0f} ms, worst {max(walls):.0f} ms")
    print(f"site report of a polygon, warm: {_each(lambda: one(None), 10):.1f} ms CPU")
    paper = site_paper(one(PLACES[0]), borders, "kk", day=dt.date(2026, 11, 22))  # type: ignore[arg-type]
    print(f"the paper as PDF: {_each(lambda: write_pdf(paper), 10):.0f} ms CPU, {len(write_pdf(paper)) / 1024:.0f} kB")


def _siting(folder: DataFolder, base: Path) -> None:
    from jasyl.atlas.siting.distance import distances
    from jasyl.atlas.siting.exclusion import analyse
    from jasyl.atlas.siting.rules import parse_rules

    grid = Grid(60 * 3600, 52 * 3600, 30, 2400, 2400)
    marked = np.random.default_rng(1).random(grid.shape) < 1e-4
    spent = _each(lambda: sum(len(away) for _, away in distances(grid, lambda block: marked[block[0] : block[1]])), 3)
    print(f"distance of {marked.size / 1e6:.1f} M cells to the nearest of {marked.sum()}: {spent:.0f} ms CPU")
    places = np.random.default_rng(2).uniform((60, 44), (75, 52), (300, 2))
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": list(map(float, at))}}
        for at in places
    ]
    (base / "p.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    for metres in (500, 5_000, 50_000):
        rule = {"kind": "distance", "id": "near", "source": {"file": "p.geojson"}, "closer_than": metres}
        document = {"title": "b", "resolution": 30, "regions": ["KZ-35"], "rules": [rule]}
        rules = parse_rules(json.dumps(document).encode())
        spent = _each(lambda rules=rules: analyse(rules, folder, base), 1)
        print(f"  buffer of {metres / 1000:g} km around 300 places, one region at 30″: {spent:.0f} ms CPU")


def _each(work: Callable[[], object], times: int) -> float:
    """Milliseconds of processor a call, after one to warm up."""
    work()
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times * 1000


if __name__ == "__main__":
    run()

"""A full city inventory: examined, totalled, 10,000 draws, sensitivity, workbook, PDF; scenarios of a pathway.

Aims: a full inventory with 10,000-draw Monte Carlo in a second, the PDF report in three. CPU seconds beside wall time.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from jasyl.emissions.inventory import evaluate
from jasyl.emissions.inventory.paper import inventory_paper
from jasyl.emissions.inventory.sensitivity import alternatives
from jasyl.emissions.inventory.sheet import inventory_workbook
from jasyl.emissions.inventory.training import TRAINING_YEARS, training_inventory
from jasyl.emissions.inventory.uncertainty import DRAWS, spreads
from jasyl.emissions.pathway import courses
from jasyl.emissions.pathway.training import training_pathway
from jasyl.papers.pdf import write_pdf

ROUNDS = 5


def run() -> None:
    """Prints one line for each figure: the first time (libraries load) and the best of some more."""
    book = training_inventory()
    result = evaluate(book)
    others = [evaluate(training_inventory(year)) for year in TRAINING_YEARS[:-1]]
    print(f"{len(result.cells)} cells, {len(book.activities)} activities, {len(result.terms)} terms, "
          f"{len(result.variables)} variables")  # fmt: skip
    _show("examined and totalled", lambda: evaluate(book))
    _show(f"the same with {DRAWS:,} draws", lambda: spreads(evaluate(book)))
    _show("sensitivity of coal and grid", lambda: alternatives(result))
    _show("workbook", lambda: inventory_workbook(book, "ru", result))
    for language in ("kk", "ru", "en"):
        _show(f"PDF, {language}", lambda spoken=language: _paper(result, others, spoken))
    plan = training_pathway(result)
    _show("pathway, 3 scenarios of 37 years", lambda: courses(plan))


def _paper(result: Any, others: list[Any], language: Any) -> bytes:
    return write_pdf(inventory_paper(result, "Astana", language, day=dt.date(2026, 1, 1), others=others))


def _show(name: str, work: Callable[[], object]) -> None:
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(
        f"{name}: first {cpus[0]:.3f} s CPU ({walls[0]:.3f} wall), best {min(cpus):.3f} s CPU ({min(walls):.3f} wall)"
    )

"""Papers of a city as PDF (target: at most 3 s each), from a whole training book, in three languages."""

import datetime as dt
import time

from jasyl.cities.papers import PAPER_KINDS, city_paper
from jasyl.cities.result import city_result
from jasyl.cities.training_book import training_book
from jasyl.indicators import Words, catalogue, house_benchmarks
from jasyl.papers.pdf import write_pdf
from jasyl.texts import LANGUAGES

DAY = dt.date(2026, 11, 22)


def run() -> None:
    """The first paper of a process also loads the compiler and the font."""
    u4ssc = catalogue("u4ssc")
    book = training_book("KZ-71", 2024, u4ssc)
    names = Words("Астана", "Астана", "Astana")
    result = city_result("KZ-71", 2024, names, u4ssc, book, house_benchmarks(), training=True)
    for language in LANGUAGES:
        for kind in PAPER_KINDS:
            begin, cpu = time.perf_counter(), time.process_time()
            made = write_pdf(city_paper(kind, result, language, day=DAY))
            spent, cpu = time.perf_counter() - begin, time.process_time() - cpu
            print(f"{kind}, {language}: {spent:.2f} s, {cpu:.2f} s CPU (target 3 s), {len(made) / 1000:.0f} kB")
